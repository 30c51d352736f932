"""A worker process of an outbox rehearsal: a real courier at a real database, until somebody kills it."""

import logging
import multiprocessing
import socket
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from bridge.after_call.outbox_worker import MarkSending, OutboxWorker, PermanentFailure, Retry
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.job import Job, JobKind, NewJob
from bridge.store.outbox import Outbox

SINGLE: dict[JobKind, JobKind | None] = {
    "note": None,
    "voicemail": "delete_recording",
    "callback": "check_callback",
}
"""What must be done once, and what follows from it."""

Address = tuple[str, int]


@dataclass(frozen=True)
class FakeClock:
    """The time of a rehearsal, `speed` times as fast as ours and the same in every process.

    `latest` is how late an effect may come in it.
    """

    began: float
    speed: float
    latest: timedelta

    def now(self) -> datetime:
        return datetime(2026, 3, 27, 17, tzinfo=UTC) + timedelta(
            seconds=(time.time() - self.began) * self.speed
        )

    def monotonic(self) -> float:
        return (time.time() - self.began) * self.speed

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.speed)


class Once:
    """Does what must be single."""

    def __init__(self, world: Address, then: JobKind | None) -> None:
        self._world, self._then = world, then

    def is_done(self, job: Job) -> Sequence[NewJob] | None:
        return self._follow(job) if ask(self._world, "look", job) == "yes" else None

    def deliver(self, job: Job, sending: MarkSending) -> Sequence[NewJob]:
        sending()
        answer = ask(self._world, "write", job)
        if answer == "never":
            raise PermanentFailure("the world refuses for good")
        if answer == "refused":
            raise Retry
        return self._follow(job)

    def _follow(self, job: Job) -> Sequence[NewJob]:
        key = f"{job.payload.decode()} after"
        return [NewJob(key, job.office, self._then, key.encode(), job.due)] if self._then else []


class Again:
    """Does what may be done again."""

    def __init__(self, world: Address) -> None:
        self._world = world

    def is_done(self, _job: Job) -> None:
        raise AssertionError("nobody marked this as sent")

    def deliver(self, job: Job, _sending: MarkSending) -> Sequence[NewJob]:
        ask(self._world, "again", job)
        return []


def ask(world: Address, what: str, job: Job) -> str:
    """Ask the world, and give its answer; raises OSError when there is none."""
    with closing(socket.create_connection(world, timeout=5)) as line:
        line.sendall(f"{what} {job.payload.decode()}\n".encode())
        answer = line.recv(100).decode()
    if not answer:
        raise ConnectionResetError
    return answer


def opened(url: str) -> tuple[Database, Outbox]:
    database = Database(url, patience=20, connections=2)
    return database, Outbox(database, Sealer(["a secret of the rehearsal"]))


def work(url: str, world: Address, clock: FakeClock) -> None:
    """Deliver for as long as the rehearsal lives, and say nothing."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    _, outbox = opened(url)
    once = {kind: Once(world, then) for kind, then in SINGLE.items()}
    again = {then: Again(world) for then in SINGLE.values() if then}
    OutboxWorker(outbox, once | again, clock=clock, latest=clock.latest).start()
    rehearsal = multiprocessing.parent_process()
    assert rehearsal
    rehearsal.join()
