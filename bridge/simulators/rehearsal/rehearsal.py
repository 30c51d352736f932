"""Draws scenarios from a seed, plays them, and shrinks one that breaks a promise to the least it takes."""

import gc
import logging
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from multiprocessing import active_children, get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, mkdtemp
from time import monotonic, process_time
from typing import Any
from zoneinfo import ZoneInfo

from bridge.simulators.rehearsal.fault_matrix import Cell, cells
from bridge.simulators.rehearsal.judging.prompt_recognition import PromptRecognizer
from bridge.simulators.rehearsal.judging.tally import RehearsalTally, ScenarioResult
from bridge.simulators.rehearsal.play.callers import RandomCaller, ReplayedCaller, SimulatedCaller
from bridge.simulators.rehearsal.play.fault_generator import FAULT_CHANCE
from bridge.simulators.rehearsal.play.play_scenario import MakeCaller, ScenarioPlayer
from bridge.simulators.rehearsal.play.scenario import CallerAction, Scenario, ScenarioCall, leave_out, places
from bridge.simulators.rehearsal.play.scripted_caller import LANGUAGES, WAYS, ScriptedCaller
from bridge.simulators.rehearsal.world.offices import OFFICES, PROFILES
from bridge.simulators.rehearsal.world.simulated_deployment import SimulatedDeployment
from bridge.simulators.rehearsal.world.simulated_worker import ErrorLog
from bridge.simulators.rehearsal.world.virtual_time import VirtualTime
from bridge.simulators.tagor import CASES, Case

BRUSSELS = ZoneInfo("Europe/Brussels")
REDIALS, MAX_CALLS = 0.3, 4
HEALTHY = 0.1
MAX_BROKEN = 10
AT_ONCE = 8
"""Scenarios that a process plays before it reports."""
TICK = 1.0
"""Seconds after which the watcher is told that nothing new was played."""
ScenarioSize = tuple[int, int]
"""The number of a scenario, and how many calls it has."""
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - only where to put a temporary folder
"""A folder in memory, if there is one: the databases commit often, and need not survive."""
NEW_YEAR = datetime(2026, 1, 1, 8, tzinfo=BRUSSELS)


class RecordedCaller:
    """Adds every action of a caller to the call's record, so that it can be replayed."""

    def __init__(self, caller: SimulatedCaller, call: ScenarioCall) -> None:
        self._caller, self._call = caller, call

    def next(self, question: str) -> CallerAction | None:
        """Return what the caller does at this question, and record it."""
        action = self._caller.next(question)
        if action is not None:
            self._call.actions.append(action)
        return action


class Rehearsal:
    """Plays scenarios on deployments of its own, whose files go into `folder`; close it in the end."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._recognizer, self._errors = folder, PromptRecognizer(), ErrorLog()
        self._deployments: dict[str, SimulatedDeployment] = {}

    def close(self) -> None:
        """Close all deployments."""
        for deployment in self._deployments.values():
            deployment.close()

    def play_random(self, seed: str, calls: int = 1) -> tuple[Scenario, ScenarioResult]:
        """Draw a scenario of so many calls while it is played; it then holds everything that was drawn."""
        rng = Random(seed)
        case = rng.choice(CASES)
        start = NEW_YEAR + timedelta(days=rng.randrange(360), seconds=rng.randrange(13 * 3600))
        scenario = Scenario(seed, rng.choice([*OFFICES]), case.file, _balance(rng, case), start.isoformat())
        struck = 0.0 if rng.random() < HEALTHY else FAULT_CHANCE
        for _ in range(calls):
            scenario.calls.append(ScenarioCall(_number(rng, case), profile=rng.randrange(len(PROFILES))))

        def make_caller(call: ScenarioCall) -> RecordedCaller:
            return RecordedCaller(RandomCaller.of(rng, case, struck=struck), call)

        result = self._play(scenario, make_caller, exact=True)
        scenario.broken = result.broken
        return scenario, result

    def play_cell(self, cell: Cell) -> tuple[Scenario, ScenarioResult]:
        """Play one cell of the fault matrix; the scenario holds what was done in it."""
        case = CASES[[*LANGUAGES].index(cell.language)]
        scenario = Scenario(str(cell), cell.office, case.file, str(case.balance), cell.start)
        scenario.calls.append(ScenarioCall(case.phone or ""))
        faults = [cell.faults]

        def make_caller(call: ScenarioCall) -> RecordedCaller:
            # The faults meet the first caller; whoever phones besides meets none, and wants other terms.
            if not faults:
                return RecordedCaller(ScriptedCaller(WAYS[cell.other_route], case, cell.language), call)
            caller = ScriptedCaller(
                WAYS[cell.route], case, cell.language, faults.pop(), cell.at, cell.pause, cell.early
            )
            return RecordedCaller(caller, call)

        result = self._play(scenario, make_caller)
        scenario.broken = result.broken = result.broken + list(cell.broken_by(result.figures))
        return scenario, result

    def replay(self, scenario: Scenario) -> ScenarioResult:
        """Play a recorded scenario."""
        return self._play(scenario.copy(), ReplayedCaller)

    def rehearse(self, seed: str, sizes: Sequence[ScenarioSize], save: Path) -> RehearsalTally:
        """Play random scenarios of these sizes; one that breaks a promise is shrunk and saved."""
        tally = RehearsalTally(seed)
        for number, calls in sizes:
            scenario, result = self.play_random(f"{seed}:{number}", calls)
            tally.add(result)
            if result.broken:
                tally.broken.append(f"{self.shrink(scenario).save(save)}: {result.broken[0]}")
        return tally

    def play_cells(self, chosen: Sequence[Cell], save: Path) -> RehearsalTally:
        """Play these cells; one that breaks a promise is saved as it is."""
        tally = RehearsalTally("matrix")
        for cell in chosen:
            scenario, result = self.play_cell(cell)
            tally.add(result)
            if result.broken:
                tally.broken.append(f"{scenario.save(save)}: {result.broken[0]}")
        return tally

    def _play(self, scenario: Scenario, make_caller: MakeCaller, *, exact: bool = False) -> ScenarioResult:
        deployment, root = self._deployment(scenario.office), logging.getLogger()
        before = root.handlers[:], root.level, logging.raiseExceptions
        try:
            return ScenarioPlayer(deployment, self._recognizer, scenario, make_caller, exact=exact).play()
        finally:
            root.handlers[:], root.level, logging.raiseExceptions = before  # the app has set its own

    def _deployment(self, office: str) -> SimulatedDeployment:
        """Return the office's deployment, put together for the first scenario that is played there."""
        if office not in self._deployments:
            deployment = SimulatedDeployment(VirtualTime(), self._folder, office, self._errors)
            self._deployments[office] = deployment
            gc.collect()
            gc.freeze()  # what stays to the end is never looked through again
        return self._deployments[office]

    def shrink(self, scenario: Scenario) -> Scenario:
        """Return the least of a scenario that still breaks a promise it broke.

        Calls, faults and actions are left out one by one, as long as anything can be.
        """
        promises = {broken.partition(":")[0] for broken in scenario.broken}
        size = 0
        while size != (size := len(scenario.calls) + sum(len(call.actions) for call in scenario.calls)):
            for place in places(scenario):
                shorter = scenario.copy()
                if leave_out(shorter, place):
                    shorter.broken = self.replay(shorter).broken
                    if promises & {broken.partition(":")[0] for broken in shorter.broken}:
                        scenario = shorter
        return scenario


def scenario_sizes(seed: str, calls: int) -> list[ScenarioSize]:
    """Return the sizes of the scenarios that hold exactly `calls` calls.

    Most scenarios have one call; in three of ten somebody phones again.
    """
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
) -> RehearsalTally:
    """Play exactly `calls` random calls in several processes; the result does not depend on their number.

    `watch` is told at least once a second how many more calls were played. Many broken promises end the
    rehearsal early, and so does Ctrl-C: the tally holds what was played by then.
    """
    return _share(
        _play_some,
        scenario_sizes(seed, calls),
        RehearsalTally(seed),
        save,
        processes=processes,
        watch=lambda more: watch(more["calls"]),
    )


def rehearse_matrix(
    save: Path,
    *,
    chosen: Sequence[Cell] = (),
    processes: int = 1,
    watch: Callable[[int], object] = lambda _: None,
) -> RehearsalTally:
    """Play every cell of the fault matrix, or the `chosen` ones; `watch` counts cells, else as `rehearse`."""
    tasks = list(chosen or cells())
    return _share(
        _play_some_cells,
        tasks,
        RehearsalTally("matrix"),
        save,
        processes=processes,
        watch=lambda more: watch(more["scenarios"]),
    )


def _share(
    play: Callable[[str, Sequence[Any], Path], RehearsalTally],
    tasks: Sequence[Any],
    tally: RehearsalTally,
    save: Path,
    *,
    processes: int,
    watch: Callable[[RehearsalTally], object],
) -> RehearsalTally:
    """Share the tasks among processes and add up their tallies as they come in."""
    began = monotonic()
    parts = [tasks[first : first + AT_ONCE] for first in range(0, len(tasks), AT_ONCE)]
    with (
        TemporaryDirectory(dir=MEMORY, ignore_cleanup_errors=True) as folder,
        ProcessPoolExecutor(processes, get_context("spawn"), _open, (folder,)) as pool,
    ):
        waiting = {pool.submit(play, tally.seed, part, save) for part in parts}
        try:
            while waiting and len(tally.broken) < MAX_BROKEN:
                finished, waiting = wait(waiting, TICK, FIRST_COMPLETED)
                more = RehearsalTally(tally.seed)
                for part in finished:
                    more.join(part.result())
                tally.join(more)
                watch(more)
        except KeyboardInterrupt:
            tally.interrupted = True
        finally:
            if waiting:
                pool.shutdown(wait=False, cancel_futures=True)
                for process in active_children():  # a running scenario may take a minute: nobody waits for it
                    process.terminate()
    tally.broken.sort()
    tally.seconds = monotonic() - began
    return tally


def _play_some(seed: str, part: Sequence[ScenarioSize], save: Path) -> RehearsalTally:
    return _with_cpu(lambda: _OPENED[0].rehearse(seed, part, save))


def _play_some_cells(_seed: str, part: Sequence[Cell], save: Path) -> RehearsalTally:
    return _with_cpu(lambda: _OPENED[0].play_cells(part, save))


def _with_cpu(play: Callable[[], RehearsalTally]) -> RehearsalTally:
    """Play a part, and note how much this process computed for it."""
    began = process_time()
    tally = play()
    tally.cpu = process_time() - began
    return tally


def replay_file(path: Path) -> ScenarioResult:
    """Play the scenario in a file; raises NotAScenario when it holds none."""
    with TemporaryDirectory(dir=MEMORY) as folder, closing(Rehearsal(Path(folder))) as rehearsal:
        return rehearsal.replay(Scenario.load(path))


_OPENED: list[Rehearsal] = []
"""The rehearsal of this process, opened once by `_open`."""


def _open(folder: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that adds up
    gc.set_threshold(50_000)  # every scenario leaves applications in cycles: looking for them often is slow
    _OPENED.append(Rehearsal(Path(mkdtemp(dir=folder))))


def _balance(rng: Random, case: Case) -> str:
    some = str(Decimal(rng.randint(100, 500_000)).scaleb(-2))
    kinds = (str(case.balance), rng.choice(("0.00", "-5.50", "0.01")), some)
    [drawn] = rng.choices(kinds, (40, 5, 55))
    return drawn


def _number(rng: Random, case: Case) -> str:
    [drawn] = rng.choices((case.phone, "anonymous", rng.choice(CASES).phone), (85, 10, 5))
    return drawn or "anonymous"
