"""The grid of a quarter of a second on which everybody is answered who shows a PIN."""

from typing import TYPE_CHECKING

import pytest

from bridge.conversation.constant_time import FRESH, REMEMBERED, RESPONSE_GRID, ConstantTime

if TYPE_CHECKING:
    from random import Random


class Watch:
    """A stop-watch that moves only when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def even(watch: Watch) -> ConstantTime:
    return ConstantTime(clock=watch, seed=5)


def answered(even: ConstantTime, watch: Watch, took: float, *, asked: bool) -> float:
    """How long the caller waits whose question took so many seconds."""
    begun = watch.now
    watch.now += took
    watch.now = even.due(begun, asked=asked)
    return watch.now - begun


@pytest.mark.parametrize(
    ("took", "waits"), [(0.0, 0.25), (0.001, 0.25), (0.24, 0.25), (0.26, 0.5), (0.5, 0.5), (3.2, 3.25)]
)
def test_an_answer_waits_for_the_next_quarter(even: ConstantTime, watch: Watch, took: float, waits: float):
    """Never less than one, and never the time that Tagor really took."""
    assert answered(even, watch, took, asked=True) == pytest.approx(waits)


def test_a_stranger_waits_as_long_as_somebody_known(even: ConstantTime, watch: Watch):
    """Without a file to try the PIN on, the wait is one that others had: a stop-watch tells nothing."""
    for _ in range(REMEMBERED):
        answered(even, watch, 0.6, asked=True)
    assert {round(answered(even, watch, 0.01, asked=False), 6) for _ in range(50)} == {0.75}


def test_strangers_wait_as_differently_as_the_others(even: ConstantTime, watch: Watch, rng: "Random"):
    """Drawn at random from the last ones: every wait that somebody known had, a stranger has too."""
    others = {round(answered(even, watch, rng.uniform(0, 2), asked=True), 6) for _ in range(REMEMBERED)}
    assert {round(answered(even, watch, 0.0, asked=False), 6) for _ in range(2000)} == others


def test_old_waits_are_forgotten(even: ConstantTime, watch: Watch):
    """An hour in which Tagor was slow does not slow down the rest of the day."""
    answered(even, watch, 3.0, asked=True)
    for _ in range(REMEMBERED):
        answered(even, watch, 0.1, asked=True)
    assert answered(even, watch, 0.0, asked=False) == pytest.approx(RESPONSE_GRID)


def test_the_first_stranger_of_the_day_waits_for_the_grid(even: ConstantTime, watch: Watch):
    """There is nobody yet to wait like."""
    assert answered(even, watch, 0.3, asked=False) == pytest.approx(0.5)


def test_a_stranger_who_took_longer_is_not_cut_short(even: ConstantTime, watch: Watch):
    """The wait is never less than what the answer took."""
    answered(even, watch, 0.1, asked=True)
    assert answered(even, watch, 0.8, asked=False) == pytest.approx(1.0)


def test_waits_of_some_time_ago_are_not_drawn_any_more(even: ConstantTime, watch: Watch):
    """A quiet line has few answers to draw from: those of an outage that is over are left out."""
    answered(even, watch, 15.0, asked=True)
    watch.now += FRESH
    answered(even, watch, 0.1, asked=True)
    assert {round(answered(even, watch, 0.0, asked=False), 6) for _ in range(50)} == {RESPONSE_GRID}


def test_the_last_wait_counts_as_long_as_there_is_no_newer_one(even: ConstantTime, watch: Watch):
    """With nobody known for hours, a stranger still waits as the last one did."""
    answered(even, watch, 0.6, asked=True)
    watch.now += 10 * FRESH
    assert answered(even, watch, 0.0, asked=False) == pytest.approx(0.75)
