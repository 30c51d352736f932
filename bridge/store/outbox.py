"""The outbox: jobs that a call left are on the disk with its turn, and end as done or as a dead letter.

    READY ──> DONE                 the payload is wiped, the key remembered
      │ ▲
      ▼ │ retry, by the office
     DEAD                          hopeless, or tried too often

A worker claims a READY job for a lease. Before an effect that must not come twice it marks the job as sent;
if it dies then, the next worker sees the mark and looks for the effect before it sends anything.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, func, insert, literal_column, or_, select, update

from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.errors import DecryptionFailed
from bridge.store.job import (
    DEAD_KEPT,
    DONE_KEPT,
    MAX_TRIES,
    DeadLetter,
    Job,
    JobKind,
    JobState,
    NewJob,
    WaitingJob,
    wait_after,
)
from bridge.store.retention import delete_some, sweep_rows
from bridge.store.statement import Statement, Transaction
from bridge.store.tables import outbox
from bridge.store.time_limits import Lease, is_over

# The state is spelt out, for a bound value would not meet the partial index of the READY ones.
_IS_READY = outbox.c.state == literal_column(f"'{JobState.READY}'")
_UNTOUCHED = _IS_READY & outbox.c.claim.is_(None) & outbox.c.sent_at.is_(None)
_FREE = {"claim": None, "claimed_until": None}

_THIS = outbox.c.id == bindparam("name")
_KNOWN = Statement(select(outbox.c.id).where(_THIS))
_FIRST_DUE = func.coalesce(outbox.c.first_due_at, outbox.c.due_at)
_NEW = ("payload", "due_at", "first_due_at")
_RENEW = Statement(update(outbox).where(_THIS, _UNTOUCHED), _NEW)
_ADD = Statement(insert(outbox), ("id", "office", "kind", "state", "tries", *_NEW))
# A worker that died still holds its claim; the lease tells that it may be taken over.
_IS_FREE = or_(outbox.c.claim.is_(None), is_over(outbox.c.claimed_until))
_DUE = Statement(
    select(outbox.c.id)
    .where(_IS_READY, outbox.c.due_at <= bindparam("now"), _IS_FREE)
    .order_by(outbox.c.due_at)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_CLAIM = Statement(update(outbox).where(_THIS).values(tries=outbox.c.tries + 1), ("claim", "claimed_until"))
_READ = Statement(select(outbox).where(_THIS))
_END = Statement(update(outbox).where(_THIS), ("state", "ended_at", "trouble", "claim", "claimed_until"))
_ENDED = (outbox.c.state == bindparam("over")) & (outbox.c.ended_at <= bindparam("oldest"))
_SWEEP = delete_some(outbox, _ENDED)


class Outbox:
    """Keeps the jobs still to be done; whatever a method writes is on the disk when it returns.

    Every method may raise `StoreDown`. A write that raised may still have happened: the job is then done or
    tried again later, and an effect that must be single is looked for first.

    Args:
        database: where they are kept.
        sealer: what seals payloads, and names keys.
        lease: seconds for which a worker may claim a job.
    """

    def __init__(self, database: Database, sealer: Sealer, *, lease: float = 60.0) -> None:
        self._database, self._sealer, self._lease = database, sealer, Lease(lease)

    def put(self, transaction: Transaction, job: NewJob) -> None:
        """Write a job down in somebody else's transaction, as with the turn that promised it.

        The same key again replaces payload and due time while nobody has claimed the job, and does nothing
        afterwards.
        """
        names = self._sealer.pseudonyms("job", job.office, job.key)
        # The primary key cannot tell that two names mean one job when there are several hash keys.
        transaction.lock(f"outbox of {job.office}")
        known = next((name for name in names if _KNOWN.rows(transaction, name=name)), None)
        payload = self._sealer.seal(job.payload, "outbox", known or names[0])
        new = {"payload": payload, "due_at": job.due, "first_due_at": job.due}
        if known:
            _RENEW.execute(transaction, name=known, **new)
            return
        ready = {"id": names[0], "office": job.office, "kind": job.kind, "state": JobState.READY, "tries": 0}
        _ADD.execute(transaction, **ready, **new)

    def add(self, job: NewJob) -> None:
        """Do as `put` does, in a transaction of its own."""
        with self._database.on_cursor("durable") as transaction:
            self.put(transaction, job)

    def hurry(self, key: str, office: str, *, due: datetime) -> bool:
        """Change when a job is due; False when there is none that nobody has claimed."""
        this = outbox.c.id.in_(self._sealer.pseudonyms("job", office, key)) & _UNTOUCHED
        with self._database.writing() as connection:
            return connection.execute(update(outbox).where(this).values(**_due(due))).rowcount == 1

    def claim_due(self, now: datetime, *, limit: int = 4) -> list[Job]:
        """Claim what is due, longest due first; nobody else gets it during the lease.

        What no secret opens, or took its worker down at the last of `MAX_TRIES`, becomes a dead letter.
        """
        claim = {"claim": token_hex(16), "claimed_until": self._lease.until(now)}
        # This need not be durable: with a power cut everybody who could hold a claim is gone too.
        with self._database.on_cursor("turn") as transaction:
            due = _DUE.rows(transaction, now=now, too_far=self._lease.too_far(now), most=limit)
            for row in due:
                _CLAIM.execute(transaction, name=row.id, **claim)
            # The rows are read after the update, for only then do they carry the new claim.
            claimed = [_READ.rows(transaction, name=row.id)[0] for row in due]
            claimed.sort(key=lambda row: (row.due_at, row.id))
            jobs = [self._job(transaction, row, now) for row in claimed]
        return [job for job in jobs if job is not None]

    def mark_sending(self, job: Job, now: datetime) -> bool:
        """Mark that the effect is about to be sent and renew the lease; without True nobody may send."""
        return self._change(job, {"sent_at": now, "claimed_until": self._lease.until(now)})

    def complete(self, job: Job, now: datetime, *, then: Sequence[NewJob] = ()) -> bool:
        """Wipe the payload of a job that is done, and write down what follows from it in the same commit.

        False, and nothing written, when the job is no longer ours: then it is done again, or was.
        """
        over = {"state": JobState.DONE, "ended_at": now, "payload": None, "trouble": None}
        with self._database.writing() as connection:
            # What follows is written in the same commit: a recording is deleted only once Tagor has it.
            ours = _changed(connection, job, over | _FREE)
            for following in then if ours else ():
                self.put(Transaction.of(connection), following)
        return ours

    def reschedule(
        self,
        job: Job,
        now: datetime,
        *,
        trouble: str,
        later: timedelta | None = None,
        unsent: bool = False,
        counts: bool = True,
        payload: bytes | None = None,
    ) -> bool:
        """Give a job back to be tried again; False, and nothing changed, when it is no longer ours.

        Args:
            job: the claimed job.
            now: the moment.
            trouble: what was in the way, without anything about a person.
            later: how long to wait; by default ever longer, as `wait_after` says.
            unsent: surely nothing had its effect, so the mark of `mark_sending` is cleared.
            counts: this was a try, and the last of `MAX_TRIES` makes a dead letter; False for a mere look at
                whether an earlier try had its effect.
            payload: what replaces the payload, if anything.
        """
        if counts and job.tries >= MAX_TRIES:
            return self.dead_letter(job, now, trouble=trouble)
        waits = wait_after(job) if later is None else later
        changes: dict[str, Any] = {"due_at": now + waits, "trouble": trouble, **_FREE}
        if payload is not None:
            changes["payload"] = self._sealer.seal(payload, "outbox", job.id)
        # Claiming counted a try already; a mere look gives it back.
        changes |= {"tries": job.tries if counts else job.tries - 1}
        return self._change(job, changes | ({"sent_at": None} if unsent else {}))

    def dead_letter(self, job: Job, now: datetime, *, trouble: str) -> bool:
        """Make a job a dead letter that waits for the office; False, and nothing changed, if not ours."""
        return self._change(job, _dead(now, trouble))

    def dead_letters(self, office: str = "") -> list[DeadLetter]:
        """List an office's dead letters, or all of them, oldest first."""
        found = select(outbox).where(outbox.c.state == JobState.DEAD).order_by(outbox.c.ended_at, outbox.c.id)
        if office:
            found = found.where(outbox.c.office == office)
        with self._database.reading() as connection:
            rows = connection.execute(found).all()
        return [
            DeadLetter(
                id=row.id,
                office=row.office,
                kind=row.kind,
                tries=row.tries,
                sent=row.sent_at is not None,
                trouble=row.trouble,
                died_at=row.ended_at,
            )
            for row in rows
        ]

    def waiting(self, kind: JobKind) -> list[WaitingJob]:
        """List the jobs of a kind that are not done yet, given up ones too, by when each was due first."""
        found = select(outbox.c.id, outbox.c.office, _FIRST_DUE.label("due"), outbox.c.state)
        found = found.where(outbox.c.kind == kind, outbox.c.state != JobState.DONE)
        with self._database.reading() as connection:
            rows = connection.execute(found.order_by(_FIRST_DUE, outbox.c.id)).all()
        return [WaitingJob(row.id, row.office, row.due, row.state == JobState.DEAD) for row in rows]

    def payload_of(self, waiting: WaitingJob) -> bytes | None:
        """Give what it takes to do such a job; None once it is done, or when no secret opens it."""
        with self._database.reading() as connection:
            sealed = connection.scalar(select(outbox.c.payload).where(outbox.c.id == waiting.id))
        try:
            return self._sealer.open(sealed, "outbox", waiting.id) if sealed else None
        except DecryptionFailed:
            return None

    def retry(self, letter_id: str, now: datetime) -> bool:
        """Bring a dead letter back as a job that is due now; False when there is none by that id."""
        this = (outbox.c.id == letter_id) & (outbox.c.state == JobState.DEAD)
        anew = {"state": JobState.READY, "tries": 0, "ended_at": None, **_due(now)}
        with self._database.writing() as connection:
            return connection.execute(update(outbox).where(this).values(anew)).rowcount == 1

    def unreadable(self) -> int:
        """Count the jobs still to be done that no configured secret opens."""
        with self._database.reading() as connection:
            rows = connection.execute(select(outbox.c.id, outbox.c.payload).where(_IS_READY)).all()
        return self._sealer.count_unreadable("outbox", ((row.id, row.payload) for row in rows))

    def counts(self) -> dict[JobState, int]:
        """Count the jobs by state; the done ones as far as they are remembered."""
        ended = select(outbox.c.state, func.count()).where(outbox.c.ended_at.is_not(None))
        # Each part is counted by its partial index, so that no payload is read.
        with self._database.reading() as connection:
            ready = connection.scalar(select(func.count()).select_from(outbox).where(_IS_READY)) or 0
            rows = connection.execute(ended.group_by(outbox.c.state)).all()
        found = {JobState(state): number for state, number in rows} | {JobState.READY: ready}
        return {state: found.get(state, 0) for state in JobState}

    def oldest_due(self, now: datetime) -> datetime | None:
        """Give when the job was first due that waits longest to be done; None when nothing is late.

        A job that is tried again and again is late since its first try was due.
        """
        due = select(func.min(_FIRST_DUE)).where(_IS_READY, now >= _FIRST_DUE)
        with self._database.reading() as connection:
            oldest: datetime | None = connection.scalar(due)
        return oldest

    def sweep(self, now: datetime) -> int:
        """Delete what was done long ago and forgotten letters, never a READY job; gives how many."""
        kept = {JobState.DONE: DONE_KEPT, JobState.DEAD: DEAD_KEPT}
        swept = sum(
            sweep_rows(self._database, _SWEEP, over=state, oldest=now - time) for state, time in kept.items()
        )
        self._database.truncate_wal()
        return swept

    def _job(self, transaction: Transaction, row: Any, now: datetime) -> Job | None:  # noqa: ANN401 - a row
        """Open a job's payload; what cannot be done any more becomes a dead letter instead."""
        trouble = "WorkerDied"
        # A job that kills every worker never comes to be rescheduled, so its tries are looked at here.
        if row.tries <= MAX_TRIES:
            try:
                payload = self._sealer.open(row.payload, "outbox", row.id)
            except DecryptionFailed:
                trouble = "DecryptionFailed"
            else:
                claimed = row.due_at, row.tries, row.sent_at, row.claim
                return Job(row.id, row.office, row.kind, payload, *claimed)
        _END.execute(transaction, name=row.id, **_dead(now, trouble))
        return None

    def _change(self, job: Job, changes: dict[str, Any]) -> bool:
        with self._database.writing() as connection:
            return _changed(connection, job, changes)


def _due(moment: datetime) -> dict[str, datetime]:
    """Give what a job has that is due then, and was not tried before."""
    return {"due_at": moment, "first_due_at": moment}


def _changed(connection: Connection, job: Job, changes: dict[str, Any]) -> bool:
    """Change a job that is still claimed by this worker; False when it is not."""
    ours = (outbox.c.id == job.id) & (outbox.c.claim == job.claim)
    return connection.execute(update(outbox).where(ours).values(changes)).rowcount == 1


def _dead(now: datetime, trouble: str) -> dict[str, Any]:
    return {"state": JobState.DEAD, "ended_at": now, "trouble": trouble, **_FREE}
