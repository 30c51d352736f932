"""When the office says it will call: a time still to come, with people there, and as long as they are."""

from datetime import datetime
from random import Random
from typing import Any

import pytest
from office_almanac import any_moment, any_office

from bridge.office.hours import BRUSSELS, DayPeriod, OpeningHours, call_back_slot
from bridge.office.services import CallbackRules

MORNING, AFTERNOON = CallbackRules().morning, CallbackRules().afternoon
DAY = ["09:00-12:00", "13:30-17:00"]
WEEK: dict[str, Any] = {
    **dict.fromkeys(("monday", "tuesday", "wednesday"), DAY),
    "thursday": ["13:30-18:30"],
    "friday": ["10:00-12:00", "13:30-16:00"],
}
OFFICE = OpeningHours.model_validate(WEEK | {"closures": ["2026-12-24"]})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


def promised(now: str, part: DayPeriod, hours: OpeningHours = OFFICE) -> str:
    """The promise as the caller hears it, or never."""
    slot = call_back_slot(hours, at(now), part)
    return f"{slot[0]:%a %m-%d %H:%M}-{slot[1]:%H:%M}" if slot else "never"


@pytest.mark.parametrize(
    ("now", "part", "slot"),
    [
        ("2026-11-23 08:59", MORNING, "Mon 11-23 09:00-12:00"),
        ("2026-11-23 09:00", MORNING, "Tue 11-24 09:00-12:00"),
        ("2026-11-23 10:00", AFTERNOON, "Mon 11-23 13:30-17:00"),
        ("2026-11-23 13:30", AFTERNOON, "Tue 11-24 13:30-17:00"),
        ("2026-11-25 20:00", MORNING, "Fri 11-27 10:00-12:00"),
        ("2026-11-25 20:00", AFTERNOON, "Thu 11-26 13:30-17:00"),
        ("2026-11-27 09:30", MORNING, "Fri 11-27 10:00-12:00"),
        ("2026-11-26 18:00", AFTERNOON, "Fri 11-27 13:30-16:00"),
        ("2026-11-27 17:00", MORNING, "Mon 11-30 09:00-12:00"),
        ("2026-12-23 18:00", AFTERNOON, "Mon 12-28 13:30-17:00"),
        ("2027-05-05 18:00", AFTERNOON, "Fri 05-07 13:30-16:00"),
        ("2027-03-26 18:00", MORNING, "Tue 03-30 09:00-12:00"),
    ],
)
def test_a_call_is_promised_when_people_are_there(now: str, part: DayPeriod, slot: str) -> None:
    """Later today if all of it is still ahead; not in the free part of a day, on closures or holidays."""
    assert promised(now, part) == slot


def test_a_part_that_a_break_divides_is_promised_in_its_longer_piece() -> None:
    """Nobody is told a time at which all are at table."""
    hours = OpeningHours.model_validate({"monday": ["09:00-09:30", "10:00-12:00", "13:00-13:45"]})
    assert promised("2026-11-22 12:00", MORNING, hours) == "Mon 11-23 10:00-12:00"


def test_an_office_without_afternoons_promises_none() -> None:
    """The line must not say a time that never comes."""
    mornings = OpeningHours.model_validate({"monday": ["09:00-12:00"], "friday": ["08:00-13:30"]})
    assert promised("2026-11-22 12:00", AFTERNOON, mornings) == "never"


def test_an_hour_that_clocks_skip_is_not_promised() -> None:
    """On 28 March 2027 there is no time between two and three; a week later there is."""
    night = OpeningHours.model_validate({"sunday": ["02:00-03:00"], "holidays": False})
    assert promised("2027-03-27 12:00", night.sunday[0], night) == "Sun 04-04 02:00-03:00"


@pytest.mark.parametrize("part", ["09:00-12:00", "13:30-17:00", "08:15-10:45"])
def test_promises_agree_with_the_almanac(rng: Random, part: str) -> None:
    """Sixty offices, each asked at any moment of ten years."""
    named = CallbackRules.model_validate({"morning": part, "afternoon": "18:00-19:00"}).morning
    for _ in range(60):
        almanac, now = any_office(rng), any_moment(rng)
        slot = call_back_slot(OpeningHours.model_validate(almanac.entries()), now, named)
        assert slot is not None
        assert tuple(moment.replace(tzinfo=None) for moment in slot) == almanac.slot(now, part), now
