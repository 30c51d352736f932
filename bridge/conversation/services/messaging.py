"""Texts and mails to the caller: the office's own templates, sent only to what is on the caller's file."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.file import FileService
from bridge.conversation.services.offering import mail_addresses, mobiles
from bridge.flow.action_context import IdentifiedFile
from bridge.tagor import Generation
from voice_flows.answers import Addresses, WriteResult
from voice_flows.services import MessageSubject, Messaging


@dataclass(frozen=True, slots=True, repr=False)
class MessagingService(Messaging):
    """Sends messages that the caller confirmed, each at most once.

    Every method raises `TagorError` when Tagor gives no usable answer in time.
    """

    scope: ActionScope
    files: FileService

    def may_send(self, file: IdentifiedFile, subject: MessageSubject) -> bool:
        """Tell whether the office has a template for it, the proof names the party, and the file has it."""
        # A neighbour who knows the house number must not make the office write to the defendant.
        sent = bool(self.scope.office.messages.codes(subject))
        return sent and file.names_party and self._allowed(file, subject)

    def addresses(self, file: IdentifiedFile, subject: MessageSubject) -> Addresses:
        """Give where a message may be sent: the office has a template for it, and the file an address."""
        codes = self.scope.office.messages.codes(subject)
        if not self.may_send(file, subject):
            return Addresses()
        known = tuple(self._contacts(file))
        mobile, mail = next(mobiles(known), ""), next(mail_addresses(known), "")
        return Addresses(mobile=mobile if codes.sms else "", mail=mail if codes.mail else "")

    def send_text(self, file: IdentifiedFile, subject: MessageSubject) -> WriteResult:
        """Send a text once to the mobile on the file; raises as `ActionScope.write_once` does."""
        return self.scope.write_once(partial(self._command, file, subject, "text"))

    def send_mail(self, file: IdentifiedFile, subject: MessageSubject) -> WriteResult:
        """Send a mail once to the address on the file; raises as `ActionScope.write_once` does."""
        return self.scope.write_once(partial(self._command, file, subject, "mail"))

    def _command(
        self, file: IdentifiedFile, subject: MessageSubject, kind: Literal["text", "mail"]
    ) -> WriteCommand | None:
        # Looked up again: the address may have changed while the caller was asked, and only the file counts.
        codes, to = self.scope.office.messages.codes(subject), self.addresses(file, subject)
        code, address = (codes.sms, to.mobile) if kind == "text" else (codes.mail, to.mail)
        if not address:
            return None
        return WriteCommand(kind, file.id, file.party, code=code, address=address, twin=self._by_older_way())

    def _by_older_way(self) -> bool:
        """Tell whether this Tagor sends messages by the older of its two operations."""
        through = self.scope.office.messages.through
        if through is not None:
            return through == "service"
        return self.scope.tagor.office.generation(deadline=self.scope.deadline) is Generation.V1_08

    def _allowed(self, file: IdentifiedFile, subject: MessageSubject) -> bool:
        """Tell whether this file may have such a message: a copy by its permission, a statement it has."""
        tagor, deadline = self.scope.tagor, self.scope.deadline
        if subject == "statement":
            return bool(tagor.documents.debt(file.id, deadline=deadline))
        if subject != "copy":
            return True
        config = self.scope.office.messages.copy_config
        return config is not None and tagor.files.self_service_allowed(file.id, config, deadline=deadline)

    def _contacts(self, file: IdentifiedFile) -> Iterator[str]:
        """Give what is on file for this very defendant, the best known first."""
        facts = self.files.facts(file)
        told = facts.mobile, facts.mail
        yield from told
        if file.party is not None and not (any(mobiles(told)) and any(mail_addresses(told))):
            contacts = self.scope.tagor.notifications.contacts(file.party, deadline=self.scope.deadline)
            yield from (contact.content for contact in contacts if contact.used)
