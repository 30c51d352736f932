"""Retention: rows whose time is over are wiped or deleted in small batches, for each table."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, update

from bridge.store.database import Database
from bridge.store.statement import Statement, Transaction

BATCH = 20
"""Rows that one transaction of a sweep touches: on SQLite a caller waits for it, a few milliseconds."""

MAX_BATCHES = 500
"""Batches of one sweep, so that it ends; the next sweep, a minute later, goes on."""

JOURNAL_KEPT = timedelta(days=400)
"""How long settled decisions and call-backs stay for the office's reports: a year and a month."""


def sweep_rows(database: Database, *statements: Statement, **values: Any) -> int:  # noqa: ANN401 (moments and counts)
    """Execute what `delete_some` and `wipe_some` made, each in batches; gives how many rows in all.

    `values` are what the conditions of all of them compare with.
    """
    return sum(in_batches(database, partial(_execute, statement, values)) for statement in statements)


def in_batches(database: Database, step: Callable[[Transaction], int]) -> int:
    """Repeat a step, each time in a transaction of its own, until it touches fewer rows than `BATCH`.

    A sweep need not be durable: what a power cut brings back is swept again. Gives how many rows were
    touched. Raises `StoreDown`; what was swept before stays swept.
    """
    swept = 0
    for _ in range(MAX_BATCHES):
        with database.on_cursor("turn") as transaction:
            touched = step(transaction)
        swept += touched
        # A batch that is not full was the last; anything new is the next sweep's.
        if touched < BATCH:
            break
    return swept


def _execute(statement: Statement, values: dict[str, Any], transaction: Transaction) -> int:
    rows: int = statement.execute(transaction, **values).rowcount
    return rows


def delete_some(table: Table, which: ColumnElement[bool]) -> Statement:
    """Delete at most `BATCH` of the rows that a condition holds for."""
    return Statement(delete(table).where(_some(table, which)))


def wipe_some(table: Table, which: ColumnElement[bool], **columns: Any) -> Statement:  # noqa: ANN401 (columns differ in type)
    """Overwrite columns in at most `BATCH` of the rows that a condition holds for."""
    return Statement(update(table).where(_some(table, which)).values(columns))


def _some(table: Table, which: ColumnElement[bool]) -> ColumnElement[bool]:
    [key] = table.primary_key
    # Rows that another worker sweeps right now are left to it, so that two sweeps never wait for each other.
    chosen = select(key).where(which).limit(BATCH).with_for_update(skip_locked=True)
    # Else PostgreSQL may choose again while it deletes: it passes over what is gone, and takes others.
    batch = chosen.cte("batch", nesting=True).prefix_with("MATERIALIZED", dialect="postgresql")
    return key.in_(select(batch.c[key.name]))
