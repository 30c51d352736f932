"""Open or closed, and until when: on Belgian clocks, over clock changes, leap days and New Year."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bridge.office.hours import (
    BRUSSELS,
    DayPeriod,
    OpeningHours,
    call_back_slot,
    closes_at,
    is_open,
    next_opening,
)

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEK: dict[str, Any] = {day: ["09:00-12:00", "13:00-17:00"] for day in DAYS[:5]}
OFFICE = OpeningHours.model_validate(WEEK | {"closures": ["2026-12-25", "2027-01-01", "2028-02-29"]})


def at(text: str, fold: int = 0) -> datetime:
    """A moment as Belgian clocks show it; fold 1 is the second time of the hour that comes twice."""
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS, fold=fold)


def shown(moment: datetime | None) -> str:
    """A moment as Belgian clocks show it."""
    return f"{moment:%Y-%m-%d %H:%M %Z}" if moment else "never"


@pytest.mark.parametrize(
    ("now", "open_now"),
    [
        ("2026-11-23 08:59:59", False),
        ("2026-11-23 09:00:00", True),
        ("2026-11-23 11:59:59", True),
        ("2026-11-23 12:00:00", False),
        ("2026-11-23 13:00:00", True),
        ("2026-11-23 16:59:59", True),
        ("2026-11-23 17:00:00", False),
        ("2026-11-22 10:00:00", False),
        ("2026-12-25 10:00:00", False),
    ],
)
def test_the_first_moment_counts_and_the_last_does_not(now: str, open_now: bool) -> None:  # noqa: FBT001 - expected
    """Hours run from their start up to, not including, their end."""
    assert is_open(OFFICE, at(now)) is open_now


def test_another_time_zone_is_the_same_moment() -> None:
    """The server's clock may stand on UTC: 08:30 there is 09:30 here in winter and 10:30 in summer."""
    assert is_open(OFFICE, datetime(2026, 11, 23, 8, 30, tzinfo=UTC))
    assert not is_open(OFFICE, datetime(2026, 11, 23, 7, 30, tzinfo=UTC))
    assert is_open(OFFICE, datetime(2026, 7, 6, 7, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-23 09:00", "2026-11-23 12:00 CET"),
        ("2026-07-06 13:00", "2026-07-06 17:00 CEST"),
        ("2026-11-23 12:30", "never"),
        ("2026-11-22 12:30", "never"),
    ],
)
def test_an_opening_says_when_it_ends(now: str, end: str) -> None:
    """The lunch break is an end, too."""
    assert shown(closes_at(OFFICE, at(now))) == end


@pytest.mark.parametrize(
    ("now", "start"),
    [
        ("2026-11-23 08:00", "2026-11-23 09:00 CET"),
        ("2026-11-23 09:00", "2026-11-23 13:00 CET"),
        ("2026-11-23 12:30", "2026-11-23 13:00 CET"),
        ("2026-11-27 17:00", "2026-11-30 09:00 CET"),
        ("2026-12-24 17:00", "2026-12-28 09:00 CET"),
        ("2026-12-31 18:00", "2027-01-04 09:00 CET"),
        ("2028-02-28 18:00", "2028-03-01 09:00 CET"),
        ("2027-03-26 18:00", "2027-03-30 09:00 CEST"),
        ("2026-10-23 18:00", "2026-10-26 09:00 CET"),
    ],
)
def test_the_next_opening_steps_over_nights_weekends_and_closures(now: str, start: str) -> None:
    """Christmas, New Year, a closed leap day, and both weekends in which clocks change (and Easter)."""
    assert shown(next_opening(OFFICE, at(now))) == start


def test_the_night_that_loses_an_hour() -> None:
    """On 28 March 2027 02:00 becomes 03:00: what should begin at 02:30 begins when clocks show 03:30."""
    night = OpeningHours.model_validate({"sunday": ["01:00-01:30", "02:30-04:00"]})
    assert shown(next_opening(night, at("2027-03-28 01:45"))) == "2027-03-28 03:30 CEST"
    assert not is_open(night, at("2027-03-28 03:15"))
    assert is_open(night, at("2027-03-28 03:45"))


def test_an_opening_that_the_lost_hour_swallows_is_none() -> None:
    """Nobody is sent to a time at which the office would close before it opens."""
    night = OpeningHours.model_validate({"sunday": ["02:15-03:00", "10:00-12:00"], "holidays": False})
    assert shown(next_opening(night, at("2027-03-27 12:00"))) == "2027-03-28 10:00 CEST"


def test_the_night_that_has_an_hour_twice() -> None:
    """On 25 October 2026 02:00 to 03:00 comes twice; an opening until 03:00 lasts through both."""
    night = OpeningHours.model_validate({"sunday": ["01:00-03:00"]})
    for fold in (0, 1):
        assert is_open(night, at("2026-10-25 02:30", fold))
        assert closes_at(night, at("2026-10-25 02:30", fold)) == at("2026-10-25 03:00")
    assert not is_open(night, at("2026-10-25 03:00"))


def test_an_office_closed_for_a_whole_year_has_no_next_opening() -> None:
    """No promise is made beyond a year."""
    first = date(2026, 1, 1)
    closures = [first + timedelta(days=ahead) for ahead in range(500)]
    assert (
        next_opening(OpeningHours.model_validate(WEEK | {"closures": closures}), at("2026-01-01 10:00"))
        is None
    )


def test_an_office_may_be_open_until_midnight():
    """`24:00` ends the day it stands in; in the minute after it, the next day counts."""
    late = OpeningHours.model_validate({"friday": ["18:00-24:00"], "saturday": ["00:30-02:00"]})
    midnight = at("2026-11-28 00:00")
    assert closes_at(late, at("2026-11-27 23:59")) == midnight
    assert not is_open(late, midnight)
    assert next_opening(late, midnight) == at("2026-11-28 00:30")


def test_a_call_back_may_be_promised_until_midnight():
    """The part of a day and the hours are compared by their real ends."""
    late = OpeningHours.model_validate({"friday": ["18:00-24:00"]})
    evening, night = DayPeriod(time(17), time(20)), DayPeriod(time(22), time())
    assert call_back_slot(late, at("2026-11-27 12:00"), evening) == (
        at("2026-11-27 18:00"),
        at("2026-11-27 20:00"),
    )
    assert call_back_slot(late, at("2026-11-27 12:00"), night) == (
        at("2026-11-27 22:00"),
        at("2026-11-28 00:00"),
    )
