"""Outcomes that came late: kept once, sealed, for as long as their call is under way and no longer."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from store_engines import on_every_engine

from bridge.store.calls import Calls
from bridge.store.claim import OpenTurn
from bridge.store.database import Database
from bridge.store.deferred_results import DeferredResult, DeferredResults
from bridge.store.encryption import Sealer
from bridge.store.tables import deferred_results as table

CALL = "CA" + "3c" * 16


@pytest.fixture
def deferred_results(database: Database, seal: Sealer) -> DeferredResults:
    return DeferredResults(database, seal)


@pytest.fixture
def late(now: datetime) -> DeferredResult:
    return DeferredResult(b'{"exit":"right"}', now + timedelta(seconds=1))


@pytest.fixture
def taken(calls: Calls, now: datetime) -> OpenTurn:
    """A call whose first turn is being led."""
    read = calls.read(CALL, 0, now)
    assert isinstance(read, OpenTurn)
    return calls.claim(read, now)


def left(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


@on_every_engine
def test_an_outcome_is_found_at_its_step_only(
    deferred_results: DeferredResults, taken: OpenTurn, late: DeferredResult
):
    assert taken.state is None
    assert deferred_results.find(CALL, 4) is None
    assert deferred_results.put(CALL, 4, late)
    assert deferred_results.find(CALL, 4) == late
    assert deferred_results.find(CALL, 5) is None
    assert deferred_results.find("CA" + "0" * 32, 4) is None


@pytest.mark.usefixtures("taken")
@on_every_engine
def test_the_first_outcome_of_a_step_stays(
    deferred_results: DeferredResults, late: DeferredResult, now: datetime
):
    """Whoever has read it has acted on it."""
    assert deferred_results.put(CALL, 4, late)
    assert not deferred_results.put(CALL, 4, DeferredResult(b"another", now))
    assert deferred_results.find(CALL, 4) == late


@on_every_engine
def test_a_call_that_never_was_has_no_outcomes(deferred_results: DeferredResults, late: DeferredResult):
    assert not deferred_results.put(CALL, 4, late)


def ends_with_its_last_turn(calls: Calls, taken: OpenTurn, now: datetime) -> None:
    calls.save_reply(taken, 0, state=None, reply=b"<bye/>", next_turn=1, now=now)


ENDS: dict[str, Callable[[Calls, OpenTurn, datetime], object]] = {
    "forgotten": lambda calls, _, __: calls.wipe(CALL),
    "last turn": ends_with_its_last_turn,
    "abandoned": lambda calls, _, now: calls.sweep(now + timedelta(hours=3)),
}


@pytest.fixture(params=ENDS)
def over(
    request: pytest.FixtureRequest, calls: Calls, taken: OpenTurn, now: datetime
) -> Callable[[], object]:
    """End the call in one of the ways there are."""
    return lambda: ENDS[request.param](calls, taken, now)


@on_every_engine
def test_nothing_is_left_when_the_call_is_over(
    database: Database, deferred_results: DeferredResults, late: DeferredResult, over: Callable[[], object]
):
    """However it ended; and what comes afterwards is not kept."""
    assert deferred_results.put(CALL, 4, late)
    over()
    assert left(database) == 0
    assert not deferred_results.put(CALL, 5, late)
    assert left(database) == 0


def test_nobody_can_read_one_in_the_file(file: Path, seal: Sealer, late: DeferredResult, now: datetime):
    """It is sealed, and the call is named by a keyed hash."""
    database = Database(f"sqlite:///{file}")
    calls = Calls(database, seal)
    calls.claim(calls.read(CALL, 0, now), now)
    assert DeferredResults(database, seal).put(CALL, 4, late)
    database.close()
    with closing(sqlite3.connect(file)) as books:
        dump = "\n".join(books.iterdump())
    assert late.result.hex() not in dump.lower()
    assert CALL not in dump
