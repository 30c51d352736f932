"""Shedding: beyond an office's budget new calls go straight to the switchboard, and calls under way go on."""

from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
import structlog

from bridge.conversation.rate_limit import HOUR, MINUTE, CallRateLimiter, SlidingWindow
from bridge.office.model import Limits
from bridge.store.calls import Calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Line

GENEROUS = ("calls_a_minute = 10000", "calls_a_number = 10000")


class FakeClock:
    """Seconds that pass, or jump, when told."""

    def __init__(self) -> None:
        self.now = 5000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> FakeClock:
    return FakeClock()


@pytest.fixture
def crowd(time: FakeClock) -> CallRateLimiter:
    """Five calls a minute, two of one number in an hour."""
    return CallRateLimiter(Limits(calls_a_minute=5, calls_a_number=2), 1, time)


def rings(crowd: CallRateLimiter, calls: range, caller: str = "") -> list[str]:
    return [crowd.admit(f"CA{call}", caller) for call in calls]


def test_an_office_that_says_nothing_has_budgets():
    """A hundred and twenty calls a minute, ten of one number in an hour."""
    assert (Limits().calls_a_minute, Limits().calls_a_number) == (120, 10)


def test_a_minutes_budget(crowd: CallRateLimiter, time: FakeClock):
    """Five are welcome, and again as soon as the first of them are a minute old."""
    assert rings(crowd, range(4)) == ["welcome"] * 4
    time.now += MINUTE / 2
    assert rings(crowd, range(4, 7)) == ["welcome", "office", "office"]
    time.now += MINUTE / 2
    assert rings(crowd, range(7, 12)) == ["welcome"] * 4 + ["office"]


def test_one_numbers_budget(crowd: CallRateLimiter, time: FakeClock):
    """The third call in an hour is not welcome; other numbers, and withheld ones, are."""
    assert rings(crowd, range(3), "+32470000001") == ["welcome", "welcome", "number"]
    assert rings(crowd, range(3, 5), "+32470000002") == ["welcome", "welcome"]
    assert rings(crowd, range(5, 6)) == ["welcome"]
    time.now += HOUR - 1
    assert rings(crowd, range(6, 7), "+32470000001") == ["number"]
    time.now += 1
    assert rings(crowd, range(7, 10), "+32470000001") == ["welcome", "welcome", "number"]


def test_a_call_is_counted_once(crowd: CallRateLimiter):
    """The provider may post the same ring again, also when the budget is used up by then."""
    assert rings(crowd, range(5)) == ["welcome"] * 5
    assert rings(crowd, range(5)) == ["welcome"] * 5
    assert crowd.admit("CA6", "") == "office"


def test_who_is_not_welcome_does_not_wait_the_longer_for_it(crowd: CallRateLimiter, time: FakeClock):
    """A caller who tries every minute is led again as soon as the hour is over."""
    rings(crowd, range(2), "+32470000001")
    for call in range(2, 61):
        time.now += MINUTE
        assert crowd.admit(f"CA{call}", "+32470000001") == "number"
    time.now += MINUTE
    assert crowd.admit("CA99", "+32470000001") == "welcome"


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_locks_nobody_out(crowd: CallRateLimiter, time: FakeClock, hours: int):
    """With both budgets used up, an hour on or back makes them new."""
    rings(crowd, range(5), "+32470000001")
    rings(crowd, range(5))
    assert crowd.admit("CA9", "+32470000002") == "office"
    time.now += hours * 3600
    assert crowd.admit("CA10", "+32470000001") == "welcome"


def test_sixty_four_at_once_get_five_places(crowd: CallRateLimiter):
    """The budget is exact, however many threads take calls."""
    together, verdicts = Barrier(64), list[str]()

    def ring(call: int) -> None:
        together.wait()
        verdicts.append(crowd.admit(f"CA{call}", ""))

    callers = [Thread(target=ring, args=(call,)) for call in range(64)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert verdicts.count("welcome") == 5


@pytest.mark.parametrize(("workers", "office", "number"), [(1, 5, 2), (2, 2, 1), (64, 1, 1)])
def test_every_process_has_its_share(time: FakeClock, workers: int, office: int, number: int):
    """Rounded down for the office, up for one caller, and never none."""
    limits = Limits(calls_a_minute=5, calls_a_number=2)
    assert rings(CallRateLimiter(limits, workers, time), range(5)).count("welcome") == office
    alone = CallRateLimiter(limits, workers, time)
    for call in range(3):
        alone.admit(f"CA{call}", "+32470000001")
        time.now += MINUTE
    assert len(alone._numbers) == number


def test_no_number_is_kept_in_the_clear_or_for_ever(crowd: CallRateLimiter, time: FakeClock):
    """Marks that another process makes otherwise, and after an hour nothing at all."""
    crowd.admit("CA1", "+32470000001")
    kept = repr(vars(crowd._numbers)) + repr(vars(crowd._calls))
    assert "470000001" not in kept
    assert "CA1" not in kept
    assert CallRateLimiter(Limits(), 1, time)._mark("+32470000001") != crowd._mark("+32470000001")
    time.now += HOUR
    crowd.admit("CA2", "")
    assert (len(crowd._numbers), crowd._numbers._times) == (0, {})


def test_memory_is_bounded(time: FakeClock, monkeypatch: pytest.MonkeyPatch):
    """Beyond the most that is remembered the oldest is forgotten first."""
    monkeypatch.setattr("bridge.conversation.rate_limit.MAX_REMEMBERED", 3)
    recent = SlidingWindow(HOUR)
    for mark in (b"a", b"b", b"c", b"d"):
        recent.forget(time.now)
        recent.add(mark, time.now)
    assert [recent.times(mark) for mark in (b"a", b"b", b"c", b"d")] == [0, 1, 1, 1]
    assert len(recent) == 3


@pytest.fixture
def small(open_line: "Callable[..., Line]") -> "Line":
    """A line that takes three calls a minute, two of one number in an hour."""
    limits = dict(zip(GENEROUS, ("calls_a_minute = 3", "calls_a_number = 2"), strict=True))
    return open_line(office=limits, environ={"BRIDGE_WORKERS": "1"})


def test_a_flood_is_shed_and_a_call_under_way_goes_on(small: "Line", monkeypatch: pytest.MonkeyPatch):
    """The switchboard in one answer, without Tagor or the database; who was there before is served."""
    under_way = small.phone("+32470000001").ring()
    others = [small.phone(f"+3247000010{number}").ring() for number in range(2)]
    before, reached = small.asked("ClipToFile"), list[object]()
    with monkeypatch.context() as watched:
        watched.setattr(Calls, "take", lambda *asked: reached.append(asked))
        for number in range(20):
            status, _, words = small.webhook("/voice", f"CA{number:032x}", CallStatus="ringing")
            assert (status, words.count(b"<Dial"), words.count(b"<Gather")) == (200, 1, 0)
        flood = small.phone("+32470000200").ring()
    assert flood.waiting.targets == (small.switchboard,)
    assert (len(flood.turns), flood.faults) == (1, [])
    assert (small.asked("ClipToFile"), reached) == (before, [])
    under_way.press("1").press("482193")
    assert any("euro" in heard.text for heard in under_way.heard)
    assert all(other.state == "listening" for other in others)
    small.clock.move(seconds=MINUTE)
    assert small.phone("+32470000300").ring().state == "listening"


def test_one_who_calls_too_often_is_put_through(small: "Line", monkeypatch: pytest.MonkeyPatch):
    """A person in place of the machine, told once in the log and without the number."""
    monkeypatch.setattr(
        "bridge.conversation.rate_limit.log", structlog.get_logger()
    )  # bound by no other test
    for _ in range(2):
        small.phone("+32470000001").ring().hang_up()
        small.clock.move(seconds=MINUTE)
    with structlog.testing.capture_logs() as logged:
        phone = small.phone("+32470000001").ring()
    assert phone.waiting.targets == (small.switchboard,)
    [entry] = [entry for entry in logged if entry["event"] == "call_shed"]
    assert entry == {"event": "call_shed", "log_level": "warning", "office": "demo", "reason": "number"}
    assert small.phone("anonymous").ring().state == "listening"
