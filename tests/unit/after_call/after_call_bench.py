"""What a call leaves behind, and the machinery that sees to it: a real app, Tagor and provider over HTTP."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from bridge.app.create import open_repositories
from bridge.settings import Settings
from bridge.simulators.provider.recording_store import StoredRecording
from bridge.simulators.provider.sound import wav_tone
from bridge.store.callbacks import CallbackEntry, NewCallback
from bridge.store.job import DeadLetter, Job, JobState, NewJob
from bridge.store.outbox import Outbox
from bridge.store.tables import outbox

if TYPE_CHECKING:
    from bridge.simulators.provider.api import RestApi
    from bridge.simulators.tagor import StandIn
    from bridge.store.job import JobKind
    from tests.conftest import Line

FILE, FILE_ID, PARTY = "20230118", "9000000000000000001", "9000000000000001001"
CALL, RECORDING = "CA" + "0c1d" * 8, "RE" + "5e6f" * 8
NUMBER = "+32470000099"
BOX = 'box = "Telefoonberichten"'
USER = 'user = "balie"                                '

FAULTS: Mapping[str, Mapping[str, Any]] = {
    "the reply is lost": {"fault": "reset_after"},
    "cut off before it was heard": {"fault": "reset_before"},
    "the reply is cut short": {"fault": "truncated"},
    "the reply is empty": {"fault": "empty"},
    "a page for people": {"fault": "html"},
    "another type than agreed": {"fault": "wrong_type"},
    "401, and done": {"fault": "status", "status": 401, "effect": "done"},
    "401, and not done": {"fault": "status", "status": 401},
    "500, and done": {"fault": "status", "status": 500, "effect": "done"},
    "500, and not done": {"fault": "status", "status": 500},
    "400, and not done": {"fault": "status", "status": 400},
    "done 20 seconds late": {"fault": "reset_after", "effect": "later", "later": 3600.0},
}
"""What may happen to a write in Tagor; late ones come when the test lets them."""
LOSSES = ("the reply is lost", "cut off before it was heard", "500, and not done", "done 20 seconds late")
"""One of each kind: what a handler finds when it looks does not depend on how the answer was lost."""

KILLS = {
    "before it was marked": ("mark_sending", "before"),
    "marked, and not sent": ("mark_sending", "after"),
    "sent, and not ticked off": ("complete", "before"),
    "ticked off": ("complete", "after"),
}


class _Killed(BaseException):
    """The process is gone: nothing in it catches that."""


class Bench:
    """One bridge after a call, with an outbox of its own; `line.start()` is the next process in its place."""

    def __init__(self, line: "Line", provider: "RestApi") -> None:
        self.line, self.provider = line, provider
        self.tagor: StandIn = line.tagor
        self._books = open_repositories(Settings.read(line.environ))
        self.outbox, self.promises = self._books.outbox, self._books.callbacks

    @property
    def now(self) -> datetime:
        return self.line.clock.now()

    def leave(self, kind: "JobKind", *, office: str = "demo", **details: object) -> str:
        """Leave a job that is due now; gives the reference by which Tagor will know it."""
        before = {job.id for job in self._jobs()}
        self.outbox.add(NewJob(f"{kind} {details}", office, kind, json.dumps(details).encode(), self.now))
        [new] = [job for job in self._jobs() if job.id not in before]
        return new.id[:10].upper()

    def round(self) -> int:
        """One round of the courier of the process that lives now."""
        seen: int = self.line.app.extensions["bridge"].outbox_worker.round()
        return seen

    def run_forever(self, rounds: int = 30) -> None:
        """Let the courier come every two minutes while there is something to do, for an hour at most.

        What Tagor does late happens 20 seconds after the first time.
        """
        self.round()
        self.line.clock.move(seconds=20)
        self.tagor.settle()
        for _ in range(rounds):
            if not self.counts()[0]:
                return
            self.round()
            self.line.clock.move(minutes=2)

    def die(self, kill: str) -> None:
        """Have the process die in its next round, at this point; another one is in its place then."""
        with pytest.MonkeyPatch.context() as patch:
            _killing(patch, kill)
            with pytest.raises(_Killed):
                self.round()
        self.line.start()

    def counts(self) -> tuple[int, int, int]:
        """How many jobs are to be done, done, and given up."""
        counted = self.outbox.counts()
        return counted[JobState.READY], counted[JobState.DONE], counted[JobState.DEAD]

    def letter(self) -> DeadLetter:
        """The only dead letter."""
        [letter] = self.outbox.dead_letters()
        return letter

    def retry(self) -> None:
        """What `bridge outbox retry all` does."""
        assert self.outbox.retry(self.letter().id, self.now)

    def asked(self, operation: str) -> int:
        """How often Tagor was asked for this."""
        return len(self.line.asked(operation))

    def record(self, name: str = RECORDING, *, call: str = CALL, pitch: int = 1) -> bytes:
        """Have the provider keep three seconds of sound; gives it."""
        sound = wav_tone(3, pitch)
        self.provider.recordings.put(StoredRecording(name, call, 3, sound))
        return sound

    def promise(self, **changes: object) -> tuple[str, dict[str, object]]:
        """Promise a call-back this afternoon; gives its key and what the call left of it."""
        starts = self.now.replace(hour=13, minute=30, second=0, microsecond=0)
        ends = starts + timedelta(hours=3.5)
        told = {"number": NUMBER, "starts": starts.isoformat(), "ends": ends.isoformat()}
        known = {"file": FILE_ID, "party": PARTY, "language": "fr", "topic": "", "made": self.now.isoformat()}
        key = f"callback {CALL} {changes.get('number', NUMBER)}"
        with self.line.app.extensions["bridge"].database.on_cursor("durable") as transaction:
            self.promises.add(transaction, NewCallback(key, "demo", starts, ends, b"", self.now))
        return key, {**told, **known, "promise": key, **changes}

    def promised(self) -> CallbackEntry:
        """The only promise in the report."""
        [entry] = self.report()
        return entry

    def report(self) -> list[CallbackEntry]:
        """All promises of the last month."""
        return self.promises.report(self.now - timedelta(days=30))

    def _jobs(self) -> list[Any]:
        """Every row: the outbox itself tells ids of dead letters only."""
        with self.line.app.extensions["bridge"].database.reading() as connection:
            return list(connection.execute(select(outbox.c.id)))


def _killing(patch: pytest.MonkeyPatch, kill: str) -> None:
    """Have the process die once, the next time it comes to this point."""
    name, when = KILLS[kill]
    original = getattr(Outbox, name)
    alive = [True]

    def dying(box: Outbox, job: Job, now: datetime, **more: Any) -> bool:  # noqa: ANN401 - the outbox's
        first, alive[:] = bool(alive), []
        if first and when == "before":
            raise _Killed
        changed: bool = original(box, job, now, **more)
        if first:
            raise _Killed
        return changed

    patch.setattr(Outbox, name, dying)
