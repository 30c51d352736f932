"""Retention: rows whose time is over are wiped or deleted in small batches, for each table."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Delete, Table, Update, delete, select, update

from bridge.store.database import Database

BATCH = 20
"""Rows that one transaction of a sweep touches: on SQLite a caller waits for it, a few milliseconds."""

MAX_BATCHES = 500
"""Batches of one sweep, so that it ends; the next sweep, a minute later, goes on."""

JOURNAL_KEPT = timedelta(days=400)
"""How long settled decisions and call-backs stay for the office's reports: a year and a month."""


def sweep_rows(database: Database, *statements: Delete | Update) -> int:
    """Execute what `delete_some` and `wipe_some` made, each in batches; gives how many rows in all."""
    return sum(in_batches(database, _executing(statement)) for statement in statements)


def in_batches(database: Database, step: Callable[[Connection], int]) -> int:
    """Repeat a step, each time in a transaction of its own, until it touches fewer rows than `BATCH`.

    A sweep need not be durable: what a power cut brings back is swept again. Gives how many rows were
    touched. Raises `StoreDown`; what was swept before stays swept.
    """
    swept = 0
    for _ in range(MAX_BATCHES):
        with database.writing(durable=False) as connection:
            touched = step(connection)
        swept += touched
        # A batch that is not full was the last; anything new is the next sweep's.
        if touched < BATCH:
            break
    return swept


def _executing(statement: Delete | Update) -> Callable[[Connection], int]:
    return lambda connection: connection.execute(statement).rowcount


def delete_some(table: Table, which: ColumnElement[bool]) -> Delete:
    """Delete at most `BATCH` of the rows that a condition holds for."""
    return delete(table).where(_some(table, which))


def wipe_some(table: Table, which: ColumnElement[bool], **values: Any) -> Update:  # noqa: ANN401 (columns differ in type)
    """Overwrite columns in at most `BATCH` of the rows that a condition holds for."""
    return update(table).where(_some(table, which)).values(values)


def _some(table: Table, which: ColumnElement[bool]) -> ColumnElement[bool]:
    [key] = table.primary_key
    # Rows that another worker sweeps right now are left to it, so that two sweeps never wait for each other.
    chosen = select(key).where(which).limit(BATCH).with_for_update(skip_locked=True)
    # Else PostgreSQL may choose again while it deletes: it passes over what is gone, and takes others.
    batch = chosen.cte("batch", nesting=True).prefix_with("MATERIALIZED", dialect="postgresql")
    return key.in_(select(batch.c[key.name]))
