"""Decisions: what a caller confirmed is on the disk before anybody acts on it, and is acted on at most once.

    READY ──> SENT ──> DONE | REFUSED | HANDED       READY ──> REFUSED   given up before sending
      │         │
      └─────────┴──> UNKNOWN ──> DONE | HANDED       never back to READY

READY, SENT and UNKNOWN are open: while a file has an open decision no call may make another on it. Whoever
brings a decision from READY to SENT may send, once. What a crash left open, or what Tagor left unclear, is
looked after in the background until it is known, or an employee has it.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_hex
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, case, func, insert, or_, select, update

from bridge.store.database import Database, hold
from bridge.store.errors import SealBroken
from bridge.store.seal import Seal
from bridge.store.tables import decisions

READY_LEFT = timedelta(minutes=1)
"""How long a decision may wait to be sent before it is taken for left behind by a crash."""

SENT_LEFT = timedelta(seconds=10)
"""How long after its sending a decision without an outcome is taken for left behind by a crash."""

LOOKS = (
    timedelta(seconds=0.5),
    timedelta(seconds=2),
    timedelta(seconds=5),
    *(timedelta(minutes=minute) for minute in range(1, 16)),
)
"""When, after the sending, Tagor is asked whether an unclear write took effect."""

LATE_LOOKS = timedelta(minutes=1)
"""How long after a look when all are over, until an employee has the decision."""

RESULT_KEPT = timedelta(hours=2)
"""How long the running call can still hear the result."""


class State(StrEnum):
    """Where a decision is."""

    READY = "ready"
    SENT = "sent"
    UNKNOWN = "unknown"
    DONE = "done"
    REFUSED = "refused"
    HANDED = "handed"


Kind = Literal["plan", "approval"]
Outcome = Literal[State.DONE, State.REFUSED, State.HANDED]

# An unclear write is never called refused: not finding it proves nothing.
_BEFORE = {
    State.DONE: (State.SENT, State.UNKNOWN),
    State.REFUSED: (State.SENT,),
    State.HANDED: (State.SENT, State.UNKNOWN),
}
_IS_OPEN = decisions.c.settled_at.is_(None)
_DUE = select(decisions.c.id).order_by(decisions.c.next_look_at).with_for_update(skip_locked=True)
_ENTRIES = select(decisions).order_by(decisions.c.opened_at, decisions.c.id)
_WIPED = {"payload": None, "next_look_at": None, "claim": None}


@dataclass(frozen=True, slots=True, repr=False)
class NewDecision:
    """What the caller confirmed; the same call, office, file, kind and terms are the same decision.

    `payload` is what it takes to send it, to look for it and to tell an employee; it is kept sealed.
    """

    call: str
    office: str
    file: str
    kind: Kind
    terms: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """The decision is in the journal, now or already; `result` is what the call may speak of it."""

    id: str
    state: State
    result: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Blocked:
    """Another decision on the file is open: a person must see to it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it stands; `payload` is None once it is settled, `result` as soon as it is wiped.

    `looks` tells how many of the `LOOKS` are over, `claim` who looks after it now.
    """

    id: str
    office: str
    kind: Kind
    state: State
    opened_at: datetime
    sent_at: datetime | None
    looks: int
    claim: str | None
    payload: bytes | None = field(repr=False)
    result: bytes | None = field(repr=False)

    def is_late(self, now: datetime) -> bool:
        """Tell whether looking is over and an employee must have it; at once for what was never sent."""
        return self.sent_at is None or now >= self.sent_at + LOOKS[-1]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the office's report, without anything about a person."""

    office: str
    kind: Kind
    state: State
    opened_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None


def next_look(sent_at: datetime, looks: int) -> datetime | None:
    """Give the moment of the next look after so many of them; None when all are over."""
    return sent_at + LOOKS[looks] if looks < len(LOOKS) else None


class Decisions:
    """The journal of decisions; whatever a method writes is on the disk when it returns.

    Every method may raise `StoreDown`: then nobody may send. A write that raised may still have happened,
    which costs a look in the background and never a second sending.

    Args:
        database: where they are kept.
        seal: what payloads and results are sealed with, and calls and files named by.
        lease: seconds a worker may look after a due decision before another one gets it.
    """

    def __init__(self, database: Database, seal: Seal, *, lease: float = 30.0) -> None:
        self._database = database
        self._seal = seal
        self._lease = timedelta(seconds=lease)

    def open(self, new: NewDecision, now: datetime) -> Opened | Blocked:
        """Write a decision down as READY; one that is there already is given as it stands.

        Raises `SealBroken` too, when its result cannot be opened.
        """
        ids = self._seal.pseudonyms("decision", new.office, new.call, new.kind, new.file, new.terms)
        files = self._seal.pseudonyms("file", new.office, new.file)
        names = {"id": ids[0], "office": new.office, "file": files[0], "kind": new.kind}
        times = {"opened_at": now, "next_look_at": now + READY_LEFT}
        ready = insert(decisions).values(state=State.READY, looks=0, payload=self._seal.seal(new.payload))
        with self._database.writing() as connection:
            # the index cannot tell that two names mean one file while a secret is being changed
            hold(connection, f"decisions of {new.office}")
            known = connection.execute(select(decisions).where(decisions.c.id.in_(ids))).first()
            if known is not None:
                return Opened(known.id, State(known.state), self._clear(known.result))
            if connection.execute(_open_on(new.office, files)).first():
                return Blocked()
            connection.execute(ready.values(names | times))
        return Opened(ids[0], State.READY)

    def mark_sent(self, decision_id: str, now: datetime) -> bool:
        """Ask for leave to send: True for exactly one of all who ask, and nobody may send without it."""
        sent = {"state": State.SENT, "sent_at": now, "next_look_at": now + SENT_LEFT}
        return self._change(decision_id, decisions.c.state == State.READY, sent)

    def give_up(self, decision_id: str, now: datetime) -> bool:
        """Refuse a decision that nobody has sent, and now nobody can; False when it is not READY."""
        refused = {"state": State.REFUSED, "settled_at": now, **_WIPED}
        return self._change(decision_id, decisions.c.state == State.READY, refused)

    def settle(
        self,
        decision_id: str,
        outcome: Outcome,
        now: datetime,
        *,
        result: bytes | None = None,
        claim: str | None = None,
    ) -> bool:
        """Write the outcome down and wipe the payload; False, and nothing changed, when not ours to say.

        Who has sent may say it without a `claim`, who looked after it only while the claim is theirs. What is
        settled stays as it is, and REFUSED follows SENT only.
        """
        which: ColumnElement[bool] = decisions.c.state.in_(_BEFORE[outcome])
        if claim is not None:
            which &= decisions.c.claim == claim
        sealed = None if result is None else self._seal.seal(result)
        return self._change(
            decision_id, which, {"state": outcome, "settled_at": now, **_WIPED, "result": sealed}
        )

    def mark_unclear(self, decision_id: str, now: datetime, *, claim: str | None = None) -> bool:
        """Leave it UNKNOWN until the next look; False, and nothing changed, when not ours to say.

        Without a `claim` it is the sender's word, and looking begins. With one it follows a look that found
        nothing: then comes the first of the `LOOKS` still ahead, and when all are over one every minute.
        """
        which = (decisions.c.id == decision_id) & _IS_OPEN & decisions.c.claim.is_not_distinct_from(claim)
        if claim is None:
            which &= decisions.c.state == State.SENT
        with self._database.writing() as connection:
            row = connection.execute(select(decisions).where(which).with_for_update()).first()
            if row is None:
                return False
            since = row.sent_at or row.opened_at
            looks = 0 if claim is None else sum(since + after <= now for after in LOOKS)
            at = next_look(since, looks) or now + LATE_LOOKS
            unclear = {"state": State.UNKNOWN, "looks": looks, "next_look_at": at, "claim": None}
            connection.execute(update(decisions).where(decisions.c.id == row.id).values(unclear))
        return True

    def look(self, decision_id: str) -> Decision | None:
        """Give a decision as it stands, None when there is none; raises `SealBroken` too."""
        with self._database.reading() as connection:
            row = connection.execute(select(decisions).where(decisions.c.id == decision_id)).first()
        return None if row is None else self._decision(row)

    def blocked(self, office: str, file: str) -> bool:
        """Tell whether a decision on the file is open, whichever call made it."""
        with self._database.reading() as connection:
            found = connection.execute(_open_on(office, self._seal.pseudonyms("file", office, file))).first()
        return found is not None

    def due(self, now: datetime, limit: int = 10) -> list[Decision]:
        """Take what must be looked after now, longest due first; nobody else gets it during the lease.

        Those are the UNKNOWN whose next look has come and what a crash left SENT or READY. The latter come
        as UNKNOWN and without `sent_at`: from now on nobody can send them. What no secret opens is left out;
        it stays open and shows in `counts`.
        """
        claim = token_hex(16)
        state = case((decisions.c.state == State.READY, State.UNKNOWN), else_=decisions.c.state)
        with self._database.writing() as connection:
            ids = connection.scalars(_DUE.where(decisions.c.next_look_at <= now).limit(limit)).all()
            these = decisions.c.id.in_(ids)
            taken = {"state": state, "claim": claim, "next_look_at": now + self._lease}
            connection.execute(update(decisions).where(these).values(taken))
            rows = {row.id: row for row in connection.execute(select(decisions).where(these))}
        return list(self._readable(rows[one] for one in ids))

    def unsettled(self, office: str) -> list[Entry]:
        """List an office's open decisions, oldest first."""
        return self._entries(_IS_OPEN & (decisions.c.office == office))

    def report(self, since: datetime) -> list[Entry]:
        """List all offices' decisions since a moment and all open ones, oldest first."""
        return self._entries(or_(_IS_OPEN, decisions.c.opened_at >= since))

    def counts(self) -> dict[State, int]:
        """Count the open decisions by state."""
        counted = select(decisions.c.state, func.count()).where(_IS_OPEN).group_by(decisions.c.state)
        with self._database.reading() as connection:
            found = {State(state): number for state, number in connection.execute(counted)}
        return {state: found.get(state, 0) for state in (State.READY, State.SENT, State.UNKNOWN)}

    def sweep(self, now: datetime) -> int:
        """Wipe results no call needs any more; gives how many. What is open is never touched."""
        old = decisions.c.result.is_not(None) & (decisions.c.settled_at <= now - RESULT_KEPT)
        with self._database.writing() as connection:
            wiped = connection.execute(update(decisions).where(old).values(result=None)).rowcount
        self._database.empty_log()
        return wiped

    def _change(self, decision_id: str, which: ColumnElement[bool], changes: dict[str, Any]) -> bool:
        this = update(decisions).where(decisions.c.id == decision_id, which)
        with self._database.writing() as connection:
            return connection.execute(this.values(changes)).rowcount == 1

    def _decision(self, row: Row[Any]) -> Decision:
        return Decision(
            row.id,
            row.office,
            row.kind,
            State(row.state),
            row.opened_at,
            row.sent_at,
            row.looks,
            row.claim,
            self._clear(row.payload),
            self._clear(row.result),
        )

    def _readable(self, rows: Iterable[Row[Any]]) -> Iterator[Decision]:
        for row in rows:
            with suppress(SealBroken):
                yield self._decision(row)

    def _clear(self, sealed: bytes | None) -> bytes | None:
        return None if sealed is None else self._seal.open(sealed)

    def _entries(self, which: ColumnElement[bool]) -> list[Entry]:
        with self._database.reading() as connection:
            rows = connection.execute(_ENTRIES.where(which)).all()
        return [
            Entry(row.office, row.kind, State(row.state), row.opened_at, row.sent_at, row.settled_at)
            for row in rows
        ]


def _open_on(office: str, files: tuple[str, ...]) -> Select[tuple[str]]:
    return select(decisions.c.id).where(decisions.c.office == office, decisions.c.file.in_(files), _IS_OPEN)
