"""Says when an office is open: the hours of its week, the days it stays closed, and when it can call back."""

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
    WithJsonSchema,
    field_validator,
    model_validator,
)

from bridge.office.holidays import holidays

BRUSSELS = ZoneInfo("Europe/Brussels")
_HORIZON = 366
"""How many days ahead an opening is looked for; an office that is closed for longer has none."""

_MINUTES_A_DAY = 24 * 60
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# Python's own reader also takes seconds and time zones, which no clock on an office's wall shows.
_CLOCK = r"((?:[01][0-9]|2[0-3]):[0-5][0-9])"
_PERIOD = re.compile(rf"\s*{_CLOCK}\s*-\s*(24:00|{_CLOCK})\s*")


def day_and_time(moment: datetime) -> tuple[date, time | None]:
    """Give a moment of Tagor's as it is told in Belgium.

    There is no time at midnight: Tagor writes a mere day so, and nobody plans anything then.
    """
    local = moment.astimezone(BRUSSELS)
    return local.date(), local.time() if (local.hour, local.minute) != (0, 0) else None


@dataclass(frozen=True, slots=True)
class DayPeriod:
    """A period of one day on Belgian clocks, from `start` up to but not including `end`.

    An `end` of 00:00 is the midnight at the end of the day, which office files write as 24:00.
    """

    start: time
    end: time

    @property
    def minutes(self) -> tuple[int, int]:
        """Start and end in minutes since the day began, the end at most 1440."""
        start, end = (at.hour * 60 + at.minute for at in (self.start, self.end))
        return start, end or _MINUTES_A_DAY

    def overlap(self, other: "DayPeriod") -> "DayPeriod | None":
        """Return the part of the day that both periods share; None when they share nothing."""
        (start, end), (other_start, other_end) = self.minutes, other.minutes
        if max(start, other_start) >= min(end, other_end):
            return None
        return DayPeriod(max(self.start, other.start), self.end if end <= other_end else other.end)


def _read_period(text: object) -> DayPeriod:
    if found := _PERIOD.fullmatch(str(text)):
        end = time() if found[2] == "24:00" else time.fromisoformat(found[2])
        period = DayPeriod(time.fromisoformat(found[1]), end)
        start_minute, end_minute = period.minutes
        # "18:00-00:00" is refused: nobody can tell which midnight it means.
        if start_minute < end_minute and (end != time() or found[2] == "24:00"):
            return period
    raise ValueError('must be written like "09:00-12:00", the earlier time first')


def _in_order(periods: tuple[DayPeriod, ...]) -> tuple[DayPeriod, ...]:
    if any(before.minutes[1] >= after.minutes[0] for before, after in pairwise(periods)):
        raise ValueError("must follow each other with a break between them")
    return periods


Period = Annotated[
    DayPeriod,
    BeforeValidator(_read_period),
    WithJsonSchema({"type": "string", "pattern": _PERIOD.pattern, "examples": ["09:00-12:00"]}),
]
_Day = Annotated[tuple[Period, ...], AfterValidator(_in_order)]


class OpeningHours(BaseModel):
    """The opening hours of an office in every week, and the days on which they do not hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    monday: _Day = ()
    """When people answer on Mondays; left out, the office is closed that day."""
    tuesday: _Day = ()
    """When people answer on Tuesdays; left out, the office is closed that day."""
    wednesday: _Day = ()
    """When people answer on Wednesdays; left out, the office is closed that day."""
    thursday: _Day = ()
    """When people answer on Thursdays; left out, the office is closed that day."""
    friday: _Day = ()
    """When people answer on Fridays; left out, the office is closed that day."""
    saturday: _Day = ()
    """When people answer on Saturdays; left out, the office is closed that day."""
    sunday: _Day = ()
    """When people answer on Sundays; left out, the office is closed that day."""
    closures: frozenset[date] = frozenset()
    """The days on which the office is closed although the week says open."""
    holidays: bool = True
    """Whether the office is closed on Belgian public holidays."""
    open_on: frozenset[date] = frozenset()
    """The public holidays on which it works as on any such day of the week."""

    @model_validator(mode="after")
    def _check_some_hours(self) -> "OpeningHours":
        if not any(self.week):
            raise ValueError("must open on at least one day of the week")
        return self

    @field_validator("open_on")
    @classmethod
    def _check_open_on(cls, days: frozenset[date], info: ValidationInfo) -> frozenset[date]:
        for day in sorted(days):
            if day in info.data.get("closures", ()):
                raise ValueError(f"holds {day}, which closures holds too: take it out of one of them")
            # pydantic leaves a field with a mistake out of `data`: that mistake is told already.
            if not info.data.get(_DAYS[day.weekday()], "slipped"):
                raise ValueError(f"holds {day}, but that {_DAYS[day.weekday()]} has no hours in the week")
        return days

    @property
    def week(self) -> tuple[tuple[DayPeriod, ...], ...]:
        """The periods of Monday up to Sunday, seven entries."""
        return tuple(getattr(self, day) for day in _DAYS)

    def on(self, day: date) -> tuple[DayPeriod, ...]:
        """Return the periods of one calendar day; none on a closure or a public holiday."""
        is_holiday = self.holidays and day in holidays(day.year) and day not in self.open_on
        return () if is_holiday or day in self.closures else self.week[day.weekday()]


def is_open(hours: OpeningHours, now: datetime) -> bool:
    """Tell whether the office is open at `now` (aware, any zone)."""
    return closes_at(hours, now) is not None


def closes_at(hours: OpeningHours, now: datetime) -> datetime | None:
    """Return when the office closes that is open at `now`, on Belgian clocks; None while it is closed."""
    # No period passes midnight, so today's are enough.
    ends = (end for start, end in _openings(hours, now, days=1) if start <= now.astimezone(UTC) < end)
    return next((end.astimezone(BRUSSELS) for end in ends), None)


def next_opening(hours: OpeningHours, now: datetime) -> datetime | None:
    """Return when the office opens next after `now`, on Belgian clocks; None if it does not within a year."""
    starts = (start for start, _ in _openings(hours, now, days=_HORIZON) if start > now.astimezone(UTC))
    return next((start.astimezone(BRUSSELS) for start in starts), None)


def call_back_slot(hours: OpeningHours, now: datetime, part: DayPeriod) -> tuple[datetime, datetime] | None:
    """Return start and end (Belgian clocks) of the next `part` of a day in which people can call back.

    It begins after `now`. A part that reaches beyond the office's hours is cut down to them; where a break
    divides it, the longer piece counts. None if there is no such time within a year.
    """
    for day in _days(now, _HORIZON):
        shared = (part.overlap(period) for period in hours.on(day))
        pieces = [_moments(day, piece) for piece in shared if piece]
        start, end = max(pieces, key=lambda piece: piece[1] - piece[0], default=(now, now))
        if now < start < end:
            return start.astimezone(BRUSSELS), end.astimezone(BRUSSELS)
    return None


def _openings(hours: OpeningHours, now: datetime, *, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Yield start and end (UTC) of the periods of so many `days` from today on.

    A period that lies in the hour which a change of the clock leaves out does not take place.
    """
    for day in _days(now, days):
        moments = (_moments(day, period) for period in hours.on(day))
        yield from ((start, end) for start, end in moments if start < end)


def _days(now: datetime, count: int) -> Iterator[date]:
    today = now.astimezone(BRUSSELS).date()
    return (today + timedelta(days=ahead) for ahead in range(count))


def _moments(day: date, period: DayPeriod) -> tuple[datetime, datetime]:
    # Two local times that lie around a change of the clock compare wrongly, hence UTC.
    end_day = day + timedelta(days=1) if period.end == time() else day
    start = datetime.combine(day, period.start, BRUSSELS)
    end = datetime.combine(end_day, period.end, BRUSSELS)
    return start.astimezone(UTC), end.astimezone(UTC)
