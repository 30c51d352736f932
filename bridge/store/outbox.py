"""The outbox: what a call has promised is on the disk with the call's turn, and is done however often we die.

    READY ──> DONE                 payload wiped, the key remembered
      │ ▲
      ▼ │ retry, by the office
     DEAD                          hopeless, or tried too often

A worker takes a READY job for a lease. Before an effect that must not come twice it marks the job as sent;
dies it then, the next one sees the mark and looks for the effect before it sends anything.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from bridge.store.database import Database, advisory_lock
from bridge.store.encryption import Sealer
from bridge.store.errors import DecryptionFailed
from bridge.store.job import DEAD_KEPT, DONE_KEPT, MAX_TRIES, DeadLetter, Job, JobState, NewJob, wait_after
from bridge.store.tables import outbox

# spelt out, for a bound value would not meet the index of the READY ones
_IS_READY = outbox.c.state == literal_column(f"'{JobState.READY}'")
_UNTOUCHED = _IS_READY & outbox.c.claim.is_(None) & outbox.c.sent_at.is_(None)
_FREE = {"claim": None, "claimed_until": None}


class Outbox:
    """The jobs still to be done; whatever a method writes is on the disk when it returns.

    Every method may raise `StoreDown`. A write that raised may still have happened: a job is then done or
    tried again later, and what must be single is looked for first.

    Args:
        database: where they are kept.
        seal: what payloads are sealed with, and keys named by.
        lease: seconds a worker may take for a job before another one may take it over.
    """

    def __init__(self, database: Database, seal: Sealer, *, lease: float = 60.0) -> None:
        self._database = database
        self._seal = seal
        self._lease = timedelta(seconds=lease)

    def put(self, connection: Connection, job: NewJob) -> None:
        """Write a job down in a transaction of somebody else's, as with the turn that promised it.

        The same key again replaces payload and due time while nobody has taken the job, and does nothing
        afterwards.
        """
        names = self._names(job.office, job.key)
        new = {"payload": self._seal.seal(job.payload), "due_at": job.due}
        # the primary key cannot tell that two names mean one job while a secret is being changed
        advisory_lock(connection, f"outbox of {job.office}")
        known = connection.scalar(select(outbox.c.id).where(outbox.c.id.in_(names)))
        if known is not None:
            connection.execute(update(outbox).where(outbox.c.id == known, _UNTOUCHED).values(new))
            return
        ready = {"id": names[0], "office": job.office, "kind": job.kind, "state": JobState.READY, "tries": 0}
        connection.execute(insert(outbox).values(new | ready))

    def add(self, job: NewJob) -> None:
        """Do as `put` does, in a transaction of its own."""
        with self._database.writing() as connection:
            self.put(connection, job)

    def amend(self, key: str, office: str, *, due: datetime, payload: bytes | None = None) -> bool:
        """Change when a job is due, or its payload too; False when there is none that nobody has taken."""
        this = outbox.c.id.in_(self._names(office, key)) & _UNTOUCHED
        changes = {"due_at": due} | self._sealed(payload)
        with self._database.writing() as connection:
            return connection.execute(update(outbox).where(this).values(changes)).rowcount == 1

    def claim_due(self, now: datetime, *, limit: int = 4) -> list[Job]:
        """Take what is due, longest due first; nobody else gets it during the lease.

        What no secret opens, or took its worker down at the last of `MAX_TRIES`, becomes a dead letter.
        """
        free = or_(outbox.c.claim.is_(None), self._over(now))
        ripe = select(outbox.c.id).where(_IS_READY, outbox.c.due_at <= now, free).limit(limit)
        ripe = ripe.order_by(outbox.c.due_at).with_for_update(skip_locked=True)
        claim = {"claim": token_hex(16), "claimed_until": now + self._lease, "tries": outbox.c.tries + 1}
        # not durable: with a power cut everybody who could hold a claim is gone too
        with self._database.writing(durable=False) as connection:
            these = outbox.c.id.in_(connection.scalars(ripe).all())
            connection.execute(update(outbox).where(these).values(claim))
            rows = connection.execute(select(outbox).where(these).order_by(outbox.c.due_at)).all()
            jobs = [self._job(connection, row, now) for row in rows]
        return [job for job in jobs if job is not None]

    def mark_sending(self, job: Job, now: datetime) -> bool:
        """Mark that the effect is about to be sent and renew the lease; without True nobody may send."""
        marked = {"sent_at": now, "claimed_until": now + self._lease}
        return self._change(job, marked)

    def complete(self, job: Job, now: datetime, *, then: Sequence[NewJob] = ()) -> bool:
        """Wipe the payload of a job that is done, and write down what follows from it in the same commit.

        False, and nothing written, when it is no longer ours: then it is done again, or was.
        """
        over = {"state": JobState.DONE, "ended_at": now, "payload": None, "trouble": None}
        with self._database.writing() as connection:
            ours = _changed(connection, job, over | _FREE)
            for following in then if ours else ():
                self.put(connection, following)
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
        """Give a job back to be tried again after `later`, or after an ever longer wait; False if not ours.

        `trouble` says what was in the way, without anything about a person. With `unsent` the mark of
        `sending` is cleared: surely nothing had its effect. The last of `MAX_TRIES` makes a dead letter,
        but what does not count was no try: only a look at whether an earlier one had its effect.
        """
        if counts and job.tries >= MAX_TRIES:
            return self.dead_letter(job, now, trouble=trouble)
        waits = wait_after(job) if later is None else later
        changes = {"due_at": now + waits, "trouble": trouble, **_FREE, **self._sealed(payload)}
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
            return [_letter(row) for row in connection.execute(found)]

    def retry(self, letter_id: str, now: datetime) -> bool:
        """Bring a dead letter back as a job that is due now; False when there is none by that id."""
        this = (outbox.c.id == letter_id) & (outbox.c.state == JobState.DEAD)
        anew = {"state": JobState.READY, "due_at": now, "tries": 0, "ended_at": None}
        with self._database.writing() as connection:
            return connection.execute(update(outbox).where(this).values(anew)).rowcount == 1

    def counts(self) -> dict[JobState, int]:
        """Count the jobs by state; the done ones as far as they are remembered."""
        counted = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        with self._database.reading() as connection:
            found = {JobState(state): number for state, number in connection.execute(counted)}
        return {state: found.get(state, 0) for state in JobState}

    def sweep(self, now: datetime) -> int:
        """Forget what was done long ago and letters nobody asked for; gives how many. No READY job ever."""
        done = (outbox.c.state == JobState.DONE) & (outbox.c.ended_at <= now - DONE_KEPT)
        dead = (outbox.c.state == JobState.DEAD) & (outbox.c.ended_at <= now - DEAD_KEPT)
        with self._database.writing() as connection:
            forgotten = connection.execute(delete(outbox).where(or_(done, dead))).rowcount
        self._database.truncate_wal()
        return forgotten

    def _names(self, office: str, key: str) -> tuple[str, ...]:
        return self._seal.pseudonyms("job", office, key)

    def _sealed(self, payload: bytes | None) -> dict[str, Any]:
        return {} if payload is None else {"payload": self._seal.seal(payload)}

    def _over(self, now: datetime) -> ColumnElement[bool]:
        """A lease that ends further ahead than any lease can was given by a clock that has jumped since."""
        return (outbox.c.claimed_until <= now) | (outbox.c.claimed_until > now + 2 * self._lease)

    def _job(self, connection: Connection, row: Row[Any], now: datetime) -> Job | None:
        """Open a job's payload; what cannot be done any more is buried instead."""
        trouble = "WorkerDied"
        if row.tries <= MAX_TRIES:
            try:
                payload = self._seal.open(row.payload)
            except DecryptionFailed:
                trouble = "DecryptionFailed"
            else:
                came = row.due_at, row.tries, row.sent_at, row.claim
                return Job(row.id, row.office, row.kind, payload, *came)
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(_dead(now, trouble)))
        return None

    def _change(self, job: Job, changes: dict[str, Any]) -> bool:
        with self._database.writing() as connection:
            return _changed(connection, job, changes)


def _changed(connection: Connection, job: Job, changes: dict[str, Any]) -> bool:
    ours = (outbox.c.id == job.id) & (outbox.c.claim == job.claim)
    return connection.execute(update(outbox).where(ours).values(changes)).rowcount == 1


def _dead(now: datetime, trouble: str) -> dict[str, Any]:
    return {"state": JobState.DEAD, "ended_at": now, "trouble": trouble, **_FREE}


def _letter(row: Row[Any]) -> DeadLetter:
    sent = row.sent_at is not None
    return DeadLetter(row.id, row.office, row.kind, row.tries, sent, row.trouble, row.ended_at)
