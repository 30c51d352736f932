"""The outbox on the disk: nothing lost, and nothing in clear."""

import sqlite3
from base64 import b64encode
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import event, select, update
from store_engines import on_every_engine
from store_jobs import KEY, LEASE, WORDS, Open, take, taken

from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreDown
from bridge.store.job import (
    JobState,
    NewJob,
)
from bridge.store.outbox import Outbox
from bridge.store.tables import outbox as table


def test_whatever_is_promised_is_on_the_disk(
    file: Path, opened: Open, seal: Sealer, note: NewJob, now: datetime
):
    """A connection keeps what its last writer set, so a reader can look; 2 is FULL."""
    database = opened(f"sqlite:///{file}", connections=1)
    outbox = Outbox(database, seal)
    job = taken(outbox, note, now)
    for write in (
        lambda: outbox.add(replace(note, key="2")),
        lambda: outbox.amend("2", "gent", due=now + LEASE),
        lambda: outbox.mark_sending(job, now),
        lambda: outbox.reschedule(job, now, trouble="Unclear", later=timedelta()),
        lambda: outbox.complete(take(outbox, now), now),
    ):
        with database.writing(durable=False):
            pass
        write()
        with database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_taking_what_is_due_does_not_read_what_is_done(file: Path, opened: Open, seal: Sealer, now: datetime):
    """The outbox remembers a week of jobs, and is asked twice a second by every worker."""
    database = opened(f"sqlite:///{file}")
    asked: list[tuple[str, tuple[object, ...]]] = []
    event.listen(database._engine, "before_cursor_execute", lambda *said: asked.append((said[2], said[3])))
    Outbox(database, seal).claim_due(now)
    statement, values = next((words, values) for words, values in asked if words.startswith("SELECT"))
    with database.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    assert [step.detail for step in plan] == ["SEARCH outbox USING INDEX ix_outbox_ready (due_at<?)"]


def test_a_read_only_database_gives_no_leave(
    file: Path, opened: Open, seal: Sealer, note: NewJob, now: datetime
):
    job = taken(Outbox(opened(f"sqlite:///{file}"), seal), note, now)
    locked = Outbox(opened(f"sqlite:///file:{file}?mode=ro&uri=true"), seal)
    for write in (
        lambda: locked.mark_sending(job, now),
        lambda: locked.add(note),
        lambda: locked.claim_due(now),
        lambda: locked.complete(job, now),
        lambda: locked.sweep(now),
    ):
        with pytest.raises(StoreDown, match="SQLITE_READONLY"):
            write()
    assert locked.counts()[JobState.READY] == 1


def test_nothing_personal_shows_in_a_job_a_letter_or_a_log(outbox: Outbox, note: NewJob, now: datetime):
    job = taken(outbox, note, now)
    shown = [note, job]
    outbox.dead_letter(job, now, trouble="Gone")
    shown += outbox.dead_letters()
    assert not [word for word in WORDS if word in repr(shown)]


def shapes(canary: bytes) -> list[bytes]:
    """Give what a search for it would try: as it is, hex, base64, and its hash without our secret."""
    digest = sha256(canary)
    base64 = b64encode(canary).rstrip(b"=")[:-1]
    return [canary, canary.hex().encode(), base64, digest.digest(), digest.hexdigest().encode()]


def on_disk(file: Path) -> bytes:
    return b"".join(part.read_bytes() for part in file.parent.glob(file.name + "*"))


def test_nothing_personal_is_on_the_disk_and_afterwards_not_even_sealed(
    file: Path, opened: Open, seal: Sealer, note: NewJob, now: datetime
):
    database = opened(f"sqlite:///{file}")
    outbox = Outbox(database, seal)
    canaries = [shape for word in (*WORDS, KEY) for shape in shapes(word.encode())]
    outbox.add(note)
    with database.reading() as connection:
        sealed = connection.execute(select(table.c.payload)).scalar_one()
    assert sealed in on_disk(file)
    job = take(outbox, now)
    outbox.reschedule(job, now, trouble="Unreachable", later=timedelta())
    assert not any(canary in on_disk(file) for canary in canaries)
    outbox.complete(take(outbox, now), now)
    with closing(sqlite3.connect(file)) as beside:  # so that SQLite does not fold its log by itself
        beside.execute("SELECT count(*) FROM outbox").fetchall()
        outbox.sweep(now)
        assert sealed[-64:] not in on_disk(file)
    assert not any(canary in on_disk(file) for canary in canaries)


@on_every_engine
def test_a_broken_row_keeps_nobody_from_the_rest(
    outbox: Outbox, database: Database, note: NewJob, now: datetime
):
    outbox.add(note)
    with database.writing() as connection:
        connection.execute(update(table).values(payload=b"broken"))
    outbox.add(replace(note, key="whole"))
    assert take(outbox, now).payload == note.payload
    assert [letter.trouble for letter in outbox.dead_letters()] == ["DecryptionFailed"]
