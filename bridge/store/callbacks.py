"""Promised call-backs: which ones callers were told of, and whether the office kept them.

    PROMISED ──> SCHEDULED ──> KEPT | MISSED

A call-back is PROMISED from the turn in which the caller heard of it, SCHEDULED once an employee has it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, or_, select, update

from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.retention import JOURNAL_KEPT, delete_some, sweep_rows, wipe_some
from bridge.store.statement import Statement, Transaction
from bridge.store.tables import callbacks

PAYLOAD_KEPT = timedelta(days=30)
"""How long after its time the particulars of a call-back are kept that nobody settled."""


class CallbackState(StrEnum):
    """How far a call-back has come; the first two states are open."""

    PROMISED = "promised"
    SCHEDULED = "scheduled"
    KEPT = "kept"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class NewCallback:
    """A call-back between `starts` and `ends`; the same office and key are the same call-back.

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
    """One line of the office's report, without anything about a person."""

    office: str
    promised_at: datetime
    starts: datetime
    ends: datetime
    state: CallbackState
    scheduled_at: datetime | None
    settled_at: datetime | None


_IS_OPEN = callbacks.c.settled_at.is_(None)
_IS_PROMISED = callbacks.c.state == CallbackState.PROMISED

_THIS = callbacks.c.id == bindparam("name")
_TOLD = ("starts_at", "ends_at", "payload")
_KNOWN = Statement(select(callbacks.c.id).where(_THIS))
_RENEW = Statement(update(callbacks).where(_THIS, _IS_PROMISED), _TOLD)
_ADD = Statement(insert(callbacks), ("id", "office", "promised_at", "state", *_TOLD))

# Whom to call is needed until the office has called; nobody needs it a month later.
_IS_PAST = callbacks.c.payload.is_not(None) & (callbacks.c.ends_at <= bindparam("past"))
_WIPE = wipe_some(callbacks, _IS_PAST, payload=None)
_DELETE = delete_some(callbacks, callbacks.c.ends_at <= bindparam("oldest"))


class PromisedCallbacks:
    """Keeps the promised call-backs; whatever a method writes is on the disk when it returns.

    Every method may raise `StoreDown`. Those that change a call-back give False, and change nothing, when it
    is not there or already further on.

    Args:
        database: where they are kept.
        sealer: what seals payloads, and names keys.
    """

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database, self._sealer = database, sealer

    def add(self, transaction: Transaction, new: NewCallback) -> None:
        """Write a call-back down in the transaction of the turn in which the caller hears of it.

        The same key again replaces it until an employee has it, and does nothing afterwards.
        """
        names = self._names(new.office, new.key)
        told = {"starts_at": new.starts, "ends_at": new.ends}
        # The primary key cannot tell that two names mean one call-back when there are several hash keys.
        transaction.lock(f"callbacks of {new.office}")
        known = next((name for name in names if _KNOWN.rows(transaction, name=name)), None)
        payload = self._sealer.seal(new.payload, "callbacks", known or names[0])
        if known:
            _RENEW.execute(transaction, name=known, payload=payload, **told)
            return
        first = {"id": names[0], "office": new.office, "promised_at": new.promised_at}
        _ADD.execute(transaction, state=CallbackState.PROMISED, payload=payload, **first, **told)

    def mark_scheduled(self, key: str, office: str, now: datetime) -> bool:
        """Say that an employee has it."""
        scheduled = {"state": CallbackState.SCHEDULED, "scheduled_at": now}
        return self._change(key, office, _IS_PROMISED, scheduled)

    def mark_kept(self, key: str, office: str, now: datetime) -> bool:
        """Say that the office called back, and wipe the particulars."""
        return self._settle(key, office, CallbackState.KEPT, now)

    def mark_missed(self, key: str, office: str, now: datetime) -> bool:
        """Say that its time went by without a call, and wipe the particulars."""
        return self._settle(key, office, CallbackState.MISSED, now)

    def report(self, since: datetime) -> list[CallbackEntry]:
        """List all offices' call-backs since a moment and all open ones, oldest first."""
        found = select(callbacks).where(or_(_IS_OPEN, callbacks.c.promised_at >= since))
        with self._database.reading() as connection:
            rows = connection.execute(found.order_by(callbacks.c.promised_at, callbacks.c.id)).all()
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
        """Wipe a call-back's particulars after 30 days, delete it after 400; gives how many rows."""
        times = {"past": now - PAYLOAD_KEPT, "oldest": now - JOURNAL_KEPT}
        swept = sweep_rows(self._database, _WIPE, _DELETE, **times)
        self._database.truncate_wal()
        return swept

    def _names(self, office: str, key: str) -> tuple[str, ...]:
        return self._sealer.pseudonyms("promise", office, key)

    def _settle(self, key: str, office: str, state: CallbackState, now: datetime) -> bool:
        settled = {"state": state, "settled_at": now, "payload": None}
        return self._change(key, office, _IS_OPEN, settled)

    def _change(self, key: str, office: str, which: ColumnElement[bool], changes: dict[str, Any]) -> bool:
        this = update(callbacks).where(callbacks.c.id.in_(self._names(office, key)), which)
        with self._database.writing() as connection:
            return connection.execute(this.values(changes)).rowcount == 1
