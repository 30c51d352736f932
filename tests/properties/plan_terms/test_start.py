"""The first payment: on the day the caller picks, not before the office's usual one, and one Tagor takes."""

from datetime import date, timedelta
from random import Random

from bridge.conversation.services.plans import next_day
from bridge.office.model import PlanRules
from bridge.simulators.tagor.operations.plan import DAYS_AHEAD
from bridge.simulators.tagor.plans import start_refused

MAX_DAYS = PlanRules.model_json_schema()["properties"]["begin_days"]["maximum"]
TODAY = date(2026, 3, 4)


def is_that_day(start: date, day: int) -> bool:
    """Whether it is that day of its month, or the last one of a month that has no such day."""
    return start.day == day or (start.day < day and (start + timedelta(days=1)).day == 1)


def test_the_first_such_day_that_may_be(rng: Random):
    """Nothing nearer would do, on any day of five years, whatever the caller picks."""
    for _ in range(5_000):
        soonest, day = TODAY + timedelta(days=rng.randrange(1826)), rng.randint(1, 31)
        start = next_day(soonest, day)
        nearer = (soonest + timedelta(days=days) for days in range((start - soonest).days))
        assert start >= soonest
        assert is_that_day(start, day), (soonest, day, start)
        assert not any(is_that_day(one, day) for one in nearer), (soonest, day, start)


def test_tagor_takes_every_start_an_office_can_lead_to():
    """The latest usual day there may be, and the farthest day of a month after it."""
    for ahead in (0, MAX_DAYS):
        for days in range(366):
            today = TODAY + timedelta(days=days)
            starts = {next_day(today + timedelta(days=ahead), day) for day in range(1, 32)}
            assert {start_refused(start, today, int(DAYS_AHEAD)) for start in starts} == {None}
