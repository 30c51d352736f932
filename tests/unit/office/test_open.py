"""Whether somebody is there when Tagor does not say: the office's own hours, and never a guess.

The desk, the client and the stand-in's HTTP are the real ones; only the almanac says what is right.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count, product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from office_almanac import DAYS, Almanac, change, is_holiday, wall

from bridge.clock import Clock
from bridge.conversation.office_context import OfficeContext
from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.file import FileService
from bridge.conversation.services.transfer import TransferService
from bridge.office.hours import OpeningHours
from bridge.office.reading import read_offices
from bridge.simulators.tagor import StandIn
from bridge.tagor import ApiKey, Deadline, Tagor
from voice_flows.answers import Presence

OFFICES = Path(__file__).parents[3] / "offices"
OPEN = "TagorService/KantoorOpen"
WEEK = {day: ["09:00-12:00", "13:30-17:00"] for day in DAYS[:5]} | {
    "friday": ["09:00-12:00", "13:30-16:00"],
    "saturday": ["10:00-13:00"],
    "sunday": ["00:30-01:45", "10:30-12:00"],
}
FAULTS = (
    *("status", "refuse", "reset_before", "reset_after", "empty", "html", "truncated", "wrong_type"),
    *("success_absent", "success_false", "left out"),
)
KINDS = ("ordinary", "holiday", "worked holiday", "closure")
FIRST, YEARS = date(2026, 1, 1), 15

TagorSession = Callable[[Almanac, datetime], Presence]


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture(scope="module")
def ask(standin: StandIn) -> Iterator[TagorSession]:
    """What an office's desk answers at a moment; an hour lies between two questions: no breaker is open."""
    [demo] = read_offices(OFFICES, {"TAGOR_KEY": standin.key}, demo=True)
    hour = count(0, 3600)
    none: Any = None  # this question needs no books, no flows and no voice
    last = [0.0]
    clock = Clock(monotonic=lambda: last[0])
    with closing(Tagor(standin.url, ApiKey(standin.key), allow_http=True, clock=clock)) as tagor:

        def opening(almanac: Almanac, now: datetime) -> Presence:
            last[0] = float(next(hour))
            office = demo.model_copy(update={"hours": OpeningHours.model_validate(almanac.entries())})
            branch = OfficeContext(
                office, tagor, executor=none, renderer=none, rules=none, given={}, prefetcher=none
            )
            scope = ActionScope(
                office_context=branch,
                office=office,
                tagor=tagor,
                pin_attempts=none,
                sender=none,
                call_id="",
                moves=0,
                caller="",
                file=None,
                now=now,
                deadline=Deadline(clock, 5),
                patience=Deadline(clock, 0),
            )
            return TransferService(scope, FileService(scope)).presence()

        yield opening


@cache
def days() -> list[date]:
    return [FIRST + timedelta(days=ahead) for ahead in range(YEARS * 365)]


@cache
def changes() -> frozenset[date]:
    return frozenset(change(FIRST.year + n, month).date() for n in range(YEARS) for month in (3, 10))


def in_summer(day: date) -> bool:
    return wall(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)).hour == 14


@cache
def fitting(weekday: int, kind: str, summer: bool) -> list[date]:  # noqa: FBT001 - one axis of the table
    """All such days of fifteen years; of the ordinary Sundays only those on which clocks change."""
    ordinary_sunday = (weekday, kind) == (6, "ordinary")
    return [
        day
        for day in days()
        if (day.weekday(), in_summer(day)) == (weekday, summer)
        and is_holiday(day) is ("holiday" in kind)
        and (not ordinary_sunday or day in changes())
    ]


def answer(almanac: Almanac, now: datetime, *, somebody: bool) -> Presence:
    """What callers must be told, by the almanac, once it is known whether somebody is there."""
    at_work = almanac.is_open(now)
    closing_time = almanac.next(now, open_then=False) if at_work else now
    if somebody:
        return Presence(open=True, until=wall(closing_time).time() if at_work else None)
    opens = wall(almanac.next(closing_time, open_then=True))
    return Presence(open=False, day=opens.date(), at=opens.time())


def a_case(rng: Random, weekday: int, kind: str, *, summer: bool) -> tuple[Almanac, datetime]:
    day = rng.choice(fitting(weekday, kind, summer))
    apart = frozenset({day})
    almanac = Almanac(
        WEEK,
        closures=apart if kind == "closure" else frozenset(),
        open_on=apart if kind == "worked holiday" else frozenset(),
    )
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=1)
    return almanac, midnight + timedelta(seconds=rng.randrange(86400))


@pytest.mark.parametrize("fault", FAULTS)
def test_without_tagors_word_the_offices_own_hours_count(
    standin: StandIn, ask: TagorSession, rng: Random, fault: str
) -> None:
    """INV16: eleven ways not to answer x weekday x kind of day x summer or winter, 616 moments in all."""
    standin.clear_faults()
    standin.controls.hours("unknown" if fault == "left out" else "open")
    if fault != "left out":
        standin.fault(OPEN, fault)
    for weekday, kind, summer in product(range(7), KINDS, (False, True)):
        almanac, now = a_case(rng, weekday, kind, summer=summer)
        expected = answer(almanac, now, somebody=almanac.is_open(now))
        assert ask(almanac, now) == expected, f"{fault} on {kind} {wall(now)}"


@pytest.mark.parametrize("word", ["open", "closed"])
def test_tagors_word_counts_before_the_hours(
    standin: StandIn, ask: TagorSession, rng: Random, word: str
) -> None:
    """It knows who is ill and who stays late; callers still hear until when, or from when on."""
    standin.clear_faults()
    standin.controls.hours(word)
    for weekday, kind, summer in product(range(7), KINDS, (False, True)):
        almanac, now = a_case(rng, weekday, kind, summer=summer)
        assert ask(almanac, now) == answer(almanac, now, somebody=word == "open"), f"{kind} {wall(now)}"
