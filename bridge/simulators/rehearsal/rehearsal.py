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
from bridge.simulators.rehearsal.judging.prompt_recognition import PromptRecognizer
from bridge.simulators.rehearsal.judging.tally import ScenarioResult, Tally
from bridge.simulators.rehearsal.play.callers import RandomCaller, ReplayedCaller, SimulatedCaller
from bridge.simulators.rehearsal.play.fault_generator import FAULT_CHANCE
from bridge.simulators.rehearsal.play.play_scenario import MakeCaller, ScenarioPlayer
from bridge.simulators.rehearsal.play.scenario import CallerAction, Scenario, ScenarioCall, leave_out, places
from bridge.simulators.rehearsal.play.scripted_caller import LANGUAGES, ROUTES, ScriptedCaller
from bridge.simulators.rehearsal.world.offices import OFFICES
from bridge.simulators.rehearsal.world.simulated_deployment import SimulatedDeployment
from bridge.simulators.rehearsal.world.simulated_worker import ErrorLog
from bridge.simulators.rehearsal.world.virtual_time import VirtualTime
from bridge.simulators.tagor import CASES, Case

BRUSSELS = ZoneInfo("Europe/Brussels")
REDIALS, MAX_CALLS = 0.3, 4
HEALTHY = 0.1
MAX_BROKEN = 10
AT_ONCE = 8
"""Stories that a process plays in one go."""
ScenarioSize = tuple[int, int]
"""A story's number, and how many calls it has."""
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - only where to put a temporary folder
"""Where a database that must be on the disk at every commit is fast, if there is such a place."""
NEW_YEAR = datetime(2026, 1, 1, 8, tzinfo=BRUSSELS)


class RecordedCaller:
    """Writes down what somebody made up does."""

    def __init__(self, person: SimulatedCaller, script: ScenarioCall) -> None:
        self._person, self._script = person, script

    def next(self, question: str) -> CallerAction | None:
        """What they do, written down."""
        action = self._person.next(question)
        if action is not None:
            self._script.actions.append(action)
        return action


class Rehearsal:
    """Plays stories on lines of its own, whose files go into `folder`; close it in the end."""

    def __init__(self, folder: Path) -> None:
        self._recognizer, self._errors = PromptRecognizer(), ErrorLog()
        self._deployments = {
            office: SimulatedDeployment(VirtualTime(), folder, office, self._errors) for office in OFFICES
        }

    def close(self) -> None:
        """Close the lines, and leave nothing open."""
        for line in self._deployments.values():
            line.close()

    def play_random(self, seed: str, calls: int = 1) -> tuple[Scenario, ScenarioResult]:
        """Make a story of so many calls up while it is played; the script holds everything that was drawn."""
        rng = Random(seed)
        case = rng.choice(CASES)
        start = NEW_YEAR + timedelta(days=rng.randrange(360), seconds=rng.randrange(13 * 3600))
        script = Scenario(seed, rng.choice([*OFFICES]), case.file, _balance(rng, case), start.isoformat())
        struck = 0.0 if rng.random() < HEALTHY else FAULT_CHANCE
        for _ in range(calls):
            script.calls.append(ScenarioCall(_number(rng, case)))
        result = self._play(
            script, lambda call: RecordedCaller(RandomCaller.of(rng, case, struck=struck), call)
        )
        script.broken = result.broken
        return script, result

    def play_cell(self, play_cell: Cell) -> tuple[Scenario, ScenarioResult]:
        """Play one cell of the fault matrix; the script holds what was done in it."""
        case = CASES[[*LANGUAGES].index(play_cell.language)]
        script = Scenario(str(play_cell), play_cell.office, case.file, str(case.balance), play_cell.start)
        script.calls.append(ScenarioCall(case.phone or ""))
        faults = [play_cell.faults]

        def meet(call: ScenarioCall) -> RecordedCaller:
            struck = faults.pop() if faults else ()
            return RecordedCaller(
                ScriptedCaller(
                    ROUTES[play_cell.route], case, play_cell.language, struck, play_cell.at, play_cell.pause
                ),
                call,
            )

        result = self._play(script, meet)
        script.broken = result.broken = result.broken + list(play_cell.broken_by(result.figures))
        return script, result

    def replay(self, script: Scenario) -> ScenarioResult:
        """Play a story that is written down."""
        return self._play(script.copy(), ReplayedCaller)

    def rehearse(self, seed: str, scenario_sizes: Sequence[ScenarioSize], save: Path) -> Tally:
        """Make up and play these stories of a seed; one that breaks a promise is shrunk and saved."""
        tally = Tally(seed)
        for number, calls in scenario_sizes:
            script, result = self.play_random(f"{seed}:{number}", calls)
            tally.add(result)
            if result.broken:
                tally.broken.append(f"{self.shrink(script).save(save)}: {result.broken[0]}")
        return tally

    def play_cells(self, chosen: Sequence[Cell], save: Path) -> Tally:
        """Play these cells; one that breaks a promise is saved as it is."""
        tally = Tally("matrix")
        for one in chosen:
            script, result = self.play_cell(one)
            tally.add(result)
            if result.broken:
                tally.broken.append(f"{script.save(save)}: {result.broken[0]}")
        return tally

    def _play(self, script: Scenario, meet: MakeCaller) -> ScenarioResult:
        line, root = self._deployments[script.office], logging.getLogger()
        before = root.handlers[:], root.level, logging.raiseExceptions
        try:
            return ScenarioPlayer(line, self._recognizer, script, meet).play()
        finally:
            root.handlers[:], root.level, logging.raiseExceptions = before  # the app has set its own

    def shrink(self, script: Scenario) -> Scenario:
        """The least of a story that still breaks a promise it broke: calls, faults and deeds are left out."""
        promises = {broken.partition(":")[0] for broken in script.broken}
        size = 0
        while size != (size := len(script.calls) + sum(len(call.actions) for call in script.calls)):
            for place in places(script):
                shorter = script.copy()
                if leave_out(shorter, place):
                    shorter.broken = self.replay(shorter).broken
                    if promises & {broken.partition(":")[0] for broken in shorter.broken}:
                        script = shorter
        return script


def scenario_sizes(seed: str, calls: int) -> list[ScenarioSize]:
    """The stories that hold so many calls: most callers phone once, some phone again."""
    rng, left = Random(f"{seed} sizes"), calls
    found: list[ScenarioSize] = []
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
    return _share(
        _some_stories, scenario_sizes(seed, calls), Tally(seed), save, processes=processes, watch=watch
    )


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
        for result in pool.map(play, repeat(tally.seed), parts, repeat(save)):
            before = tally["calls"]
            watch(tally.join(result)["calls"] - before)
            if len(tally.broken) >= MAX_BROKEN:
                pool.shutdown(cancel_futures=True)
                break
    tally.seconds = monotonic() - began
    return tally


def _some_stories(seed: str, part: Sequence[ScenarioSize], save: Path) -> Tally:
    return _OPENED[0].rehearse(seed, part, save)


def _some_cells(_seed: str, part: Sequence[Cell], save: Path) -> Tally:
    return _OPENED[0].play_cells(part, save)


def replay_file(path: Path) -> ScenarioResult:
    """What comes of a story that is written down in this file; raises ValueError when it holds none."""
    with TemporaryDirectory(dir=MEMORY) as folder, closing(Rehearsal(Path(folder))) as rehearsal:
        return rehearsal.replay(Scenario.load(path))


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
