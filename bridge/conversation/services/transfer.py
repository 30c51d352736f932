"""People for the caller: who is in the office, whose telephone rings, and when a call-back can be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bridge.conversation.phone_numbers import in_full
from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.file import FileService
from bridge.flow.action_context import IdentifiedFile
from bridge.flow.facts import Note
from bridge.office.hours import call_back_slot, closes_at, is_open, next_opening
from bridge.office.numbers import dialable
from bridge.tagor import TagorError
from voice_flows.answers import ManagedFile, Presence
from voice_flows.services import Transfers

log = structlog.get_logger()

LOOK_AHEAD_KEPT = timedelta(minutes=2)
"""How long it counts that somebody was seen in the office."""


@dataclass(frozen=True, slots=True, repr=False)
class TransferService(Transfers):
    """Finds the people of an office; a Tagor that does not answer never holds a transfer up."""

    scope: ActionScope
    files: FileService

    @property
    def takes_messages(self) -> bool:
        """Whether a call-back or a voicemail would reach somebody: the office's box or the file's people."""
        file, office = self.scope.file, self.scope.office
        known = file is not None and file.strong
        return bool(office.voicemail.box or (known and office.callbacks.user))

    @property
    def names_counselling(self) -> bool:
        """Whether the office names a service that helps people with debts."""
        return bool(self.scope.office.counselling)

    def look_ahead(self) -> list[str]:
        """Ask Tagor whether an employee is there; give the answer and its moment as a note for `presence`."""
        somebody = self.scope.tagor.office.is_open(None, deadline=self.scope.deadline)
        return [str(somebody), self.scope.now.isoformat()]

    def presence(self, noted: Note = None) -> Presence:
        """Tell whether an employee is there; the office's own hours count where Tagor gives no answer.

        `noted` is what `look_ahead` gave: it counts for two minutes, and while no file is known.
        """
        hours, here = self.scope.office.hours, self.scope.local_time
        if self._is_somebody_there(noted):
            closing = closes_at(hours, here)
            return Presence(open=True, until=closing.time() if closing else None)
        following = next_opening(hours, here)
        if following is None:
            return Presence(open=False)
        return Presence(open=False, day=following.date(), at=following.time())

    def colleague(self) -> str:
        """Give the number of the file's own manager when it is one of the office's own, else the switchboard.

        Whoever is rung has the file on the screen already.
        """
        transfer, file = self.scope.office.transfer, self.scope.file
        number, login = self.scope.office.switchboard, transfer.screen_user
        with _in_spite_of_tagor():
            manager = self._manager(file) if file and transfer.manager else None
            number, login = manager or (number, login)
        with _in_spite_of_tagor():
            self._show_file(login)
        return number

    def manager_name(self, file: IdentifiedFile, managed: ManagedFile) -> str | None:
        """Give the name of the employee who handles the file, None if Tagor names nobody."""
        user = self.scope.tagor.employees.manager(managed, file.party, deadline=self.scope.deadline)
        return user.name or None if user else None

    def callable_number(self, number: str) -> str | None:
        """Give a number as E.164 if a colleague can call it, None if it is no number or an expensive one."""
        office = self.scope.office
        try:
            return dialable(in_full(number), abroad=office.abroad, fictitious=office.demo)
        except ValueError:
            return None

    def is_abroad(self, number: str) -> bool:
        """Tell whether a number is one of another country, which this office does not call."""
        full = in_full(number)
        return bool(full) and not full.startswith("+32") and not self.scope.office.abroad

    def call_back_slot(self, part: str) -> tuple[datetime, datetime] | None:
        """Give the next such part of a day that is wholly ahead and in which the office works.

        None also where nobody in the office would read of the call-back.
        """
        if not self.takes_messages:
            return None
        callbacks = self.scope.office.callbacks
        parts = {"morning": callbacks.morning, "afternoon": callbacks.afternoon}
        return call_back_slot(self.scope.office.hours, self.scope.now, parts[part])

    def _is_somebody_there(self, noted: Note) -> bool:
        file = self.scope.file
        if file is None and isinstance(noted, list):
            somebody, at = noted
            # The clock may have been set back since, so the distance counts in both directions.
            if abs(self.scope.now - datetime.fromisoformat(at)) <= LOOK_AHEAD_KEPT:
                return somebody == "True"
        try:
            return self.scope.tagor.office.is_open(file.id if file else None, deadline=self.scope.deadline)
        except TagorError:
            return is_open(self.scope.office.hours, self.scope.local_time)

    def _show_file(self, login: str) -> None:
        """Put the file, or what Tagor knows by the caller's number, on an employee's screen."""
        caller, file = self.scope.caller, self.scope.file
        if login and caller:
            shown = file.id if file else None
            self.scope.tagor.employees.show_file(
                login, caller=caller, file=shown, deadline=self.scope.deadline
            )

    def _manager(self, file: IdentifiedFile) -> tuple[str, str] | None:
        """Give the number and login of the file's manager, if the number is one of the office's own."""
        facts = self.files.facts(file)
        user = self.scope.tagor.employees.manager(facts, file.party, deadline=self.scope.deadline)
        if user is None:
            return None
        written = user.landline, f"+{user.landline}"  # generation 1.08 has it as a mere number
        numbers = (number for number in map(self.callable_number, written) if number)
        own = (number for number in numbers if number in self.scope.office.may_dial)
        return next(((number, user.login) for number in own), None)


@contextmanager
def _in_spite_of_tagor() -> Iterator[None]:
    """Go on when Tagor fails, or holds a value that it would not take back as a question."""
    try:
        yield
    except (TagorError, ValueError) as trouble:
        log.warning("transfer_without_tagor", trouble=type(trouble).__name__)
