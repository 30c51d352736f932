"""Calls and their turns: who works on a turn, what was answered, and that nothing is left of it afterwards.

A turn is taken by one worker for a short lease, answered once, and from then on every repeat of the same
webhook gets the same bytes, whichever worker it reaches. What a call knows is an opaque, sealed state.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

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
from bridge.store.tables import calls, deferred_results, turns

RETRY_WINDOW = timedelta(seconds=90)
"""How long after its end a call still answers a repeated webhook with the same bytes."""

ABANDONED = timedelta(hours=2)
"""How long a call may lie untouched before everything about it is wiped."""

KEPT_REPLIES = 3

# Statements are built once: building one costs more than running it.
_FIND = select(calls).where(calls.c.call == bindparam("name")).with_for_update()
_LOOK = select(calls).where(calls.c.call.in_(bindparam("names", expanding=True)))
_REPLIES = select(turns.c.turn, turns.c.reply).where(turns.c.call == bindparam("name"))
_CHANGE = update(calls).where(calls.c.call == bindparam("name"))
_CHANGE_OURS = _CHANGE.where(calls.c.version == bindparam("read"), calls.c.claim == bindparam("ours"))
_END = _CHANGE.where(calls.c.ended_at.is_(None))
_FORGET = _CHANGE.values(ended_at=func.coalesce(calls.c.ended_at, calls.c.changed_at))
_FORGET_READ = _FORGET.where(calls.c.version == bindparam("read"))
_ADD_REPLY = insert(turns)
_WIPE_REPLIES = delete(turns).where(turns.c.call == bindparam("name"))
_WIPE_OUTCOMES = delete(deferred_results).where(deferred_results.c.call == bindparam("name"))
_WIPE_OLD_REPLIES = _WIPE_REPLIES.where(turns.c.turn <= bindparam("oldest"))

_FREE = {"claim": None, "claimed_until": None}
_WIPED = {"state": None, **_FREE}


class Calls:
    """The calls under way; every method is one short write transaction and may raise `StoreDown`.

    Args:
        database: where they are kept.
        seal: what states and replies are sealed with, and call ids named by.
        lease: seconds a worker may take for a turn before another one may take it over.
    """

    def __init__(self, database: Database, seal: Sealer, *, lease: float = 5.0) -> None:
        self._database = database
        self._seal = seal
        self._lease = timedelta(seconds=lease)

    def claim(self, call_id: str, turn: int, now: datetime, *, office: str = "") -> ClaimResult:
        """Ask for a turn: to work on it, or to learn what it gets; turn 0 begins a call of that `office`.

        Raises:
            DecryptionFailed: the state or reply cannot be opened; the turn stays free.
        """
        names = self._names(call_id)
        with self._database.writing(durable=False) as connection:
            call = _find(connection, names)
            if call is None and turn == 0:
                _begin(connection, names[0], office, now)
                call = _find(connection, names)
            if call is None:
                return UnknownCall()
            return self._not_ours(connection, call, turn, now) or self._claim(connection, call, now)

    def snapshot(self, call_id: str) -> CallSnapshot | None:
        """Look at a call that is under way, None when it is not; raises `DecryptionFailed` too."""
        with self._database.reading() as connection:
            call = connection.execute(_LOOK, {"names": self._names(call_id)}).first()
        if call is None or call.state is None:
            return None
        return CallSnapshot(self._seal.open(call.state), call.turn, call.version)

    def turn_number(self, call_id: str) -> int | None:
        """The turn a call waits for or ended at; None when nothing is left of it."""
        with self._database.reading() as connection:
            call = connection.execute(_LOOK, {"names": self._names(call_id)}).first()
        return None if call is None else int(call.turn)

    def last_reply(self, call_id: str) -> Replay | CallEnded | UnknownCall:
        """Give what the call was answered last, or say that it is over or was never answered.

        Raises:
            DecryptionFailed: the reply cannot be opened.
        """
        with self._database.reading() as connection:
            call = connection.execute(_LOOK, {"names": self._names(call_id)}).first()
            if call is None:
                return UnknownCall()
            if call.ended_at is not None:
                return CallEnded()
            replies = connection.execute(_REPLIES, {"name": call.call}).all()
        return Replay(self._seal.open(max(replies).reply)) if replies else UnknownCall()

    def save_reply(
        self,
        call_id: str,
        taken: Claimed,
        turn: int,
        *,
        state: bytes | None,
        reply: bytes,
        next_turn: int,
        now: datetime,
        also: Callable[[Connection], None] | None = None,
    ) -> None:
        """Save a turn's state and reply together, and what `also` writes with them; state None ends the call.

        `next_turn` is the number the caller's next webhook carries, greater than `turn`. With `also` the
        commit is durable, and an exception in it saves nothing at all.

        Raises:
            Overtaken: the turn is no longer ours, nothing was saved: take it again.
        """
        changes: dict[str, Any] = {"version": taken.version + 1, "turn": next_turn, "changed_at": now}
        changes |= {"state": None, "ended_at": now} if state is None else {"state": self._seal.seal(state)}
        sealed = self._seal.seal(reply)
        with self._database.writing(durable=also is not None) as connection:
            name = self._hand_in(connection, call_id, taken, changes)
            if name is None:
                raise ClaimLost
            connection.execute(_ADD_REPLY, {"call": name, "turn": turn, "reply": sealed})
            connection.execute(_WIPE_OLD_REPLIES, {"name": name, "oldest": turn - KEPT_REPLIES})
            if state is None:
                connection.execute(_WIPE_OUTCOMES, {"name": name})
            if also:
                also(connection)

    def release(self, call_id: str, taken: Claimed) -> None:
        """Give a turn back unanswered, for whoever asks next; harmless when it is not ours."""
        with self._database.writing(durable=False) as connection:
            self._hand_in(connection, call_id, taken, {})

    def break_claim(self, call_id: str) -> None:
        """Take the turn from whoever is at it, dead or slow: the provider waits for them no longer."""
        with self._database.writing(durable=False) as connection:
            connection.execute(_CHANGE, [{"name": name, **_FREE} for name in self._names(call_id)])

    def end(self, call_id: str, now: datetime) -> None:
        """Wipe the state at once; replies stay for a repeated last webhook until `RETRY_WINDOW` is over."""
        over = {"ended_at": now, "changed_at": now, **_WIPED}
        with self._database.writing(durable=False) as connection:
            connection.execute(_END, [{"name": name, **over} for name in self._names(call_id)])
            connection.execute(_WIPE_OUTCOMES, [{"name": name} for name in self._names(call_id)])

    def wipe(
        self,
        call_id: str,
        *,
        also: Callable[[Connection], None] | None = None,
        kept: CallSnapshot | None = None,
    ) -> None:
        """Wipe all that was said and heard, and write `also` with it, as `answer` does.

        That it is over stays known: a late webhook is no new call.

        Raises:
            Overtaken: the call is no longer as it was `kept`, so nothing was wiped: look again.
        """
        names = [{"name": name} for name in self._names(call_id)]
        with self._database.writing(durable=also is not None) as connection:
            # the call first: `answer` locks in this order too, so the two never wait for each other
            if kept is None:
                connection.execute(_FORGET, [name | _WIPED for name in names])
            else:
                _forget_as_read(connection, names, kept)
            connection.execute(_WIPE_REPLIES, names)
            connection.execute(_WIPE_OUTCOMES, names)
            if also:
                also(connection)

    def sweep(self, now: datetime) -> int:
        """Wipe replies of calls past their `RETRY_WINDOW` and calls `ABANDONED`; gives how many rows went."""
        ended = select(calls.c.call).where(calls.c.ended_at <= now - RETRY_WINDOW)
        with self._database.writing(durable=False) as connection:
            # calls first: `forget` locks in this order too, so the two never wait for each other
            abandoned = connection.execute(delete(calls).where(calls.c.changed_at <= now - ABANDONED))
            replies = connection.execute(delete(turns).where(turns.c.call.in_(ended)))
        self._database.truncate_wal()
        return abandoned.rowcount + replies.rowcount

    def _names(self, call_id: str) -> tuple[str, ...]:
        return self._seal.pseudonyms("call", call_id)

    def _not_ours(
        self, connection: Connection, call: Row[Any], turn: int, now: datetime
    ) -> Replay | OutOfOrder | LockedElsewhere | CallEnded | UnknownCall | None:
        """Tell what a turn gets that is not to be worked on now; None for the current one when it is free."""
        if turn == call.turn and call.ended_at is None:
            return LockedElsewhere() if _claimed(call, now, self._lease) else None
        replies = {row.turn: row.reply for row in connection.execute(_REPLIES, {"name": call.call})}
        if turn in replies:
            return Replay(self._seal.open(replies[turn]))
        if call.ended_at is not None:
            return CallEnded()
        return OutOfOrder(self._seal.open(replies[max(replies)])) if replies else UnknownCall()

    def _claim(self, connection: Connection, call: Row[Any], now: datetime) -> Claimed:
        taken = Claimed(
            None if call.state is None else self._seal.open(call.state), call.version, token_hex(16)
        )
        claim = {"claim": taken.claim, "claimed_until": now + self._lease, "changed_at": now}
        connection.execute(_CHANGE, {"name": call.call, **claim})
        return taken

    def _hand_in(
        self, connection: Connection, call_id: str, taken: Claimed, changes: dict[str, Any]
    ) -> str | None:
        """Give up the claim with these changes; None, and nothing changed, when it is no longer ours."""
        changes = {"read": taken.version, "ours": taken.claim, **_FREE, **changes}
        for name in self._names(call_id):
            if connection.execute(_CHANGE_OURS, {"name": name, **changes}).rowcount:
                return name
        return None


def _find(connection: Connection, names: tuple[str, ...]) -> Row[Any] | None:
    rows = (connection.execute(_FIND, {"name": name}).first() for name in names)
    return next((row for row in rows if row is not None), None)


def _forget_as_read(connection: Connection, names: list[dict[str, str]], kept: CallSnapshot) -> None:
    read = {"read": kept.version, **_WIPED}
    if not sum(connection.execute(_FORGET_READ, name | read).rowcount for name in names):
        raise ClaimLost


def _begin(connection: Connection, name: str, office: str, now: datetime) -> None:
    insert_if_absent(
        connection, calls, call=name, office=office, version=0, turn=0, started_at=now, changed_at=now
    )


def _claimed(call: Row[Any], now: datetime, lease: timedelta) -> bool:
    """A lease that ends further ahead than any lease can was given by a clock that has jumped since."""
    return call.claim is not None and now < call.claimed_until <= now + 2 * lease
