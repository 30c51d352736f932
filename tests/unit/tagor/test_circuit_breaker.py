"""The circuit breaker alone: five failures open it, one probe passes in ten seconds, a success closes it."""

from collections.abc import Callable
from random import Random
from threading import Barrier, Thread

import pytest

from bridge.tagor.http.circuit_breaker import MAX_FAILURES, PROBE_SECONDS, CircuitBreaker

THREADS = 64


class FakeClock:
    """Seconds that pass, or jump, when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def opened(clock: FakeClock) -> CircuitBreaker:
    breaker = CircuitBreaker(clock)
    for _ in range(MAX_FAILURES):
        assert breaker.allow_request()
        breaker.failed()
    return breaker


def allowed_of_64_threads(ask: Callable[[], bool]) -> int:
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


def test_exactly_one_of_64_threads_is_the_probe(opened: CircuitBreaker, clock: FakeClock):
    """An open breaker lets one thread through in every interval, whatever came of the last probe."""
    for _ in range(3):
        assert allowed_of_64_threads(opened.allow_request) == 0
        clock.now += PROBE_SECONDS
        assert allowed_of_64_threads(opened.allow_request) == 1
        opened.failed()


def test_no_failure_of_many_threads_is_lost(clock: FakeClock):
    """A breaker that allows 63 failures is open after 64 threads have failed at once."""
    breaker = CircuitBreaker(clock, failures=THREADS)
    allowed_of_64_threads(lambda: breaker.failed() is None)
    assert not breaker.allow_request()


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_allows_one_probe(opened: CircuitBreaker, clock: FakeClock, hours: int):
    """Nobody waits for an hour after a clock was set: one probe passes at once, the next in ten seconds."""
    clock.now += hours * 3600
    assert allowed_of_64_threads(opened.allow_request) == 1
    clock.now += PROBE_SECONDS
    assert allowed_of_64_threads(opened.allow_request) == 1


def test_a_caller_without_time_leaves_the_probe_to_the_next_one(opened: CircuitBreaker, clock: FakeClock):
    """A request that cannot wait for an answer is refused and does not use up the probe."""
    clock.now += PROBE_SECONDS
    assert not opened.allow_request(may_probe=False)
    assert opened.allow_request()


def test_it_agrees_with_a_plain_account_over_any_history(rng: Random, clock: FakeClock):
    """After 10,000 random events the breaker has answered as a simple count of failures and seconds would."""
    breaker, row, probe_at = CircuitBreaker(clock), 0, 0.0
    for _ in range(10_000):
        match rng.choice(("ask", "ask", "ask", "failed", "succeeded", "wait")):
            case "ask":
                expected = row < MAX_FAILURES or clock.now >= probe_at
                assert breaker.allow_request() == expected
                if row >= MAX_FAILURES and expected:
                    probe_at = clock.now + PROBE_SECONDS
            case "failed":
                breaker.failed()
                row += 1
                probe_at = clock.now + PROBE_SECONDS if row == MAX_FAILURES else probe_at
            case "succeeded" if rng.random() < 0.2:
                breaker.succeeded()
                row = 0
            case "wait":
                clock.now += rng.uniform(0, 0.8 * PROBE_SECONDS)
