"""The circuit breaker alone: five failures open it, one probe passes in ten seconds, a success closes it."""

from collections.abc import Callable
from random import Random
from threading import Barrier, Thread

import pytest

from bridge.tagor.errors import TagorCircuitOpen, TagorError, TagorUnreachable
from bridge.tagor.http.circuit_breaker import (
    ALL,
    MAX_FAILURES,
    PROBE_SECONDS,
    CircuitBreaker,
    CircuitBreakers,
)
from bridge.tagor.http.deadline import Deadline

THREADS = 64


class FakeClock:
    """Seconds that pass, or jump, when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


def allows(breaker: CircuitBreaker, clock: FakeClock, seconds: float = 60.0) -> bool:
    """Whether a request that may wait so many seconds for its answer goes on."""
    try:
        breaker.check("A/B", Deadline(clock, seconds))
    except TagorCircuitOpen:
        return False
    return True


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def opened(clock: FakeClock) -> CircuitBreaker:
    breaker = CircuitBreaker(clock)
    for _ in range(MAX_FAILURES):
        assert allows(breaker, clock)
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
        assert allowed_of_64_threads(lambda: allows(opened, clock)) == 0
        clock.now += PROBE_SECONDS
        assert allowed_of_64_threads(lambda: allows(opened, clock)) == 1
        opened.failed()


def test_no_failure_of_many_threads_is_lost(clock: FakeClock):
    """A breaker that allows 63 failures is open after 64 threads have failed at once."""
    breaker = CircuitBreaker(clock, failures=THREADS)
    allowed_of_64_threads(lambda: breaker.failed() is None)
    assert not allows(breaker, clock)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_allows_one_probe(opened: CircuitBreaker, clock: FakeClock, hours: int):
    """Nobody waits for an hour after a clock was set: one probe passes at once, the next in ten seconds."""
    clock.now += hours * 3600
    assert allowed_of_64_threads(lambda: allows(opened, clock)) == 1
    clock.now += PROBE_SECONDS
    assert allowed_of_64_threads(lambda: allows(opened, clock)) == 1


def test_a_caller_without_time_leaves_the_probe_to_the_next_one(opened: CircuitBreaker, clock: FakeClock):
    """A request that cannot wait for an answer is refused and does not use up the probe."""
    clock.now += PROBE_SECONDS
    assert not allows(opened, clock, seconds=0.9)
    assert allows(opened, clock)


def test_it_agrees_with_a_plain_account_over_any_history(rng: Random, clock: FakeClock):
    """After 10,000 random events the breaker has answered as a simple count of failures and seconds would."""
    breaker, row, probe_at = CircuitBreaker(clock), 0, 0.0
    for _ in range(10_000):
        match rng.choice(("ask", "ask", "ask", "failed", "succeeded", "wait")):
            case "ask":
                expected = row < MAX_FAILURES or clock.now >= probe_at
                assert allows(breaker, clock) == expected
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


class Observed:
    """What an observer was told, in order."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def asked(self, operation: str, outcome: str, seconds: float) -> None:
        self.told.append((operation, outcome, seconds))

    def breaker(self, operation: str, *, is_open: bool) -> None:
        self.told.append((operation, is_open))


class _Clock(FakeClock):
    def sleep(self, _seconds: float) -> None:
        """Not slept here."""


def test_an_observer_learns_how_each_question_ended_and_when_a_circuit_opens_and_closes():
    """By operation, in seconds; once for each change, however many failures came."""
    clock, observed = _Clock(), Observed()
    breakers = CircuitBreakers(clock, observer=observed)

    def ask(error: TagorError | None = None) -> None:
        with breakers.guard("A/B", Deadline(clock, 60.0)):
            clock.now += 2.0
            if error:
                raise error

    ask()
    for _ in range(MAX_FAILURES + 1):
        broken = TagorUnreachable("A/B", "no answer")
        with pytest.raises(TagorUnreachable):
            ask(broken)
    ask()
    assert observed.told == [
        ("A/B", "answered", 2.0),
        *[("A/B", "TagorUnreachable", 2.0)] * MAX_FAILURES,
        ("A/B", True),
        ("A/B", "TagorUnreachable", 2.0),
        ("A/B", "answered", 2.0),
        ("A/B", False),
    ]


def test_the_way_to_tagor_has_a_circuit_of_its_own():
    """A request that never left counts against all operations; nobody need look."""
    clock, observed = _Clock(), Observed()
    for observer in (observed, None):
        breakers = CircuitBreakers(clock, observer=observer)
        for _ in range(MAX_FAILURES):
            unsent = TagorUnreachable("A/B", "no connection", sent=False)
            with pytest.raises(TagorUnreachable), breakers.guard("A/B", Deadline(clock, 60.0)):
                raise unsent
        with pytest.raises(TagorCircuitOpen), breakers.guard("C/D", Deadline(clock, 60.0)):
            pass
        clock.now += PROBE_SECONDS
        with breakers.guard("C/D", Deadline(clock, 60.0)):
            pass
    assert [told for told in observed.told if told[0] == ALL] == [(ALL, True), (ALL, False)]
