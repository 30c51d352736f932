"""Open or closed, and until when, held against an almanac that shares nothing with the bridge."""

from datetime import UTC
from random import Random

from office_almanac import QUARTER, any_moment, any_office, change, wall

from bridge.office.hours import OpeningHours, closes_at, is_open, next_opening


def test_any_office_at_any_moment_is_what_the_almanac_says(rng: Random) -> None:
    """Fifty offices with holidays, closures and free Sundays of their own, ten moments each."""
    for _ in range(50):
        almanac = any_office(rng)
        hours = OpeningHours.model_validate(almanac.entries())
        for now in [any_moment(rng) for _ in range(10)]:
            assert is_open(hours, now) is almanac.is_open(now), f"{now} {almanac.week}"
            ahead = closes_at(hours, now) or next_opening(hours, now)
            expected = wall(almanac.next(now, open_then=not almanac.is_open(now)))
            assert ahead is not None
            assert ahead.replace(tzinfo=None) == expected, f"{now} {almanac.week}"


def test_the_quarters_around_every_clock_change_are_what_the_almanac_says(rng: Random) -> None:
    """Both nights of each year, from the evening before to the evening after."""
    for year in range(2026, 2036):
        almanac = any_office(rng)
        hours = OpeningHours.model_validate(almanac.entries())
        for start in (change(year, 3), change(year, 10)):
            moments = [start.replace(tzinfo=UTC) + QUARTER * n for n in range(-48, 96)]
            wrong = [now for now in moments if is_open(hours, now) is not almanac.is_open(now)]
            assert wrong == []
