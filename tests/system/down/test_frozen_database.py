"""A database that stands still: every webhook is answered in time, and the line goes on when it wakes up."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any

import pytest
from shared_postgres import OwnServer

from bridge.simulators.provider.caller_actions import DialWait
from bridge.simulators.rehearsal.judging.promises import SECONDS
from bridge.store.migrate import migrate

if TYPE_CHECKING:
    from bridge.simulators.provider.phone import Phone
    from tests.shared_line import Line
    from tests.system.down.conftest import BalanceCall

pytestmark = pytest.mark.usefixtures("real_patience")

PROVIDER = "provider"
"""What the thread is called in which webhooks are posted."""
HANGS = 60
"""Seconds after which an answer never comes: far more than any machine needs for one in four."""


@pytest.fixture
def server(line: "Line") -> Iterator[OwnServer]:
    """Put the line on a PostgreSQL server that only this test uses."""
    server = OwnServer()
    with server.new_database() as url:
        migrate(url)
        line.environ["DATABASE_URL"] = url
        line.start()
        yield server


@pytest.fixture
def waits(line: "Line", server: OwnServer, monkeypatch: pytest.MonkeyPatch) -> list[float]:  # noqa: ARG001 - on that server
    """The seconds for which the webhooks' thread may wait for the database, visit by visit."""
    granted, budget = list[float](), line.app.extensions["bridge"].database.budget
    left = budget.left

    def watched() -> float:
        seconds: float = left()
        if current_thread().name.startswith(PROVIDER):
            granted.append(max(0.0, seconds))
        return seconds

    monkeypatch.setattr(budget, "left", watched)
    return granted


def put_through(phone: "Phone", line: "Line") -> bool:
    """Whether the caller reaches the switchboard, without a fault."""
    waits = phone.waiting
    return isinstance(waits, DialWait) and waits.targets == (line.switchboard,) and phone.faults == []


def test_a_frozen_postgresql_keeps_nobody_waiting(
    line: "Line", server: OwnServer, balance_call: "type[BalanceCall]", waits: list[float]
):
    """It was stopped, not ended: its sockets stay open, and no answer ever comes."""
    caller = line.phone().ring().press("1")
    with server.frozen(), ThreadPoolExecutor(1, PROVIDER) as beside:

        def answer(ask: Callable[..., Any], *given: str, **fields: str) -> Any:  # noqa: ANN401 - what it gives
            waits.clear()
            answered = beside.submit(ask, *given, **fields).result(HANGS)
            # Nothing comes from this server, so each visit to it waits for all that it may.
            assert 0 < sum(waits) <= SECONDS
            return answered

        assert put_through(answer(caller.press, "482193"), line)
        assert put_through(answer(line.phone().ring), line)
        assert answer(line.webhook, "/voice/fallback", caller.call_id, ErrorCode="11200")[0] == 200
        assert answer(line.app.test_client().get, "/readyz").status_code == 503
    assert balance_call(line, 0).play() == "answer"


def test_a_file_that_is_locked_in_the_middle_of_a_turn_costs_the_turn_its_time_once(
    line: "Line", monkeypatch: pytest.MonkeyPatch
):
    """Saving waits no longer than one transaction may, and nobody else had to be kept from the turn."""
    phone, waits = line.phone().ring(), list[float]()
    database = line.app.extensions["bridge"].database
    on_cursor = database.on_cursor

    def watched(mode: str) -> object:
        # Threads in the background look into the database as well; only the turn's own visit counts.
        if current_thread() is main_thread():
            waits.append(database.budget.left())
        return on_cursor(mode)

    with closing(sqlite3.connect(line.database, isolation_level=None, check_same_thread=False)) as other:

        def lock(step: str) -> None:
            if step == "turn: led":
                other.execute("BEGIN IMMEDIATE")
                monkeypatch.setattr(database, "on_cursor", watched)

        monkeypatch.setattr(line.clock, "checkpoint", lock)
        assert put_through(phone.press("1"), line)
        other.execute("ROLLBACK")
    [save] = waits
    assert save <= 2.0
