"""New calls beyond an office's budget are not admitted: by the minute for all, by the hour for one number."""

from threading import Barrier, Thread

import pytest

from bridge.conversation.rate_limit import HOUR, MINUTE, CallRateLimiter, SlidingWindow
from bridge.office.model import CallLimits

AN, MARIE = "+32470000001", "+32470000002"


class FakeClock:
    """Seconds that pass, or jump, when the test says so."""

    def __init__(self) -> None:
        self.now = 5000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time() -> FakeClock:
    return FakeClock()


@pytest.fixture
def limiter(time: FakeClock) -> CallRateLimiter:
    """Five calls a minute, two of one number in an hour."""
    return CallRateLimiter(CallLimits(calls_a_minute=5, calls_a_number=2), 1, time)


def verdicts(limiter: CallRateLimiter, calls: range, caller: str = "") -> list[str]:
    return [limiter.admit(f"CA{call}", caller) for call in calls]


def test_an_office_that_sets_no_limits_has_the_defaults():
    """An office file without [limits] allows 120 calls a minute, and 10 of one number in an hour."""
    assert (CallLimits().calls_a_minute, CallLimits().calls_a_number) == (120, 10)


def test_the_budget_of_a_minute(limiter: CallRateLimiter, time: FakeClock):
    """Five calls are admitted, and five again as soon as the first of them are a minute old."""
    assert verdicts(limiter, range(4)) == ["admitted"] * 4
    time.now += MINUTE / 2
    assert verdicts(limiter, range(4, 7)) == ["admitted", "office", "office"]
    time.now += MINUTE / 2
    assert verdicts(limiter, range(7, 12)) == ["admitted"] * 4 + ["office"]


def test_the_budget_of_one_number(limiter: CallRateLimiter, time: FakeClock):
    """The third call of a number within an hour is refused; other and withheld numbers are not."""
    assert verdicts(limiter, range(3), AN) == ["admitted", "admitted", "number"]
    assert verdicts(limiter, range(3, 5), MARIE) == ["admitted", "admitted"]
    assert verdicts(limiter, range(5, 6)) == ["admitted"]
    time.now += HOUR - 1
    assert verdicts(limiter, range(6, 7), AN) == ["number"]
    time.now += 1
    assert verdicts(limiter, range(7, 10), AN) == ["admitted", "admitted", "number"]


def test_a_call_is_counted_once(limiter: CallRateLimiter):
    """The provider may post the same ring again, also when the budget is used up by then."""
    assert verdicts(limiter, range(5)) == ["admitted"] * 5
    assert verdicts(limiter, range(5)) == ["admitted"] * 5
    assert limiter.admit("CA6", "") == "office"


def test_a_refused_call_makes_nobody_wait_longer(limiter: CallRateLimiter, time: FakeClock):
    """A caller who tries every minute is admitted again as soon as the hour is over."""
    verdicts(limiter, range(2), AN)
    for call in range(2, 61):
        time.now += MINUTE
        assert limiter.admit(f"CA{call}", AN) == "number"
    time.now += MINUTE
    assert limiter.admit("CA99", AN) == "admitted"


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_refuses_nobody(limiter: CallRateLimiter, time: FakeClock, hours: int):
    """A clock that is set an hour on or back renews both budgets."""
    verdicts(limiter, range(5), AN)
    verdicts(limiter, range(5))
    assert limiter.admit("CA9", MARIE) == "office"
    time.now += hours * 3600
    assert limiter.admit("CA10", AN) == "admitted"


def test_64_threads_get_exactly_five_places(limiter: CallRateLimiter):
    """The budget is exact, however many threads take calls."""
    together, told = Barrier(64), list[str]()

    def ring(call: int) -> None:
        together.wait()
        told.append(limiter.admit(f"CA{call}", ""))

    callers = [Thread(target=ring, args=(call,)) for call in range(64)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert told.count("admitted") == 5


@pytest.mark.parametrize(("workers", "office", "number"), [(1, 5, 2), (2, 2, 1), (64, 1, 1)])
def test_every_process_has_its_share(time: FakeClock, workers: int, office: int, number: int):
    """A process' share is rounded down for the office and up for one number, and is never zero."""
    limits = CallLimits(calls_a_minute=5, calls_a_number=2)
    assert verdicts(CallRateLimiter(limits, workers, time), range(5)).count("admitted") == office
    limiter, told = CallRateLimiter(limits, workers, time), list[str]()
    for call in range(3):
        told.append(limiter.admit(f"CA{call}", AN))
        time.now += MINUTE
    assert told.count("admitted") == number


def test_no_number_or_call_id_is_kept_in_the_clear(limiter: CallRateLimiter):
    """Nothing that the limiter keeps of a call can be read."""
    limiter.admit("CA1", AN)
    kept = "".join(repr(vars(part)) for part in vars(limiter).values() if isinstance(part, SlidingWindow))
    assert len(kept) > 100
    assert "470000001" not in kept
    assert "CA1" not in kept


def test_memory_is_bounded(time: FakeClock, monkeypatch: pytest.MonkeyPatch):
    """Beyond the maximum the oldest mark is forgotten first, and after its time every mark."""
    monkeypatch.setattr("bridge.conversation.rate_limit.MAX_REMEMBERED", 3)
    window = SlidingWindow(HOUR)
    for mark in (b"a", b"b", b"c", b"d"):
        window.forget(time.now)
        window.add(mark, time.now)
    assert [window.times(mark) for mark in (b"a", b"b", b"c", b"d")] == [0, 1, 1, 1]
    assert len(window) == 3
    window.forget(time.now + HOUR)
    assert len(window) == 0
