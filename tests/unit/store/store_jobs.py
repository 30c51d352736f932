"""Jobs of an outbox, for a test to begin with."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bridge.store.database import Database
from bridge.store.job import (
    Job,
    NewJob,
)
from bridge.store.outbox import Outbox

Open = Callable[..., Database]
Touch = Callable[[Outbox, Job, datetime], None]
SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=60)
CALL, FILE, NAME, PHONE = "CA" + "4d" * 16, "700412345", "Verstraeten-Dupont", "+32470991234"
KEY = f"{CALL} note on {FILE}"
WORDS = (CALL, FILE, NAME, PHONE)


def take(outbox: Outbox, now: datetime) -> Job:
    (job,) = outbox.claim_due(now)
    return job


def taken(outbox: Outbox, note: NewJob, now: datetime) -> Job:
    outbox.add(note)
    return take(outbox, now)


def reach_dead(outbox: Outbox, note: NewJob, now: datetime) -> str:
    assert outbox.dead_letter(taken(outbox, note, now), now, trouble="Gone")
    (letter,) = outbox.dead_letters()
    return letter.id


def at_work(outbox: Outbox, job: Job, now: datetime) -> None:
    """Leave it taken."""


def marked(outbox: Outbox, job: Job, now: datetime) -> None:
    outbox.mark_sending(job, now)
    outbox.reschedule(job, now, trouble="Unclear", later=timedelta())


def done(outbox: Outbox, job: Job, now: datetime) -> None:
    outbox.complete(job, now)


def dead(outbox: Outbox, job: Job, now: datetime) -> None:
    outbox.dead_letter(job, now, trouble="Gone")


def a_note(now: datetime) -> NewJob:
    """Give a job that is due."""
    return NewJob(KEY, "gent", "note", f"{FILE} {NAME} {PHONE}".encode(), now)
