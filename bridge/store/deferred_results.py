"""Deferred results: what an action gave after the caller had been asked for a moment, for any worker to take.

They live no longer than what the call has said: `Calls` wipes them with its replies.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select

from bridge.store.database import Database, insert_if_absent
from bridge.store.encryption import Sealer
from bridge.store.tables import calls, deferred_results

_UNDER_WAY = (
    select(calls.c.call)
    .where(calls.c.call.in_(bindparam("names", expanding=True)), calls.c.ended_at.is_(None))
    .with_for_update()
)
_FIND = select(deferred_results).where(
    deferred_results.c.call.in_(bindparam("names", expanding=True)),
    deferred_results.c.step == bindparam("step"),
)


@dataclass(frozen=True, slots=True)
class DeferredResult:
    """A result as bytes, in the form of whoever put it there; it may be told from `ready` on."""

    result: bytes = field(repr=False)
    ready: datetime


class DeferredResults:
    """Keeps results while a call waits; every method is one short transaction and may raise `StoreDown`.

    `step` is the call's own count of the steps it has made.
    """

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database, self._sealer = database, sealer

    def put(self, call_id: str, step: int, late: DeferredResult) -> bool:
        """Keep a result; False when the call is over, so that nobody waits, or has a result for this step."""
        names, sealed = self._sealer.pseudonyms("call", call_id), self._sealer.seal(late.result)
        # The row of the call is locked first: a result must not be put beside a call that ends right now.
        with self._database.writing(durable=False) as connection:
            name = connection.scalar(_UNDER_WAY, {"names": names})
            if name is None:
                return False
            row = {"call": name, "step": step, "ready_at": late.ready, "result": sealed}
            return insert_if_absent(connection, deferred_results, **row)

    def find(self, call_id: str, step: int) -> DeferredResult | None:
        """Give the result of a step, None as long as there is none; raises `DecryptionFailed` too."""
        names = self._sealer.pseudonyms("call", call_id)
        with self._database.reading() as connection:
            row = connection.execute(_FIND, {"names": names, "step": step}).first()
        return None if row is None else DeferredResult(self._sealer.open(row.result), row.ready_at)
