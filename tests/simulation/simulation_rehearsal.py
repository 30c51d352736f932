"""Makes stories up from a seed, plays them, and shrinks one that breaks a promise to what it takes."""

import logging
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic
from unittest.mock import patch
from zoneinfo import ZoneInfo

from simulation_caller import Person, Reader
from simulation_ears import Ears
from simulation_fate import LIKELY
from simulation_line import Simulated
from simulation_office import OFFICES
from simulation_script import CallScript, Deed, Script, leave_out, places
from simulation_stage import Stage
from simulation_story import Meet, Story
from simulation_tagor import InProcess
from simulation_tally import Tally, Told
from simulation_worker import Errors

import bridge.tagor.wire
from bridge.standin import CASES, Case

BRUSSELS = ZoneInfo("Europe/Brussels")
REDIALS, MOST_CALLS = 0.3, 4
HEALTHY = 0.1
MOST_BROKEN = 10
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - only where to put a temporary folder
"""Where a database that must be on the disk at every commit is fast, if there is such a place."""
NEW_YEAR = datetime(2026, 1, 1, 8, tzinfo=BRUSSELS)


class Written:
    """Writes down what somebody made up does."""

    def __init__(self, person: Person, script: CallScript) -> None:
        self._person, self._script = person, script

    def next(self, question: str) -> Deed | None:
        """What they do, written down."""
        deed = self._person.next(question)
        if deed is not None:
            self._script.deeds.append(deed)
        return deed


class Rehearsal:
    """Plays stories on lines of its own, whose files go into `folder`; close it in the end."""

    def __init__(self, folder: Path) -> None:
        self._ears, self._errors = Ears(), Errors()
        self._lines = {office: Simulated(Stage(), folder, office, self._errors) for office in OFFICES}

    def close(self) -> None:
        """Close the lines, and leave nothing open."""
        for line in self._lines.values():
            line.close()

    def made_up(self, seed: str) -> tuple[Script, Told]:
        """Make a story up while it is played; the script holds everything that was drawn."""
        rng = Random(seed)
        case = rng.choice(CASES)
        start = NEW_YEAR + timedelta(days=rng.randrange(360), seconds=rng.randrange(13 * 3600))
        script = Script(seed, rng.choice([*OFFICES]), case.file, _balance(rng, case), start.isoformat())
        struck = 0.0 if rng.random() < HEALTHY else LIKELY
        while not script.calls or (rng.random() < REDIALS and len(script.calls) < MOST_CALLS):
            script.calls.append(CallScript(_number(rng, case)))
        told = self._play(script, lambda call: Written(Person.of(rng, case, struck=struck), call))
        script.why = told.broken
        return script, told

    def played(self, script: Script) -> Told:
        """Play a story that is written down."""
        return self._play(script.copy(), Reader)

    def rehearse(self, seed: str, calls: int, save: Path, *, first: int = 0, step: int = 1) -> Tally:
        """Make up and play every `step`-th story of a seed until there were so many calls.

        A story that breaks a promise is shrunk and saved.
        """
        tally = Tally(seed)
        for number in count(first, step):
            if tally["calls"] >= calls or len(tally.broken) >= MOST_BROKEN:
                return tally
            script, told = self.made_up(f"{seed}:{number}")
            tally.add(told)
            if told.broken:
                tally.broken.append(f"{self.shrunk(script).save(save).name}: {told.broken[0]}")
        return tally

    def _play(self, script: Script, meet: Meet) -> Told:
        line, root = self._lines[script.office], logging.getLogger()
        before = root.handlers[:], root.level, logging.raiseExceptions
        try:
            with patch.object(bridge.tagor.wire, "_Adapter", lambda *_: InProcess(line.way)):
                return Story(line, self._ears, script, meet).play()
        finally:
            root.handlers[:], root.level, logging.raiseExceptions = before  # the app has set its own

    def shrunk(self, script: Script) -> Script:
        """The least of a story that still breaks a promise it broke: calls, faults and deeds are left out."""
        promises = {why.partition(":")[0] for why in script.why}
        size = 0
        while size != (size := len(script.calls) + sum(len(call.deeds) for call in script.calls)):
            for place in places(script):
                shorter = script.copy()
                if leave_out(shorter, place):
                    shorter.why = self.played(shorter).broken
                    if promises & {why.partition(":")[0] for why in shorter.why}:
                        script = shorter
        return script


def rehearse(seed: str, calls: int, save: Path, *, processes: int) -> Tally:
    """Rehearse so many calls in several processes at once: together the same stories as in one."""
    began = monotonic()
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        each = -(-calls // processes)
        parts = [pool.submit(_part, seed, each, save, first, processes) for first in range(processes)]
        tally = sum((part.result() for part in parts), Tally(seed))
    tally.seconds = monotonic() - began
    return tally


def _part(seed: str, calls: int, save: Path, first: int, step: int) -> Tally:
    with TemporaryDirectory(dir=MEMORY) as folder, closing(Rehearsal(Path(folder))) as rehearsal:
        return rehearsal.rehearse(seed, calls, save, first=first, step=step)


def _balance(rng: Random, case: Case) -> str:
    how = rng.random()
    if how < 0.4:
        return str(case.balance)
    if how < 0.45:
        return rng.choice(("0.00", "-5.50", "0.01"))
    return str(Decimal(rng.randint(100, 500_000)).scaleb(-2))


def _number(rng: Random, case: Case) -> str:
    how = rng.random()
    if how < 0.85 and case.phone:
        return case.phone
    return "anonymous" if how < 0.95 else (rng.choice(CASES).phone or "anonymous")
