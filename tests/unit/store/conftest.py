"""A database of its own for every test: on SQLite, and on PostgreSQL where an engine might matter.

`make rehearsal` plays every test on both.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

from shared_postgres import emptying, new_database
from store_jobs import a_note

from bridge.store.calls import Calls
from bridge.store.database import Database
from bridge.store.decisions import Decisions
from bridge.store.encryption import Sealer
from bridge.store.job import NewJob
from bridge.store.migrate import migrate
from bridge.store.outbox import Outbox
from bridge.store.pin_attempts import PinAttempts, PinLimits
from bridge.store.statement import Statement, Transaction

ROOT = Path(__file__).parents[3]

StartWorker = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.rehearsal)])
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def empty_url(engine: str, tmp_path: Path) -> Iterator[str]:
    """Give a database in which nothing was ever made."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path}/bridge.db"
        return
    with new_database() as url:
        yield url


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an SQLite file to copy: that is faster than to migrate one for every test."""
    file = tmp_path_factory.mktemp("store") / "migrated.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def shared_url() -> Iterator[Callable[[], str]]:
    """Give a migrated PostgreSQL database, emptied each time: that is faster than a new one."""
    with new_database() as url, emptying(url) as empty:
        migrate(url)

        def emptied() -> str:
            empty()
            return url

        yield emptied


@pytest.fixture
def url(engine: str, request: pytest.FixtureRequest) -> str:
    if engine == "sqlite":
        return f"sqlite:///{request.getfixturevalue('file')}"
    emptied: Callable[[], str] = request.getfixturevalue("shared_url")
    return emptied()


@pytest.fixture
def own_url(empty_url: str) -> str:
    """Give a database whose very tables may be changed."""
    migrate(empty_url)
    return empty_url


@pytest.fixture
def file(tmp_path: Path, migrated: Path) -> Path:
    """Give a migrated SQLite file, for what only a file can show."""
    return Path(shutil.copy(migrated, tmp_path / "alone.db"))


@pytest.fixture
def opened() -> Iterator[Callable[..., Database]]:
    """Open databases that are closed after the test."""
    databases: list[Database] = []

    def open_one(url: str, **options: float) -> Database:
        databases.append(Database(url, **options))
        return databases[-1]

    yield open_one
    for database in databases:
        database.close()


@pytest.fixture
def database(url: str, opened: Callable[..., Database]) -> Database:
    """Give a database that waits: 64 threads at once take their time on a busy machine."""
    return opened(url, patience=60)


@pytest.fixture
def seal() -> Sealer:
    return Sealer(["a secret of the tests"])


@pytest.fixture
def calls(database: Database, seal: Sealer) -> Calls:
    return Calls(database, seal)


@pytest.fixture
def pin_attempts(database: Database, seal: Sealer) -> PinAttempts:
    return PinAttempts(database, seal, PinLimits())


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 29, 0, 59, 30, 123456, tzinfo=UTC)


@pytest.fixture
def start_worker() -> Iterator[StartWorker]:
    """Start further processes at a database, by their script; what still runs is killed after the test."""
    workers: list[subprocess.Popen[str]] = []

    def start(*command: str, script: str = "store_worker.py") -> "subprocess.Popen[str]":
        line = [sys.executable, str(Path(__file__).with_name(script)), *command]
        workers.append(
            subprocess.Popen(  # noqa: S603 (our own script)
                line,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
        worker.communicate()


@pytest.fixture
def decisions(database: Database, seal: Sealer) -> Decisions:
    return Decisions(database, seal)


@pytest.fixture
def outbox(database: Database, seal: Sealer) -> Outbox:
    return Outbox(database, seal)


@pytest.fixture
def note(now: datetime) -> NewJob:
    return a_note(now)


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Give every `Statement` that is executed, as its text and its values."""
    noted, execute = list[tuple[str, Any]](), Statement.execute

    def noting(statement: Statement, transaction: Transaction, **values: object) -> object:
        driver = Mock(wraps=transaction.connection)
        cursor = execute(statement, replace(transaction, connection=driver), **values)
        noted.extend(
            (text, tuple(given)) for text, given in (call.args for call in driver.execute.mock_calls)
        )
        return cursor

    monkeypatch.setattr(Statement, "execute", noting)
    return noted
