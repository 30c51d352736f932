"""Decisions on the disk: there before anybody acts, and never in clear."""

import sqlite3
from base64 import b64encode
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select, text, update
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

from bridge.store.calls import Calls
from bridge.store.claim import Claimed
from bridge.store.database import Database, engine_for
from bridge.store.decision import State
from bridge.store.decisions import Decisions
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreDown, WrongSchema
from bridge.store.migrate import _config, head, migrate
from bridge.store.pin_attempts import BudgetExhausted, PinAttempts, PinLimits
from bridge.store.tables import decisions as table


@on_every_engine
def test_a_locked_database_gives_no_leave(url: str, database: Database, opened: Open, now: datetime):
    seal = Sealer(["a secret of the tests"])
    decisions = Decisions(database, seal)
    impatient = Decisions(opened(url, patience=0.1), seal)
    one = ready(decisions, now)
    with database.writing() as connection:
        connection.execute(update(table).values(looks=0))
        with pytest.raises(StoreDown):
            impatient.mark_sent(one, now)
    assert state(decisions, one) is State.READY


def test_a_read_only_database_gives_no_leave(file: Path, opened: Open, seal: Sealer, now: datetime):
    one = ready(Decisions(opened(f"sqlite:///{file}"), seal), now)
    locked = Decisions(opened(f"sqlite:///file:{file}?mode=ro&uri=true"), seal)
    for write in (lambda: locked.mark_sent(one, now), lambda: locked.open(on("2"), now)):
        with pytest.raises(StoreDown, match="SQLITE_READONLY"):
            write()
    assert state(locked, one) is State.READY
    assert locked.counts()[State.READY] == 1


def test_a_full_disk_takes_no_decision(file: Path, opened: Open, seal: Sealer, now: datetime):
    database = opened(f"sqlite:///{file}", connections=1)
    decisions = Decisions(database, seal)
    with database.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")  # SQLite keeps it at the file's present size
    with pytest.raises(StoreDown, match="SQLITE_FULL"):
        decisions.open(replace(PLAN, payload=b"x" * 100_000), now)
    assert not decisions.blocked("gent", FILE)


def test_whatever_is_decided_is_on_the_disk(file: Path, opened: Open, seal: Sealer, now: datetime):
    """A connection keeps what its last writer set, so a reader can look; 2 is FULL."""
    database = opened(f"sqlite:///{file}", connections=1)
    decisions = Decisions(database, seal)
    one = ready(decisions, now)
    other = ready(decisions, now, on("2"))
    for write in (
        lambda: decisions.open(on("3"), now),
        lambda: decisions.mark_sent(one, now),
        lambda: decisions.mark_unclear(one, now),
        lambda: decisions.due(now),
        lambda: decisions.settle(one, State.DONE, now),
        lambda: decisions.give_up(other, now),
    ):
        with database.writing(durable=False):
            pass
        write()
        with database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


@on_every_engine
def test_a_database_of_the_first_bridge_keeps_all_it_has(empty_url: str, opened: Open, now: datetime):
    """A call under way and a locked file outlive the upgrade, and decisions can be made."""
    seal, config = Sealer(["a secret of the tests"]), _config()
    engine = engine_for(empty_url, patience=5, connections=1).execution_options(mode="durable")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        seen = {"call": seal.pseudonym("call", CALL), "state": seal.seal(b"state"), "at": 0}
        connection.execute(
            text("INSERT INTO calls VALUES (:call, 'gent', :state, 4, 3, NULL, NULL, :at, :at, NULL)"), seen
        )
        file = seal.pseudonym("file", "gent", FILE)
        for number in range(10):
            tried = {"id": str(number), "file": file, "at": 0, "yes": True, "no": False}
            connection.execute(
                text("INSERT INTO pin_tries VALUES (:id, 'gent', :file, NULL, :yes, :at, :no, :no)"), tried
            )
    engine.dispose()
    with pytest.raises(WrongSchema, match=r"0001.*run `bridge migrate`"):
        opened(empty_url)
    assert migrate(empty_url) == head()
    database = opened(empty_url)
    taken = Calls(database, seal).take(CALL, 3, now)
    assert isinstance(taken, Claimed)
    assert taken.state == b"state"
    tries = PinAttempts(database, seal, PinLimits())
    assert tries.count_attempt("gent", FILE, caller=None, named=True, now=now) == BudgetExhausted("file_life")
    assert Decisions(database, seal).mark_sent(ready(Decisions(database, seal), now), now)


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
    decisions.settle(other, State.DONE, now, result=PLAN.payload)
    with database.reading() as connection:
        rows = connection.execute(select(table.c.payload, table.c.result)).all()
    sealed = [cell for row in rows for cell in row if cell]
    assert len(sealed) == 2
    assert all(cell in on_disk(file) for cell in sealed)
    assert not any(canary in on_disk(file) for canary in canaries)
    take(decisions, now + MINUTE)
    decisions.settle(one, State.ESCALATED, now)
    with closing(sqlite3.connect(file)) as beside:  # so that SQLite does not fold its log by itself
        beside.execute("SELECT count(*) FROM decisions").fetchall()
        assert decisions.sweep(now + timedelta(hours=2)) == 1
        assert not any(cell[-64:] in on_disk(file) for cell in sealed)
    assert not any(canary in on_disk(file) for canary in canaries)
