"""Promises: a call-back that a caller was told is counted, kept or missed, and nobody reads whose it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from store_engines import on_every_engine

from bridge.store.callbacks import PAYLOAD_KEPT, CallbackEntry, CallbackState, NewCallback, PromisedCallbacks
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.tables import callbacks as table

HOUR = timedelta(hours=1)
KEY, PHONE = "CA" + "4d" * 16, "+32470991234"

Settle = Callable[[PromisedCallbacks, str, str, datetime], bool]


@pytest.fixture
def callbacks(database: Database, seal: Sealer) -> PromisedCallbacks:
    return PromisedCallbacks(database, seal)


@pytest.fixture
def promise(now: datetime) -> NewCallback:
    return NewCallback(KEY, "gent", now + HOUR, now + 4 * HOUR, PHONE.encode(), now)


@pytest.fixture
def made(database: Database, callbacks: PromisedCallbacks, promise: NewCallback) -> NewCallback:
    """Give a promise that a caller has just been told."""
    make(database, callbacks, promise)
    return promise


def make(database: Database, callbacks: PromisedCallbacks, promise: NewCallback) -> None:
    with database.on_cursor("durable") as transaction:
        callbacks.add(transaction, promise)


def payloads(database: Database) -> list[bytes | None]:
    with database.reading() as connection:
        return list(connection.scalars(select(table.c.payload)))


@on_every_engine
def test_a_promise_is_told_kept_and_reported(callbacks: PromisedCallbacks, made: NewCallback, now: datetime):
    expected = CallbackEntry("gent", now, made.starts, made.ends, CallbackState.PROMISED, None, None)
    assert callbacks.report(now) == [expected]
    assert callbacks.mark_scheduled(KEY, "gent", now + HOUR)
    expected = replace(expected, state=CallbackState.SCHEDULED, scheduled_at=now + HOUR)
    assert callbacks.report(now) == [expected]
    assert callbacks.mark_kept(KEY, "gent", now + 2 * HOUR)
    expected = replace(expected, state=CallbackState.KEPT, settled_at=now + 2 * HOUR)
    assert callbacks.report(now) == [expected]


@pytest.mark.parametrize("settle", [PromisedCallbacks.mark_kept, PromisedCallbacks.mark_missed])
def test_what_is_settled_stays_as_it_is(
    callbacks: PromisedCallbacks, made: NewCallback, now: datetime, settle: Settle
):
    assert settle(callbacks, made.key, "gent", now)
    before = callbacks.report(now)
    assert not callbacks.mark_scheduled(KEY, "gent", now + HOUR)
    assert not callbacks.mark_kept(KEY, "gent", now + HOUR)
    assert not callbacks.mark_missed(KEY, "gent", now + HOUR)
    assert callbacks.report(now) == before


@pytest.mark.parametrize(("key", "office"), [("another", "gent"), (KEY, "luik")])
def test_nobody_elses_promise_is_touched(
    callbacks: PromisedCallbacks, made: NewCallback, now: datetime, key: str, office: str
):
    for change in (callbacks.mark_scheduled, callbacks.mark_kept, callbacks.mark_missed):
        assert not change(key, office, now)
    assert [entry.state for entry in callbacks.report(made.promised_at)] == [CallbackState.PROMISED]


@on_every_engine
def test_the_same_promise_again_is_replaced_until_it_is_in_the_agenda(
    database: Database, callbacks: PromisedCallbacks, made: NewCallback, now: datetime
):
    make(database, callbacks, replace(made, starts=now + 2 * HOUR))
    assert [entry.starts for entry in callbacks.report(now)] == [now + 2 * HOUR]
    callbacks.mark_scheduled(KEY, "gent", now)
    make(database, callbacks, replace(made, starts=now + 3 * HOUR))
    assert [entry.starts for entry in callbacks.report(now)] == [now + 2 * HOUR]


def test_the_report_tells_what_was_promised_since_and_everything_open(
    database: Database, callbacks: PromisedCallbacks, promise: NewCallback, now: datetime
):
    for day, key in enumerate(["new", "old and open", "old"]):
        make(database, callbacks, replace(promise, key=key, office=key, promised_at=now - day * 24 * HOUR))
    callbacks.mark_kept("old", "old", now)
    callbacks.mark_kept("new", "new", now)
    assert [entry.office for entry in callbacks.report(now - HOUR)] == ["old and open", "new"]


@pytest.mark.parametrize("settle", [PromisedCallbacks.mark_kept, PromisedCallbacks.mark_missed])
def test_the_particulars_are_wiped_as_soon_as_it_is_settled(
    database: Database, callbacks: PromisedCallbacks, made: NewCallback, now: datetime, settle: Settle
):
    assert payloads(database) != [None]
    settle(callbacks, made.key, "gent", now)
    assert payloads(database) == [None]


@on_every_engine
def test_the_particulars_of_what_nobody_settled_are_wiped_in_the_end_and_the_entry_stays(
    database: Database, callbacks: PromisedCallbacks, made: NewCallback
):
    assert callbacks.sweep(made.ends + PAYLOAD_KEPT - HOUR) == 0
    assert payloads(database) != [None]
    assert callbacks.sweep(made.ends + PAYLOAD_KEPT) == 1
    assert payloads(database) == [None]
    assert callbacks.sweep(made.ends + PAYLOAD_KEPT) == 0
    assert len(callbacks.report(made.promised_at)) == 1
