"""Revisions only add: an older bridge reads and writes every table that a newer one has changed."""

from dataclasses import dataclass

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from store_engines import on_every_engine

from bridge.store.database import engine_for
from bridge.store.migrate import _config

NOT_PROMISED = "0009"
"""The last revision that took something away (`calls.claim`). It is of no release yet: 0.1.0, which has 0006,
refuses all tables but its own, so that the promise is first given by the release after it."""
LATER = [
    script.revision
    for script in reversed(list(ScriptDirectory.from_config(_config()).walk_revisions()))
    if script.revision > NOT_PROMISED
]
Needs = dict[str, bool]
"""The columns of a table, and whether a row must be given each."""


@dataclass(frozen=True)
class Tables:
    """What a bridge counts on: each table's columns and their types, and what must be unique in it."""

    needs: dict[str, Needs]
    types: dict[str, dict[str, str]]
    unique: dict[str, set[tuple[str | None, ...]]]

    @classmethod
    def of(cls, connection: Connection) -> "Tables":
        """Read them from a database."""
        found = cls({}, {}, {})
        inspector = inspect(connection)
        for table in inspector.get_table_names():
            columns = inspector.get_columns(table)
            found.needs[table] = {
                one["name"]: not one["nullable"] and one["default"] is None for one in columns
            }
            found.types[table] = {one["name"]: str(one["type"]) for one in columns}
            indexes = [*inspector.get_unique_constraints(table), *inspector.get_indexes(table)]
            found.unique[table] = {tuple(one["column_names"]) for one in indexes if one.get("unique", True)}
        return found

    def misses(self, later: "Tables") -> list[str]:
        """Name what a bridge of these tables would miss in the later ones, or would have to do."""
        gone = [table for table in self.needs if table not in later.needs]
        for table in self.needs.keys() & later.needs.keys():
            before, after = self.needs[table], later.needs[table]
            gone += [f"{table}.{name}" for name in before if name not in after]
            gone += [f"{table}.{name} is needed" for name in after if after[name] and not before.get(name)]
            types = self.types[table].items()
            gone += [
                f"{table}.{name} is no {kind}"
                for name, kind in types
                if later.types[table].get(name, kind) != kind
            ]
            gone += [f"{table}: {names} is unique" for names in later.unique[table] - self.unique[table]]
        return gone


def upgraded(connection: Connection, revision: str) -> Tables:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    return Tables.of(connection)


@on_every_engine
def test_every_later_revision_only_adds(empty_url: str):
    """No table, no column and no type goes, and an older bridge's row is taken as it is."""
    engine = engine_for(empty_url, patience=5, connections=1).execution_options(mode="durable")
    with engine.begin() as connection:
        before, missed = upgraded(connection, NOT_PROMISED), dict[str, list[str]]()
        for revision in LATER:
            after = upgraded(connection, revision)
            missed[revision], before = before.misses(after), after
    engine.dispose()
    assert missed == {revision: [] for revision in LATER}


@pytest.mark.parametrize(
    ("statement", "missed"),
    [
        ("DROP TABLE leases", "leases"),
        ("ALTER TABLE outbox RENAME COLUMN trouble TO grief", "outbox.trouble"),
        ("ALTER TABLE outbox ADD COLUMN grade INTEGER NOT NULL", "outbox.grade is needed"),
        ("CREATE UNIQUE INDEX once ON outbox (office)", "outbox: ('office',) is unique"),
        ("ALTER TABLE outbox ALTER COLUMN tries TYPE VARCHAR", "outbox.tries is no INTEGER"),
    ],
)
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_revision_that_does_more_is_found(empty_url: str, statement: str, missed: str):
    """As each of these would be."""
    engine = engine_for(empty_url, patience=5, connections=1).execution_options(mode="durable")
    with engine.begin() as connection:
        before = upgraded(connection, "head")
        connection.exec_driver_sql(statement)
        assert before.misses(Tables.of(connection)) == [missed]
    engine.dispose()
