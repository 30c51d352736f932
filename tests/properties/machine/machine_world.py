"""Two workers of the line over one database, their Tagor, and the people of one story."""

import logging
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from itertools import count
from threading import Event
from typing import TYPE_CHECKING

from bridge.clock import Clock
from bridge.simulators.provider.wire import Form, NoAnswer, Post, Reply
from bridge.simulators.tagor import Case, StandIn

if TYPE_CHECKING:
    from tests.conftest import Line

TABLES = ("turns", "calls", "pin_attempts", "decisions", "outbox", "callbacks")
LANGUAGES = {"Dut": "nl", "Frn": "fr", "Ger": "de", "Eng": "en"}
DIED = 11206
PATIENCE = 60.0
"""Seconds until a decision that is never sent fails its test, however slow the machine's disk."""

_numbers = count(1)


class Killed(BaseException):
    """The worker is gone in the midst of a turn; no code of the bridge may notice."""


@dataclass(frozen=True)
class Person:
    """A defendant with a file of their own; `creditor` is named on no other file."""

    case: Case

    @property
    def creditor(self) -> str:
        """Who is owed: heard by this file's caller only."""
        return self.case.creditor


def person(tagor: StandIn, language: str) -> Person:
    """Put one more defendant into Tagor's books."""
    number = next(_numbers)
    case = Case(
        note="One of a story.",
        name=f"Testpersoon {number}",
        phone=f"+32472{number:06d}",
        tagor_language=language,
        file=f"4{number:07d}",
        file_id=f"94000000000000{number:05d}",
        party_id=f"95000000000000{number:05d}",
        reference=f"99{number:05d}",
        pin=f"{700_000 + number:06d}",
        house_number="7",
        balance=Decimal("1234.56"),
        creditor=f"Schuldeiser Nummer {number:05d}",
    )
    tagor.controls.add_case(case)
    return Person(case)


class World:
    """What a story is played in; `doomed` names the boundary of a turn at which the next worker dies."""

    def __init__(self, line: "Line", log: StringIO) -> None:
        self.line, self.tagor, self.log = line, line.tagor, log
        self.doomed, self.turn, self.deaths = "", 0, 0
        self._idle = Event()
        self._posts: list[Post] = [line.post, line.post]
        self._settlers: list[Callable[[], int]] = [lambda: 0, lambda: 0]
        for worker in range(2):
            self.restart(worker)

    def begin(self) -> None:
        """Empty books, a Tagor in good health, nobody doomed."""
        self.doomed, self.turn, self.deaths = "", 0, 0
        self._idle.set()
        with closing(sqlite3.connect(self.line.database)) as books, books:
            for table in TABLES:
                books.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        self.tagor.clear_faults()
        self.tagor.clear_journal()
        self.log.seek(0)
        self.log.truncate()

    def restart(self, worker: int) -> None:
        """Drop one worker's app, with all it remembers, and put a new one in its place."""
        clock = self.line.clock
        self.line.start(Clock(clock.now, clock.monotonic, self._sleep, self._passed))
        self._posts[worker] = self.line.post
        self._settlers[worker] = self.line.app.extensions["bridge"].reconciler.round
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(self.log)  # the app has just set its own

    def post(self, url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        """Deliver a webhook to the other worker than the last time; NoAnswer when that one dies over it."""
        self.turn += 1
        try:
            return self._posts[self.turn % 2](url, form, headers)
        except Killed:
            self.doomed = ""
            self.deaths += 1
            self.restart(self.turn % 2)
            raise NoAnswer("broken", DIED, "the worker died") from None

    def settle(self) -> None:
        """Let the workers look after what is unsettled, a minute later."""
        self._idle.wait(PATIENCE)
        self.line.clock.move(minutes=1)
        for settle in self._settlers:
            settle()

    def _passed(self, boundary: str) -> None:
        if boundary.endswith(": written"):
            self._idle.clear()
        elif boundary.endswith(": settled"):
            self._idle.set()
        if boundary == self.doomed:
            raise Killed

    def _sleep(self, seconds: float) -> None:
        """Wait without waiting, but never overtake who is sending a decision."""
        assert self._idle.wait(PATIENCE), "the decision was never sent"
        self.line.clock.sleep(seconds)
