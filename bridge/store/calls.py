"""Calls and their turns: one worker claims a turn and answers it once; afterwards the call is wiped.

A turn is claimed by one worker for a short lease and answered once. From then on every repeat of the same
webhook gets the same bytes, whichever worker it reaches, so that a repeat is idempotent. What a call knows is
an opaque, sealed state.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, insert, select, update

from bridge.store.claim import (
    CallEnded,
    CallSnapshot,
    Claimed,
    ClaimResult,
    LockedElsewhere,
    OutOfOrder,
    Replay,
    UnknownCall,
)
from bridge.store.database import Database, insert_if_absent
from bridge.store.encryption import Sealer
from bridge.store.errors import ClaimLost
from bridge.store.lease import Lease
from bridge.store.retention import BATCH, delete_some, in_batches, sweep_rows
from bridge.store.tables import calls, deferred_results, tombstones, turns
from bridge.store.tombstones import bury, is_buried, last_month_swept

RETRY_WINDOW = timedelta(seconds=90)
"""How long after its end a call still answers a repeated webhook with the same bytes."""

ABANDONED = timedelta(hours=2)
"""How long a call may lie untouched before its rows are deleted and a tombstone takes their place."""

KEPT_REPLIES = 3

# Statements are built once: building one takes longer than running it.
_FIND = select(calls).where(calls.c.call == bindparam("name")).with_for_update()
_LOOK = select(calls).where(calls.c.call.in_(bindparam("names", expanding=True)))
_REPLIES = select(turns.c.turn, turns.c.reply).where(turns.c.call == bindparam("name"))
_CHANGE = update(calls).where(calls.c.call == bindparam("name"))
_CHANGE_OURS = _CHANGE.where(calls.c.version == bindparam("read"), calls.c.claim == bindparam("ours"))
_WIPE = _CHANGE.values(ended_at=func.coalesce(calls.c.ended_at, calls.c.changed_at))
_WIPE_AS_READ = _WIPE.where(calls.c.version == bindparam("read"))
_ADD_REPLY = insert(turns)
_WIPE_REPLIES = delete(turns).where(turns.c.call == bindparam("name"))
_WIPE_RESULTS = delete(deferred_results).where(deferred_results.c.call == bindparam("name"))
_WIPE_OLD_REPLIES = _WIPE_REPLIES.where(turns.c.turn <= bindparam("oldest"))

_FREE = {"claim": None, "claimed_until": None}
_WIPED = {"state": None, **_FREE}


class Calls:
    """The calls under way; every method is one short transaction and may raise `StoreDown`.

    Args:
        database: where they are kept.
        sealer: what seals states and replies, and names calls.
        lease: seconds for which a worker may claim a turn.
    """

    def __init__(self, database: Database, sealer: Sealer, *, lease: float = 5.0) -> None:
        self._database, self._sealer, self._lease = database, sealer, Lease(lease)

    def claim(self, call_id: str, turn: int, now: datetime, *, office: str = "") -> ClaimResult:
        """Claim a turn, or learn what it gets instead; turn 0 begins a call of that `office`.

        Raises:
            DecryptionFailed: the state or reply cannot be opened; the turn stays free.
        """
        names = self._names(call_id)
        with self._database.writing(durable=False) as connection:
            call = _find(connection, names)
            # Only a call without a row is looked for among the tombstones, so a call under way pays nothing.
            if call is None and is_buried(connection, names):
                return CallEnded()
            if call is None and turn == 0:
                first = {"call": names[0], "office": office, "version": 0, "turn": 0}
                # Two first webhooks may arrive at the same moment; the second one finds the row of the first.
                insert_if_absent(connection, calls, **first, started_at=now, changed_at=now)
                call = _find(connection, names)
            if call is None:
                return UnknownCall()
            return self._not_ours(connection, call, turn, now) or self._claimed(connection, call, now)

    def snapshot(self, call_id: str) -> CallSnapshot | None:
        """Read a call that is under way, None when it is not; raises `DecryptionFailed` too."""
        call = self._look(call_id)
        if call is None or call.state is None:
            return None
        return CallSnapshot(self._sealer.open(call.state), call.turn, call.version)

    def turn_number(self, call_id: str) -> int | None:
        """Give the turn that a call waits for or ended at, None when nothing is left of it."""
        call = self._look(call_id)
        return None if call is None else int(call.turn)

    def last_reply(self, call_id: str) -> Replay | CallEnded | UnknownCall:
        """Give what the call was answered last, or say that it is over or was never answered.

        Raises:
            DecryptionFailed: the reply cannot be opened.
        """
        names = self._names(call_id)
        with self._database.reading() as connection:
            call = connection.execute(_LOOK, {"names": names}).first()
            if call is None:
                return CallEnded() if is_buried(connection, names) else UnknownCall()
            if call.ended_at is not None:
                return CallEnded()
            replies = connection.execute(_REPLIES, {"name": call.call}).all()
        return Replay(self._sealer.open(max(replies).reply)) if replies else UnknownCall()

    def save_reply(
        self,
        call_id: str,
        claimed: Claimed,
        turn: int,
        *,
        state: bytes | None,
        reply: bytes,
        next_turn: int,
        now: datetime,
        also: Callable[[Connection], None] | None = None,
    ) -> None:
        """Save a turn's state and reply together, and what `also` writes with them; state None ends the call.

        `next_turn` is the number that the caller's next webhook carries, greater than `turn`. With `also` the
        commit is durable, and an exception in it saves nothing at all.

        Raises:
            ClaimLost: the turn is no longer ours, and nothing was saved: claim it again.
        """
        changes: dict[str, Any] = {"version": claimed.version + 1, "turn": next_turn, "changed_at": now}
        changes |= {"state": None, "ended_at": now} if state is None else {"state": self._sealer.seal(state)}
        sealed = self._sealer.seal(reply)
        # A turn alone may be lost in a power cut; what it promises beside itself may not.
        with self._database.writing(durable=also is not None) as connection:
            name = self._hand_in(connection, call_id, claimed, changes)
            if name is None:
                raise ClaimLost
            connection.execute(_ADD_REPLY, {"call": name, "turn": turn, "reply": sealed})
            # The provider repeats only its latest webhooks; older replies would only be more to steal.
            connection.execute(_WIPE_OLD_REPLIES, {"name": name, "oldest": turn - KEPT_REPLIES})
            if state is None:
                connection.execute(_WIPE_RESULTS, {"name": name})
            if also:
                also(connection)

    def release(self, call_id: str, claimed: Claimed) -> None:
        """Give a turn back unanswered, for whoever asks next; harmless when it is not ours."""
        with self._database.writing(durable=False) as connection:
            self._hand_in(connection, call_id, claimed, {})

    def break_claim(self, call_id: str) -> None:
        """Free the turn of a worker that is dead or slow: the provider no longer waits for it."""
        with self._database.writing(durable=False) as connection:
            connection.execute(_CHANGE, [{"name": name, **_FREE} for name in self._names(call_id)])

    def wipe(
        self,
        call_id: str,
        *,
        also: Callable[[Connection], None] | None = None,
        kept: CallSnapshot | None = None,
    ) -> None:
        """Wipe all that was said and heard, and write `also` with it, as `save_reply` does.

        That the call is over stays known: a late webhook begins no new one.

        Raises:
            ClaimLost: the call is no longer as `kept` has it, so nothing was wiped: read it again.
        """
        names = [{"name": name} for name in self._names(call_id)]
        as_read = {"read": kept.version} if kept else {}
        with self._database.writing(durable=also is not None) as connection:
            # The call comes first, as in `save_reply`, so that the two never wait for each other.
            wiping = _WIPE_AS_READ if kept else _WIPE
            wiped = [connection.execute(wiping, name | as_read | _WIPED).rowcount for name in names]
            if kept and not any(wiped):
                raise ClaimLost
            connection.execute(_WIPE_REPLIES, names)
            connection.execute(_WIPE_RESULTS, names)
            if also:
                also(connection)

    def sweep(self, now: datetime) -> int:
        """Wipe the replies of calls past their `RETRY_WINDOW`, bury `ABANDONED` calls; gives how many rows.

        Tombstones go when they are years old.
        """
        answered = exists().where(turns.c.call == calls.c.call)
        ended = select(calls.c.call).where(calls.c.ended_at <= now - RETRY_WINDOW, answered).limit(BATCH)
        silent = delete(turns).where(turns.c.call.in_(ended))
        swept = in_batches(self._database, lambda connection: _bury_abandoned(connection, now))
        # Tombstones go by the month: a moment each would need more room than the hash.
        worn = delete_some(tombstones, tombstones.c.month <= last_month_swept(now))
        swept += sweep_rows(self._database, silent, worn)
        self._database.truncate_wal()
        return swept

    def _names(self, call_id: str) -> tuple[str, ...]:
        return self._sealer.pseudonyms("call", call_id)

    def _look(self, call_id: str) -> Row[Any] | None:
        with self._database.reading() as connection:
            return connection.execute(_LOOK, {"names": self._names(call_id)}).first()

    def _not_ours(
        self, connection: Connection, call: Row[Any], turn: int, now: datetime
    ) -> Replay | OutOfOrder | LockedElsewhere | CallEnded | UnknownCall | None:
        """Tell what a turn gets that may not be claimed now; None when it is the current one, and free."""
        # The turn the call waits for is the only one that may ever be claimed.
        if turn == call.turn and call.ended_at is None:
            held = call.claim is not None and self._lease.is_held(call.claimed_until, now)
            return LockedElsewhere() if held else None
        replies = {row.turn: row.reply for row in connection.execute(_REPLIES, {"name": call.call})}
        if turn in replies:
            return Replay(self._sealer.open(replies[turn]))
        if call.ended_at is not None:
            return CallEnded()
        return OutOfOrder(self._sealer.open(replies[max(replies)])) if replies else UnknownCall()

    def _claimed(self, connection: Connection, call: Row[Any], now: datetime) -> Claimed:
        state = None if call.state is None else self._sealer.open(call.state)
        claim = token_hex(16)
        # The lease frees the turn of a worker that died, so that its caller is answered by another one.
        claimed = {"claim": claim, "claimed_until": self._lease.until(now), "changed_at": now}
        connection.execute(_CHANGE, {"name": call.call, **claimed})
        return Claimed(state, call.version, claim)

    def _hand_in(
        self, connection: Connection, call_id: str, claimed: Claimed, changes: dict[str, Any]
    ) -> str | None:
        """Give up the claim with these changes; None, and nothing changed, when it is no longer ours."""
        changes = {"read": claimed.version, "ours": claimed.claim, **_FREE, **changes}
        for name in self._names(call_id):
            if connection.execute(_CHANGE_OURS, {"name": name, **changes}).rowcount:
                return name
        return None


def _find(connection: Connection, names: tuple[str, ...]) -> Row[Any] | None:
    """Lock and read a call, whichever of its names it was stored under."""
    rows = (connection.execute(_FIND, {"name": name}).first() for name in names)
    return next((row for row in rows if row is not None), None)


def _bury_abandoned(connection: Connection, now: datetime) -> int:
    """Delete calls that nobody touched for long, and leave a tombstone for each in the same commit."""
    abandoned = select(calls.c.call).where(calls.c.changed_at <= now - ABANDONED).limit(BATCH)
    names = connection.scalars(abandoned.with_for_update(skip_locked=True)).all()
    bury(connection, names, now)
    connection.execute(delete(calls).where(calls.c.call.in_(names)))
    return len(names)
