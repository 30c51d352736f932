"""Outcomes that came after the caller had been asked for a moment: sealed, for any worker to pick up.

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
    """An outcome, as bytes of whoever put it there, that may be told from `ready` on."""

    result: bytes = field(repr=False)
    ready: datetime


class DeferredResults:
    """What is done while a call waits; every method is one short transaction and may raise `StoreDown`.

    `step` says for which step of the call, as its own count has it.
    """

    def __init__(self, database: Database, seal: Sealer) -> None:
        self._database, self._seal = database, seal

    def put(self, call_id: str, step: int, late: DeferredResult) -> bool:
        """Keep an outcome; False when the call is over (nobody waits any more) or has one already."""
        sealed = self._seal.seal(late.result)
        with self._database.writing(durable=False) as connection:
            name = connection.scalar(_UNDER_WAY, {"names": self._names(call_id)})
            if name is None:
                return False
            return insert_if_absent(
                connection, deferred_results, call=name, step=step, ready_at=late.ready, result=sealed
            )

    def find(self, call_id: str, step: int) -> DeferredResult | None:
        """What was put there, None as long as nothing is; raises `DecryptionFailed` too."""
        with self._database.reading() as connection:
            row = connection.execute(_FIND, {"names": self._names(call_id), "step": step}).first()
        return None if row is None else DeferredResult(self._seal.open(row.result), row.ready_at)

    def _names(self, call_id: str) -> tuple[str, ...]:
        return self._seal.pseudonyms("call", call_id)
