"""One worker process of the bridge, put together as always, but living on the stage."""

import logging
import os
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from flask import Flask
from simulation_office import ENVIRON
from simulation_stage import Actors, Process
from simulation_store import TroubledDatabase

import bridge.afterwards
import bridge.app
from bridge.carrier.shelf import Shelf
from bridge.carrier.wire import Post, wsgi
from bridge.clocks import Clocks
from bridge.conversation.decider import Decider
from bridge.conversation.even import EvenTime
from bridge.store.database import Database
from bridge.store.errors import StoreDown
from bridge.telephony.recordings import Gone

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulation_line import Simulated

EVERY = 0.5
"""Seconds between two rounds of a settler."""


class Errors(logging.Handler):
    """Keeps what the bridge logs as errors."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.kept: list[str] = []

    def listen(self) -> None:
        """Hear everything that is logged from now on, and nobody else."""
        root = logging.getLogger()
        root.handlers[:] = [self]
        root.setLevel(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the event, and what was the trouble."""
        event = record.msg if isinstance(record.msg, dict) else {"event": record.getMessage()}
        told = (str(event[name]) for name in ("event", "trouble", "where") if name in event)
        self.kept.append(" ".join(told))


class Tapes:
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


class Worker:
    """A process with its settler in the background; `parked` while that has nothing to do, until `woken`."""

    def __init__(self, line: "Simulated") -> None:
        self.process = Process(line.stage)
        self.parked = False
        self.woken: Callable[[], None] = lambda: None
        self._line = line
        self._databases: list[Database] = []
        self._evens: list[EvenTime] = []
        app = self._put_together()
        self._settler, self._courier = app.extensions["settler"], app.extensions["courier"]
        self.post: Post = wsgi(app)
        line.stage.spawn(self.process, self._settle)

    def begin(self) -> None:
        """Forget what time has been told so far, and what should have become of it."""
        self.process.doomed = ""
        self._settler._swept = 0.0
        for even in self._evens:
            even._took.clear()
            even._random.seed(0)

    def end(self) -> None:
        """Be killed, and leave the rest to the system."""
        self.process.kill()
        for database in self._databases:
            database.close()

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
        line, put_up = self._line, bridge.app._branch
        parts = {
            "Database": self._database,
            "EvenTime": self._even,
            "Decider": partial(Decider, senders=Actors(line.stage, self.process)),
            "Catalogue": SimpleNamespace(
                load=lambda _: line.words
            ),  # read and proved once, not by every worker
            "NoteBook": SimpleNamespace(load=lambda _: line.notes),
            "prove": lambda *_: None,
            "_branch": lambda *given: replace(put_up(*given), pool=Actors(line.stage, self.process)),
        }
        tapes = Tapes(line.shelf)
        with ExitStack() as stack:
            stack.enter_context(patch.dict(os.environ, TAGOR_KEY=ENVIRON["TAGOR_KEY"]))
            stack.enter_context(patch.object(bridge.afterwards, "Recordings", lambda *_, **__: tapes))
            for name, part in parts.items():
                stack.enter_context(patch.object(bridge.app, name, part))
            clocks = Clocks(line.now, line.stage.ticks, line.stage.sleep, self.process.passed)
            app = bridge.app.create_app(line.settings, clocks)
        line.errors.listen()  # the app has set its own
        return app

    def _database(self, *arguments: Any, **options: Any) -> Database:  # noqa: ANN401 - the store's
        database = TroubledDatabase(self._line.trouble, self._line.written, *arguments, **options)
        self._databases.append(database)
        return database

    def _even(self, **options: Any) -> EvenTime:  # noqa: ANN401 - the conversation's
        self._evens.append(EvenTime(**options, seed=0))
        return self._evens[-1]
