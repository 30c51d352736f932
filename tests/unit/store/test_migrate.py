"""Migrations: from nothing to this bridge's tables, all or nothing, also when two processes begin at once."""

import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from store_engines import on_every_engine
from store_former import formerly_sealed

from bridge.store.claim import OpenTurn, Replay
from bridge.store.database import Database, engine_for
from bridge.store.encryption import Sealer
from bridge.store.errors import BadDatabaseUrl, StoreDown, WrongSchema
from bridge.store.migrate import _config, _put_in_place, current, head, migrate
from bridge.store.repositories import Repositories
from bridge.store.tables import OLDER_REVISIONS, REVISION, metadata

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

StartWorker = Callable[..., Popen[str]]


def writing(url: str):
    return engine_for(url, patience=5, connections=1).execution_options(mode="durable")


def tables(url: str) -> set[str]:
    engine = writing(url)
    with engine.begin() as connection:
        names = set(inspect(connection).get_table_names())
    engine.dispose()
    return names


@on_every_engine
def test_an_empty_database_comes_to_the_newest_revision(empty_url: str):
    assert current(empty_url) is None
    assert migrate(empty_url) == current(empty_url) == head()


@on_every_engine
def test_migrating_again_changes_nothing(url: str):
    assert migrate(url) == current(url) == head()


def test_the_revision_the_bridge_asks_for_is_the_newest():
    assert head() == REVISION


def test_the_revisions_before_it_are_known_as_older():
    """Any other name is a newer bridge's: revisions are numbered without a gap."""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    assert known == OLDER_REVISIONS | {REVISION}


@on_every_engine
def test_the_migrated_tables_are_those_the_bridge_uses(url: str):
    engine = writing(url)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


@on_every_engine
def test_a_migration_can_be_taken_back_and_made_again(own_url: str):
    engine, config = writing(own_url), _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    engine.dispose()
    assert tables(own_url) == {"alembic_version"}
    assert migrate(own_url) == head()


FORMER_ROWS = """
INSERT INTO calls VALUES (:call, 'gent', :sealed, 4, 3, NULL, NULL, 0, 0, NULL);
INSERT INTO turns VALUES (:call, 2, :sealed);
INSERT INTO outcomes VALUES (:call, 7, 0, :sealed);
INSERT INTO pin_tries VALUES ('1', 'gent', :file, NULL, true, 0, false, false);
INSERT INTO decisions VALUES ('2', 'gent', :file, 'plan', 'handed', NULL, NULL, 0, 0, 0, NULL, 18, NULL);
INSERT INTO decisions VALUES ('3', 'gent', :file, 'plan', 'unknown', :sealed, NULL, 0, 0, NULL, 0, 2, NULL);
INSERT INTO outbox VALUES ('4', 'gent', 'note', 'ready', :sealed, 0, 0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO promises VALUES ('5', 'gent', 'noted', :sealed, 0, 0, 0, 0, NULL);
INSERT INTO promises VALUES (:promise, 'gent', 'promised', :sealed, 0, 0, 0, NULL, NULL)
"""
"""One row and more for every table, with the names that revision 0004 gave them."""


@on_every_engine
def test_every_row_of_a_former_bridge_is_kept_under_the_new_names(
    empty_url: str, seal: Sealer, now: datetime
):
    """A call, a counted PIN, a decision that blocks its file, a job and a call-back outlive the upgrade."""
    engine, config = writing(empty_url), _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        values = {
            "call": seal.pseudonym("call", "CA1"),
            "file": seal.pseudonym("file", "gent", "20230118"),
            "promise": seal.pseudonym("promise", "gent", "call-back"),
            "sealed": formerly_sealed("a secret of the tests", b"kept"),
        }
        for row in FORMER_ROWS.split(";"):
            asked = {name: value for name, value in values.items() if f":{name}" in row}
            connection.execute(text(row), asked)
    engine.dispose()
    with pytest.raises(WrongSchema, match=r"0004.*run `bridge migrate`"):
        Database(empty_url)
    assert migrate(empty_url) == head()
    database = Database(empty_url)
    kept = Repositories(database, seal)
    taken = kept.calls.read("CA1", 3, now)
    assert isinstance(taken, OpenTurn)
    assert (taken.state, kept.calls.last_reply("CA1")) == (b"kept", Replay(b"kept"))
    found = kept.deferred_results.find("CA1", 7)
    assert found is not None
    assert found.result == b"kept"
    assert kept.pin_attempts.unlock("gent", "20230118") == 1
    assert kept.decisions.is_blocked("gent", "20230118")
    assert [entry.state for entry in kept.decisions.report(LONG_AGO)] == ["escalated", "unknown"]
    assert kept.decisions.claim_due(now)[0].checks == 2
    assert [job.payload for job in kept.outbox.claim_due(now)] == [b"kept"]
    assert {entry.state for entry in kept.callbacks.report(LONG_AGO)} == {"scheduled", "promised"}
    assert kept.callbacks.mark_scheduled("call-back", "gent", now)
    database.close()


@on_every_engine
def test_a_migration_that_fails_half_way_leaves_nothing(empty_url: str):
    engine = writing(empty_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE write_probe (somebody_elses INTEGER)"))
    engine.dispose()
    with pytest.raises(StoreDown):
        migrate(empty_url)
    assert tables(empty_url) == {"write_probe"}


@on_every_engine
def test_a_database_of_a_newer_bridge_is_left_alone_and_used(own_url: str):
    """What an older bridge does there is told by `test_only_added.py` and `tests/calls/test_roll_back.py`."""
    engine = writing(own_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert migrate(own_url) == current(own_url) == "9999"
    database = Database(own_url)
    assert database.check_schema() == "9999"
    database.close()


@on_every_engine
def test_a_bridge_does_not_start_on_an_empty_database(empty_url: str):
    with pytest.raises(WrongSchema, match=r"schema is empty.*run `bridge migrate`"):
        Database(empty_url)


def migrate_in_two(start_worker: StartWorker, *urls: str) -> None:
    workers = [start_worker("migrate") for _ in range(2)]
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * 2
    for url in urls:
        for worker in workers:
            worker.stdin.write(f"{url}\n")
            worker.stdin.flush()
        assert [worker.stdout.readline().strip() for worker in workers] == [head()] * 2


@on_every_engine
def test_two_processes_that_migrate_at_once_both_end_well(empty_url: str, start_worker: StartWorker):
    migrate_in_two(start_worker, empty_url)


def test_two_processes_that_make_the_file_at_once_both_end_well(tmp_path: Path, start_worker: StartWorker):
    migrate_in_two(start_worker, *(f"sqlite:///{tmp_path}/{number}/bridge.db" for number in range(8)))


def test_nothing_but_the_database_is_left_beside_it(tmp_path: Path):
    migrate(f"sqlite:///{tmp_path}/var/bridge.db")
    assert [made.name for made in (tmp_path / "var").iterdir()] == ["bridge.db"]


def test_a_file_somebody_else_just_put_there_is_kept(tmp_path: Path):
    """The other process of two that begin at once was faster."""
    theirs = tmp_path / "bridge.db"
    theirs.write_bytes(b"theirs")
    _put_in_place(theirs)
    assert theirs.read_bytes() == b"theirs"


def test_the_file_is_made_for_the_bridges_own_user_only(tmp_path: Path):
    migrate(f"sqlite:///{tmp_path}/var/bridge.db")
    assert stat.S_IMODE((tmp_path / "var" / "bridge.db").stat().st_mode) == 0o600


def test_a_place_that_cannot_be_written_is_said_plainly(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreDown, match="cannot be used"):
        migrate(f"sqlite:///{tmp_path}/file/bridge.db")


@pytest.mark.parametrize("ask", [migrate, current])
def test_a_wrong_address_is_said_plainly(ask: Callable[[str], object]):
    with pytest.raises(BadDatabaseUrl, match="DATABASE_URL must be"):
        ask("mysql://office:hunter2@db/bridge")


def test_a_server_that_is_away_is_said_plainly():
    with pytest.raises(StoreDown, match="cannot be used"):
        migrate("postgresql://office:hunter2@127.0.0.1:1/bridge")
