"""What the disk shows: nothing about anybody, and afterwards not even the sealed bytes."""

import sqlite3
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, select
from store_engines import on_every_engine

from bridge.store.callbacks import NewCallback
from bridge.store.claim import OpenTurn, OutOfOrder, Replay
from bridge.store.database import Database
from bridge.store.decision import DecisionState, NewDecision, Opened
from bridge.store.encryption import Sealer
from bridge.store.job import NewJob
from bridge.store.repositories import Repositories
from bridge.store.tables import keyring, metadata, tombstones

Open = Callable[..., Database]

CALL, CALLER, FILE, PIN, NAME = "CA" + "4d" * 16, "+32470991234", "700412345", "482913", "Verstraeten-Dupont"
CANARIES = (CALL, CALLER, FILE, PIN, NAME)
WORDS = " ".join(CANARIES).encode()


def shapes(canary: str) -> list[bytes]:
    """Give what a search for it would try: as it is, hex, base64, and its hash without our secret."""
    clear = canary.encode()
    hashes = [sha256(clear).digest(), sha256(clear).hexdigest().encode()]
    return [clear, clear.hex().encode(), b64encode(clear).rstrip(b"=")[:-1], *hashes]


def on_disk(file: Path) -> bytes:
    return b"".join(part.read_bytes() for part in file.parent.glob(file.name + "*"))


def found(stored: bytes) -> list[str]:
    return [canary for canary in CANARIES for shape in shapes(canary) if shape in stored]


class Story:
    """A call in which every canary is heard, kept, decided, promised and left to be done."""

    def __init__(self, database: Database, seal: Sealer, now: datetime) -> None:
        self.database, self.kept, self.now = database, Repositories(database, seal), now
        self.shown: list[object] = []

    def begin(self) -> None:
        """Lead the call through six turns, and leave a decision, a job and a call-back open."""
        kept, now = self.kept, self.now
        for turn in range(6):
            read = kept.calls.read(CALL, turn, now)
            assert isinstance(read, OpenTurn)
            taken = kept.calls.claim(read, now, office="gent")
            state, reply = WORDS * (1 + turn), b"<Say>" + WORDS
            kept.calls.save_reply(taken, turn, state=state, reply=reply, next_turn=turn + 1, now=now)
        kept.pin_attempts.count_attempts("gent", [FILE], caller=CALLER, named=True, now=now)
        self.decision = kept.decisions.open(NewDecision(CALL, "gent", FILE, "plan", WORDS), now)
        assert isinstance(self.decision, Opened)
        kept.decisions.mark_sent(self.decision.id, now)
        self.job, self.promise = (
            NewJob(CALL, "gent", "note", WORDS, now),
            NewCallback(CALL, "gent", now, now, WORDS, now),
        )
        kept.outbox.add(self.job)
        with self.database.on_cursor("durable") as transaction:
            kept.callbacks.add(transaction, self.promise)

    def end(self) -> None:
        """Settle, deliver and keep everything, and wipe the call."""
        kept, now = self.kept, self.now
        self.shown += [kept.decisions.get(self.decision.id), kept.calls.read(CALL, 5, now)]
        kept.decisions.settle(self.decision.id, DecisionState.DONE, now, result=WORDS)
        [job] = kept.outbox.claim_due(now)
        kept.outbox.reschedule(job, now, trouble="Unreachable", later=timedelta())
        [job] = kept.outbox.claim_due(now)
        kept.outbox.complete(job, now)
        kept.callbacks.mark_kept(CALL, "gent", now)
        kept.calls.wipe(CALL)
        self.shown += [job, kept.decisions.get(self.decision.id), *kept.decisions.report(now)]
        self.shown += [self.job, self.promise, *kept.callbacks.report(now), kept.calls.read(CALL, 1, now)]

    def sealed(self) -> list[bytes]:
        """Give every sealed value that stands in any table now."""
        cells = [column for table in metadata.sorted_tables for column in table.c]
        binary = [one for one in cells if isinstance(one.type, LargeBinary)]
        with self.database.reading() as connection:
            columns = [
                connection.scalars(select(one).where(one.is_not(None))) for one in binary if _wiped(one)
            ]
            return [bytes(cell) for column in columns for cell in column]


def _wiped(column: object) -> bool:
    return getattr(column, "table", None) not in (keyring, tombstones)


@pytest.fixture
def story(file: Path, opened: Open, seal: Sealer, now: datetime) -> Story:
    return Story(opened(f"sqlite:///{file}"), seal, now)


def test_the_search_finds_what_is_not_sealed(file: Path):
    """A search that cannot find anything would prove nothing."""
    (file.parent / (file.name + "-wal")).write_bytes(shapes(PIN)[1])
    assert found(on_disk(file)) == [PIN]


def test_nothing_personal_is_on_the_disk_and_afterwards_not_even_sealed(file: Path, story: Story):
    """Neither while the call runs nor when it is over; in every table, in SQLite's log too."""
    story.begin()
    sealed = story.sealed()
    assert len(sealed) == 7
    assert all(one in on_disk(file) for one in sealed)
    assert found(on_disk(file)) == []
    story.end()
    with closing(sqlite3.connect(file)) as beside:  # so that SQLite does not fold its log by itself
        beside.execute("SELECT count(*) FROM calls").fetchall()
        story.kept.sweep(story.now + timedelta(hours=2))
        assert story.sealed() == []
        assert not any(one[-64:] in on_disk(file) for one in sealed)
    assert found(on_disk(file)) == []


def test_nothing_personal_shows_in_a_log_or_a_report(story: Story):
    """Whatever the store gives may be logged by mistake."""
    story.begin()
    story.end()
    shown = repr([*story.shown, OpenTurn("c", WORDS, 1), OutOfOrder(WORDS), Replay(WORDS)])
    assert found(shown.encode()) == []


@on_every_engine
def test_no_table_shows_anything_personal_on_any_engine(database: Database, seal: Sealer, now: datetime):
    """Not even a column that is not sealed."""
    story = Story(database, seal, now)
    story.begin()
    with database.reading() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
    assert len(rows) > 5
    assert found(repr(rows).encode()) == []
