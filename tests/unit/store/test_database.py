"""The database: readers cannot write, writers wait their turn, and what fails is said without a value."""

import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from store_engines import on_every_engine

from bridge.clock import Clock
from bridge.store.calls import Calls
from bridge.store.database import WRITE_LOCK_POLL, Database, advisory_lock
from bridge.store.encryption import Sealer
from bridge.store.errors import BadDatabaseUrl, StoreDown
from bridge.store.pin_attempts import PinAttempts, PinLimits
from bridge.store.tables import calls, write_probe

Open = Callable[..., Database]

AWAY = "postgres://office:hunter2@127.0.0.1:1/bridge"


def beats(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count(write_probe.c.token)))


def beat(database: Database, word: str) -> None:
    with database.writing() as connection:
        connection.execute(insert(write_probe).values(token=word))


def log_size(file: Path) -> int:
    return file.with_name(f"{file.name}-wal").stat().st_size


def other_connection(file: Path) -> "closing[sqlite3.Connection]":
    """Stay connected beside the store: with the last connection SQLite removes its log by itself."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("SELECT count(*) FROM calls").fetchall()
    return closing(other)


def pragma(database: Database, name: str, *, durable: bool = True) -> object:
    with database.writing(durable=durable) as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


@on_every_engine
def test_what_is_written_is_read(database: Database):
    beat(database, "one")
    assert beats(database) == 1


@on_every_engine
def test_a_transaction_that_fails_writes_nothing(database: Database):
    def fail() -> None:
        with database.writing() as connection:
            connection.execute(insert(write_probe).values(token="one"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert beats(database) == 0


@on_every_engine
def test_who_reads_cannot_write(database: Database):
    def write() -> None:
        with database.reading() as connection:
            connection.execute(insert(write_probe).values(token="one"))

    with pytest.raises(StoreDown) as refused:
        write()
    assert refused.value.code in {"SQLITE_READONLY", "25006"}
    beat(database, "two")
    assert beats(database) == 1


@on_every_engine
def test_who_reads_does_not_wait_for_who_writes(database: Database):
    with database.writing() as connection:
        connection.execute(insert(write_probe).values(token="one"))
        assert beats(database) == 0
    assert beats(database) == 1


@on_every_engine
def test_a_proved_write_leaves_nothing_behind(database: Database):
    database.ping_write()
    assert beats(database) == 0


@on_every_engine
def test_a_word_is_held_by_one_transaction_at_a_time(url: str, database: Database, opened: Open):
    impatient = opened(url, patience=0.5)

    def hold_it() -> None:
        with impatient.writing() as connection:
            advisory_lock(connection, "gent")

    with database.writing() as first:
        advisory_lock(first, "gent")
        with pytest.raises(StoreDown) as refused:
            hold_it()
    assert refused.value.code in {"SQLITE_BUSY", "55P03"}
    hold_it()


@on_every_engine
def test_no_free_connection_is_a_database_that_cannot_be_used(url: str, opened: Open):
    narrow = opened(url, patience=0.1, connections=1)
    with narrow.reading(), pytest.raises(StoreDown, match="NoFreeConnection"):
        narrow.ping_write()
    narrow.ping_write()


def test_a_closed_database_opens_again(database: Database):
    database.close()
    database.ping_write()


def test_the_log_is_emptied_on_every_engine(database: Database):
    beat(database, "one")
    database.truncate_wal()
    assert beats(database) == 1


@pytest.mark.parametrize(
    ("name", "durable", "expected"),
    [
        ("journal_mode", True, "wal"),
        ("busy_timeout", True, 0),
        ("secure_delete", True, 1),
        ("foreign_keys", True, 1),
        ("synchronous", True, 2),
        ("synchronous", False, 1),
    ],
)
def test_sqlite_runs_as_decided(file: Path, opened: Open, name: str, durable: bool, expected: object):  # noqa: FBT001 (a parameter of the table above)
    assert pragma(opened(f"sqlite:///{file}"), name, durable=durable) == expected


def test_what_counts_is_on_the_disk_and_a_turn_alone_need_not_be(file: Path, opened: Open, now: datetime):
    """A connection keeps what its last writer set, so a reader can look."""
    database, seal = opened(f"sqlite:///{file}", connections=1), Sealer(["secret"])
    calls, tries = Calls(database, seal), PinAttempts(database, seal, PinLimits())

    def synchronous() -> object:
        with database.reading() as connection:
            return connection.exec_driver_sql("PRAGMA synchronous").scalar()

    tries.count_attempts("gent", ["100"], caller=None, named=True, now=now)
    assert synchronous() == 2
    read = calls.read("CA1", 0, now)
    taken = calls.claim(read, now)
    assert synchronous() == 1
    calls.save_reply(taken, 0, state=b"s", reply=b"r", next_turn=1, now=now, also=lambda _: None)
    assert synchronous() == 2


def test_a_durable_write_stays_durable_after_a_quick_one(file: Path, opened: Open):
    """Both use the same connection, and each sets what it needs."""
    database = opened(f"sqlite:///{file}", connections=1)
    assert [pragma(database, "synchronous", durable=durable) for durable in (True, False, True)] == [2, 1, 2]


def test_emptying_the_log_cuts_it_and_leaves_the_patience_of_others_alone(file: Path, opened: Open):
    database = opened(f"sqlite:///{file}", connections=1)
    with other_connection(file):
        beat(database, "one")
        assert log_size(file) > 0
        database.truncate_wal()
        assert log_size(file) == 0
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000


def test_emptying_the_log_never_waits_for_a_reader(file: Path, opened: Open):
    database = opened(f"sqlite:///{file}", patience=1000)
    beat(database, "one")
    with ThreadPoolExecutor(1) as beside, database.reading() as connection:
        connection.execute(select(write_probe)).all()
        beat(database, "two")
        beside.submit(database.truncate_wal).result(timeout=30)
    assert log_size(file) > 0
    assert beats(database) == 2


def test_a_server_that_is_away_stops_nobody_from_starting(opened: Open):
    database = opened(AWAY, patience=0.1)
    with pytest.raises(StoreDown):
        database.ping_write()


def test_a_locked_file_is_a_database_that_cannot_be_used(file: Path, opened: Open):
    database = opened(f"sqlite:///{file}", patience=0.1)
    with other_connection(file) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreDown, match="SQLITE_BUSY"):
            database.ping_write()
    database.ping_write()


def test_a_writer_has_the_lock_soon_after_another_process_gave_it_back(
    file: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
):
    """It tries again at an even pace, where the growing sleeps of SQLite would leave a free lock unused."""
    database, naps = opened(f"sqlite:///{file}"), list[float]()
    with other_connection(file) as other:
        other.execute("BEGIN IMMEDIATE")

        def nap(seconds: float) -> None:
            naps.append(seconds)
            if len(naps) == 20:
                other.execute("ROLLBACK")

        monkeypatch.setattr("bridge.store.database.SYSTEM_CLOCK", Clock(sleep=nap))
        beat(database, "one")
    assert naps == [WRITE_LOCK_POLL] * 20
    assert beats(database) == 1


def test_a_read_only_file_is_a_database_that_cannot_be_used(file: Path, opened: Open):
    with pytest.raises(StoreDown, match="SQLITE_READONLY"):
        opened(f"sqlite:///file:{file}?mode=ro&uri=true").ping_write()


def test_a_full_disk_loses_the_turn_but_not_the_call(file: Path, opened: Open, now: datetime):
    database = opened(f"sqlite:///{file}", connections=1)
    full = Calls(database, Sealer(["secret"]))
    taken = full.read("CA1", 0, now)
    pragma(database, "max_page_count=1")  # SQLite keeps it at the file's present size
    with pytest.raises(StoreDown, match="SQLITE_FULL"):
        full.save_reply(taken, 0, state=b"s", reply=b"r" * 100_000, next_turn=1, now=now)
    full.save_reply(taken, 0, state=b"s", reply=b"r", next_turn=1, now=now)


def test_a_file_that_is_no_database_is_said_plainly(tmp_path: Path, opened: Open):
    (tmp_path / "letter.txt").write_text("To whom it may concern, " * 100)
    with pytest.raises(StoreDown, match="SQLITE_NOTADB"):
        opened(f"sqlite:///{tmp_path}/letter.txt").ping_write()


@pytest.mark.parametrize(
    "url",
    [
        "mysql://office:hunter2@db/bridge",
        "sqlite://",
        "sqlite:///:memory:",
        "postgres://office:hunter2@db:hunter2/bridge",
        "hunter2",
        "",
    ],
)
def test_a_wrong_address_is_refused_without_repeating_it(url: str):
    with pytest.raises(BadDatabaseUrl, match="sqlite:///path/to/file") as refused:
        Database(url)
    assert "hunter2" not in str(refused.value)


@on_every_engine
def test_even_sqlalchemys_own_log_shows_no_value(url: str, opened: Open, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "sqlalchemy")
    beat(opened(url), "482913")
    assert "INSERT INTO write_probe" in caplog.text
    assert "482913" not in caplog.text


@on_every_engine
def test_no_text_and_no_cause_carries_a_value(database: Database):
    def add_twice() -> None:
        row = {"call": "482913", "office": "gent", "version": 0, "turn": 0}
        with database.writing() as connection:
            connection.execute(insert(calls), [row, row])

    with pytest.raises(StoreDown) as refused:
        add_twice()
    assert "482913" not in f"{refused.value!r} {refused.value}"
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
