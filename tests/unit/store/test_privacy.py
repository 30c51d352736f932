"""What the disk shows: nothing of a call while it runs, and not even its sealed bytes afterwards."""

import sqlite3
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select
from store_engines import on_every_engine

from bridge.store.calls import RETRY_WINDOW, Calls
from bridge.store.claim import Claimed
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.pin_attempts import PinAttempts, PinLimits
from bridge.store.tables import calls as calls_table
from bridge.store.tables import metadata, turns

Open = Callable[..., Database]
Disk = tuple[Path, Database, Calls, PinAttempts]

CALL, CALLER, FILE, PIN, NAME = "CA" + "4d" * 16, "+32470991234", "700412345", "482913", "Verstraeten-Dupont"
CANARIES = (CALL, CALLER, FILE, PIN, NAME)


def shapes(canary: str) -> list[bytes]:
    """Give what a search for it would try: as it is, hex, base64, and its hash without our secret."""
    clear = canary.encode()
    hashes = [sha256(clear).digest(), sha256(clear).hexdigest().encode()]
    return [clear, clear.hex().encode(), b64encode(clear).rstrip(b"=")[:-1], *hashes]


def phone_in(calls: Calls, tries: PinAttempts, now: datetime) -> None:
    """Lead a call of 20 turns in which every canary is heard, known and said."""
    for turn in range(20):
        taken = calls.claim(CALL, turn, now, office="gent")
        assert isinstance(taken, Claimed)
        tries.count_attempt("gent", FILE, caller=CALLER, named=True, now=now)
        state = " ".join(CANARIES).encode() * (1 + turn)
        calls.save_reply(CALL, taken, turn, state=state, reply=b"<Say>" + state, next_turn=turn + 1, now=now)


def on_disk(file: Path) -> bytes:
    return b"".join(part.read_bytes() for part in file.parent.glob(file.name + "*"))


def found(stored: bytes) -> list[str]:
    return [canary for canary in CANARIES for shape in shapes(canary) if shape in stored]


@pytest.fixture
def disk(file: Path, opened: Open, seal: Sealer) -> Disk:
    database = opened(f"sqlite:///{file}")
    return file, database, Calls(database, seal), PinAttempts(database, seal, PinLimits())


def test_the_search_finds_what_is_not_sealed(file: Path):
    """A search that cannot find anything would prove nothing."""
    (file.parent / (file.name + "-wal")).write_bytes(shapes(PIN)[1])
    assert found(on_disk(file)) == [PIN]


def test_nothing_personal_is_on_the_disk_while_the_call_runs_or_after_it(disk: Disk, now: datetime):
    file, database, calls, tries = disk
    phone_in(calls, tries, now)
    assert found(on_disk(file)) == []
    calls.wipe(CALL)
    calls.sweep(now)
    database.close()
    assert found(on_disk(file)) == []


def test_after_the_call_even_the_sealed_bytes_are_gone_from_the_disk(disk: Disk, now: datetime):
    file, database, calls, tries = disk
    phone_in(calls, tries, now)
    with database.reading() as connection:
        sealed = [
            *connection.scalars(select(calls_table.c.state)),
            *connection.scalars(select(turns.c.reply)),
        ]
    tails = [one[-64:] for one in sealed]
    assert len(tails) == 4
    assert all(tail in on_disk(file) for tail in tails)
    calls.wipe(CALL)
    with closing(sqlite3.connect(file)) as other:  # so that SQLite does not fold its log by itself
        other.execute("SELECT count(*) FROM calls").fetchall()
        calls.sweep(now + RETRY_WINDOW)
        assert not any(tail in on_disk(file) for tail in tails)


@on_every_engine
def test_no_table_shows_anything_personal_on_any_engine(
    database: Database, calls: Calls, pin_attempts: PinAttempts, now: datetime
):
    phone_in(calls, pin_attempts, now)
    with database.reading() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
    assert len(rows) > 5
    assert found(repr(rows).encode()) == []
