"""When an office is open: the hours of its week, the days it stays closed, and when it can call back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bridge.office.holidays import holidays

BRUSSELS = ZoneInfo("Europe/Brussels")
_HORIZON = 366  # days
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


# Python itself also reads seconds and time zones, which no wall clock in an office shows.
_CLOCK = r"((?:[01][0-9]|2[0-3]):[0-5][0-9])"
_OPENING = re.compile(rf"\s*{_CLOCK}\s*-\s*{_CLOCK}\s*")


@dataclass(frozen=True, slots=True)
class Opening:
    """One stretch of a day: from `start` up to, not including, `end`, on the wall clock."""

    start: time
    end: time


def _opening(text: object) -> Opening:
    if found := _OPENING.fullmatch(str(text)):
        opening = Opening(time.fromisoformat(found[1]), time.fromisoformat(found[2]))
        if opening.start < opening.end:
            return opening
    raise ValueError('must be written like "09:00-12:00", the earlier time first')


def _in_order(openings: tuple[Opening, ...]) -> tuple[Opening, ...]:
    if any(before.end >= after.start for before, after in pairwise(openings)):
        raise ValueError("must follow each other with a break between them")
    return openings


Stretch = Annotated[Opening, BeforeValidator(_opening)]
_Day = Annotated[tuple[Stretch, ...], AfterValidator(_in_order)]


class Hours(BaseModel):
    """The week of an office, and the days that do not go by it.

    It stays closed on its `closures`, and on Belgian public holidays unless `holidays` is False; on a day of
    `open_on` it works as on any such day of the week, holiday or not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    monday: _Day = ()
    tuesday: _Day = ()
    wednesday: _Day = ()
    thursday: _Day = ()
    friday: _Day = ()
    saturday: _Day = ()
    sunday: _Day = ()
    closures: frozenset[date] = frozenset()
    holidays: bool = True
    open_on: frozenset[date] = frozenset()

    @model_validator(mode="after")
    def _sometimes_open(self) -> "Hours":
        if not any(self.week):
            raise ValueError("must open on at least one day of the week")
        return self

    @field_validator("open_on")
    @classmethod
    def _can_open(cls, days: frozenset[date], info: ValidationInfo) -> frozenset[date]:
        for day in sorted(days):
            if day in info.data.get("closures", ()):
                raise ValueError(f"holds {day}, which closures holds too: take it out of one of them")
            if not info.data.get(_DAYS[day.weekday()], "slipped"):
                raise ValueError(f"holds {day}, but that {_DAYS[day.weekday()]} has no hours in the week")
        return days

    @property
    def week(self) -> tuple[tuple[Opening, ...], ...]:
        """The openings of Monday up to Sunday."""
        return tuple(getattr(self, day) for day in _DAYS)

    def on(self, day: date) -> tuple[Opening, ...]:
        """The openings of one calendar day; none on a closure or a public holiday."""
        return () if self._closed(day) else self.week[day.weekday()]

    def _closed(self, day: date) -> bool:
        holiday = self.holidays and day in holidays(day.year)
        return day in self.closures or (holiday and day not in self.open_on)


def is_open(hours: Hours, now: datetime) -> bool:
    """Whether the office is open at `now` (aware, any zone)."""
    return until(hours, now) is not None


def until(hours: Hours, now: datetime) -> datetime | None:
    """When the opening that `now` falls in ends, on Belgian clocks; None while the office is closed."""
    ends = (end for start, end in _openings(hours, now, days=1) if start <= now.astimezone(UTC) < end)
    return next((end.astimezone(BRUSSELS) for end in ends), None)


def next_opening(hours: Hours, now: datetime) -> datetime | None:
    """When the office opens next after `now`, on Belgian clocks; None if it does not within a year."""
    starts = (start for start, _ in _openings(hours, now, days=_HORIZON) if start > now.astimezone(UTC))
    return next((start.astimezone(BRUSSELS) for start in starts), None)


def call_back_slot(hours: Hours, now: datetime, part: Opening) -> tuple[datetime, datetime] | None:
    """The next such `part` of a day with people at work, wholly after `now`: its start and end, Belgian.

    A part that outlasts the office's hours is cut down to them (the longer piece, where a break divides it).
    None if there is no such time within a year.
    """
    for day in _days(now, _HORIZON):
        pieces = [
            _moments(day, Opening(max(part.start, opening.start), min(part.end, opening.end)))
            for opening in hours.on(day)
        ]
        start, end = max(pieces, key=lambda piece: piece[1] - piece[0], default=(now, now))
        if now < start < end:
            return start.astimezone(BRUSSELS), end.astimezone(BRUSSELS)
    return None


def _openings(hours: Hours, now: datetime, *, days: int) -> Iterator[tuple[datetime, datetime]]:
    """The openings of so many days from today; not one that a lost hour has swallowed."""
    for day in _days(now, days):
        moments = (_moments(day, opening) for opening in hours.on(day))
        yield from ((start, end) for start, end in moments if start < end)


def _days(now: datetime, count: int) -> Iterator[date]:
    today = now.astimezone(BRUSSELS).date()
    return (today + timedelta(days=ahead) for ahead in range(count))


def _moments(day: date, opening: Opening) -> tuple[datetime, datetime]:
    """When an opening begins and ends, in UTC: wall clocks do not compare over a change."""
    start, end = (datetime.combine(day, at, BRUSSELS) for at in (opening.start, opening.end))
    return start.astimezone(UTC), end.astimezone(UTC)
