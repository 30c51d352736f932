"""Which of a file's defendants is calling, once a reference and a PIN have opened the file."""

from contextlib import suppress
from dataclasses import dataclass, replace

from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.codes import id_of
from bridge.tagor import TagorError, is_sendable
from voice_flows.answers import OpenedFile


@dataclass(frozen=True, slots=True, repr=False)
class Defendants:
    """Completes a file that was opened by a reference: its own number, and the party that is calling.

    What Tagor does not tell for certain stays out: the caller is identified all the same.
    """

    scope: ActionScope

    def numbered(self, opened: OpenedFile) -> OpenedFile:
        """Give the file with its own number in place of the reference, which Tagor finds it by."""
        with suppress(TagorError):
            facts = self.scope.tagor.files.facts(opened.id, None, deadline=self.scope.deadline)
            if is_sendable("the file name", facts.name):
                return replace(opened, number=facts.name)
        return opened

    def named(self, opened: OpenedFile, pin: str) -> OpenedFile:
        """Give the file with its only defendant, or with the one among several whose PIN this is."""
        with suppress(TagorError):
            found = self._parties(opened.id) if opened.defendants == 1 else self._by_pin(opened, pin)
            if len(found) == 1 and is_sendable("the party id", found[0]):
                return replace(opened, party=found[0])
        return opened

    def at(self, opened: OpenedFile, place: int) -> OpenedFile:
        """Give the file with its party only if that is the defendant with this number (1 is the first).

        A house number proves nothing: what it chooses must be the party whose PIN it was.
        """
        with suppress(TagorError):
            if opened.party is not None and self._parties(opened.id)[place - 1 : place] == [opened.party]:
                return opened
        return replace(opened, party=None)

    def _by_pin(self, opened: OpenedFile, pin: str) -> list[str | None]:
        """Give whose PIN it is, as Tagor says by the file's number; nobody where it finds files otherwise."""
        found = self.scope.tagor.callers.by_pin(opened.number, pin, deadline=self.scope.deadline)
        return [found.party] if found is not None and found.file == opened.id else []

    def _parties(self, file: str) -> list[str | None]:
        """Give the ids of the defendants on a file (id) in their order, which is how Tagor counts them."""
        tagor, deadline = self.scope.tagor, self.scope.deadline
        defendant = id_of(self.scope, "TQPARSOORT", "VERW")
        on_file = tagor.parties.on_file(file, deadline=deadline)
        return [one.id for one in on_file if one.kind_id == defendant]
