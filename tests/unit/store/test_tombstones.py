"""Tombstones: a finished call that is posted again is never a new one, however long ago it was."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from store_engines import on_every_engine

from bridge.store.calls import ABANDONED, Calls
from bridge.store.claim import CallEnded, OpenTurn, UnknownCall
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.retention import BATCH
from bridge.store.tables import calls as calls_table
from bridge.store.tables import tombstones

CALL = "CA" + "0f" * 16
YEAR = timedelta(days=366)


def begin(calls: Calls, now: datetime, call_id: str = CALL) -> None:
    opened = calls.read(call_id, 0, now)
    assert isinstance(opened, OpenTurn)
    calls.save_reply(opened, 0, state=None, reply=b"<bye/>", next_turn=1, now=now)


@pytest.mark.parametrize("since", [ABANDONED, timedelta(days=30), 4 * YEAR])
@on_every_engine
def test_a_swept_call_is_over_and_never_begins_again(calls: Calls, now: datetime, since: timedelta):
    """Whichever of its webhooks is posted again, and also when the provider asks for the fallback."""
    begin(calls, now)
    calls.sweep(now + ABANDONED)
    calls.sweep(now + since)
    assert [calls.read(CALL, turn, now + since) for turn in (0, 1, 8)] == [CallEnded()] * 3
    assert calls.last_reply(CALL) == CallEnded()


def test_a_swept_call_is_over_under_every_hash_key(calls: Calls, database: Database, now: datetime):
    """A changed secret makes no finished call a new one."""
    begin(calls, now)
    calls.sweep(now + ABANDONED)
    changed = Calls(database, Sealer(["a new secret", "a secret of the tests"]))
    assert changed.read(CALL, 0, now + ABANDONED) == CallEnded()


def test_another_call_is_new(calls: Calls, now: datetime):
    """A tombstone keeps nobody else away."""
    begin(calls, now)
    calls.sweep(now + ABANDONED)
    other = "CA" + "1e" * 16
    assert calls.last_reply(other) == UnknownCall()
    assert calls.read(other, 3, now) == UnknownCall()
    assert isinstance(calls.read(other, 0, now), OpenTurn)


def test_a_tombstone_is_sixteen_bytes_and_a_month(
    calls: Calls, database: Database, seal: Sealer, now: datetime
):
    """Years of them are kept, and they tell nothing about anybody."""
    begin(calls, now)
    calls.sweep(now + ABANDONED)
    with database.reading() as connection:
        assert connection.execute(select(tombstones)).all() == [
            (bytes.fromhex(seal.pseudonym("call", CALL))[:16], 2026 * 12 + 3)
        ]


def test_tombstones_go_by_the_month_after_five_years(calls: Calls, database: Database, now: datetime):
    """The last day of the sixty-first month is the first on which one may go."""

    def left() -> int:
        with database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(tombstones)) or 0

    begin(calls, now)
    calls.sweep(now + ABANDONED)
    calls.sweep(now.replace(year=2031, month=3, day=31))
    assert left() == 1
    calls.sweep(now.replace(year=2031, month=4, day=1))
    assert left() == 0


def test_a_sweep_of_many_calls_buries_each_of_them(
    calls: Calls, database: Database, seal: Sealer, now: datetime
):
    """It goes in batches, so that no caller waits for a long transaction, and ends when nothing is left."""
    number = 2 * BATCH + 1
    rows = [
        {"call": seal.pseudonym("call", str(one)), "office": "gent", "version": 0, "turn": 0}
        | {"started_at": now, "changed_at": now}
        for one in range(number)
    ]
    with database.writing() as connection:
        connection.execute(calls_table.insert(), rows)
    assert calls.sweep(now + ABANDONED) == number
    assert calls.read(str(number - 1), 0, now + ABANDONED) == CallEnded()
    assert calls.sweep(now + ABANDONED) == 0
