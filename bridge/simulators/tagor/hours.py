"""Tells when somebody of the office picks up the phone, for the office and for each kind of file."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Literal, cast, get_args
from zoneinfo import ZoneInfo

State = Literal["clock", "open", "closed", "unknown"]
Week = Mapping[int, tuple[tuple[time, time], ...]]

BELGIUM = ZoneInfo("Europe/Brussels")
_DAY = ((time(9), time(12)), (time(13), time(17)))
OFFICE_WEEK: Week = {0: _DAY, 1: _DAY, 2: _DAY, 3: _DAY, 4: ((time(9), time(12)),)}


def belgian_now() -> datetime:
    """Return the time in Belgium, now."""
    return datetime.now(BELGIUM)


def read_week(days: Mapping[str, Iterable[tuple[str, str]]]) -> Week:
    """Read weekly hours from text, as a tester writes them; raises ValueError with a sentence."""
    try:
        return {
            int(day): tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in spans)
            for day, spans in days.items()
        }
    except (ValueError, TypeError, AttributeError):
        raise ValueError('Weekly hours are written as {"0": [["09:00", "12:00"]]}, Monday is 0.') from None


class Hours:
    """Weekly hours in Belgian time (Monday is 0), each overruled by a forced state.

    `clock` follows the week; `unknown` makes Tagor leave the answer out, as some versions did.
    """

    def __init__(self, week: Week = OFFICE_WEEK) -> None:
        self._weeks: dict[str, Week] = {"": week}
        self._states: dict[str, State] = {}

    def force(self, state: str, file_type: str = "") -> None:
        """Set the state of the office or of one kind of file; raises ValueError naming the four states."""
        if state not in get_args(State):
            raise ValueError(f"'{state}' is no state of an office: use clock, open, closed or unknown.")
        self._states[file_type] = cast("State", state)

    def set_week(self, week: Week, file_type: str = "") -> None:
        """Give the office, or one kind of file, other weekly hours."""
        self._weeks[file_type] = week

    def is_open(self, at: datetime, file_type: str = "") -> bool | None:
        """Return whether somebody picks up at that time; None when Tagor does not say."""
        state = self._states.get(file_type) or self._states.get("") or "clock"
        if state == "unknown":
            return None
        if state != "clock":
            return state == "open"
        local = at.astimezone(BELGIUM)
        spans = self._weeks.get(file_type, self._weeks[""]).get(local.weekday(), ())
        return any(begin <= local.time() < end for begin, end in spans)

    def states(self) -> dict[str, str]:
        """Return every forced state, by file type; the office itself is the empty name."""
        return dict(self._states)
