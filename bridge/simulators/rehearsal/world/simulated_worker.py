"""One worker process of the bridge, put together as always, but living on the stage."""

import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from flask import Flask

from bridge.app.create import create_app
from bridge.app.overrides import Overrides
from bridge.clock import Clock
from bridge.conversation.constant_time import ConstantTime
from bridge.operations.logs import start_logging
from bridge.simulators.provider.recording_store import Shelf
from bridge.simulators.provider.wire import Post, wsgi
from bridge.simulators.rehearsal.world.faulty_database import TroubledDatabase
from bridge.simulators.rehearsal.world.in_process_transport import InProcess
from bridge.simulators.rehearsal.world.offices import ENVIRON
from bridge.simulators.rehearsal.world.virtual_time import Actors, Process, Promise
from bridge.store.background import EVERY
from bridge.store.database import Database
from bridge.store.errors import StoreDown
from bridge.telephony.recordings import Gone

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bridge.app.overrides import Speech
    from bridge.settings import Settings
    from bridge.simulators.rehearsal.world.faulty_database import Trouble
    from bridge.simulators.rehearsal.world.in_process_transport import Way
    from bridge.simulators.rehearsal.world.virtual_time import Stage


class Errors(logging.Handler):
    """Keeps what the bridge logs as errors."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.kept: list[str] = []

    def listen(self, level: str = "ERROR") -> None:
        """Hear everything that is logged from now on, and nobody else."""
        start_logging(level)
        root = logging.getLogger()
        root.handlers[:] = [self]
        root.setLevel(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the event, and what was the trouble."""
        event = record.msg if isinstance(record.msg, dict) else {"event": record.getMessage()}
        told = (str(event[name]) for name in ("event", "trouble", "where") if name in event)
        self.kept.append(" ".join(told))


class RecordingStore:
    """The provider's recordings without sockets."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def of_call(self, call_id: str) -> list[str]:
        """The newest first."""
        return [one.id for one in reversed(self._shelf.of_call(call_id))]

    def fetch(self, recording_id: str) -> bytes:
        """The sound; Gone when it is deleted."""
        if (found := self._shelf.get(recording_id)) is None:
            raise Gone("deleted")
        return found.sound

    def delete(self, recording_id: str) -> None:
        """Delete it."""
        self._shelf.remove(recording_id)


class Premises(Protocol):
    """Where workers work: a `bridge.simulators.rehearsal.world.simulated_deployment.Simulated`."""

    stage: "Stage"
    trouble: "Trouble"
    errors: Errors
    way: "Way"
    shelf: Shelf
    script: "Speech"
    settings: "Settings"
    databases: list[Database]

    def now(self) -> "datetime":
        """The time as the bridge has it."""

    def written(self) -> None:
        """Something was written down for good."""

    def until_next_look(self) -> float | None:
        """Seconds until something is due."""


class Worker:
    """A process with its settler in the background; `parked` while that has nothing to do, until `woken`."""

    def __init__(self, line: Premises) -> None:
        self.process = Process(line.stage)
        self.parked = False
        self.woken: Callable[[], None] = lambda: None
        self._line = line
        self._databases: list[Database] = []
        app = self._put_together()
        bridge = app.extensions["bridge"]
        self._settler, self._courier = bridge.reconciler, bridge.outbox_worker
        self.post: Post = wsgi(app)
        line.stage.spawn(self.process, self._settle)

    def end(self) -> None:
        """Be killed, and leave the rest to the system."""
        self.process.kill()
        while self._databases:
            database = self._databases.pop()
            database.close()
            self._line.databases.append(database)

    def _settle(self) -> None:
        """Settle and deliver as the bridge does every half second, but only when there is something to do."""
        stage, until_next_look = self._line.stage, self._line.until_next_look
        while True:
            while (ahead := until_next_look()) is None or ahead > 0:
                self.woken, self.parked = stage.here(), ahead is None
                stage.wait(ahead)
                self.parked = False
            with suppress(StoreDown):
                self._settler.round()
                self._courier.round()
                self._settler.sweep()
            stage.sleep(EVERY)

    def _put_together(self) -> Flask:
        """The real app; what it makes of threads, time and troubles is the stage's."""
        line, process = self._line, self.process
        parts = Overrides(
            speech=line.script,  # read and proved once, not by every worker
            database=self._database,
            constant_time=partial(ConstantTime, seed=0),
            executor=lambda _threads, _name: Actors(line.stage, process),
            promise=partial(Promise, line.stage),
            adapters=lambda _trust, _connections: InProcess(line.way),
            recordings=RecordingStore(line.shelf),
            start_logging=line.errors.listen,
        )
        clocks = Clock(line.now, line.stage.ticks, line.stage.sleep, process.passed)
        return create_app(line.settings, clocks, ENVIRON, parts)

    def _database(self, *arguments: Any, **options: Any) -> Database:  # noqa: ANN401 - the store's
        line = self._line
        if not line.databases:
            with line.trouble.spared():
                line.databases.append(TroubledDatabase(line.trouble, line.written, *arguments, **options))
        self._databases.append(line.databases.pop())
        return self._databases[-1]
