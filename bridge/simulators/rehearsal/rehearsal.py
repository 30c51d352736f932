"""Makes stories up from a seed, plays them, and shrinks one that breaks a promise to what it takes."""

import gc
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, mkdtemp
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from bridge.simulators.rehearsal.fault_matrix import Cell, cells
from bridge.simulators.rehearsal.judging.prompt_recognition import Ears
from bridge.simulators.rehearsal.judging.tally import Result, Tally
from bridge.simulators.rehearsal.play.callers import Caller, Person, Reader
from bridge.simulators.rehearsal.play.fault_generator import LIKELY
from bridge.simulators.rehearsal.play.play_scenario import Meet, Story
from bridge.simulators.rehearsal.play.scenario import CallerAction, CallScript, Script, leave_out, places
from bridge.simulators.rehearsal.play.scripted_caller import LANGUAGES, ROUTES, Guide
from bridge.simulators.rehearsal.world.offices import OFFICES
from bridge.simulators.rehearsal.world.simulated_deployment import Simulated
from bridge.simulators.rehearsal.world.simulated_worker import Errors
from bridge.simulators.rehearsal.world.virtual_time import Stage
from bridge.simulators.tagor import CASES, Case

BRUSSELS = ZoneInfo("Europe/Brussels")
REDIALS, MAX_CALLS = 0.3, 4
HEALTHY = 0.1
MAX_BROKEN = 10
AT_ONCE = 8
"""Stories that a process plays in one go."""
Size = tuple[int, int]
"""A story's number, and how many calls it has."""
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - only where to put a temporary folder
"""Where a database that must be on the disk at every commit is fast, if there is such a place."""
NEW_YEAR = datetime(2026, 1, 1, 8, tzinfo=BRUSSELS)


class Written:
    """Writes down what somebody made up does."""

    def __init__(self, person: Caller, script: CallScript) -> None:
        self._person, self._script = person, script

    def next(self, question: str) -> CallerAction | None:
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

    def made_up(self, seed: str, calls: int = 1) -> tuple[Script, Result]:
        """Make a story of so many calls up while it is played; the script holds everything that was drawn."""
        rng = Random(seed)
        case = rng.choice(CASES)
        start = NEW_YEAR + timedelta(days=rng.randrange(360), seconds=rng.randrange(13 * 3600))
        script = Script(seed, rng.choice([*OFFICES]), case.file, _balance(rng, case), start.isoformat())
        struck = 0.0 if rng.random() < HEALTHY else LIKELY
        for _ in range(calls):
            script.calls.append(CallScript(_number(rng, case)))
        told = self._play(script, lambda call: Written(Person.of(rng, case, struck=struck), call))
        script.why = told.broken
        return script, told

    def cell(self, cell: Cell) -> tuple[Script, Result]:
        """Play one cell of the fault matrix; the script holds what was done in it."""
        case = CASES[[*LANGUAGES].index(cell.language)]
        script = Script(str(cell), cell.office, case.file, str(case.balance), cell.start)
        script.calls.append(CallScript(case.phone or ""))
        faults = [cell.faults]

        def meet(call: CallScript) -> Written:
            struck = faults.pop() if faults else ()
            return Written(Guide(ROUTES[cell.route], case, cell.language, struck, cell.at, cell.pause), call)

        told = self._play(script, meet)
        script.why = told.broken = told.broken + list(cell.broken_by(told.figures))
        return script, told

    def played(self, script: Script) -> Result:
        """Play a story that is written down."""
        return self._play(script.copy(), Reader)

    def rehearse(self, seed: str, stories: Sequence[Size], save: Path) -> Tally:
        """Make up and play these stories of a seed; one that breaks a promise is shrunk and saved."""
        tally = Tally(seed)
        for number, calls in stories:
            script, told = self.made_up(f"{seed}:{number}", calls)
            tally.add(told)
            if told.broken:
                tally.broken.append(f"{self.shrunk(script).save(save)}: {told.broken[0]}")
        return tally

    def rehearse_cells(self, chosen: Sequence[Cell], save: Path) -> Tally:
        """Play these cells; one that breaks a promise is saved as it is."""
        tally = Tally("matrix")
        for one in chosen:
            script, told = self.cell(one)
            tally.add(told)
            if told.broken:
                tally.broken.append(f"{script.save(save)}: {told.broken[0]}")
        return tally

    def _play(self, script: Script, meet: Meet) -> Result:
        line, root = self._lines[script.office], logging.getLogger()
        before = root.handlers[:], root.level, logging.raiseExceptions
        try:
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


def stories(seed: str, calls: int) -> list[Size]:
    """The stories that hold so many calls: most callers phone once, some phone again."""
    rng, left = Random(f"{seed} sizes"), calls
    found: list[Size] = []
    while left:
        size = 1
        while rng.random() < REDIALS and size < MAX_CALLS:
            size += 1
        found.append((len(found), min(size, left)))
        left -= found[-1][1]
    return found


def rehearse(
    seed: str, calls: int, save: Path, *, processes: int = 1, watch: Callable[[int], object] = lambda _: None
) -> Tally:
    """Rehearse so many calls, in several processes at once: together the same stories as in one.

    `watch` is told how many more calls have been played. Stops early when much is broken.
    """
    return _share(_some_stories, stories(seed, calls), Tally(seed), save, processes=processes, watch=watch)


def rehearse_matrix(
    save: Path,
    *,
    chosen: Sequence[Cell] = (),
    processes: int = 1,
    watch: Callable[[int], object] = lambda _: None,
) -> Tally:
    """Play every cell of the fault matrix, or those that are `chosen`; otherwise as `rehearse`."""
    return _share(
        _some_cells, list(chosen or cells()), Tally("matrix"), save, processes=processes, watch=watch
    )


def _share(
    play: Callable[[str, Sequence[Any], Path], Tally],
    tasks: Sequence[Any],
    tally: Tally,
    save: Path,
    *,
    processes: int,
    watch: Callable[[int], object],
) -> Tally:
    """Share tasks out among processes, and add up what they tell in the tasks' own order."""
    began = monotonic()
    parts = [tasks[first : first + AT_ONCE] for first in range(0, len(tasks), AT_ONCE)]
    with (
        TemporaryDirectory(dir=MEMORY) as folder,
        ProcessPoolExecutor(processes, get_context("spawn"), _open, (folder,)) as pool,
    ):
        for told in pool.map(play, repeat(tally.seed), parts, repeat(save)):
            before = tally["calls"]
            watch(tally.join(told)["calls"] - before)
            if len(tally.broken) >= MAX_BROKEN:
                pool.shutdown(cancel_futures=True)
                break
    tally.seconds = monotonic() - began
    return tally


def _some_stories(seed: str, part: Sequence[Size], save: Path) -> Tally:
    return _OPENED[0].rehearse(seed, part, save)


def _some_cells(_seed: str, part: Sequence[Cell], save: Path) -> Tally:
    return _OPENED[0].rehearse_cells(part, save)


def replayed(path: Path) -> Result:
    """What comes of a story that is written down in this file; raises ValueError when it holds none."""
    with TemporaryDirectory(dir=MEMORY) as folder, closing(Rehearsal(Path(folder))) as rehearsal:
        return rehearsal.played(Script.load(path))


_OPENED: list[Rehearsal] = []
"""A process' own."""


def _open(folder: str) -> None:
    gc.set_threshold(50_000)  # a story leaves applications in circles: looking for them often is dear
    _OPENED.append(Rehearsal(Path(mkdtemp(dir=folder))))


def _balance(rng: Random, case: Case) -> str:
    some = str(Decimal(rng.randint(100, 500_000)).scaleb(-2))
    kinds = (str(case.balance), rng.choice(("0.00", "-5.50", "0.01")), some)
    [drawn] = rng.choices(kinds, (40, 5, 55))
    return drawn


def _number(rng: Random, case: Case) -> str:
    [drawn] = rng.choices((case.phone, "anonymous", rng.choice(CASES).phone), (85, 10, 5))
    return drawn or "anonymous"
