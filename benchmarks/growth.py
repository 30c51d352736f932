"""Fills the long-lived tables of an SQLite store with rows as years of calls leave them, and sweeps them."""

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Integer, LargeBinary, Table
from sqlalchemy.engine import make_url

from bridge.app.create import sealer_of
from bridge.settings import Settings
from bridge.store.database import Database, Mode
from bridge.store.repositories import Repositories
from bridge.store.statement import Transaction
from bridge.store.tables import (
    Instant,
    audit,
    callbacks,
    decisions,
    outbox,
    pin_attempts,
    steps,
    tombstones,
)

DAY = 24 * 3600.0
Row = Mapping[str, Any]


_SETTLED: Row = {"office": "office0", "state": "done", "payload": None}
LONG_LIVED: Mapping[Table, tuple[float, Row]] = {
    tombstones: (5 * 365, {}),
    pin_attempts: (
        5 * 365,
        {"office": "office0", "caller": None, "named": True, "guess": None, "wrong": True},
    ),
    decisions: (400, {**_SETTLED, "kind": "plan", "result": None, "next_check_at": None, "claim": None}),
    outbox: (6.05, {**_SETTLED, "kind": "note", "claim": None, "trouble": None}),
    callbacks: (400, {**_SETTLED, "state": "kept"}),
    steps: (90, {"office": "office0", "language": "nl", "step": "Office.menu", "exit": "1", "caller": None}),
    audit: (400, {"who": "an operator", "what": "switch", "whom": "office0"}),
}
"""How many days back the rows of each table go, and what stands in one that is settled.

None is due for a sweep today, and some of each are 0.99 days later.
"""


def fill(database: str, rows: int) -> None:
    """Put so many rows into each long-lived table of an SQLite database (its address).

    None is younger than two days, so that no budget of callers is used up, and none is due for a sweep.
    """
    rng = Random(rows)
    with closing(sqlite3.connect(make_url(database).database or "")) as ours, ours:
        for table, (days, given) in LONG_LIVED.items():
            names = ", ".join(column.name for column in table.columns)
            marks = ", ".join("?" * len(table.columns))
            made = (_row(table, given, time.time() - rng.uniform(2, days) * DAY, rng) for _ in range(rows))
            ours.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", made)  # noqa: S608 - our tables


class _TimedDatabase(Database):
    """Notes for how many seconds each transaction kept other writers waiting."""

    def __init__(self, url: str) -> None:
        self.held: list[float] = []
        super().__init__(url)

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        with super().writing(durable=durable) as connection:
            began = time.perf_counter()
            yield connection
        self.held.append(time.perf_counter() - began)

    @contextmanager
    def on_cursor(self, mode: Mode) -> Iterator[Transaction]:
        with super().on_cursor(mode) as transaction:
            began = time.perf_counter()
            yield transaction
        if mode in ("turn", "durable"):
            self.held.append(time.perf_counter() - began)


def longest_sweep(environ: Mapping[str, str]) -> float:
    """Sweep a filled store as nearly a day later; gives the most seconds for which one batch held the lock.

    Nobody else may use the store meanwhile.
    """
    settings = Settings.read(environ)
    database = _TimedDatabase(environ["DATABASE_URL"])
    try:
        repositories = Repositories(database, sealer_of(settings))
        # A full day later the audit list still refuses: its own trigger goes by the machine's clock.
        assert repositories.sweep(datetime.now(UTC) + timedelta(days=0.99)) > 0  # noqa: S101 - else nothing is measured
        return max(database.held)
    finally:
        database.close()


def _row(table: Table, given: Row, at: float, rng: Random) -> tuple[Any, ...]:
    return tuple(_value(column, given, at, rng) for column in table.columns)


def _value(column: Column[Any], given: Row, at: float, rng: Random) -> object:
    if column.name in given:
        return given[column.name]
    if isinstance(column.type, Instant):
        return int(at * 1_000_000)
    if column.name == "id" and isinstance(column.type, Integer):
        return None  # the database counts
    if column.name == "month":
        return int(time.gmtime(at).tm_year * 12 + time.gmtime(at).tm_mon)
    if isinstance(column.type, LargeBinary):
        return rng.randbytes(16)
    return 0 if isinstance(column.type, (Integer, Boolean)) else rng.randbytes(32).hex()
