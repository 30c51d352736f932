"""Promises: the call-backs that callers were told, and whether the office kept them.

    PROMISED ──> NOTED ──> KEPT | MISSED

PROMISED stands from the turn in which the caller heard it; NOTED from when it is in the office's agenda.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from bridge.store.database import Database, advisory_lock
from bridge.store.encryption import Sealer
from bridge.store.tables import callbacks

PAYLOAD_KEPT = timedelta(days=30)
"""How long after its time the particulars of a promise are kept that nobody settled."""


class CallbackState(StrEnum):
    """Where a promise is; the first two are open."""

    PROMISED = "promised"
    SCHEDULED = "scheduled"
    KEPT = "kept"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class NewCallback:
    """A call-back between `starts` and `ends`; the same office and key are the same promise.

    `payload` says whom to call and why, kept sealed; the key is kept as a keyed hash.
    """

    key: str = field(repr=False)
    office: str
    starts: datetime
    ends: datetime
    payload: bytes = field(repr=False)
    promised_at: datetime


@dataclass(frozen=True, slots=True)
class CallbackEntry:
    """A line of the office's report, without anything about a person."""

    office: str
    promised_at: datetime
    starts: datetime
    ends: datetime
    state: CallbackState
    scheduled_at: datetime | None
    settled_at: datetime | None


_IS_OPEN = callbacks.c.settled_at.is_(None)
_IS_PROMISED = callbacks.c.state == CallbackState.PROMISED


class PromisedCallbacks:
    """The call-backs promised; whatever a method writes is on the disk when it returns.

    Every method may raise `StoreDown`. Those that change a promise give False, and change nothing, when it
    is not there or already further on.

    Args:
        database: where they are kept.
        seal: what payloads are sealed with, and keys named by.
    """

    def __init__(self, database: Database, seal: Sealer) -> None:
        self._database = database
        self._seal = seal

    def add(self, connection: Connection, new: NewCallback) -> None:
        """Write a promise down in the transaction of the turn in which the caller hears it.

        The same key again replaces it until it is in the agenda, and does nothing afterwards.
        """
        names = self._names(new.office, new.key)
        told = {"starts_at": new.starts, "ends_at": new.ends, "payload": self._seal.seal(new.payload)}
        # the primary key cannot tell that two names mean one promise while a secret is being changed
        advisory_lock(connection, f"promises of {new.office}")
        known = connection.scalar(select(callbacks.c.id).where(callbacks.c.id.in_(names)))
        if known is not None:
            connection.execute(update(callbacks).where(callbacks.c.id == known, _IS_PROMISED).values(told))
            return
        first = {"id": names[0], "office": new.office, "promised_at": new.promised_at}
        connection.execute(insert(callbacks).values(told | first | {"state": CallbackState.PROMISED}))

    def mark_scheduled(self, key: str, office: str, now: datetime) -> bool:
        """Say that it is in the office's agenda."""
        noted = {"state": CallbackState.SCHEDULED, "scheduled_at": now}
        return self._change(key, office, _IS_PROMISED, noted)

    def mark_kept(self, key: str, office: str, now: datetime) -> bool:
        """Say that the office called back, and wipe the particulars."""
        return self._settle(key, office, CallbackState.KEPT, now)

    def mark_missed(self, key: str, office: str, now: datetime) -> bool:
        """Say that its time went by without a call, and wipe the particulars."""
        return self._settle(key, office, CallbackState.MISSED, now)

    def report(self, since: datetime) -> list[CallbackEntry]:
        """List all offices' promises since a moment and all open ones, oldest first."""
        found = select(callbacks).where(or_(_IS_OPEN, callbacks.c.promised_at >= since))
        with self._database.reading() as connection:
            rows = connection.execute(found.order_by(callbacks.c.promised_at, callbacks.c.id))
            return [
                CallbackEntry(
                    office=row.office,
                    promised_at=row.promised_at,
                    starts=row.starts_at,
                    ends=row.ends_at,
                    state=CallbackState(row.state),
                    scheduled_at=row.scheduled_at,
                    settled_at=row.settled_at,
                )
                for row in rows
            ]

    def sweep(self, now: datetime) -> int:
        """Wipe the particulars of promises long past that nobody settled; gives how many. Entries stay."""
        past = callbacks.c.payload.is_not(None) & (callbacks.c.ends_at <= now - PAYLOAD_KEPT)
        with self._database.writing() as connection:
            wiped = connection.execute(update(callbacks).where(past).values(payload=None)).rowcount
        self._database.truncate_wal()
        return wiped

    def _names(self, office: str, key: str) -> tuple[str, ...]:
        return self._seal.pseudonyms("promise", office, key)

    def _settle(self, key: str, office: str, state: CallbackState, now: datetime) -> bool:
        settled = {"state": state, "settled_at": now, "payload": None}
        return self._change(key, office, _IS_OPEN, settled)

    def _change(self, key: str, office: str, which: ColumnElement[bool], changes: dict[str, Any]) -> bool:
        this = update(callbacks).where(callbacks.c.id.in_(self._names(office, key)), which)
        with self._database.writing() as connection:
            return connection.execute(this.values(changes)).rowcount == 1
