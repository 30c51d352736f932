"""Bad days of Tagor as callers live them: well-formed answers, a person at the end, and no hammering."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bridge.tagor.http.circuit_breaker import EVERY, FAILURES

if TYPE_CHECKING:
    from tests.down.conftest import End, Story

    from tests.conftest import Line

Calls = Callable[..., "list[End]"]
LOGIN = {'key_env = "TAGOR_KEY" ': 'client_id_env = "LOGIN_ID"\nclient_secret_env = "LOGIN_SECRET" '}


def bearable(seconds: float) -> float:
    """How often one operation may be asked in so many seconds in which it always fails."""
    return FAILURES + 1 + seconds / EVERY


def test_all_down_then_back(line: "Line", calls: Calls):
    """Everybody reaches a person meanwhile; ten seconds after Tagor is back, callers are answered again."""
    assert calls(line, 2) == ["answer", "answer"]
    line.tagor.stop()
    assert set(calls(line, 6)) == {"person"}
    line.tagor.start()
    line.clock.move(seconds=EVERY)
    assert calls(line, 4) == ["answer"] * 4


def test_nobody_hammers_a_tagor_that_is_down(line: "Line", calls: Calls):
    """Twenty calls, and no operation was asked more than five times and then once in ten seconds."""
    line.tagor.fault("*", "status", status=503)
    begun = line.clock.ticks()
    assert set(calls(line, 20)) == {"person"}
    most = bearable(line.clock.ticks() - begun)
    assert FAILURES <= len(line.asked("ClipToFile")) <= min(most, 19)
    assert all(line.asked().count(operation) <= most for operation in line.asked())


def test_a_token_that_is_always_rejected(
    open_line: "Callable[..., Line]", calls: Calls, monkeypatch: pytest.MonkeyPatch
):
    """The office's login is wrong: callers are put through, and Tagor is not flooded with logins."""
    monkeypatch.setenv("LOGIN_ID", "bridge")
    monkeypatch.setenv("LOGIN_SECRET", "not the secret of this Tagor")
    line = open_line(office=LOGIN)
    begun = line.clock.ticks()
    assert set(calls(line, 12)) == {"person"}
    assert set(line.asked()) == {"Token"}
    assert len(line.asked()) <= bearable(line.clock.ticks() - begun)


def test_half_of_tagor_down(line: "Line", calls: Calls):
    """The half that works is asked as ever: nobody loses their balance over a plan that cannot be shown."""
    for endpoint in ("ClipToFile", "PaymentInfo", "KantoorOpen", "GetPaymentPlanCriteria"):
        line.tagor.fault(f"TagorService/{endpoint}", "status", status=500)
    begun = line.clock.ticks()
    assert calls(line, 15) == ["answer"] * 15
    assert len(line.asked("GetSaldo")) == 15
    assert len(line.asked("PaymentInfo")) <= min(bearable(line.clock.ticks() - begun), 14)


def test_the_half_that_callers_need_down(line: "Line", calls: Calls):
    """Nobody can prove who they are: a person for everybody, while the rest is still asked."""
    line.tagor.fault("TagorService/PinToFile", "status", status=500)
    assert set(calls(line, 12)) == {"person"}
    assert len(line.asked("PinToFile")) < 2 * 12
    assert len(line.asked("ClipToFile")) == 12
    line.tagor.clear_faults()
    line.clock.move(seconds=EVERY)
    assert calls(line, 3) == ["answer"] * 3


@pytest.mark.usefixtures("hurried")
def test_slow_by_eight_seconds(line: "Line", calls: Calls):
    """Words while they wait, then a person; the line gives up sooner than the caller."""
    line.tagor.fault("*", "delay", seconds=8.0)
    assert set(calls(line, 2)) == {"person"}


def test_every_other_answer_fails(line: "Line", calls: Calls):
    """Flapping is borne: nobody ends with nothing, and it takes no pause to be answered afterwards."""
    for _ in range(60):
        line.tagor.fault("*", "status", status=503, skip=1, times=1)
    ends = calls(line, 15)
    assert set(ends) <= {"answer", "person"}
    line.tagor.clear_faults()
    line.clock.move(seconds=EVERY)
    assert calls(line, 3) == ["answer"] * 3


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_locks_nobody_out(line: "Line", calls: Calls, hours: int):
    """An hour on or back, with the breaker shut or open: ten seconds later callers are answered."""
    assert calls(line, 2) == ["answer"] * 2
    line.clock.move(hours=hours)
    assert calls(line, 2) == ["answer"] * 2
    line.tagor.fault("*", "status", status=503)
    assert set(calls(line, 6)) <= {"person", "voicemail"}
    line.clock.move(hours=hours)
    line.tagor.clear_faults()
    line.clock.move(seconds=EVERY)
    assert calls(line, 2) == ["answer"] * 2


def test_a_call_under_way_feels_tagor_come_back(line: "Line", story: "type[Story]"):
    """Whoever was asked for the file number meanwhile is let in with it."""
    line.tagor.fault("TagorService/PinToFile", "status", status=500)
    for who in range(1, 4):
        story(line, who).play()
    caller = story(line, 0)
    caller.phone.ring().press("1").press(caller.pin)
    line.tagor.clear_faults()
    line.clock.move(seconds=EVERY)
    caller.phone.press(f"{caller.file}#")
    assert caller.end() == "answer"
