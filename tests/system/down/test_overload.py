"""More calls than an office takes, and more questions than its Tagor bears: a person, at once."""

from threading import Event
from typing import TYPE_CHECKING

import pytest
import structlog

from bridge.conversation.bulkhead import BoundedExecutor
from bridge.conversation.rate_limit import MINUTE
from bridge.store.calls import Calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.shared_line import Line
    from tests.system.down.conftest import BalanceCall

LIMITS = {"calls_a_minute = 10000": "calls_a_minute = 3", "calls_a_number = 10000": "calls_a_number = 2"}


@pytest.fixture
def small(open_line: "Callable[..., Line]") -> "Line":
    """A line that takes three calls a minute, two of one number in an hour."""
    return open_line(office=LIMITS, environ={"BRIDGE_WORKERS": "1"}, threads=True)


def test_a_flood_is_shed_and_a_call_under_way_goes_on(small: "Line", monkeypatch: pytest.MonkeyPatch):
    """A call too many rings the switchboard without Tagor or the database; who was there before is served."""
    under_way = small.phone("+32470000001").ring()
    others = [small.phone(f"+3247000010{number}").ring() for number in range(2)]
    before, reached = small.asked("ClipToFile"), list[object]()
    with monkeypatch.context() as watched:
        watched.setattr(Calls, "claim", lambda *asked: reached.append(asked))
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


def test_a_number_that_calls_too_often_reaches_a_person(small: "Line", monkeypatch: pytest.MonkeyPatch):
    """The third call rings the switchboard; the log tells so once, without the number."""
    monkeypatch.setattr("bridge.conversation.rate_limit.log", structlog.get_logger())
    for _ in range(2):
        small.phone("+32470000001").ring().hang_up()
        small.clock.move(seconds=MINUTE)
    with structlog.testing.capture_logs() as logged:
        phone = small.phone("+32470000001").ring()
    assert phone.waiting.targets == (small.switchboard,)
    [entry] = [entry for entry in logged if entry["event"] == "call_shed"]
    assert entry == {"event": "call_shed", "log_level": "warning", "office": "demo", "reason": "number"}
    assert small.phone("anonymous").ring().state == "listening"


def test_callers_beyond_the_queue_reach_a_person_at_once(
    open_line: "Callable[..., Line]", balance_call: "type[BalanceCall]", monkeypatch: pytest.MonkeyPatch
):
    """Tagor hangs and every place in the bulkhead is taken: nobody waits, and Tagor is not asked for them."""
    full = BoundedExecutor(1, "full", waiting=1)
    begun, over = Event(), Event()
    monkeypatch.setattr("bridge.app.create.per_process", lambda _workers: lambda _threads, _name: full)
    line = open_line(threads=True)
    full.submit(lambda: (begun.set(), over.wait()))
    assert begun.wait(10)
    full.submit(int)
    assert balance_call(line, 0).play() == "person"
    assert line.asked() == []
    over.set()
    full.shutdown()
