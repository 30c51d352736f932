"""Simulates one worker process: the real application, with its threads in virtual time."""

import json
import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from flask import Flask
from werkzeug.routing import Map, RuleFactory

from bridge.app.create import create_app
from bridge.app.overrides import Overrides
from bridge.clock import Clock
from bridge.conversation.constant_time import ConstantTime
from bridge.operations.logs import Line, start_logging
from bridge.simulators.provider.recording_store import ProviderRecordings
from bridge.simulators.provider.wire import Post, wsgi
from bridge.simulators.rehearsal.world.faulty_database import FaultyDatabase
from bridge.simulators.rehearsal.world.in_process_transport import InProcessAdapter
from bridge.simulators.rehearsal.world.offices import ENVIRON
from bridge.simulators.rehearsal.world.virtual_time import SimulatedFuture, SimulatedProcess, SimulatedThreads
from bridge.store.background import IDLE_SECONDS
from bridge.store.database import Database
from bridge.store.errors import StoreDown
from bridge.telephony.recordings import Gone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bridge.app.overrides import Speech
    from bridge.conversation.reply import AnswerRenderer
    from bridge.office.reading import Offices
    from bridge.settings import Settings
    from bridge.simulators.rehearsal.world.faulty_database import DatabaseFault
    from bridge.simulators.rehearsal.world.in_process_transport import InProcessTransport
    from bridge.simulators.rehearsal.world.virtual_time import VirtualTime
    from bridge.telephony.fallback_documents import FallbackDocuments


class ErrorLog(logging.Handler):
    """Keeps what the bridge logs as errors."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def attach(self, level: str = "ERROR") -> None:
        """Take over logging: every error that is logged from now on comes here."""
        start_logging(level)
        root = logging.getLogger()
        root.handlers[:] = [self]
        root.setLevel(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the event and what caused it."""
        event = json.loads(record.msg) if isinstance(record.msg, Line) else {"event": record.getMessage()}
        told = (str(event[name]) for name in ("event", "trouble", "where") if name in event)
        self.messages.append(" ".join(told))


class SimulatedRecordings:
    """Gives the bridge the provider's recordings without sockets."""

    def __init__(self, recordings: ProviderRecordings) -> None:
        self._shelf = recordings

    def of_call(self, call_id: str) -> list[str]:
        """Return the ids of a call's recordings, the newest first."""
        return [one.id for one in reversed(self._shelf.of_call(call_id))]

    def fetch(self, recording_id: str) -> bytes:
        """Return the sound; raises Gone when it is deleted."""
        if (found := self._shelf.get(recording_id)) is None:
            raise Gone("deleted")
        return found.sound

    def delete(self, recording_id: str) -> None:
        """Delete it."""
        self._shelf.remove(recording_id)


class SharedRoutes(Map):
    """Holds the routes of every worker, which are the same: compiling them takes half of an app's start."""

    def add(self, rulefactory: RuleFactory) -> None:
        """Add the rules that no worker has brought before."""
        known = {(rule.rule, rule.endpoint) for rule in self.iter_rules()}
        for rule in rulefactory.get_rules(self):
            if (rule.rule, rule.endpoint) not in known:
                super().add(rule)


ROUTES = SharedRoutes()


class SimulatedFlask(Flask):
    """Is an application whose routes are compiled once for all workers."""

    url_map_class = staticmethod(lambda **_: ROUTES)  # type: ignore[assignment]  # called as a class is


class WorkerEnvironment(Protocol):
    """Says what a worker needs to know of its `SimulatedDeployment`."""

    time: "VirtualTime"
    database_fault: "DatabaseFault"
    errors: ErrorLog
    transport: "InProcessTransport"
    recordings: ProviderRecordings
    script: "Speech"
    offices: "Offices"
    settings: "Settings"
    databases: list[Database]
    renderers: "Mapping[str, AnswerRenderer]"
    fallback_documents: "FallbackDocuments"

    def now(self) -> "datetime":
        """Return the time as the bridge has it."""

    def on_commit(self) -> None:
        """Take note of a durable commit."""

    def seconds_until_due(self) -> float | None:
        """Return the seconds until something is due."""


class SimulatedWorker:
    """Runs a process with its background work; `parked` while that has nothing to do, until `woken`."""

    def __init__(self, deployment: WorkerEnvironment) -> None:
        self.process = SimulatedProcess(deployment.time)
        self.parked = False
        self.woken: Callable[[], None] = lambda: None
        self._deployment = deployment
        self._databases: list[Database] = []
        app = self._put_together()
        bridge = app.extensions["bridge"]
        self._reconciler, self._outbox_worker = bridge.reconciler, bridge.outbox_worker
        self.post: Post = wsgi(app)
        deployment.time.start_thread(self.process, self._work_in_background)

    def end(self) -> None:
        """Kill the process; the next one gets its databases, whose connections are slow to open.

        None of them has a transaction open: whoever had one gives it up as it is killed.
        """
        self.process.kill()
        self._deployment.databases += self._databases
        self._databases.clear()

    def sweep(self) -> None:
        """Delete what the database has kept long enough."""
        self._reconciler.sweep()

    def _work_in_background(self) -> None:
        """Reconcile and deliver as the bridge does every half second, but only when something is due."""
        time, seconds_until_due = self._deployment.time, self._deployment.seconds_until_due
        while True:
            while (ahead := seconds_until_due()) is None or ahead > 0:
                self.woken, self.parked = time.waker(), ahead is None
                time.wait(ahead)
                self.parked = False
            with suppress(StoreDown):
                self._reconciler.round()
                self._outbox_worker.round()
                self._reconciler.sweep()
            time.sleep(IDLE_SECONDS)

    def _put_together(self) -> Flask:
        """Return the real application; its threads, its time and its faults are simulated."""
        deployment, process = self._deployment, self.process
        parts = Overrides(
            speech=deployment.script,  # read and proved once, not by every worker
            offices=deployment.offices,
            renderers=deployment.renderers,
            fallback_documents=deployment.fallback_documents,
            flask=SimulatedFlask,
            database=self._database,
            constant_time=partial(ConstantTime, seed=0),
            executor=lambda _threads, _name: SimulatedThreads(deployment.time, process),
            promise=partial(SimulatedFuture, deployment.time),
            adapters=lambda _trust, _connections: InProcessAdapter(deployment.transport),
            recordings=SimulatedRecordings(deployment.recordings),
            start_logging=deployment.errors.attach,
        )
        clock = Clock(deployment.now, deployment.time.monotonic, deployment.time.sleep, process.passed)
        return create_app(deployment.settings, clock, ENVIRON, parts)

    def _database(self, *arguments: Any, **options: Any) -> Database:  # noqa: ANN401 - the store's
        deployment = self._deployment
        if not deployment.databases:
            with deployment.database_fault.suspended():
                deployment.databases.append(
                    FaultyDatabase(deployment.database_fault, deployment.on_commit, *arguments, **options)
                )
        self._databases.append(deployment.databases.pop())
        return self._databases[-1]
