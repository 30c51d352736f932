"""Simulates a deployment: two worker processes over one database, and the office's Tagor."""

import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import voice_flows
from bridge.app.create import offices_of
from bridge.app.overrides import Speech
from bridge.app.rendering import fallback_documents, renderer_of
from bridge.simulators.provider.recording_store import ProviderRecordings
from bridge.simulators.provider.wire import Form, NoAnswer, Reply
from bridge.simulators.rehearsal.world.faulty_database import DatabaseFault
from bridge.simulators.rehearsal.world.in_process_transport import InProcessTransport
from bridge.simulators.rehearsal.world.offices import ENVIRON, OFFICES, office_tagor, settings_in
from bridge.simulators.rehearsal.world.simulated_worker import ErrorLog, SimulatedWorker
from bridge.simulators.rehearsal.world.virtual_time import ProcessKilled, VirtualTime
from bridge.simulators.tagor import CASES, Case
from bridge.speech import Catalogue, NoteBook
from bridge.store.migrate import migrate

if TYPE_CHECKING:
    from bridge.conversation.reply import AnswerRenderer
    from bridge.store.database import Database

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'alembic_version'"
SPOILING_STATEMENTS = {
    "gone": "DELETE FROM calls",
    "corrupt": "UPDATE calls SET state = x'00ff' WHERE state IS NOT NULL",
    "corrupt_decisions": "UPDATE decisions SET payload = x'00ff'",
}
LONGEST = 4 * 3600.0
"""Seconds in which everything must be settled: a quarter of an hour, and a clock that was set back."""


MAX_CLOCK_ERROR = 3600.0
"""Seconds by which the bridge's clock may be wrong: after two hours a call counts as given up."""


RETENTION = 24 * 3600.0
"""Seconds after which nothing of a call may be left, whatever happened to it."""


SWEPT_BY = 90.0
"""Seconds after which a worker sweeps again."""


class SimulatedDeployment:
    """Holds one office's deployment; `office` is one of `OFFICES`.

    `now` is the bridge's own idea of the time, which may jump; Tagor's clock never does.
    """

    def __init__(self, time: VirtualTime, folder: Path, office: str, errors: ErrorLog) -> None:
        self.time, self.database_fault, self.errors = time, DatabaseFault(time), errors
        self._start, self._jumped, self._clock_error = EPOCH, 0.0, 0.0
        self._due: int | None = None
        self.file = ""
        self.unwiped = self.unwiped_for_good = 0
        self.tagor = office_tagor(OFFICES[office], self.tagor_now)
        self._empty_tagor = sqlite3.connect(":memory:", check_same_thread=False)
        self._tagor_connection.backup(self._empty_tagor)
        self.transport = InProcessTransport(time, self.tagor)
        self.script = _speech()
        self.recordings = ProviderRecordings()
        self.settings = settings_in(folder / office, OFFICES[office])
        migrate(self.settings.database_url.get_secret_value())
        database_file = folder / office / "bridge.db"
        self._connection = sqlite3.connect(database_file, isolation_level=None, check_same_thread=False)
        self.offices = offices_of(self.settings, ENVIRON)
        [self.office] = self.offices
        self.cases: tuple[Case, ...] = CASES
        self.renderers: Mapping[str, AnswerRenderer] = {
            self.office.key: renderer_of(self.settings, self.office, self.script.words)
        }
        self.fallback_documents = fallback_documents(self.settings, self.script.words, self.offices)
        self.fallback_document = self.fallback_documents.for_number(self.office.numbers[0])
        self._tables = [name for (name,) in self._connection.execute(TABLES)]
        self._workers: list[SimulatedWorker | None] = [None, None]
        self._retired: list[SimulatedWorker] = []
        self.databases: list[Database] = []  # for the next worker: SQLAlchemy learns slowly

    @property
    def _tagor_connection(self) -> sqlite3.Connection:
        return self.tagor.tagor.database._connection  # noqa: SLF001 - the stand-in has no other way to begin anew

    def begin(self, start: datetime, file: str, balance: Decimal) -> None:
        """Start anew at this moment: new workers, empty databases on both sides and one file's balance."""
        self.time.begin()
        self._start, self._jumped, self._clock_error, self._due = start, 0.0, 0.0, None
        for table in self._tables:
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        self._empty_tagor.backup(self._tagor_connection)
        self.file = file
        self.tagor.controls.change(file, balance=balance)
        self.tagor.clear_journal()
        self.errors.messages.clear()
        self._workers = [SimulatedWorker(self), SimulatedWorker(self)]

    def end(self) -> None:
        """Take every fault away and let time pass until nothing is left to be done."""
        self.unwiped = self._count_unwiped()
        self.tagor.clear_faults()
        self.transport.down, self.transport.slow, self.database_fault.now = False, 0.0, ""
        self.transport.unreachable.clear()
        while not self._nothing_due() and self.time.seconds < LONGEST:
            self.time.sleep(60.0 if self._next_due() is not None else 2.0)
        self.let_pass(RETENTION)
        self.unwiped_for_good = self._count_unwiped()

    def let_pass(self, seconds: float) -> None:
        """Let so much time pass in which nobody phones, and sweep once at its end as every worker does."""
        self._jumped += seconds
        self.time.sleep(SWEPT_BY)
        sweeper = self.worker(0)
        self.time.run_in(sweeper.process, sweeper.sweep)

    def close(self) -> None:
        """Close the deployment for good."""
        self.stop_workers()
        self.time.close()
        self.tagor.close()
        for database in self.databases:
            database.close()
        for database_file in (self._connection, self._empty_tagor):
            database_file.close()

    def stop_workers(self) -> None:
        """End every worker."""
        for worker in [*self._retired, *self._workers]:
            if worker is not None:
                worker.end()
        self._retired, self._workers = [], [None, None]
        self.time.sleep(0.0)

    def _nothing_due(self) -> bool:
        alive = [*self._alive(), *self._retired]
        return all(worker.parked for worker in alive) and self.time.busy == len(alive)

    def _alive(self) -> list[SimulatedWorker]:
        return [worker for worker in self._workers if worker is not None and worker.process.alive]

    def now(self) -> datetime:
        """Return the time as the bridge has it."""
        return self._start + timedelta(seconds=self.time.seconds + self._jumped)

    def tagor_now(self) -> datetime:
        """Return the time as Tagor has it."""
        return self._start + timedelta(seconds=self.time.seconds)

    def jump(self, seconds: float) -> None:
        """Set the bridge's clock forward, or back, until it is wrong by `MAX_CLOCK_ERROR`."""
        error = max(-MAX_CLOCK_ERROR, min(MAX_CLOCK_ERROR, self._clock_error + seconds))
        self._jumped += error - self._clock_error
        self._clock_error = error
        self.wake()

    def wake(self) -> None:
        """Wake every background worker, which then sees what is due."""
        for worker in [*self._alive(), *self._retired]:
            worker.woken()

    def on_commit(self) -> None:
        """Wake the background workers after a commit if something is due earlier now."""
        if (due := self._next_due()) != self._due:
            self._due = due
            self.wake()

    def worker(self, number: int) -> SimulatedWorker:
        """Return a living worker; a dead one is started anew."""
        worker = self._workers[number]
        if worker is None or not worker.process.alive:
            if worker is not None:
                worker.end()
            worker = self._workers[number] = SimulatedWorker(self)
        return worker

    def restart(self, number: int, *, kill: bool) -> None:
        """Replace a worker: killed wherever it is, or left to finish what it is doing."""
        worker = self.worker(number)
        if kill:
            worker.end()
        else:
            self._retired.append(worker)
        self._workers[number] = SimulatedWorker(self)

    def post(self, number: int, url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        """Post a webhook to a worker; raises NoAnswer when it dies of it."""
        worker = self.worker(number)
        try:
            reply: Reply = self.time.run_in(worker.process, lambda: worker.post(url, form, headers))
        except ProcessKilled:
            self.worker(number)  # another one begins; whoever else was with the dead one finds it there
            raise NoAnswer("broken", 11206, "the worker was killed") from None
        return reply

    def seconds_until_due(self) -> float | None:
        """Return the seconds until a decision or a job is due, None when none is open."""
        self._due = due = self._next_due()
        if due is None:
            return None
        return (EPOCH + timedelta(microseconds=due) - self.now()).total_seconds()

    def _next_due(self) -> int | None:
        due_times = (
            "SELECT next_check_at FROM decisions UNION ALL SELECT due_at FROM outbox WHERE state = 'ready'"
        )
        [due] = self._connection.execute(f"SELECT min(next_check_at) FROM ({due_times})").fetchone()  # noqa: S608 - ours
        return None if due is None else int(due)

    def snapshot(self) -> Callable[[], None]:
        """Copy the database as it is now, and return what restores it, as after a lost second."""
        messages = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.backup(messages)

        def restore() -> None:
            for worker in self._alive():
                worker.end()
            messages.backup(self._connection)
            messages.close()

        return restore

    def spoil(self, what: str) -> None:
        """Harm the database: the calls' rows are `gone`, their state or the decisions are `corrupt`."""
        self._connection.execute(SPOILING_STATEMENTS[what])

    def _count_unwiped(self) -> int:
        query = "SELECT count(*) FROM calls WHERE state IS NOT NULL"
        return int(self._connection.execute(query).fetchone()[0])

    def counted_tries(self) -> int:
        """Return how many tries of a PIN stay counted."""
        return int(self._connection.execute("SELECT count(*) FROM pin_attempts").fetchone()[0])

    def decisions(self, which: str) -> int:
        """Return how many decisions there are for which this SQL condition holds."""
        query = f"SELECT count(*) FROM decisions WHERE {which}"  # noqa: S608 - our own words
        return int(self._connection.execute(query).fetchone()[0])

    def jobs(self, which: str) -> int:
        """Return how many jobs of the outbox there are for which this SQL condition holds."""
        query = f"SELECT count(*) FROM outbox WHERE {which}"  # noqa: S608 - our own words
        return int(self._connection.execute(query).fetchone()[0])


@cache
def _speech() -> Speech:
    """Read the words and notes once in a process: those of every office are the same."""
    return Speech(Catalogue.load(voice_flows.PROMPTS), NoteBook.load(voice_flows.NOTES))
