"""A caller's own details: the address on file, their other files, and registering a mobile as a contact."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.phone_numbers import belgian_mobile
from bridge.conversation.services.action_scope import ActionScope
from bridge.flow.action_context import IdentifiedFile
from bridge.tagor import FileName, Generation, PartyContact, PartyFile, TagorError, is_sendable
from voice_flows.answers import KnownAddress, OpenedFile, WriteResult
from voice_flows.services import Parties

MAX_BELOW = 5
"""Files below one that are looked at: each of them is a question to Tagor."""
_HOUSE_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True, repr=False)
class PartyService(Parties):
    """Reads and changes a party; every method with a file raises `TagorError` when Tagor fails.

    Whoever did not prove the very party is told nothing here, and changes nothing.
    """

    scope: ActionScope

    def may_register(self, file: IdentifiedFile) -> bool:
        """Tell whether this caller may register a mobile: it takes a proof that is good enough to decide."""
        office = self.scope.office
        return office.situation.mobile and office.pin_decides and file.names_party

    def may_hear_address(self, file: IdentifiedFile) -> bool:
        """Tell whether this caller may hear which address is on file."""
        return self.scope.office.situation.address and file.names_party

    def address(self, file: IdentifiedFile) -> KnownAddress | None:
        """Give the current address by its street and the last figure of its house number.

        None if Tagor has none or several, or no figure. Nobody may note a whole address down from a call.
        """
        if file.party is None or not self.may_hear_address(file):
            return None
        told = self.scope.tagor.parties.addresses(file.party, deadline=self.scope.deadline)
        current = [address for address in told if address.current]
        if len(current) != 1:
            return None
        street, number = current[0].street.strip(), _HOUSE_NUMBER.match(current[0].number.strip())
        return KnownAddress(street, number[0][-1]) if street and number else None

    @property
    def opens_without_pin(self) -> bool:
        """Whether the office signed that the PIN of one file opens the party's other files too."""
        return self.scope.office.other_files.open

    def other_files(self, file: IdentifiedFile) -> list[str]:
        """Give the numbers of the party's other files: those that Tagor could be asked about, each once.

        What Tagor does not tell of the files below this one costs those files only.
        """
        if not self._may_hear_files(file) or file.party is None:
            return []
        files = [FileName(one.id, one.name) for one in self._files(file.party)]
        known = {one.id for one in files}
        with suppress(TagorError):
            files += [one for one in self._files_below(file, file.party) if one.id not in known]
        numbers = [one.name for one in files if is_sendable("the file name", one.name) and one.id != file.id]
        return [number for number in dict.fromkeys(numbers) if number != file.number]

    def open_without_pin(self, file: IdentifiedFile, number: str) -> OpenedFile | None:
        """Give the party's other file with this number, if the office signed for it.

        Tagor is asked again whose file it is: only that opens it.
        """
        if not (self.opens_without_pin and self._may_hear_files(file)) or file.party is None:
            return None
        found = [one for one in self._files(file.party) if one.name == number and one.id != file.id]
        if len(found) != 1 or not is_sendable("the file id", found[0].id):
            return None
        return OpenedFile(found[0].id, number, file.party)

    def _may_hear_files(self, file: IdentifiedFile) -> bool:
        return self.scope.office.other_files.told and file.proof == "pin" and file.names_party

    def _files(self, party: str) -> tuple[PartyFile, ...]:
        return self.scope.tagor.parties.files(party, deadline=self.scope.deadline)

    def _files_below(self, file: IdentifiedFile, party: str) -> Iterator[FileName]:
        """Yield the party's files among the first `MAX_BELOW` (5) files filed under this one.

        Raises `TagorError`.
        """
        parties, deadline = self.scope.tagor.parties, self.scope.deadline
        for below in parties.files_below(file.id, deadline=deadline)[:MAX_BELOW]:
            if is_sendable("the file id", below.id):
                on_file = parties.on_file(below.id, deadline=deadline)
                if party in {one.id for one in on_file}:
                    yield below

    def mobile(self, number: str) -> str | None:
        """Give a number as E.164 if it is a Belgian mobile, else None."""
        return belgian_mobile(number) or None

    def has_mobile(self, file: IdentifiedFile, mobile: str) -> bool:
        """Tell whether this mobile (E.164) is among the contacts of the party that are in use."""
        return any(contact.used for contact in self._contacts(file) if _is(contact, mobile))

    def register(self, file: IdentifiedFile, mobile: str) -> WriteResult:
        """Register this mobile once as a contact of the party; raises as `ActionScope.write_once` does."""
        return self.scope.write_once(partial(self._registration, file, mobile))

    def _registration(self, file: IdentifiedFile, mobile: str) -> WriteCommand | None:
        if not self.may_register(file) or not belgian_mobile(mobile):
            return None
        # Looked up again: another call may have registered it while this caller was asked.
        contacts = self._contacts(file)
        if any(contact.used for contact in contacts if _is(contact, mobile)):
            return None
        generation = self.scope.tagor.office.generation(deadline=self.scope.deadline)
        return WriteCommand(
            "contact",
            file.id,
            file.party,
            before=tuple(contact.id for contact in contacts),
            code=self.scope.office.situation.mobile_kind,
            address=mobile,
            twin=generation is Generation.V1_08,
        )

    def _contacts(self, file: IdentifiedFile) -> tuple[PartyContact, ...]:
        if file.party is None:
            return ()
        return self.scope.tagor.notifications.contacts(file.party, deadline=self.scope.deadline)


def _is(contact: PartyContact, mobile: str) -> bool:
    return belgian_mobile(contact.content) == mobile
