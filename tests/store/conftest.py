"""A database of its own for every test: SQLite always, PostgreSQL too where TEST_DATABASE_URL names one."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
from sqlalchemy.engine import make_url

from bridge.store.calls import Calls
from bridge.store.database import Database
from bridge.store.migrate import migrate
from bridge.store.pin_tries import PinLimits, PinTries
from bridge.store.seal import Seal

ROOT = Path(__file__).parents[2]
SERVER = os.environ.get("TEST_DATABASE_URL", "")

StartWorker = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(params=["sqlite", "postgresql"] if SERVER else ["sqlite"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give a database in which nothing was ever made."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bridge.db"
        return
    name = f"store_{token_hex(8)}"
    with closing(psycopg.connect(SERVER, autocommit=True)) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def url(empty_url: str) -> str:
    migrate(empty_url)
    return empty_url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a migrated SQLite file, for what only a file can show."""
    migrate(f"sqlite:///{tmp_path}/alone.db")
    return tmp_path / "alone.db"


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
    return opened(url)


@pytest.fixture
def seal() -> Seal:
    return Seal(["a secret of the tests"])


@pytest.fixture
def calls(database: Database, seal: Seal) -> Calls:
    return Calls(database, seal)


@pytest.fixture
def pin_tries(database: Database, seal: Seal) -> PinTries:
    return PinTries(database, seal, PinLimits())


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 29, 0, 59, 30, 123456, tzinfo=UTC)


@pytest.fixture
def start_worker() -> Iterator[StartWorker]:
    """Start further processes at a database (`store_worker.py`); what still runs is killed after the test."""
    workers: list[subprocess.Popen[str]] = []

    def start(*command: str) -> "subprocess.Popen[str]":
        line = [sys.executable, str(Path(__file__).with_name("store_worker.py")), *command]
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
