"""The desk where callers are passed on: who is there, whose telephone rings, and when a call-back can be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog

from bridge.conversation.phone_numbers import in_full
from bridge.conversation.services.identification import ActionScope, OfficeServices
from bridge.flow.facts import Note
from bridge.flow.identity import IdentifiedFile
from bridge.office.hours import BRUSSELS, call_back_slot, is_open, next_opening, until
from bridge.office.numbers import dialable
from bridge.tagor import TagorError

log = structlog.get_logger()

SEEN_LATELY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether somebody is there: `until` while open, `day` and `at` of the next opening while closed."""

    open: bool
    until: time | None = None
    day: date | None = None
    at: time | None = None


@contextmanager
def _in_spite() -> Iterator[None]:
    """Go on in spite of a Tagor in trouble; also of what it holds and would not take back."""
    try:
        yield
    except (TagorError, ValueError) as trouble:
        log.warning("transfer_without_tagor", trouble=type(trouble).__name__)


class TransferService(OfficeServices):
    """An office's desk from which callers reach its people."""

    def __init__(self, seat: ActionScope) -> None:
        super().__init__(seat)
        self._file = seat.file
        self.counsels = bool(self._office.counselling)
        known = self._file is not None and self._file.strong
        self.takes_word = bool(self._office.voicemail.box or (known and self._office.callbacks.user))

    def seen(self) -> list[str]:
        """Whether somebody is there, and when that was seen, as a note for `opening`."""
        return [str(self._tagor.office_open(None, deadline=self._deadline)), self._now.isoformat()]

    def opening(self, seen: Note = None) -> Opening:
        """Tagor knows who is there; where it gives no answer the office's own hours count.

        `seen` is what was seen ahead: it counts for two minutes, and while no file is known.
        """
        here = self._now.astimezone(BRUSSELS)
        hours = self._office.hours
        if self._somebody(seen):
            closing = until(hours, here)
            return Opening(open=True, until=closing.time() if closing else None)
        following = next_opening(hours, here)
        if following is None:
            return Opening(open=False)
        return Opening(open=False, day=following.date(), at=following.time())

    def _somebody(self, seen: Note) -> bool:
        if self._file is None and isinstance(seen, list):
            somebody, at = seen
            if abs(self._now - datetime.fromisoformat(at)) <= SEEN_LATELY:
                return somebody == "True"
        try:
            return self._tagor.office_open(self._file.id if self._file else None, deadline=self._deadline)
        except TagorError:
            return is_open(self._office.hours, self._now.astimezone(BRUSSELS))

    def colleague(self) -> str:
        """The number of the file's own manager when it is among the office's own, else the switchboard.

        Whoever is rung has the case on the screen; a Tagor that does not answer holds up nobody.
        """
        number, login = self._office.switchboard, self._office.transfer.screen_user
        with _in_spite():
            manager = self._manager(self._file) if self._file and self._office.transfer.manager else None
            number, login = manager or (number, login)
        with _in_spite():
            self._show(login)
        return number

    def callable(self, number: str) -> str | None:
        """A number as +32..., if a colleague can call it; None for no number, or a dear one."""
        try:
            return dialable(in_full(number), abroad=self._office.abroad, fictitious=self._office.demo)
        except ValueError:
            return None

    def call_back_slot(self, part: str) -> tuple[datetime, datetime] | None:
        """The next such part of a day that is still wholly ahead and in which the office works.

        None too where nobody in the office would get to know of it.
        """
        if not self.takes_word:
            return None
        parts = {"morning": self._office.callbacks.morning, "afternoon": self._office.callbacks.afternoon}
        return call_back_slot(self._office.hours, self._now, parts[part])

    def _show(self, login: str) -> None:
        """Put the file, or what Tagor knows by the caller's number, on an employee's screen."""
        if login and self._caller:
            file = self._file.id if self._file else None
            self._tagor.show_file(login, caller=self._caller, file=file, deadline=self._deadline)

    def _manager(self, file: IdentifiedFile) -> tuple[str, str] | None:
        """The number and login of the file's manager, if the number is among the office's own."""
        user = self._tagor.manager(self.facts(file), file.party, deadline=self._deadline)
        if user is None:
            return None
        written = user.landline, f"+{user.landline}"  # generation 1.08 has it as a mere number
        numbers = (number for number in map(self.callable, written) if number in self._office.may_dial)
        return next(((number, user.login) for number in numbers if number), None)
