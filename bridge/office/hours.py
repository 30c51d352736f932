"""When an office is open: the hours of its week and the days it stays closed, on Belgian clocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

BRUSSELS = ZoneInfo("Europe/Brussels")
_HORIZON = 366  # days


@dataclass(frozen=True, slots=True)
class Opening:
    """One stretch of a day: from `start` up to, not including, `end`, on the wall clock."""

    start: time
    end: time


def _opening(text: object) -> Opening:
    start, dash, end = str(text).partition("-")
    try:
        opening = Opening(time.fromisoformat(start.strip()), time.fromisoformat(end.strip()))
    except ValueError:
        dash = ""
    if not dash or opening.start >= opening.end:
        raise ValueError('must be written like "09:00-12:00", the earlier time first')
    return opening


def _in_order(openings: tuple[Opening, ...]) -> tuple[Opening, ...]:
    if any(before.end >= after.start for before, after in pairwise(openings)):
        raise ValueError("must follow each other with a break between them")
    return openings


_Day = Annotated[tuple[Annotated[Opening, BeforeValidator(_opening)], ...], AfterValidator(_in_order)]


class Hours(BaseModel):
    """The week of an office, and its closures: whole days on which it stays closed whatever the week says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    monday: _Day = ()
    tuesday: _Day = ()
    wednesday: _Day = ()
    thursday: _Day = ()
    friday: _Day = ()
    saturday: _Day = ()
    sunday: _Day = ()
    closures: frozenset[date] = frozenset()

    @model_validator(mode="after")
    def _sometimes_open(self) -> "Hours":
        if not any(self.week):
            raise ValueError("must open on at least one day of the week")
        return self

    @property
    def week(self) -> tuple[tuple[Opening, ...], ...]:
        """The openings of Monday up to Sunday."""
        return (
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        )

    def on(self, day: date) -> tuple[Opening, ...]:
        """The openings of one calendar day; none on a closure."""
        return () if day in self.closures else self.week[day.weekday()]


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


def _openings(hours: Hours, now: datetime, *, days: int) -> Iterator[tuple[datetime, datetime]]:
    """The openings of so many days from today, in UTC: wall clocks do not compare over a change."""
    today = now.astimezone(BRUSSELS).date()
    for day in (today + timedelta(days=ahead) for ahead in range(days)):
        for opening in hours.on(day):
            start, end = (datetime.combine(day, at, BRUSSELS) for at in (opening.start, opening.end))
            yield start.astimezone(UTC), end.astimezone(UTC)
