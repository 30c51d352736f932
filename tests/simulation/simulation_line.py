"""The line under simulation: one or two worker processes over one database, and the office's Tagor."""

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from types import SimpleNamespace
from unittest.mock import patch

import bridge.app
import voice_flows
from bridge.app import Clocks, create_app
from bridge.carrier.account import Line as Number
from bridge.carrier.wire import Form, NoAnswer, Post, Reply, wsgi
from bridge.conversation.decider import Decider
from bridge.conversation.even import EvenTime
from bridge.settings import Settings
from bridge.speech import Catalogue
from bridge.standin import CASES, StandIn
from bridge.store.database import Database
from bridge.store.errors import StoreDown
from bridge.store.migrate import migrate
from simulation_stage import Actors, Killed, Process, Stage
from simulation_store import Trouble, TroubledDatabase
from simulation_tagor import Way

ROOT = Path(__file__).parents[2]
PUBLIC = "https://line.example.be"
SWITCHBOARD = "+3220000010"
ENVIRON = {
    "BRIDGE_DEMO": "1",
    "BRIDGE_PUBLIC_URL": PUBLIC,
    "BRIDGE_SECRET": "the secret of a line that is only ever simulated",
    "BRIDGE_ACCOUNT": "AC" + "0a1b2c3d" * 4,
    "BRIDGE_TOKENS": "3f1e5a7b9c2d4068",
    "BRIDGE_LOG_LEVEL": "ERROR",
    "TAGOR_KEY": "stand-in-api-key",
}
NUMBER = Number(
    voice_url=f"{PUBLIC}/voice",
    account_sid=ENVIRON["BRIDGE_ACCOUNT"],
    auth_token=ENVIRON["BRIDGE_TOKENS"],
    number="+3220000001",
    fallback_url=f"{PUBLIC}/voice/fallback",
    status_url=f"{PUBLIC}/voice/status",
    owned=frozenset({SWITCHBOARD}),
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EVERY = 0.5
"""Seconds between two rounds of a settler."""
LONGEST = 4 * 3600.0
"""Seconds in which everything must be settled: a quarter of an hour, and a clock that was set back."""

OFFICES = {
    "plain": ({}, {}, {}),
    "guarded": (
        {"replace = true": "replace = false", "# pin_scheme = true": "pin_scheme = true"},
        {"generation": "1.08"},
        {358: "true"},
    ),
}
"""Kinds of office: changes to the demo's file, the stand-in's options, parameters of its Tagor."""

CANARIES = {case.file: f"Kanarie {case.file[::-1].translate(str.maketrans('0123456789', 'abcdefghij'))}" for case in CASES}


class Worker:
    """One process of the bridge, with the settler it runs in the background; `parked` while that has no work."""

    def __init__(self, line: "Simulated") -> None:
        self.process = Process(line.stage)
        self.parked, self.woken = False, lambda: None
        self._line = line
        with line.parts_for(self.process) as (databases, evens):
            clocks = Clocks(line.now, line.stage.ticks, line.stage.sleep, self.process.passed)
            app = create_app(line.settings, clocks)
        self._databases, self._evens = databases, evens
        self.settler = app.extensions["settler"]
        self.post: Post = wsgi(app)
        line.stage.spawn(self.process, self._settle)

    def begin(self) -> None:
        """Forget what time has been told so far."""
        self.settler._swept = 0.0
        for even in self._evens:
            even._took.clear()
            even._random.seed(0)

    def end(self) -> None:
        """Be killed, and leave the rest to the system."""
        self.process.kill()
        for database in self._databases:
            database.close()

    def _settle(self) -> None:
        """Settle as the bridge does every half second, but only when there is something to settle."""
        stage, pause = self._line.stage, self._line.until_next_look
        while True:
            while (ahead := pause()) is None or ahead > 0:
                self.woken, self.parked = stage.here(), ahead is None
                stage.wait(ahead)
                self.parked = False
            with suppress(StoreDown):
                self.settler.round()
                self.settler.sweep()
            stage.sleep(EVERY)


class Errors(logging.Handler):
    """Keeps what the bridge logs as errors."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the event, and what was the trouble."""
        event = record.msg if isinstance(record.msg, dict) else {"event": record.getMessage()}
        self.kept.append(" ".join(str(event[name]) for name in ("event", "trouble", "where") if name in event))


class Simulated:
    """One office's line; `office` is one of `OFFICES`.

    `now` is the bridge's own idea of the time, which may jump; Tagor's clock never does.
    """

    def __init__(self, stage: Stage, folder: Path, office: str, errors: Errors) -> None:
        sheet, options, parameters = OFFICES[office]
        self.stage, self.trouble, self.errors = stage, Trouble(stage), errors
        self._start, self._jumped, self._due = EPOCH, 0.0, None
        self.tagor = StandIn(clock=self.tagor_now, **options)
        for file, creditor in CANARIES.items():
            self.tagor.change(file, creditor=creditor)
        for number, value in parameters.items():
            self.tagor.parameter(number, value)
        self._pristine = sqlite3.connect(":memory:", check_same_thread=False)
        self._tagors_books.backup(self._pristine)
        self.way = Way(stage, self.tagor)
        self.words = Catalogue.load(voice_flows.PROMPTS)
        self.settings = Settings.read(_environ(folder / office, sheet))
        migrate(self.settings.database_url.get_secret_value())
        self._books = sqlite3.connect(folder / office / "bridge.db", isolation_level=None, check_same_thread=False)
        with patch.dict(os.environ, TAGOR_KEY=ENVIRON["TAGOR_KEY"]):
            [read] = bridge.app.offices_of(self.settings)
        self.last_words = bridge.app._last_words(self.settings, self.words, read)
        self._workers: list[Worker | None] = [None, None]
        self._retired: list[Worker] = []

    @property
    def _tagors_books(self) -> sqlite3.Connection:
        return self.tagor.tagor.database._connection

    def begin(self, start: datetime, file: str, balance: Decimal) -> None:
        """Start anew at this moment, with empty books on both sides and one file's balance."""
        self.stage.begin()
        self._start, self._jumped, self._due = start, 0.0, None
        for table in ("turns", "calls", "pin_tries", "decisions"):
            self._books.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        self._pristine.backup(self._tagors_books)
        self.tagor.change(file, balance=balance)
        self.tagor.clear_journal()
        self.errors.kept.clear()
        for worker in self._alive():
            worker.begin()

    def end(self) -> None:
        """Take every trouble away and let time pass until nothing is left to be done, for four hours at most."""
        self.tagor.clear_faults()
        self.way.down, self.way.slow, self.trouble.now = False, 0.0, ""
        while not self._quiet() and self.stage.seconds < LONGEST:
            self.stage.sleep(30.0 if self.decisions("settled_at IS NULL") else 2.0)
        for worker in self._retired:
            worker.end()
        self._retired.clear()
        self.stage.sleep(0.0)

    def close(self) -> None:
        """Close the line for good."""
        for worker in self._alive():
            worker.end()
        self.stage.sleep(0.0)
        self.stage.close()
        self.tagor.close()
        for books in (self._books, self._pristine):
            books.close()

    def _quiet(self) -> bool:
        alive = [*self._alive(), *self._retired]
        return all(worker.parked for worker in alive) and self.stage.busy == len(alive)

    def _alive(self) -> list[Worker]:
        return [worker for worker in self._workers if worker is not None and worker.process.alive]

    def now(self) -> datetime:
        """The time as the bridge has it."""
        return self._start + timedelta(seconds=self.stage.seconds + self._jumped)

    def tagor_now(self) -> datetime:
        """The time as Tagor has it."""
        return self._start + timedelta(seconds=self.stage.seconds)

    def jump(self, seconds: float) -> None:
        """Set the bridge's clock forward, or back."""
        self._jumped += seconds
        self.wake()

    def wake(self) -> None:
        """Let every settler look when there is something to do."""
        for worker in [*self._alive(), *self._retired]:
            worker.woken()

    def written(self) -> None:
        """Something was written down for good: the settlers may have to look earlier."""
        if (due := self._next_look()) != self._due:
            self._due = due
            self.wake()

    def worker(self, number: int) -> Worker:
        """A living worker, started anew when it has died."""
        worker = self._workers[number]
        if worker is None or not worker.process.alive:
            if worker is not None:
                worker.end()
            worker = self._workers[number] = Worker(self)
        return worker

    def restart(self, number: int, *, kill: bool) -> None:
        """Replace a worker: killed wherever it is, or left to finish what it is doing."""
        worker = self.worker(number)
        if kill:
            worker.end()
        else:
            self._retired.append(worker)
        self._workers[number] = Worker(self)

    def post(self, number: int, url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        """Post a webhook to a worker; raises NoAnswer when it dies of it."""
        worker = self.worker(number)
        try:
            reply: Reply = self.stage.within(worker.process, lambda: worker.post(url, form, headers))
        except Killed:
            self.restart(number, kill=True)
            raise NoAnswer("broken", 11206, "the worker was killed") from None
        return reply

    def until_next_look(self) -> float | None:
        """Seconds until a decision is due, None when none ever will be."""
        self._due = due = self._next_look()
        if due is None:
            return None
        return (EPOCH + timedelta(microseconds=due) - self.now()).total_seconds()

    def _next_look(self) -> int | None:
        [due] = self._books.execute("SELECT min(next_look_at) FROM decisions").fetchone()
        return None if due is None else int(due)

    def decisions(self, which: str) -> int:
        """How many decisions there are of which this holds, in the journal's own words."""
        [number] = self._books.execute(f"SELECT count(*) FROM decisions WHERE {which}").fetchone()  # noqa: S608 - our own words
        return int(number)

    @contextmanager
    def parts_for(self, process: Process) -> Iterator[tuple[list[Database], list[EvenTime]]]:
        """While the app puts its parts together, give it those that live on the stage; two kinds are kept."""
        databases: list[Database] = []
        evens: list[EvenTime] = []
        put_up = bridge.app._branch

        def database(*arguments: Any, **options: Any) -> Database:  # noqa: ANN401 - the store's
            databases.append(TroubledDatabase(self.trouble, self.written, *arguments, **options))
            return databases[-1]

        def even(**options: Any) -> EvenTime:  # noqa: ANN401 - the conversation's
            evens.append(EvenTime(**options, seed=0))
            return evens[-1]

        parts = {
            "Database": database,
            "EvenTime": even,
            "Decider": partial(Decider, senders=Actors(self.stage, process)),
            "Catalogue": SimpleNamespace(load=lambda _: self.words),
            "prove": lambda *_: None,
            "_branch": lambda *all_of_it: replace(put_up(*all_of_it), pool=Actors(self.stage, process)),
        }
        with ExitStack() as stack:
            stack.enter_context(patch.dict(os.environ, TAGOR_KEY=ENVIRON["TAGOR_KEY"]))
            for name, part in parts.items():
                stack.enter_context(patch.object(bridge.app, name, part))
            yield databases, evens
        logging.getLogger().handlers[:] = [self.errors]


def _environ(folder: Path, sheet: Mapping[str, str]) -> dict[str, str]:
    text = (ROOT / "offices" / "demo.toml").read_text(encoding="utf-8")
    for old, new in sheet.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "offices").mkdir(parents=True)
    (folder / "offices" / "demo.toml").write_text(text, encoding="utf-8")
    paths = {"BRIDGE_OFFICES": str(folder / "offices"), "DATABASE_URL": f"sqlite:///{folder}/bridge.db"}
    return ENVIRON | paths
