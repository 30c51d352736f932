"""Migrations bring the database to this bridge's tables; `bridge migrate` runs them before a new start."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from secrets import token_hex

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from bridge.store.database import advisory_lock, driver_errors, engine_for, revision, translated_errors
from bridge.store.errors import StoreDown
from bridge.store.tables import OLDER_REVISIONS

PATIENCE = 60.0
"""Seconds a migration waits for running transactions, and for another migration."""


def migrate(url: str) -> str:
    """Upgrade to the newest revision, all or nothing, and give its name; two at once wait for each other.

    An SQLite file is made when it is not there yet, for the bridge's own user only. What a newer bridge
    migrated is left alone, and its revision is given: this bridge works on it (`Database.check_schema`).

    Raises:
        BadDatabaseUrl: the address is neither SQLite nor PostgreSQL.
        StoreDown: the database or its folder cannot be written.
    """
    engine = engine_for(url, patience=PATIENCE, connections=1)
    try:
        _make_file(engine)
        return _upgrade(engine)
    finally:
        engine.dispose()


def head() -> str:
    """Give the newest revision this bridge knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def current(url: str) -> str | None:
    """Give the revision a database is at, None for an empty one; raises as `migrate` does."""
    engine = engine_for(url, patience=PATIENCE, connections=1)
    try:
        with (
            translated_errors(driver_errors(engine)),
            engine.execution_options(mode="read").begin() as connection,
        ):
            return revision(connection)
    finally:
        engine.dispose()


def _make_file(engine: Engine) -> None:
    file = Path(engine.url.database or "")
    if engine.dialect.name == "sqlite" and not file.exists():
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _put_in_place(file)
        except (OSError, sqlite3.Error) as refused:
            raise StoreDown(type(refused).__name__) from None


def _put_in_place(file: Path) -> None:
    """Make the file under another name, switch its write-ahead log on, then give it its own name.

    Two processes that switch the log on in one file at once fail each other.
    """
    new = file.with_name(f"{file.name}.{token_hex(4)}")
    new.touch(mode=0o600)
    with closing(sqlite3.connect(new)) as made:
        made.execute("PRAGMA journal_mode=WAL")
    with suppress(FileExistsError):
        file.hardlink_to(new)
    new.unlink()


def _upgrade(engine: Engine) -> str:
    config = _config()
    with (
        translated_errors(driver_errors(engine)),
        engine.execution_options(mode="durable").begin() as connection,
    ):
        # Two machines that are deployed at once must not both make the same table.
        advisory_lock(connection, "migrate")
        found = revision(connection)
        if found is not None and found not in OLDER_REVISIONS:
            return found
        if engine.dialect.name == "postgresql":
            # An index over years of calls takes longer than any statement of a turn may.
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "bridge.store:migrations")
    return config
