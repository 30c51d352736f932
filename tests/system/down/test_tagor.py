"""A Tagor that is down, half down or flapping: callers reach an answer or a person, and Tagor is spared."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bridge.tagor.http.circuit_breaker import MAX_FAILURES, PROBE_SECONDS

if TYPE_CHECKING:
    from tests.shared_line import Line
    from tests.system.down.conftest import BalanceCall, End

PlayCalls = Callable[..., "list[End]"]


def most_requests(seconds: float) -> float:
    """How often one operation may be asked in so many seconds in which it always fails."""
    return MAX_FAILURES + 1 + seconds / PROBE_SECONDS


def test_nobody_hammers_a_tagor_that_is_down(line: "Line", play_calls: PlayCalls):
    """In 20 calls no operation is asked more than five times and then once in ten seconds."""
    line.tagor.fault("*", "status", status=503)
    begun = line.clock.monotonic()
    assert set(play_calls(line, 20)) == {"person"}
    most = most_requests(line.clock.monotonic() - begun)
    assert MAX_FAILURES <= len(line.asked("ClipToFile")) <= min(most, 19)
    assert all(line.asked().count(operation) <= most for operation in line.asked())


def test_callers_are_answered_ten_seconds_after_tagor_is_back(line: "Line", play_calls: PlayCalls):
    """Everybody reaches a person while Tagor is away, and an answer as soon as a probe has found it."""
    line.tagor.stop()
    assert set(play_calls(line, 6)) == {"person"}
    line.tagor.start()
    line.clock.move(seconds=PROBE_SECONDS)
    assert play_calls(line, 4) == ["answer"] * 4


def test_a_caller_who_waited_is_let_in_when_tagor_is_back(line: "Line", balance_call: "type[BalanceCall]"):
    """Whoever was asked for the file number while nobody could be identified is identified with it."""
    line.tagor.fault("TagorService/PinToFile", "status", status=500)
    for who in range(1, 4):
        assert balance_call(line, who).play() == "person"
    caller = balance_call(line, 0)
    caller.phone.ring().press("1").press(caller.pin)
    line.tagor.clear_faults()
    line.clock.move(seconds=PROBE_SECONDS)
    caller.phone.press(f"{caller.file}#")
    assert caller.end() == "answer"


def test_every_other_answer_fails(line: "Line", play_calls: PlayCalls):
    """While Tagor flaps every call ends with an answer or a person; afterwards with an answer."""
    for _ in range(60):
        line.tagor.fault("*", "status", status=503, skip=1, times=1)
    assert set(play_calls(line, 10)) <= {"answer", "person"}
    line.tagor.clear_faults()
    line.clock.move(seconds=PROBE_SECONDS)
    assert play_calls(line, 3) == ["answer"] * 3
