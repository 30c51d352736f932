"""What Tagor knows about an identified caller's file: the balance, the creditor, the last payment."""

from decimal import Decimal

from bridge.conversation.services.action_scope import ActionScope
from bridge.flow.identity import IdentifiedFile
from bridge.tagor import FileFacts
from voice_flows.services import Files


class FileService(Files):
    """Reads one file; every method raises `TagorError` when Tagor gives no usable answer in time."""

    def __init__(self, scope: ActionScope) -> None:
        self._scope = scope

    def balance(self, file: IdentifiedFile) -> Decimal:
        """Give what is owed on the file, in euro; below zero when too much was paid."""
        return self._scope.tagor_as_caller(file).files.balance(file.id, deadline=self._scope.deadline)

    def facts(self, file: IdentifiedFile) -> FileFacts:
        """Give what Tagor tells about the file.

        Without a party Tagor gives the mail and mobile of the first defendant: nobody may use them then.
        """
        tagor = self._scope.tagor_as_caller(file)
        return tagor.files.facts(file.id, file.party, deadline=self._scope.deadline)
