"""Work in the background: round after round, whatever becomes of a single one."""

from threading import Event
from threading import enumerate as threads

import pytest
from structlog.testing import CapturingLogger

from bridge.clock import Clock
from bridge.store import background
from bridge.store.background import IDLE_SECONDS, run_forever
from bridge.store.errors import StoreDown


def test_it_goes_on_after_every_trouble_and_rests_when_there_is_nothing(monkeypatch: pytest.MonkeyPatch):
    """A database that is away and a mistake of our own are told, and followed by a rest as no work is."""
    monkeypatch.setattr(background, "log", logged := CapturingLogger())
    rounds = iter((1, StoreDown("57P01"), 1, ZeroDivisionError("20230118"), 0))
    rests, names, over = list[float](), set[str](), Event()

    def work() -> int:
        names.update(thread.name for thread in threads())
        came = next(rounds)
        if isinstance(came, Exception):
            raise came
        return came

    def rest(seconds: float) -> None:
        rests.append(seconds)
        if len(rests) == 3:
            over.set()
            Event().wait()  # for ever: a daemon's end is the process's

    run_forever("sweeper of this test", work, clock=Clock(sleep=rest))
    assert over.wait(30)
    assert rests == [IDLE_SECONDS] * 3 == [0.5] * 3
    assert "sweeper of this test" in names
    assert [(call.args, call.kwargs["trouble"]) for call in logged.calls] == [
        (("background_waits",), "StoreDown"),
        (("background_failed",), "ZeroDivisionError"),
    ]
    assert {call.kwargs["action"] for call in logged.calls} == {"sweeper of this test"}
