"""A job: what a call leaves to be done after it, when it is tried again, and when it is a dead letter."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Literal

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
"""How long a job waits after its first failed try, and after its later ones at most."""

MAX_TRIES = 100
"""After so many tries, some four days, a job is a dead letter: Tagor may be away for a long weekend."""

DONE_KEPT = timedelta(days=7)
"""How long a job that is done is remembered, without its payload, so that its key is not done again."""

DEAD_KEPT = timedelta(days=90)
"""How long a dead letter waits for somebody who has it tried again."""

JobKind = Literal[
    "note",
    "task",
    "line_note",
    "voicemail",
    "callback",
    "delete_recording",
    "check_callback",
    "read_message",
    "answers",
]


class JobState(StrEnum):
    """How far a job has come; a dead one comes back only when somebody asks for it."""

    READY = "ready"
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class NewJob:
    """Something to be done at `due` or soon after; the same office and key are the same job.

    `payload` is what it takes to do it, kept sealed; the key is kept as a keyed hash.
    """

    key: str = field(repr=False)
    office: str
    kind: JobKind
    payload: bytes = field(repr=False)
    due: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """A job that this worker may do while its `claim` holds.

    `tries` counts this one too. `sent_at` is when an earlier try was about to have its effect: it may have
    had it, so whoever does the job must look for the effect before anything is sent again.
    """

    id: str
    office: str
    kind: JobKind
    payload: bytes = field(repr=False)
    due: datetime
    tries: int
    sent_at: datetime | None
    claim: str

    @property
    def sent(self) -> bool:
        """Tell whether an earlier try may have had its effect."""
        return self.sent_at is not None


@dataclass(frozen=True, slots=True)
class WaitingJob:
    """A job that is not done yet, without anything about a person; `dead` when it was given up."""

    id: str
    office: str
    due: datetime
    dead: bool


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter as the office may see it, without anything about a person."""

    id: str
    office: str
    kind: JobKind
    tries: int
    sent: bool
    trouble: str
    died_at: datetime


def wait_after(job: Job) -> timedelta:
    """Give how long to wait after a try: twice as long each time, and up to a quarter more.

    The extra depends on job and try alone: jobs that failed together do not come back together, and a
    rehearsal can be repeated.
    """
    # The power is bounded, for the hundredth one would be no time that anybody could write.
    doubled: timedelta = FIRST_WAIT * 2 ** min(job.tries - 1, 10)
    return min(doubled, LONGEST_WAIT) * Random(f"{job.id} {job.tries}").uniform(1, 1.25)
