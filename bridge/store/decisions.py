"""The journal of decisions: what a caller confirmed is on the disk before it is sent, at most once.

    READY ──> SENT ──> DONE | REFUSED | ESCALATED
      │         │
      └─────────┴──> UNKNOWN ──> DONE | ESCALATED       never back to READY

READY, SENT and UNKNOWN are open: while a file has an open decision, no call may make another on it. Whoever
brings a decision from READY to SENT may send it, once. What a crash left open, or Tagor left unclear, is
looked after in the background until its effect is known or an employee has it.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from bridge.store.database import Database, advisory_lock
from bridge.store.decision import (
    CHECK_SCHEDULE,
    MINUTE,
    READY_LEFT,
    RESULT_KEPT,
    SENT_LEFT,
    Blocked,
    Decision,
    DecisionEntry,
    DecisionKind,
    DecisionState,
    NewDecision,
    Opened,
    SettledState,
    next_check_at,
)
from bridge.store.encryption import Sealer
from bridge.store.errors import DecryptionFailed
from bridge.store.retention import JOURNAL_KEPT, delete_some, sweep_rows, wipe_some
from bridge.store.statement import Statement
from bridge.store.tables import decisions
from bridge.store.time_limits import Lease

_IS_OPEN = decisions.c.settled_at.is_(None)
_WIPED = {"payload": None, "next_check_at": None, "claim": None}
_THIS = decisions.c.id == bindparam("name")
_DUE = Statement(
    select(decisions.c.id)
    .where(decisions.c.next_check_at <= bindparam("now"))
    .order_by(decisions.c.next_check_at)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
# A READY decision that is due was left by a crash: changing its state takes the leave to send away.
_TAKEN = case((decisions.c.state == DecisionState.READY, DecisionState.UNKNOWN), else_=decisions.c.state)
_CLAIM = Statement(update(decisions).where(_THIS).values(state=_TAKEN), ("claim", "next_check_at"))
_READ = Statement(select(decisions).where(_THIS))
_IS_READ = decisions.c.result.is_not(None) & (decisions.c.settled_at <= bindparam("read_by"))
_WIPE = wipe_some(decisions, _IS_READ, result=None)
_DELETE = delete_some(decisions, decisions.c.settled_at <= bindparam("oldest"))


class Decisions:
    """Keeps the journal; whatever a method writes is on the disk when it returns.

    Every method may raise `StoreDown`: then nobody may send. A write that raised may still have happened,
    which leads to a check in the background and never to a second sending.

    Args:
        database: where the journal is kept.
        sealer: what seals payloads and results, and names calls and files.
        lease: seconds for which a worker may look after a due decision.
    """

    def __init__(self, database: Database, sealer: Sealer, *, lease: float = 30.0) -> None:
        self._database, self._sealer, self._lease = database, sealer, Lease(lease)

    def open(self, new: NewDecision, now: datetime) -> Opened | Blocked:
        """Write a decision down as READY; one that is there already is given as it stands.

        Raises:
            DecryptionFailed: the result of one that is there already cannot be opened.
        """
        name = self._ids(new.office, new.confirmation)[0]
        file = self._sealer.pseudonym("file", new.office, new.file)
        ready = insert(decisions).values(id=name, office=new.office, file=file, kind=new.kind)
        ready = ready.values(
            state=DecisionState.READY, opened_at=now, next_check_at=now + READY_LEFT, checks=0
        )
        sealed = self._sealer.seal(new.payload, "decisions", name)
        ready = ready.values(payload=sealed, plan=self._plan_name(new.office, new.plan))
        with self._database.writing() as connection:
            # The index cannot tell that two names mean one file when there are several hash keys.
            advisory_lock(connection, f"decisions of {new.office}")
            # A repeated webhook gets its own decision back; only another confirmation is blocked.
            known = self._known(connection, new.office, new.confirmation)
            if known is not None:
                return known
            if connection.scalar(select(self._open_on(new.office, new.file))):
                return Blocked()
            connection.execute(ready)
        return Opened(name, DecisionState.READY)

    def find(self, office: str, confirmation: str) -> Opened | None:
        """Give what was confirmed as it stands, None when it never was; raises `DecryptionFailed` too."""
        with self._database.reading() as connection:
            return self._known(connection, office, confirmation)

    def mark_sent(self, decision_id: str, now: datetime) -> bool:
        """Ask for leave to send: exactly one of all who ask gets True, and nobody may send without it."""
        # The condition on READY is the compare-and-set: of two senders the database lets one through.
        sent = {"state": DecisionState.SENT, "sent_at": now, "next_check_at": now + SENT_LEFT}
        return self._change(decision_id, decisions.c.state == DecisionState.READY, sent)

    def settle(
        self,
        decision_id: str,
        outcome: SettledState,
        now: datetime,
        *,
        result: bytes | None = None,
        claim: str | None = None,
        made: tuple[str, str] | None = None,
    ) -> bool:
        """Write the outcome down and wipe the payload; False, and nothing changed, when not ours to say.

        `made` is the plan that was made (the office's key, the plan's id), by which `is_unapproved` finds it.
        The sender says it without a `claim`, who looks after the decision only while the claim is theirs. A
        settled decision stays as it is. REFUSED follows SENT only: not finding an effect proves nothing.
        """
        # An unclear decision may have had its effect, so nobody may call it refused.
        open_states = {DecisionState.SENT, DecisionState.UNKNOWN}
        before = {DecisionState.SENT} if outcome is DecisionState.REFUSED else open_states
        which: ColumnElement[bool] = decisions.c.state.in_(before)
        if claim is not None:
            which &= decisions.c.claim == claim
        sealed = None if result is None else self._sealer.seal(result, "decisions result", decision_id)
        settled: dict[str, Any] = {"state": outcome, "settled_at": now, **_WIPED, "result": sealed}
        if made is not None:
            settled["plan"] = self._plan_name(*made)
        return self._change(decision_id, which, settled)

    def mark_unclear(self, decision_id: str, now: datetime, *, claim: str | None = None) -> bool:
        """Leave it UNKNOWN until the next check; False, and nothing changed, when it is not ours to say.

        Without a `claim` it is the sender who says so, and the checks begin. With one it follows a check that
        found nothing: then comes the first moment of the `CHECK_SCHEDULE` still ahead, and after the last one
        a check every minute.
        """
        found = self.get(decision_id)
        if found is None:
            return False
        # What was never sent has no moment of sending; it goes to an employee at the first check.
        since = found.sent_at or found.opened_at
        checks = 0 if claim is None else sum(since + after <= now for after in CHECK_SCHEDULE)
        at = next_check_at(since, checks) or now + MINUTE
        unclear = {"state": DecisionState.UNKNOWN, "checks": checks, "next_check_at": at, "claim": None}
        ours = decisions.c.claim == claim
        senders = decisions.c.claim.is_(None) & (decisions.c.state == DecisionState.SENT)
        return self._change(decision_id, senders if claim is None else ours, unclear)

    def get(self, decision_id: str) -> Decision | None:
        """Give a decision as it stands, None when there is none; raises `DecryptionFailed` too."""
        with self._database.reading() as connection:
            row = connection.execute(select(decisions).where(decisions.c.id == decision_id)).first()
        return None if row is None else self._decision(row)

    def is_blocked(self, office: str, file: str) -> bool:
        """Tell whether a plan or approval is open on this file (id), from any call.

        Texts, mails, contacts, documents and answers do not count: they lock a subject of their own.
        """
        with self._database.reading() as connection:
            return bool(connection.scalar(select(self._open_on(office, file))))

    def is_unapproved(self, office: str, plan: str) -> bool:
        """Tell whether a call requested this plan (id), and no call is known to have approved it."""
        done = decisions.c.state == DecisionState.DONE
        names = self._sealer.pseudonyms("plan", office, plan)
        kinds = select(decisions.c.kind).where(done, decisions.c.plan.in_(names))
        with self._database.reading() as connection:
            return set(connection.scalars(kinds)) == {"plan"}

    def left_unapproved(self, office: str, confirmation: str) -> bool | None:
        """Tell whether this confirmation made a plan that no call is known to have approved.

        Gives None while Tagor has not shown yet what came of it.
        """
        columns = decisions.c.kind, decisions.c.state, decisions.c.settled_at, decisions.c.plan
        this = select(*columns).where(decisions.c.id.in_(self._ids(office, confirmation)))
        with self._database.reading() as connection:
            made = connection.execute(this).first()
            if made is None or made.kind != "plan":
                return False
            if made.settled_at is None:
                return None
            # A plan of which Tagor showed no id cannot have been approved by phone.
            if made.state != DecisionState.DONE or made.plan is None:
                return bool(made.state == DecisionState.DONE)
            approved = select(decisions.c.id).where(
                decisions.c.plan == made.plan,
                decisions.c.kind == "approval",
                decisions.c.state == DecisionState.DONE,
            )
            return connection.execute(approved).first() is None

    def claim_due(self, now: datetime, limit: int = 10) -> list[Decision]:
        """Claim what must be looked after now, longest due first; nobody else gets it during the lease.

        Those are the UNKNOWN whose next check has come and what a crash left SENT or READY. The latter come
        as UNKNOWN and without `sent_at`: from now on nobody can send them. What no secret opens is left out;
        it stays open and shows in `unreadable`.
        """
        claim = {"claim": token_hex(16), "next_check_at": self._lease.until(now)}
        with self._database.on_cursor("durable") as transaction:
            ids = [row.id for row in _DUE.rows(transaction, now=now, most=limit)]
            for one in ids:
                _CLAIM.execute(transaction, name=one, **claim)
            rows = [_READ.rows(transaction, name=one)[0] for one in ids]
        return list(self._readable(rows))

    def unreadable(self) -> int:
        """Count the open decisions that no configured secret opens, so that nobody can look after them."""
        with self._database.reading() as connection:
            rows = connection.execute(select(decisions.c.id, decisions.c.payload).where(_IS_OPEN)).all()
        return self._sealer.count_unreadable("decisions", ((row.id, row.payload) for row in rows))

    def unsettled(self, office: str) -> list[DecisionEntry]:
        """List an office's open decisions, oldest first."""
        return self._entries(_IS_OPEN & (decisions.c.office == office))

    def report(self, since: datetime) -> list[DecisionEntry]:
        """List all offices' decisions since a moment and all open ones, oldest first."""
        return self._entries(or_(_IS_OPEN, decisions.c.opened_at >= since))

    def counts(self) -> dict[DecisionState, int]:
        """Count the open decisions by state."""
        counted = select(decisions.c.state, func.count()).where(_IS_OPEN).group_by(decisions.c.state)
        with self._database.reading() as connection:
            found = {DecisionState(state): number for state, number in connection.execute(counted)}
        open_states = (DecisionState.READY, DecisionState.SENT, DecisionState.UNKNOWN)
        return {state: found.get(state, 0) for state in open_states}

    def sweep(self, now: datetime) -> int:
        """Wipe results that no call needs any more, delete what was settled long ago; gives how many rows.

        What is open is never touched. A deleted confirmation cannot come again: its call left a tombstone.
        """
        times = {"read_by": now - RESULT_KEPT, "oldest": now - JOURNAL_KEPT}
        swept = sweep_rows(self._database, _WIPE, _DELETE, **times)
        self._database.truncate_wal()
        return swept

    def _ids(self, office: str, confirmation: str) -> tuple[str, ...]:
        return self._sealer.pseudonyms("decision", office, confirmation)

    def _plan_name(self, office: str, plan: str) -> str | None:
        return self._sealer.pseudonym("plan", office, plan) if plan else None

    def _known(self, connection: Connection, office: str, confirmation: str) -> Opened | None:
        these = select(decisions).where(decisions.c.id.in_(self._ids(office, confirmation)))
        row = connection.execute(these).first()
        return None if row is None else Opened(row.id, DecisionState(row.state), self._result(row))

    def _change(self, decision_id: str, which: ColumnElement[bool], changes: dict[str, Any]) -> bool:
        this = update(decisions).where(decisions.c.id == decision_id, which)
        with self._database.writing() as connection:
            return connection.execute(this.values(changes)).rowcount == 1

    def _open_on(self, office: str, file: str) -> ColumnElement[bool]:
        named = decisions.c.file.in_(self._sealer.pseudonyms("file", office, file))
        return select(decisions.c.id).where(named, decisions.c.office == office, _IS_OPEN).exists()

    def _decision(self, row: Row[Any]) -> Decision:
        payload = None if row.payload is None else self._sealer.open(row.payload, "decisions", row.id)
        return Decision(*_entry(row), row.id, row.checks, row.claim, payload, self._result(row))

    def _readable(self, rows: Iterable[Row[Any]]) -> Iterator[Decision]:
        for row in rows:
            with suppress(DecryptionFailed):
                yield self._decision(row)

    def _result(self, row: Row[Any]) -> bytes | None:
        return None if row.result is None else self._sealer.open(row.result, "decisions result", row.id)

    def _entries(self, which: ColumnElement[bool]) -> list[DecisionEntry]:
        found = select(decisions).where(which).order_by(decisions.c.opened_at, decisions.c.id)
        with self._database.reading() as connection:
            return [DecisionEntry(*_entry(row)) for row in connection.execute(found)]


def _entry(
    row: Row[Any],
) -> tuple[str, DecisionKind, DecisionState, datetime, datetime | None, datetime | None]:
    return row.office, row.kind, DecisionState(row.state), row.opened_at, row.sent_at, row.settled_at
