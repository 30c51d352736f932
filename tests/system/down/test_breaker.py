"""The breaker by itself: five failures open it, one probe in ten seconds, a success closes it."""

from collections.abc import Callable
from random import Random
from threading import Barrier, Thread

import pytest

from bridge.tagor.http.circuit_breaker import EVERY, FAILURES, CircuitBreaker

THREADS = 64


class FakeClock:
    """Seconds that pass, or jump, when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def opened(clock: FakeClock) -> CircuitBreaker:
    breaker = CircuitBreaker(clock)
    for _ in range(FAILURES):
        assert breaker.allow_request()
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


def test_exactly_one_of_sixty_four_is_the_probe(opened: CircuitBreaker, clock: FakeClock):
    """In every interval, whatever came of the last one."""
    for _ in range(20):
        assert raced(opened.allow_request) == 0
        clock.now += EVERY
        assert raced(opened.allow_request) == 1
        opened.failed()


def test_failures_of_many_threads_are_all_counted(clock: FakeClock):
    """None gets lost on the way: sixty-four failures at once open a breaker that bears sixty-three."""
    breaker = CircuitBreaker(clock, failures=THREADS)
    raced(lambda: breaker.failed() is None)
    assert not breaker.allow_request()


def test_closed_it_lets_everybody_through(clock: FakeClock):
    """Also with all failures but the last."""
    breaker = CircuitBreaker(clock)
    for _ in range(FAILURES - 1):
        breaker.failed()
    assert raced(breaker.allow_request) == THREADS


def test_a_success_closes_it(opened: CircuitBreaker):
    """At once, also one that was under way when it opened; the row of failures begins anew."""
    opened.succeeded()
    for _ in range(FAILURES - 1):
        opened.failed()
    assert opened.allow_request()
    opened.failed()
    assert not opened.allow_request()


def test_late_failures_do_not_put_the_probe_off(opened: CircuitBreaker, clock: FakeClock):
    """Those that were under way when it opened come in one after the other."""
    for _ in range(9):
        clock.now += 1.0
        opened.failed()
        assert not opened.allow_request()
    clock.now += 1.0
    assert opened.allow_request()


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_lets_the_next_one_probe(opened: CircuitBreaker, clock: FakeClock, hours: int):
    """One, and then one in ten seconds again: nobody waits for an hour to come back."""
    clock.now += hours * 3600
    assert raced(opened.allow_request) == 1
    clock.now += EVERY
    assert raced(opened.allow_request) == 1


def test_who_is_no_probe_leaves_it_to_others(opened: CircuitBreaker, clock: FakeClock):
    """Whoever has no time to wait for an answer."""
    clock.now += EVERY
    assert not opened.allow_request(probing=False)
    assert opened.allow_request()


def test_it_agrees_with_its_promise_over_any_history(rng: Random, clock: FakeClock):
    """Ten thousand random events beside a plain account of what should be."""
    breaker, row, probe_at = CircuitBreaker(clock), 0, 0.0
    for _ in range(10_000):
        match rng.choice(("ask", "ask", "ask", "failed", "succeeded", "wait")):
            case "ask":
                expected = row < FAILURES or clock.now >= probe_at
                assert breaker.allow_request() == expected
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
