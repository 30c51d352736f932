"""The audit list: who did what in the console or by a command, and when; it is only added to.

Triggers of the database refuse to change a line, and to delete one until a day before its retention ends.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, or_, select

from bridge.store.database import Database
from bridge.store.retention import JOURNAL_KEPT, delete_some, sweep_rows
from bridge.store.tables import audit as table

_SWEEP = delete_some(table, table.c.at <= bindparam("oldest"))


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line: `who` did `what` to `whom`, such as `anna`, `retried`, `dead letter 4f2a`."""

    at: datetime
    who: str
    what: str
    whom: str


class AuditList:
    """Keeps the audit list; what `add` wrote is on the disk when it returns. May raise `StoreDown`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, now: datetime, who: str, what: str, whom: str = "") -> None:
        """Write a line."""
        with self._database.writing() as connection:
            connection.execute(insert(table).values(at=now, who=who, what=what, whom=whom))

    def newest(self, most: int, *, offices: Collection[str] | None = None, who: str = "") -> list[AuditEntry]:
        """List the newest lines, newest first; with `offices` only those about them, and those by `who`."""
        found = select(table).order_by(table.c.id.desc()).limit(most)
        if offices is not None:
            # What was done to an office begins with its key.
            about = [
                one
                for key in offices
                for one in (table.c.whom == key, table.c.whom.startswith(f"{key} ", autoescape=True))
            ]
            found = found.where(or_(table.c.who == who, *about))
        with self._database.reading() as connection:
            return [AuditEntry(row.at, row.who, row.what, row.whom) for row in connection.execute(found)]

    def sweep(self, now: datetime) -> int:
        """Delete lines older than 400 days (`JOURNAL_KEPT`); gives how many."""
        return sweep_rows(self._database, _SWEEP, oldest=now - JOURNAL_KEPT)
