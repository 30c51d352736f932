"""Deferred results: what an action gave after the caller had been asked for a moment, for any worker to take.

They live no longer than what the call has said: `Calls` wipes them with its replies.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.server_restart import again_if_cut
from bridge.store.statement import Statement, absent_insert
from bridge.store.tables import calls, deferred_results

_UNDER_WAY = Statement(
    select(calls.c.call)
    .where(calls.c.call == bindparam("name"), calls.c.ended_at.is_(None))
    .with_for_update()
)
_PUT = Statement(absent_insert(deferred_results), ("call", "step", "ready_at", "result"))
_FIND = Statement(
    select(deferred_results).where(
        deferred_results.c.call == bindparam("name"), deferred_results.c.step == bindparam("asked")
    )
)


@dataclass(frozen=True, slots=True)
class DeferredResult:
    """A result as bytes, in the form of whoever put it there; it may be told from `ready` on."""

    result: bytes = field(repr=False)
    ready: datetime


@dataclass(frozen=True, slots=True, repr=False)
class SealedResult:
    """A result as it was read with its call: a row with `call`, `step`, `ready_at` and `result`."""

    row: Any


class DeferredResults:
    """Keeps results while a call waits; every method is one short transaction and may raise `StoreDown`.

    `step` is the call's own count of the steps it has made.
    """

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database, self._sealer = database, sealer

    @again_if_cut("before commit", "at commit")  # what is there already stays
    def put(self, call_id: str, step: int, late: DeferredResult) -> bool:
        """Keep a result; False when the call is over, so that nobody waits, or has a result for this step."""
        names = self._sealer.pseudonyms("call", call_id)
        # The row of the call is locked first: a result must not be put beside a call that ends right now.
        with self._database.on_cursor("turn") as transaction:
            name = next((one for one in names if _UNDER_WAY.rows(transaction, name=one)), None)
            if name is None:
                return False
            sealed = self._sealer.seal(late.result, "deferred_results", name, step)
            row = {"call": name, "step": step, "ready_at": late.ready, "result": sealed}
            return bool(_PUT.execute(transaction, **row).rowcount == 1)

    @again_if_cut("before commit", "at commit")
    def find(self, call_id: str, step: int) -> DeferredResult | None:
        """Give the result of a step, None as long as there is none; raises `DecryptionFailed` too."""
        names = self._sealer.pseudonyms("call", call_id)
        with self._database.on_cursor("read") as transaction:
            found = [row for name in names for row in _FIND.rows(transaction, name=name, asked=step)]
        return self.opened(SealedResult(found[0])) if found else None

    def opened(self, sealed: SealedResult) -> DeferredResult:
        """Open a result that was read with its call; raises `DecryptionFailed`."""
        row = sealed.row
        clear = self._sealer.open(row.result, "deferred_results", row.call, row.step)
        return DeferredResult(clear, row.ready_at)
