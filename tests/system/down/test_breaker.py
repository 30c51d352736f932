"""The breaker by itself: five failures open it, one probe in ten seconds, a success closes it."""

from collections.abc import Callable
from random import Random
from threading import Barrier, Thread

import pytest

from bridge.tagor.http.circuit_breaker import EVERY, FAILURES, Breaker

THREADS = 64


class Clock:
    """Seconds that pass, or jump, when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.lets_through()
        breaker.failed()
    return breaker


def raced(ask: Callable[[], bool]) -> int:
    """How many of 64 threads that start together are let through."""
    together, through = Barrier(THREADS), list[bool]()

    def one() -> None:
        together.wait()
        through.append(ask())

    threads = [Thread(target=one) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(through)


def test_exactly_one_of_sixty_four_is_the_probe(opened: Breaker, clock: Clock):
    """In every interval, whatever came of the last one."""
    for _ in range(20):
        assert raced(opened.lets_through) == 0
        clock.now += EVERY
        assert raced(opened.lets_through) == 1
        opened.failed()


def test_failures_of_many_threads_are_all_counted(clock: Clock):
    """None gets lost on the way: sixty-four failures at once open a breaker that bears sixty-three."""
    breaker = Breaker(clock, failures=THREADS)
    raced(lambda: breaker.failed() is None)
    assert not breaker.lets_through()


def test_closed_it_lets_everybody_through(clock: Clock):
    """Also with all failures but the last."""
    breaker = Breaker(clock)
    for _ in range(FAILURES - 1):
        breaker.failed()
    assert raced(breaker.lets_through) == THREADS


def test_a_success_closes_it(opened: Breaker):
    """At once, also one that was under way when it opened; the row of failures begins anew."""
    opened.succeeded()
    for _ in range(FAILURES - 1):
        opened.failed()
    assert opened.lets_through()
    opened.failed()
    assert not opened.lets_through()


def test_late_failures_do_not_put_the_probe_off(opened: Breaker, clock: Clock):
    """Those that were under way when it opened come in one after the other."""
    for _ in range(9):
        clock.now += 1.0
        opened.failed()
        assert not opened.lets_through()
    clock.now += 1.0
    assert opened.lets_through()


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_lets_the_next_one_probe(opened: Breaker, clock: Clock, hours: int):
    """One, and then one in ten seconds again: nobody waits for an hour to come back."""
    clock.now += hours * 3600
    assert raced(opened.lets_through) == 1
    clock.now += EVERY
    assert raced(opened.lets_through) == 1


def test_who_is_no_probe_leaves_it_to_others(opened: Breaker, clock: Clock):
    """Whoever has no time to wait for an answer."""
    clock.now += EVERY
    assert not opened.lets_through(probing=False)
    assert opened.lets_through()


def test_it_agrees_with_its_promise_over_any_history(rng: Random, clock: Clock):
    """Ten thousand random events beside a plain account of what should be."""
    breaker, row, probe_at = Breaker(clock), 0, 0.0
    for _ in range(10_000):
        match rng.choice(("ask", "ask", "ask", "failed", "succeeded", "wait")):
            case "ask":
                expected = row < FAILURES or clock.now >= probe_at
                assert breaker.lets_through() == expected
                if row >= FAILURES and expected:
                    probe_at = clock.now + EVERY
            case "failed":
                breaker.failed()
                row += 1
                probe_at = clock.now + EVERY if row == FAILURES else probe_at
            case "succeeded" if rng.random() < 0.2:
                breaker.succeeded()
                row = 0
            case "wait":
                clock.now += rng.uniform(0, 0.8 * EVERY)
