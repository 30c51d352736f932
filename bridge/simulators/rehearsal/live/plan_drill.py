"""Plays the plan drill on real processes: a death cuts a call off, and its caller phones again."""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from random import Random
from urllib.parse import urlsplit

from bridge.app.create import offices_of
from bridge.settings import Settings
from bridge.simulators.provider.caller_actions import GatherWait
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.script import perform
from bridge.simulators.provider.wire import Post
from bridge.simulators.rehearsal.judging.invariants import Invariants
from bridge.simulators.rehearsal.judging.observations import ObservedCall
from bridge.simulators.rehearsal.judging.prompt_recognition import PromptRecognizer
from bridge.simulators.rehearsal.judging.write_judge import KINDS
from bridge.simulators.rehearsal.live.crashing_app import AHEAD, ARMED, DOOMED
from bridge.simulators.rehearsal.live.machine import until
from bridge.simulators.rehearsal.live.plan_cells import ALL, PlanCell
from bridge.simulators.rehearsal.live.repeating_provider import RepeatingProvider
from bridge.simulators.rehearsal.live.router import Router
from bridge.simulators.rehearsal.live.site import LiveDeployment
from bridge.simulators.rehearsal.play.scripted_caller import Route, ScriptedCaller
from bridge.simulators.tagor import Case
from bridge.store.decision import CHECK_SCHEDULE, SENT_LEFT

APPLICATION = "bridge.simulators.rehearsal.live.crashing_app:wsgi()"
OPERATIONS = {kind: operation for operation, kind in KINDS.items()}
CONFIRMED_AT = "Agreement.read_back"
"""The question whose answer confirms a plan and, where Tagor takes those very terms, its approval."""
ROUTE: Route = {
    "Defendant.main": "1",
    "Balance.choose": "2/9",
    "StartDate.choose": "1",
    "Agreement.read_back": "1",
    "Agreement.agree": "1",
    "RunningPlan.replace": "3",
    "RunningPlan.keep": "2",
}
"""Somebody who confirms whatever plan is offered, and never ends one that runs."""
OFFERED: Route = ROUTE | {"Terms.choose": "1", "Terms.choose_one": "1"}
BY_AMOUNT: Route = ROUTE | {
    "Terms.choose": "3",
    "Terms.choose_one": "2",
    "OwnTerms.choose": "1",
    "OwnTerms.ask_amount": "150#",
}
LISTENS = 6.0
"""Seconds in which a caller hears a question to its end."""
KEPT_REPLIES = 3
"""Turns after which a repeated webhook gets what is being said now."""
LOOKED_BY = SENT_LEFT + timedelta(seconds=2)
"""How long after it was sent a decision has been checked once, whichever worker died."""
QUARTER = CHECK_SCHEDULE[-1] + timedelta(minutes=1)
SETTLED_BY = 45.0
"""Seconds in which everything that is due is settled, also after a lease that a dead worker held."""
KILLED = "was sent SIGKILL! Perhaps out of memory?"
"""What gunicorn logs of a worker that was killed."""


@dataclass(frozen=True, slots=True)
class PlayedCell:
    """Holds how a cell went: the broken promises, and the prompts that were heard in its two calls."""

    cell: PlanCell
    broken: Sequence[str]
    heard: Sequence[Sequence[str]] = field(default=())


class DrillLine:
    """Drives one machine whose workers can be killed at a step, and whose clock can be put forward.

    `Invariants` judges it; what it counts are the decisions since `begin`.
    """

    def __init__(self, deployment: LiveDeployment) -> None:
        self.deployment, self.tagor = deployment, deployment.tagor
        [self.machine] = deployment.machines
        [self.office] = offices_of(Settings.read(deployment.environ), deployment.environ)
        self.cases: tuple[Case, ...] = ()
        self._folder = deployment.folder
        self._ahead = timedelta(0)
        self._since = 0
        self.kills_before = 0

    def begin(self, case: Case) -> None:
        """Begin a cell about this file: no fault, no death, and what Tagor was asked is forgotten."""
        self.cases = (case,)
        self.disarm()
        self.tagor.clear_faults()
        self.tagor.clear_journal()
        self._since = int(self.now().timestamp() * 1_000_000)
        self.kills_before = self._kills()

    @property
    def killed(self) -> int:
        """Return how many workers have died since `begin`."""
        return self._kills() - self.kills_before

    def now(self) -> datetime:
        """Return the moment as the line has it."""
        return datetime.now(UTC) + self._ahead

    def tagor_now(self) -> datetime:
        """Return the moment as Tagor has it."""
        return datetime.now(UTC)

    def leap(self, span: timedelta) -> None:
        """Put the line's clock forward."""
        self._ahead += span
        self._write(AHEAD, str(self._ahead.total_seconds()))

    def arm(self, boundary: str, in_flight: str = "") -> None:
        """Let the next process that passes this boundary die there, or while Tagor is asked `in_flight`."""
        (self._folder / DOOMED).unlink(missing_ok=True)
        if in_flight:
            asked = self._asked(in_flight)
            threading.Thread(target=self._kill_in_flight, args=(in_flight, asked), daemon=True).start()
        self._write(ARMED, f"{boundary}\nin flight" if in_flight else boundary)

    def disarm(self) -> None:
        """Let nobody die from now on."""
        for name in (ARMED, DOOMED):
            (self._folder / name).unlink(missing_ok=True)

    def decisions(self, which: str) -> int:
        """Return how many decisions of this cell there are for which an SQL condition holds."""
        query = f"SELECT count(*) FROM decisions WHERE opened_at >= ? AND ({which})"  # noqa: S608 - our own words
        return self._count(query, self._since)

    def jobs(self, which: str) -> int:
        """Return how many jobs of the outbox there are for which an SQL condition holds."""
        return self._count(f"SELECT count(*) FROM outbox WHERE {which}")  # noqa: S608 - our own words

    def wait_until_settled(self) -> None:
        """Wait until every decision is settled and every note is written."""
        unsettled = "SELECT count(*) FROM decisions WHERE settled_at IS NULL"
        waiting = "SELECT count(*) FROM outbox WHERE state = 'ready'"
        until(lambda: not self._count(unsettled) and not self._count(waiting), SETTLED_BY)

    def _count(self, query: str, *values: int) -> int:
        with closing(sqlite3.connect(self._folder / "bridge.db", timeout=10)) as database:
            return int(database.execute(query, values).fetchone()[0])

    def _kills(self) -> int:
        return self.machine.log.count(KILLED)

    def _asked(self, operation: str) -> int:
        return sum(entry["operation"] == operation for entry in self.tagor.journal())

    def _write(self, name: str, text: str) -> None:
        """Write a file that a worker never sees half written."""
        (self._folder / "next").write_text(text)
        (self._folder / "next").rename(self._folder / name)

    def _kill_in_flight(self, operation: str, asked: int) -> None:
        doomed = self._folder / DOOMED
        if until(lambda: doomed.exists() and self._asked(operation) > asked):
            os.kill(int(doomed.read_text()), signal.SIGKILL)
            doomed.unlink()


class CellPlayer:
    """Plays one cell on a line that plays no other meanwhile.

    With `hurry` the line's clock is put forward in place of waiting for the first looks, and the caller
    presses at once.
    """

    def __init__(
        self, line: DrillLine, cell: PlanCell, recognizer: PromptRecognizer, seed: int, *, hurry: bool = False
    ) -> None:
        self._line, self._cell, self._seed, self._hurry = line, cell, seed, hurry
        self._case = line.deployment.open_file(ALL.index(cell))
        line.begin(self._case)
        self.invariants = Invariants(line, recognizer, line.now().date())
        record = self.invariants.record
        record.faulted = record.clock_jumped = record.end_unheard = True
        self._router = Router([line.machine.address])
        self._provider = RepeatingProvider(self._way(), cell.copies, cell.delay, self._recover)
        self._armed = False

    def play(self) -> PlayedCell:
        """Play the call that is cut off, the redial, and the quarter of an hour after them.

        Raises:
            AssertionError: it was not what the cell says: no worker was killed, or whoever phoned again got
                no further than the door.
        """
        with closing(self._router):
            with closing(self._provider):
                cut_off = self._call(self._provider)
            redial = self._call(self._way())
        self._line.disarm()
        if self._hurry:
            self._line.leap(LOOKED_BY)
        self._line.leap(QUARTER)
        self._line.wait_until_settled()
        heard = [[sentence.prompt for sentence in call.heard] for call in (cut_off, redial)]
        if self._line.killed != 1 or "Balance.choose" not in redial.prompts:
            raise AssertionError(f"{self._line.killed} workers were killed. {heard} {self._line.machine.log}")
        self._judge(cut_off, redial)
        return PlayedCell(self._cell, self.invariants.record.broken, heard)

    def _recover(self) -> None:
        """Wait for the next worker where the one that died was alone: nobody else can answer.

        A provider waits fifteen seconds for the fallback. On a machine where a worker takes longer to start,
        a line with one worker leaves its callers without an answer, whatever the bridge does. That is the
        machine's speed, which no cell judges.
        """
        if self._cell.workers == 1:
            self._line.machine.wait_until_ready()

    def _way(self) -> Post:
        return self._router.way(Random(f"{self._seed} {self._cell}"))

    def _call(self, post: Post) -> ObservedCall:
        """Phone, and go on until there is nothing more to be had."""
        number, caller_number = self._line.deployment.number, self._case.phone or ""
        phone = Phone(number, caller_number, post=post, strict=False, elapse=time.sleep)
        call = self.invariants.call_begins(phone, caller_number)
        route = BY_AMOUNT if self._cell.by_amount(self._seed) else OFFERED
        caller = ScriptedCaller(route, self._case, "nl")
        broken_before = 0
        while phone.state != "over":
            question = call.question if phone.state == "listening" else phone.state
            action = caller.next(question)
            if action is None or phone.state == "dialling":
                break
            if self._provider.broken > broken_before:  # listen, while late copies come in
                broken_before = self._provider.broken
                waiting = phone.waiting
                spoken = waiting.speaking if isinstance(waiting, GatherWait) else 0.0
                time.sleep(0.0 if self._hurry else min(spoken, LISTENS))
            self._prepare(question)
            self.invariants.caller_presses(call, action.input)
            turns = len(phone.turns)
            if phone.state == "ringing":
                phone.ring()
            else:
                perform(phone, action.input)
            if question == CONFIRMED_AT:
                self._provider.settle()
            self.invariants.caller_hears(call, [one for t in phone.turns[turns:] for one in t.utterances])
            self.invariants.plans.judge_plans(self._case.file)
        perform(phone, "!")
        return call

    def _prepare(self, question: str) -> None:
        """Before the confirmation: plant Tagor's fault, arm the death, tell the provider what to repeat."""
        if self._armed or question != CONFIRMED_AT:
            return
        self._armed = True
        operation = OPERATIONS[self._cell.kind]
        if fault := self._cell.tagor_fault(self._seed):
            self._line.tagor.fault(operation, times=1, **fault)
        self._line.arm(self._cell.boundary, operation if self._cell.in_flight else "")
        self._provider.expect()

    def _judge(self, cut_off: ObservedCall, redial: ObservedCall) -> None:
        """Judge what the invariants cannot see while the calls go on."""
        for entry in self._line.tagor.journal():
            self.invariants.writes.request_arrives(entry["operation"])
        self.invariants.settlement.check_settled()
        for call in (cut_off, redial):
            if call.unanswered and not call.phone.dialled:
                self.invariants.record.violated("INV5", "a caller confirmed and was left without an answer")
        fallback = urlsplit(self._line.deployment.number.fallback_url or "").path
        replies = [turn.body for turn in cut_off.phone.turns]
        for (url, _), bodies in self._provider.answers.items():
            if urlsplit(url).path != fallback and self._differ(bodies, replies):
                self.invariants.record.violated("INV14", "a repeated webhook got another reply")

    def _differ(self, bodies: Sequence[bytes], replies: list[bytes]) -> bool:
        """Tell whether a webhook got different replies that count.

        A person is reached by whoever repeats a turn that a dead worker still held; a repeat that comes turns
        later gets what is being said now, and one that comes after the end nothing that was said.
        """
        said = [body for body in bodies if b"<Say" in body and b"<Dial" not in body]
        place = replies.index(said[0]) if said and said[0] in replies else len(replies)
        return len({*said} - {*replies[place + KEPT_REPLIES :]}) > 1


class PlanDrill:
    """Plays cells side by side, on so many lines for each number of workers."""

    def __init__(self, seed: int, lines: int, *, hurry: bool = False) -> None:
        self._seed, self._lines, self._hurry = seed, lines, hurry
        self._recognizer = PromptRecognizer()
        self.played: list[PlayedCell] = []

    def play(self, cells: Sequence[PlanCell], every: float = 15.0) -> Iterator[int]:
        """Play all cells, the longest first; yield, every so many seconds, how many have been played."""
        threads = [
            thread
            for workers in (1, 2)
            for thread in self._threads(workers, [cell for cell in cells if cell.workers == workers])
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(every)
            while thread.is_alive():
                yield len(self.played)
                thread.join(every)

    def _threads(self, workers: int, cells: Sequence[PlanCell]) -> Iterator[threading.Thread]:
        waiting: SimpleQueue[PlanCell] = SimpleQueue()
        for cell in sorted(cells, key=lambda cell: -cell.delay):
            waiting.put(cell)
        for _ in range(min(self._lines, len(cells))):
            yield threading.Thread(target=self._work, args=(workers, waiting))

    def _work(self, workers: int, waiting: "SimpleQueue[PlanCell]") -> None:
        with LiveDeployment.open(workers=workers, machines=1, application=APPLICATION) as deployment:
            line = DrillLine(deployment)
            while True:
                try:
                    cell = waiting.get_nowait()
                except Empty:
                    return
                self.played.append(self._one(line, cell))

    def _one(self, line: DrillLine, cell: PlanCell) -> PlayedCell:
        try:
            return CellPlayer(line, cell, self._recognizer, self._seed, hurry=self._hurry).play()
        except Exception as failure:  # noqa: BLE001 - whatever it is, the other cells are played
            return PlayedCell(cell, [f"not played: {type(failure).__name__}: {failure}"])
