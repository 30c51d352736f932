"""The time budget: all transactions of one webhook together take no longer than the webhook may."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bridge.clock import Clock
from bridge.store.database import Database
from bridge.store.errors import StoreDown

Open = Callable[..., Database]


class Watch:
    """A clock that goes on only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.clock = Clock(monotonic=lambda: self.seconds)


@pytest.fixture
def watch() -> Watch:
    return Watch()


def busy_timeout(database: Database) -> int:
    """Read how long SQLite waits for a lock, in milliseconds."""
    with database.reading() as connection:
        return connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()


def test_a_transaction_may_take_the_patience_or_what_is_left_for_the_webhook(
    file: Path, opened: Open, watch: Watch
):
    """Outside of a webhook, and after one, it is the patience alone."""
    database = opened(f"sqlite:///{file}", patience=2.0, connections=1, clock=watch.clock)
    assert busy_timeout(database) == 2000
    with database.budget.webhook(3.5):
        assert busy_timeout(database) == 2000
        watch.seconds = 2.5
        assert busy_timeout(database) == 1000
    assert busy_timeout(database) == 2000


def test_a_webhook_without_time_left_asks_the_database_nothing(file: Path, opened: Open, watch: Watch):
    """Its caller hears the fixed words at once."""
    database = opened(f"sqlite:///{file}", clock=watch.clock)
    with database.budget.webhook(3.5):
        watch.seconds = 3.5
        with pytest.raises(StoreDown, match="NoTimeLeft"):
            database.ping_write()
    database.ping_write()


def test_a_locked_file_takes_the_webhooks_time_once(file: Path, opened: Open):
    """Three transactions in a row wait no longer together than the webhook may."""
    database = opened(f"sqlite:///{file}", patience=60.0)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with database.budget.webhook(0.3):
            for code in ("SQLITE_BUSY|NoTimeLeft", "NoTimeLeft", "NoTimeLeft"):
                with pytest.raises(StoreDown, match=code):
                    database.ping_write()
        other.execute("ROLLBACK")
    database.ping_write()
