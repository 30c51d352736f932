"""Calls and their turns: a turn is read once, answered once and written once; afterwards the call is wiped.

Who has read a turn may answer it as long as nobody was faster: what is written is compared with the call's
version (compare-and-set). A worker that does more than answer, such as asking Tagor, claims the turn first
for a short lease, so that nobody does it a second time. While the call lasts,
and shortly after, a repeat of one of its last webhooks (`KEPT_REPLIES`) gets the same bytes, whichever worker
it reaches: a repeat is idempotent. What a call knows is an opaque, sealed state.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, insert, null, select, update

from bridge.store.claim import (
    NEW,
    CallEnded,
    CallSnapshot,
    LockedElsewhere,
    OpenTurn,
    OutOfOrder,
    Replay,
    TurnRead,
    UnknownCall,
)
from bridge.store.database import Database
from bridge.store.deferred_results import SealedResult
from bridge.store.encryption import Sealer
from bridge.store.errors import ClaimLost
from bridge.store.retention import BATCH, delete_some, in_batches, sweep_rows
from bridge.store.server_restart import again_if_cut
from bridge.store.statement import Statement, Transaction, absent_insert
from bridge.store.step_journal import NAME_DIGITS, TurnSteps, write_steps
from bridge.store.tables import calls, deferred_results, tombstones, turns
from bridge.store.time_limits import Lease
from bridge.store.tombstones import bury, is_buried, last_month_swept

RETRY_WINDOW = timedelta(seconds=90)
"""How long after its end a call still answers a repeated webhook with the same bytes."""

ABANDONED = timedelta(hours=2)
"""How long a call may lie untouched before its rows are deleted and a tombstone takes their place."""

KEPT_REPLIES = 3

CALLS_NAMED = 512
"""Of how many calls a process remembers by which names the database knows them."""

_THIS = calls.c.call == bindparam("name")
_AS_READ = calls.c.version == bindparam("read")
_REPLY_TO = (turns.c.call == calls.c.call) & (turns.c.turn == bindparam("asked"))
_LATE = deferred_results.c.call == calls.c.call
_READ = Statement(
    select(
        *(calls.c[name] for name in ("call", "state", "version", "turn", "claimed_until", "ended_at")),
        *(turns.c.reply, deferred_results.c.step, deferred_results.c.ready_at, deferred_results.c.result),
    )
    .select_from(calls.outerjoin(turns, _REPLY_TO).outerjoin(deferred_results, _LATE))
    .where(_THIS)
)
_LAST_REPLY = Statement(
    select(turns.c.turn, turns.c.reply)
    .where(turns.c.call == bindparam("name"))
    .order_by(turns.c.turn.desc())
    .limit(1)
)
_ROW = ("state", "version", "turn", "claimed_until", "changed_at", "ended_at")
# Two first webhooks may arrive at the same moment; the second one finds the row of the first.
_BEGIN = Statement(absent_insert(calls), ("call", "office", "started_at", *_ROW))
_CHANGE = Statement(update(calls).where(_THIS, _AS_READ), _ROW)
_CLAIM = Statement(update(calls).where(_THIS, _AS_READ), ("version", "claimed_until", "changed_at"))
# A new version tells whoever had the turn that it is no longer theirs.
_FREEING = update(calls).where(_THIS).values(claimed_until=null(), version=calls.c.version + 1)
_RELEASE, _BREAK = Statement(_FREEING.where(_AS_READ)), Statement(_FREEING)
_WIPING = (
    update(calls)
    .where(_THIS)
    .values(
        state=null(),
        claimed_until=null(),
        version=calls.c.version + 1,
        ended_at=func.coalesce(calls.c.ended_at, calls.c.changed_at),
    )
)
_WIPE, _WIPE_AS_READ = Statement(_WIPING), Statement(_WIPING.where(_AS_READ))
_ADD_REPLY = Statement(insert(turns), ("call", "turn", "reply"))
_OF_CALL = turns.c.call == bindparam("name")
_WIPE_REPLIES = Statement(delete(turns).where(_OF_CALL))
_WIPE_OLD_REPLIES = Statement(delete(turns).where(_OF_CALL, turns.c.turn <= bindparam("oldest")))
_WIPE_RESULTS = Statement(delete(deferred_results).where(deferred_results.c.call == bindparam("name")))
_ABANDONED = Statement(
    select(calls.c.call)
    .where(calls.c.changed_at <= bindparam("before"))
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)
_DELETE = Statement(delete(calls).where(_THIS))
_ANSWERED = calls.c.ended_at <= bindparam("answered_by"), exists().where(turns.c.call == calls.c.call)
_WIPE_ANSWERED = Statement(
    delete(turns).where(turns.c.call.in_(select(calls.c.call).where(*_ANSWERED).limit(BATCH)))
)
# Tombstones go by the month: a moment each would need more room than the hash.
_SWEEP_TOMBSTONES = delete_some(tombstones, tombstones.c.month <= bindparam("last_month"))


class Calls:
    """The calls under way; every method is one short transaction and may raise `StoreDown`.

    Args:
        database: where they are kept.
        sealer: what seals states and replies, and names calls.
        lease: seconds for which a worker may claim a turn.
    """

    def __init__(self, database: Database, sealer: Sealer, *, lease: float = 5.0) -> None:
        self._database, self._sealer, self._lease = database, sealer, Lease(lease)
        # Every turn asks for its call's names, for the log and for the database.
        self._names = lru_cache(maxsize=CALLS_NAMED)(partial(sealer.pseudonyms, "call"))

    @again_if_cut("before commit", "at commit")
    def read(self, call_id: str, turn: int, now: datetime) -> TurnRead:
        """Read a turn that may be answered now, or what it gets instead; turn 0 may begin a call.

        Raises:
            DecryptionFailed: the state or reply cannot be opened.
        """
        names = self._names(call_id)
        with self._database.on_cursor("read") as transaction:
            rows = _find(transaction, names, turn)
            if not rows:
                # Only a call without a row is looked for among the tombstones, so that others pay nothing.
                known = is_buried(transaction, names)
                return CallEnded() if known else UnknownCall() if turn else OpenTurn(names[0], None, NEW)
            call = rows[0]
            # The turn the call waits for is the only one that may ever be answered.
            if turn == call.turn and call.ended_at is None:
                if call.claimed_until is not None and self._lease.is_held(call.claimed_until, now):
                    return LockedElsewhere()
                state = None if call.state is None else self._sealer.open(call.state, "calls", call.call)
                late = {row.step: SealedResult(row) for row in rows if row.step is not None}
                return OpenTurn(call.call, state, call.version, late=late)
            # A turn that the call is not at gets what was answered last.
            repeated = call.reply is not None
            last = [call] if repeated or call.ended_at else _LAST_REPLY.rows(transaction, name=call.call)
        if call.ended_at is not None and not repeated:
            return CallEnded()
        if not last:
            return UnknownCall()
        reply = self._sealer.open(last[0].reply, "turns", call.call, turn if repeated else last[0].turn)
        return Replay(reply) if repeated else OutOfOrder(reply)

    @again_if_cut("before commit")
    def claim(self, opened: OpenTurn, now: datetime, *, office: str = "") -> OpenTurn:
        """Keep everybody else from a turn for the lease; the call may be a new one of that `office`.

        Raises:
            ClaimLost: another worker was faster: read the turn again.
        """
        taken = replace(opened, version=opened.version + 1, claimed=True)
        changes = {"version": taken.version, "claimed_until": self._lease.until(now), "changed_at": now}
        with self._database.on_cursor("turn") as transaction:
            if opened.version == NEW:
                first = {"state": None, "turn": 0, "ended_at": None, "office": office, "started_at": now}
                claimed = _BEGIN.execute(transaction, call=opened.name, **first, **changes).rowcount
            else:
                read = {"name": opened.name, "read": opened.version}
                claimed = _CLAIM.execute(transaction, **read, **changes).rowcount
        # The lease frees the turn of a worker that died, so that its caller is answered by another one.
        if not claimed:
            raise ClaimLost
        return taken

    @again_if_cut("before commit", "at commit")
    def snapshot(self, call_id: str) -> CallSnapshot | None:
        """Read a call that is under way, None when it is not; raises `DecryptionFailed` too."""
        call = self._look(call_id)
        if call is None or call.state is None:
            return None
        return CallSnapshot(self._sealer.open(call.state, "calls", call.call), call.turn, call.version)

    def log_name(self, call_id: str) -> str:
        """Give what stands for a call in the log: 16 hex digits, which only our secrets make of its id."""
        return self._names(call_id)[0][:NAME_DIGITS]

    def under_way(self, offices: Collection[str], now: datetime) -> list[str]:
        """List the calls of some offices that have not ended, by their keyed hashes.

        One whose end nobody told of counts until it is `ABANDONED`.
        """
        open_ones = select(calls.c.call).where(
            calls.c.office.in_(offices), calls.c.ended_at.is_(None), calls.c.changed_at > now - ABANDONED
        )
        with self._database.reading() as connection:
            return list(connection.scalars(open_ones))

    def turn_number(self, call_id: str) -> int | None:
        """Give the turn that a call waits for or ended at, None when nothing is left of it."""
        call = self._look(call_id)
        return None if call is None else int(call.turn)

    @again_if_cut("before commit", "at commit")
    def last_reply(self, call_id: str) -> Replay | CallEnded | UnknownCall:
        """Give what the call was answered last, or say that it is over or was never answered.

        The last words of a call that has just ended are given as well: they may never have been heard.

        Raises:
            DecryptionFailed: the reply cannot be opened.
        """
        names = self._names(call_id)
        with self._database.on_cursor("read") as transaction:
            rows = _find(transaction, names)
            if not rows:
                return CallEnded() if is_buried(transaction, names) else UnknownCall()
            call = rows[0]
            last = _LAST_REPLY.rows(transaction, name=call.call)
        if not last:
            return UnknownCall() if call.ended_at is None else CallEnded()
        return Replay(self._sealer.open(last[0].reply, "turns", call.call, last[0].turn))

    @again_if_cut("before commit", "at commit")  # the second try compares the version that the first left
    def save_reply(
        self,
        opened: OpenTurn,
        turn: int,
        *,
        state: bytes | None,
        reply: bytes,
        next_turn: int,
        now: datetime,
        office: str = "",
        also: Callable[[Transaction], None] | None = None,
        steps: TurnSteps | None = None,
    ) -> None:
        """Save a turn's state and reply together, and what `also` writes with them; state None ends the call.

        `next_turn` is the number that the caller's next webhook carries, greater than `turn`; a new call is
        one of that `office`. With `also` the commit is durable, and an exception in it saves nothing at all.
        `steps` go into the journal.

        Raises:
            ClaimLost: another worker was faster, and nothing was saved: read the turn again.
        """
        name, version = opened.name, opened.version + 1
        changes: dict[str, Any] = {"version": version, "turn": next_turn, "changed_at": now}
        changes["state"] = None if state is None else self._sealer.seal(state, "calls", name)
        changes |= {"claimed_until": None, "ended_at": now if state is None else None}
        sealed = self._sealer.seal(reply, "turns", name, turn)
        # A turn alone may be lost in a power cut; what it promises beside itself may not.
        with self._database.on_cursor("durable" if also else "turn") as transaction:
            if opened.version == NEW:
                saved = _BEGIN.execute(transaction, call=name, office=office, started_at=now, **changes)
            else:
                saved = _CHANGE.execute(transaction, name=name, read=opened.version, **changes)
            if not saved.rowcount:
                raise ClaimLost
            _ADD_REPLY.execute(transaction, call=name, turn=turn, reply=sealed)
            # The provider repeats only its latest webhooks; older replies would only be more to steal.
            if turn >= KEPT_REPLIES:
                _WIPE_OLD_REPLIES.execute(transaction, name=name, oldest=turn - KEPT_REPLIES)
            if state is None:
                _WIPE_RESULTS.execute(transaction, name=name)
            if steps:
                write_steps(transaction, self._sealer, name, now, steps)
            if also:
                also(transaction)

    def release(self, claimed: OpenTurn) -> None:
        """Give a turn back unanswered, for whoever asks next; harmless when it is not ours."""
        with self._database.on_cursor("turn") as transaction:
            _RELEASE.execute(transaction, name=claimed.name, read=claimed.version)

    def break_claim(self, call_id: str) -> None:
        """Take the turn from a worker that is dead or slow: the provider no longer waits for it."""
        with self._database.on_cursor("turn") as transaction:
            for name in self._names(call_id):
                _BREAK.execute(transaction, name=name)

    def wipe(
        self,
        call_id: str,
        *,
        also: Callable[[Transaction], None] | None = None,
        kept: CallSnapshot | None = None,
        now: datetime | None = None,
        steps: TurnSteps | None = None,
    ) -> None:
        """Wipe all that was said and heard, and write `also` with it, as `save_reply` does.

        That the call is over stays known: a late webhook begins no new one. With `now` the last
        `steps` of the call that was `kept` go into the journal.

        Raises:
            ClaimLost: the call is no longer as `kept` has it, so nothing was wiped: read it again.
        """
        with self._database.on_cursor("durable" if also else "turn") as transaction:
            wiped = 0
            # The call comes first, as in `save_reply`, so that the two never wait for each other.
            for name in self._names(call_id):
                if kept:
                    found = _WIPE_AS_READ.execute(transaction, name=name, read=kept.version).rowcount
                    wiped += found
                    if found and steps and now:
                        write_steps(transaction, self._sealer, name, now, steps)
                else:
                    _WIPE.execute(transaction, name=name)
                _WIPE_REPLIES.execute(transaction, name=name)
                _WIPE_RESULTS.execute(transaction, name=name)
            if kept and not wiped:
                raise ClaimLost
            if also:
                also(transaction)

    def sweep(self, now: datetime) -> int:
        """Wipe the replies of calls past their `RETRY_WINDOW`, bury `ABANDONED` calls; gives how many rows.

        Tombstones go when they are years old.
        """
        times = {"answered_by": now - RETRY_WINDOW, "last_month": last_month_swept(now)}
        swept = in_batches(self._database, lambda transaction: _bury_abandoned(transaction, now))
        swept += sweep_rows(self._database, _WIPE_ANSWERED, _SWEEP_TOMBSTONES, **times)
        self._database.truncate_wal()
        return swept

    def _look(self, call_id: str) -> Any:  # noqa: ANN401 - a row
        with self._database.on_cursor("read") as transaction:
            return next(iter(_find(transaction, self._names(call_id))), None)


def _find(transaction: Transaction, names: tuple[str, ...], turn: int = -1) -> list[Any]:
    """Read a call with its reply to a turn, whichever of its names it was stored under.

    Gives a row for each deferred result of the call, one without any, none when there is no such call.
    """
    rows = (_READ.rows(transaction, name=name, asked=turn) for name in names)
    return next(filter(None, rows), [])


def _bury_abandoned(transaction: Transaction, now: datetime) -> int:
    """Delete calls that nobody touched for long, and leave a tombstone for each in the same commit."""
    abandoned = _ABANDONED.rows(transaction, before=now - ABANDONED)
    names = [row.call for row in abandoned]
    bury(transaction, names, now)
    for name in names:
        _DELETE.execute(transaction, name=name)
    return len(names)
