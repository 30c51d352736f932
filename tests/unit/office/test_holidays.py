"""The days on which Belgium does not work, for years that nobody has typed in."""

from datetime import date

import pytest
from office_almanac import easter_by_epact

from bridge.office.holidays import easter, holidays
from bridge.office.hours import OpeningHours

WEEK = {day: ["09:00-12:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")}


@pytest.mark.parametrize(
    "sunday",
    [
        *("1943-04-25", "1954-04-18", "1981-04-19", "2000-04-23", "2008-03-23", "2019-04-21", "2024-03-31"),
        *("2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25", "2049-04-18", "2076-04-19"),
    ],
)
def test_easter_falls_where_calendars_print_it(sunday: str) -> None:
    """The earliest and latest in sight, and the four years that are exceptions to the rule."""
    assert easter(date.fromisoformat(sunday).year) == date.fromisoformat(sunday)


def test_easter_agrees_with_the_church_for_three_centuries() -> None:
    """Two reckonings that share nothing but the sky."""
    years = range(1900, 2200)
    assert [easter(year) for year in years] == [easter_by_epact(year) for year in years]


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, "01-01 04-06 05-01 05-14 05-25 07-21 08-15 11-01 11-11 12-25"),
        (2027, "01-01 03-29 05-01 05-06 05-17 07-21 08-15 11-01 11-11 12-25"),
        (2008, "01-01 03-24 05-01 05-12 07-21 08-15 11-01 11-11 12-25"),
    ],
)
def test_a_year_has_the_holidays_of_the_law(year: int, days: str) -> None:
    """Ten of them, or nine when Ascension falls on the first of May as in 2008."""
    assert sorted(holidays(year)) == [date.fromisoformat(f"{year}-{day}") for day in days.split()]


def test_an_office_rests_on_holidays_without_being_told() -> None:
    """Nobody has to type Whit Monday into the file each year."""
    hours = OpeningHours.model_validate(WEEK)
    assert [day for day in sorted(holidays(2028)) if hours.on(day)] == []
    assert hours.on(date(2028, 6, 6))


def test_an_office_may_work_through_all_holidays() -> None:
    """Its own closures still count."""
    hours = OpeningHours.model_validate(WEEK | {"holidays": False, "closures": ["2028-12-25"]})
    working = [day for day in sorted(holidays(2028)) if day.isoweekday() < 7 and hours.on(day)]
    assert f"{date(2028, 6, 5)}" in map(str, working)
    assert len(working) == len([day for day in holidays(2028) if day.isoweekday() < 7]) - 1


def test_an_office_may_work_on_one_holiday() -> None:
    """On that day it keeps the hours of such a weekday; the other holidays stay free."""
    hours = OpeningHours.model_validate(WEEK | {"open_on": ["2027-05-06"]})
    assert [day for day in sorted(holidays(2027)) if hours.on(day)] == [date(2027, 5, 6)]
    assert hours.on(date(2027, 5, 6)) == hours.thursday
