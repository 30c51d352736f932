"""Decisions on the disk: there before anybody acts, and never in clear."""

import sqlite3
from base64 import b64encode
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select, update
from store_decided import (
    CALL,
    FILE,
    MINUTE,
    NAME,
    PHONE,
    PLAN,
    TERMS,
    Open,
    on,
    ready,
    sent,
    state,
    take,
    unclear,
)
from store_engines import on_every_engine

from bridge.store.database import Database
from bridge.store.decision import DecisionState
from bridge.store.decisions import Decisions
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreDown
from bridge.store.tables import decisions as table


@on_every_engine
def test_a_locked_database_gives_no_leave(url: str, database: Database, opened: Open, now: datetime):
    seal = Sealer(["a secret of the tests"])
    decisions = Decisions(database, seal)
    impatient = Decisions(opened(url, patience=0.1), seal)
    one = ready(decisions, now)
    with database.writing() as connection:
        connection.execute(update(table).values(checks=0))
        with pytest.raises(StoreDown):
            impatient.mark_sent(one, now)
    assert state(decisions, one) is DecisionState.READY


def test_a_read_only_database_gives_no_leave(file: Path, opened: Open, seal: Sealer, now: datetime):
    one = ready(Decisions(opened(f"sqlite:///{file}"), seal), now)
    locked = Decisions(opened(f"sqlite:///file:{file}?mode=ro&uri=true"), seal)
    for write in (lambda: locked.mark_sent(one, now), lambda: locked.open(on("2"), now)):
        with pytest.raises(StoreDown, match="SQLITE_READONLY"):
            write()
    assert state(locked, one) is DecisionState.READY
    assert locked.counts()[DecisionState.READY] == 1


def test_a_full_disk_takes_no_decision(file: Path, opened: Open, seal: Sealer, now: datetime):
    database = opened(f"sqlite:///{file}", connections=1)
    decisions = Decisions(database, seal)
    with database.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")  # SQLite keeps it at the file's present size
    with pytest.raises(StoreDown, match="SQLITE_FULL"):
        decisions.open(replace(PLAN, payload=b"x" * 100_000), now)
    assert not decisions.is_blocked("gent", FILE)


def test_whatever_is_decided_is_on_the_disk(file: Path, opened: Open, seal: Sealer, now: datetime):
    """A connection keeps what its last writer set, so a reader can look; 2 is FULL."""
    database = opened(f"sqlite:///{file}", connections=1)
    decisions = Decisions(database, seal)
    one = ready(decisions, now)
    for write in (
        lambda: decisions.open(on("3"), now),
        lambda: decisions.mark_sent(one, now),
        lambda: decisions.mark_unclear(one, now),
        lambda: decisions.claim_due(now),
        lambda: decisions.settle(one, DecisionState.DONE, now),
    ):
        with database.writing(durable=False):
            pass
        write()
        with database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def shapes(canary: bytes) -> list[bytes]:
    """Give what a search for it would try: as it is, hex, base64, and its hash without our secret."""
    digest = sha256(canary)
    base64 = b64encode(canary).rstrip(b"=")[:-1]
    return [canary, canary.hex().encode(), base64, digest.digest(), digest.hexdigest().encode()]


def on_disk(file: Path) -> bytes:
    return b"".join(part.read_bytes() for part in file.parent.glob(file.name + "*"))


def test_nothing_personal_is_on_the_disk_and_afterwards_not_even_sealed(
    file: Path, opened: Open, seal: Sealer, now: datetime
):
    database = opened(f"sqlite:///{file}")
    decisions = Decisions(database, seal)
    canaries = [shape for word in (CALL, FILE, NAME, PHONE, TERMS) for shape in shapes(word.encode())]
    one = unclear(decisions, now)
    other = sent(decisions, now, on("2"))
    decisions.settle(other, DecisionState.DONE, now, result=PLAN.payload)
    with database.reading() as connection:
        rows = connection.execute(select(table.c.payload, table.c.result)).all()
    sealed = [cell for row in rows for cell in row if cell]
    assert len(sealed) == 2
    assert all(cell in on_disk(file) for cell in sealed)
    assert not any(canary in on_disk(file) for canary in canaries)
    take(decisions, now + MINUTE)
    decisions.settle(one, DecisionState.ESCALATED, now)
    with closing(sqlite3.connect(file)) as beside:  # so that SQLite does not fold its log by itself
        beside.execute("SELECT count(*) FROM decisions").fetchall()
        assert decisions.sweep(now + timedelta(hours=2)) == 1
        assert not any(cell[-64:] in on_disk(file) for cell in sealed)
    assert not any(canary in on_disk(file) for canary in canaries)
