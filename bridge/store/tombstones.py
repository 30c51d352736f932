"""Tombstones: a call id that was ever seen is never a new call, also years after its rows were swept.

Whoever posts the signed webhooks of a finished call again would else be led through it again, and could save
a second payment plan. A tombstone is sixteen bytes of the call's keyed hash and the month of its burial.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, select

from bridge.store.statement import Statement, Transaction, absent_insert
from bridge.store.tables import tombstones

KEPT_MONTHS = 60
"""How long a tombstone stays: by then every credential that signed the webhook has been replaced."""

_BURIED = Statement(select(tombstones.c.call).where(tombstones.c.call == bindparam("short")))
_BURY = Statement(absent_insert(tombstones), ("call", "month"))


def bury(transaction: Transaction, names: Iterable[str], now: datetime) -> None:
    """Remember calls by their pseudonyms, in the transaction that deletes their rows."""
    for name in names:
        _BURY.execute(transaction, call=_short(name), month=_month(now))


def is_buried(transaction: Transaction, names: Iterable[str]) -> bool:
    """Tell whether any of these pseudonyms is a call that was seen before."""
    return any(_BURIED.rows(transaction, short=_short(name)) for name in names)


def last_month_swept(now: datetime) -> int:
    """Give the newest month whose tombstones may go."""
    return _month(now) - KEPT_MONTHS - 1


def _short(name: str) -> bytes:
    """Half of a pseudonym's 32 bytes: 128 bits are enough that no two calls ever meet."""
    return bytes.fromhex(name)[:16]


def _month(now: datetime) -> int:
    return now.year * 12 + now.month
