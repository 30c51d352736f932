"""A second opinion on when an office is open: no time zone database, no rule of the bridge's, only counting.

It knows the clock changes as the directive words them (last Sunday of March and of October, 01:00 UTC),
Easter as the church reckons it, and looks at a day quarter of an hour by quarter of an hour.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

QUARTER = timedelta(minutes=15)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS_OF_WORK = (
    [],
    ["09:00-12:00"],
    ["13:30-16:00"],
    ["08:30-12:15", "13:00-17:30"],
    ["00:00-01:30", "09:00-10:00", "10:30-12:00", "14:00-23:45"],
)
FIXED = {(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)}


def easter_by_epact(year: int) -> date:
    """Easter Sunday by golden number, the century's two corrections and the age of the moon."""
    golden, century = year % 19 + 1, year // 100 + 1
    no_leap_days, moon_drift = 3 * century // 4 - 12, (8 * century + 5) // 25 - 5
    age = (11 * golden + 20 + moon_drift - no_leap_days) % 30
    age += age == 24 or (age == 25 and golden > 11)
    full = 44 - age + (30 if 44 - age < 21 else 0)
    to_sunday = (5 * year // 4 - no_leap_days - 10 + full) % 7
    return date(year, 3, 1) + timedelta(days=full + 7 - to_sunday - 1)


def is_holiday(day: date) -> bool:
    """Whether Belgium rests on that day."""
    return (day.month, day.day) in FIXED or (day - easter_by_epact(day.year)).days in {1, 39, 50}


def change(year: int, month: int) -> datetime:
    """The moment (UTC, naive) at which clocks change in March or October."""
    last = datetime(year, month, 31, 1)  # noqa: DTZ001 - this calendar counts in UTC without saying so
    return last - timedelta(days=last.isoweekday() % 7)


def wall(moment: datetime) -> datetime:
    """What Belgian clocks show then, without a zone."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    summer = change(utc.year, 3) <= utc < change(utc.year, 10)
    return utc + timedelta(hours=2 if summer else 1)


@dataclass(frozen=True)
class Almanac:
    """The same office: its week as written in the file (on the quarter), and its days apart."""

    week: dict[str, list[str]]
    closures: frozenset[date] = frozenset()
    holidays: bool = True
    open_on: frozenset[date] = frozenset()

    def entries(self) -> dict[str, object]:
        """The part of the office file that says it."""
        apart = {"closures": self.closures, "open_on": self.open_on, "holidays": self.holidays}
        return {**self.week, **apart}

    def works(self, day: date) -> bool:
        return day not in self.closures and (not self.holidays or day in self.open_on or not is_holiday(day))

    def is_open(self, moment: datetime) -> bool:
        return self._on_wall(wall(moment))

    def next(self, moment: datetime, *, open_then: bool) -> datetime:
        """The first quarter after `moment` at which the office is open, or is closed (aware)."""
        quarter = moment.astimezone(UTC).replace(second=0, microsecond=0)
        quarter -= timedelta(minutes=quarter.minute % 15)
        return next(later for later in _quarters(quarter + QUARTER) if self.is_open(later) is open_then)

    def slot(self, moment: datetime, part: str) -> tuple[datetime, datetime]:
        """The first and last sight of people at work within that part of a day, all of it after `moment`."""
        start, _, end = part.partition("-")
        day = wall(moment).replace(hour=0, minute=0, second=0, microsecond=0)
        while True:
            ticks = [day + QUARTER * n for n in range(96) if start <= f"{day + QUARTER * n:%H:%M}" < end]
            runs = list(_runs(tick for tick in ticks if self._on_wall(tick)))
            best = max(runs, key=len, default=[day])
            if runs and best[0] > wall(moment):
                return best[0], best[-1] + QUARTER
            day += timedelta(days=1)

    def _on_wall(self, shown: datetime) -> bool:
        stretches = self.week.get(DAYS[shown.weekday()], []) if self.works(shown.date()) else []
        return any(start <= f"{shown:%H:%M}" < end for start, _, end in (s.partition("-") for s in stretches))


def any_moment(rng: Random) -> datetime:
    """Some second of the years 2026 to 2035."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(10 * 365 * 86400))


def any_office(rng: Random) -> Almanac:
    """Some office that works long Tuesdays; some of its days are closures, some holidays are not free."""
    week = {day: rng.choice(_DAYS_OF_WORK) for day in DAYS} | {"tuesday": ["08:00-19:00"]}
    first = date(2026, 1, 1)
    apart = [first + timedelta(days=rng.randrange(3650)) for _ in range(150)]
    feasts = [day for day in (first + timedelta(days=n) for n in range(3650)) if is_holiday(day)]
    open_on = {day for day in rng.sample(feasts, 15) if week[DAYS[day.weekday()]]}
    return Almanac(week, frozenset(apart) - open_on, rng.random() < 0.8, frozenset(open_on))


def _quarters(start: datetime) -> Iterable[datetime]:
    while True:
        yield start
        start += QUARTER


def _runs(ticks: Iterable[datetime]) -> Iterable[list[datetime]]:
    run: list[datetime] = []
    for tick in ticks:
        if run and tick - run[-1] > QUARTER:
            yield run
            run = []
        run.append(tick)
    if run:
        yield run
