"""An upgrade that is rolled back in the middle of a call: the older bridge works on newer tables."""

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from bridge.store.migrate import current, migrate
from bridge.store.tables import metadata

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.shared_line import Line

TOMORROW = "9999"
TOLD = ("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")


def migrate_as_tomorrow(line: "Line") -> None:
    """Do what the revisions of a release to come may do: add columns, tables and indexes."""
    with closing(sqlite3.connect(line.database)) as database:
        for table in metadata.tables:
            database.execute(f"ALTER TABLE {table} ADD COLUMN tomorrow VARCHAR")
            database.execute(f"ALTER TABLE {table} ADD COLUMN how_often INTEGER NOT NULL DEFAULT 0")
            database.execute(f"CREATE INDEX ix_{table}_tomorrow ON {table} (tomorrow)")
        database.execute("CREATE TABLE tomorrow (id VARCHAR PRIMARY KEY)")
        database.execute("UPDATE alembic_version SET version_num = ?", [TOMORROW])
        database.commit()


def tables(line: "Line") -> list[str]:
    with closing(sqlite3.connect(line.database)) as database:
        return [str(row) for row in database.execute("SELECT name, sql FROM sqlite_master ORDER BY name")]


def test_a_call_goes_on_under_the_older_bridge(line: "Line", calling: "Calling"):
    """It began before the upgrade; the PIN counts, the balance is heard, and the note is written."""
    caller = calling().keys("1")
    migrate_as_tomorrow(line)
    caller.keys("000000")
    line.start()
    caller.keys("20230118#").keys("482193").hears(*TOLD)
    caller.hangs_up()
    line.after(minutes=5)
    assert len(line.notes()) == 1
    assert line.jobs() == {"done": 1}


def test_a_whole_call_is_answered_by_the_older_bridge(line: "Line", calling: "Calling"):
    """It begins after the roll-back, and what it leaves is swept in its time."""
    migrate_as_tomorrow(line)
    line.start()
    calling().keys("1").keys("482193").hears(*TOLD)
    line.clock.move(days=400)
    assert line.app.extensions["bridge"].repositories.sweep(line.clock.now()) > 0


def test_the_older_migration_leaves_the_tables_alone(line: "Line"):
    """As before each start by systemd, which would not start the line after a failure."""
    migrate_as_tomorrow(line)
    before = tables(line)
    assert migrate(line.environ["DATABASE_URL"]) == TOMORROW
    assert current(line.environ["DATABASE_URL"]) == TOMORROW
    assert tables(line) == before
