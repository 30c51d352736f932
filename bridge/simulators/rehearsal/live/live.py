"""Rehearses the line on real machines: gunicorn, sockets, a real database; workers die, versions change."""

from collections.abc import Callable, Sequence
from itertools import count
from random import Random

from bridge.simulators.rehearsal.judging.promises import SECONDS
from bridge.simulators.rehearsal.judging.prompt_recognition import PromptRecognizer
from bridge.simulators.rehearsal.live.deployment import deploy
from bridge.simulators.rehearsal.live.faults import (
    RecurringFault,
    freeze_database,
    kill_a_worker,
    replace,
    send_halves,
)
from bridge.simulators.rehearsal.live.load import CallArrivals, CallLoad, phone_in
from bridge.simulators.rehearsal.live.memory import Memory
from bridge.simulators.rehearsal.live.report import LiveReport
from bridge.simulators.rehearsal.live.site import LiveDeployment
from bridge.simulators.tagor import Case

CALLS = 2000
TURNS = 9
"""Turns of a call that goes all the way."""
RATE = 35.0
"""Turns that are asked for in a second; two cores that do nothing else can answer them."""
STRUCK = 5
"""One call in so many is played once more for each kind of fault."""
MAX_STRUCK = 200
DEPLOYED = 12
KILLS_APART, RESTARTS_APART, SIEGES_APART, FREEZES_APART = 4.0, 3.0, 1.0, 8.0
STEADY = 1.0
"""Seconds between two calls while memory is watched."""
LEAKS = 5 * 1024 * 1024
MEGABYTE = 1024 * 1024

Tell = Callable[[str], object]


def rehearse_live(
    calls: int = CALLS,
    *,
    database: str = "",
    minutes: float = 0.0,
    seed: str = "1",
    rate: float = RATE,
    tell: Tell = lambda _part: None,
) -> LiveReport:
    """Rehearse on two machines with two workers each, on a new database on the PostgreSQL `database`.

    Without one it is an SQLite file. `calls` are on the line at once and ask for `rate` turns a second; some
    more are played while workers are killed and machines are replaced. With `minutes`, memory is watched for
    so long. `tell` hears what begins.

    Raises:
        MachineNotReady: a machine does not start.
        SQLAlchemyError: the database cannot be had.
    """
    rehearsal = LiveRehearsal(LiveReport(seed), database, seed, rate, tell)
    few = min(max(1, calls // STRUCK), MAX_STRUCK)
    rehearsal.many(calls)
    rehearsal.struck(few)
    rehearsal.deployed()
    if minutes:
        rehearsal.watched(minutes)
    return rehearsal.report


class LiveRehearsal:
    """Plays the parts of a rehearsal, each on a deployment of its own, and writes them into one report."""

    def __init__(self, report: LiveReport, database: str, seed: str, rate: float, tell: Tell) -> None:
        self.report, self._database, self._seed, self._rate, self._tell = report, database, seed, rate, tell
        self._recognizer, self._numbers = PromptRecognizer(), count()

    def many(self, calls: int) -> None:
        """Play so many calls that are on the line at once."""
        self._tell(f"{calls} calls at once")
        with LiveDeployment.open(self._database) as site:
            manner = CallArrivals(1 / self._rate, calls / self._rate, together=True)
            crowd = self._phone_in(site, calls, manner)
            figures = ("on the line at once", crowd.most), ("processor", each(crowd))
            self._add(f"{calls} calls at once", site, crowd, *figures)
            if crowd.most < calls:
                self.report.broken.append(f"only {crowd.most} of {calls} calls were on the line at once")
            if (errors := calls - crowd.ends["agreed"]) > 0:
                self.report.broken.append(f"{errors} of {calls} undisturbed calls did not end in a plan")

    def struck(self, calls: int) -> None:
        """Play calls while workers die, machines are replaced or besieged, and the database freezes."""
        for part, apart, strike, machines in (
            ("workers killed", KILLS_APART, kill_a_worker, 1),
            ("machines replaced", RESTARTS_APART, replace, 2),
            ("half-sent requests", SIEGES_APART, send_halves, 1),
            ("database frozen", FREEZES_APART, freeze_database, 2),
        ):
            self._tell(f"{calls} calls, {part}")
            with LiveDeployment.open(self._database, machines=machines) as site:
                trouble = RecurringFault(site, Random(f"{self._seed} {part}"), apart, strike)
                with trouble.striking():
                    crowd = self._phone_in(site, calls, self._spread())
                self._add(part, site, crowd, ("how often", trouble.struck))
                if strike is freeze_database:  # in the other parts whoever would answer is gone
                    self.report.broken += [f"{part}: {what}" for what in late(crowd)]

    def deployed(self) -> None:
        """Deploy a version in which the step where callers are has another name."""
        self._tell("a deployment in the middle of calls")
        with LiveDeployment.open(self._database) as site:
            broken = deploy(site, self._cases(site, DEPLOYED), self._seed, self._recognizer)
        self.report.broken += broken
        self.report.add("a step that is gone", ("taken over", f"{DEPLOYED - len(broken)} of {DEPLOYED}"))

    def watched(self, minutes: float) -> None:
        """Play calls for so many minutes; memory must not grow once the workers are warm."""
        self._tell(f"memory, {minutes:g} minutes")
        with LiveDeployment.open(self._database) as site:
            memory, calls = Memory(site), max(1, int(60 * minutes / STEADY))
            with memory.watching(site.tagor.clear_journal):
                crowd = self._phone_in(site, calls, CallArrivals(STEADY, 0.3))
            figures = (
                ("largest worker", f"{memory.largest / MEGABYTE:.1f} MB"),
                ("growth once warm", f"{memory.growth / MEGABYTE:.2f} MB"),
                ("processor", each(crowd)),
            )
            self._add(f"{minutes:g} minutes of load", site, crowd, *figures)
            if memory.growth >= LEAKS:
                self.report.broken.append("a worker's memory grew by 5 MB or more")

    def _spread(self) -> CallArrivals:
        """Return arrivals that ask for turns at the rehearsal's rate."""
        return CallArrivals(TURNS / self._rate, 0.5)

    def _cases(self, site: LiveDeployment, how_many: int) -> list[Case]:
        return [site.open_file(next(self._numbers)) for _ in range(how_many)]

    def _phone_in(self, site: LiveDeployment, calls: int, manner: CallArrivals) -> CallLoad:
        return phone_in(site, self._cases(site, calls), manner, self._seed, self._recognizer)

    def _add(self, part: str, site: LiveDeployment, crowd: CallLoad, *figures: tuple[str, object]) -> None:
        self.report.broken += [f"{part}: {what}" for what in [*crowd.broken, *undone(site, crowd)]]
        ends = ", ".join(f"{number} {end}" for end, number in crowd.ends.most_common())
        self.report.add(
            part,
            *figures,
            ("ends", ends),
            ("turns", f"{crowd.turns}, {crowd.turns / crowd.seconds:.1f} a second"),
            ("slowest answer", f"{max(one.slowest for one in crowd.told):.2f} s"),
            ("slowest recovery", f"{max(one.recovery for one in crowd.told):.2f} s"),
            ("webhooks that failed", sum(one.faults for one in crowd.told)),
            ("webhooks repeated", sum(one.resent for one in crowd.told)),
        )


def each(crowd: CallLoad) -> str:
    """Return what a turn costs the bridge's workers."""
    return f"{1000 * crowd.busy / crowd.turns:.1f} ms a turn"


def late(crowd: CallLoad) -> Sequence[str]:
    """Return which files' callers waited longer for an answer than a webhook may take."""
    return [
        f"file {one.case.file}: an answer took {one.slowest:.2f} s"
        for one in crowd.told
        if one.slowest > SECONDS
    ]


def undone(site: LiveDeployment, crowd: CallLoad) -> Sequence[str]:
    """Return what callers were told that is not so in Tagor: agreed means one plan and one approval."""
    wrong = []
    for one in crowd.told:
        file, kinds = one.case.file, [kind for kind, _ in site.tagor.records.effects(one.case.file)]
        times = list(site.tagor.records.effects(file).values())
        plans, approvals = kinds.count("plan"), kinds.count("approval")
        if max(times, default=1) > 1 or plans > 1 or approvals > 1:
            wrong.append(f"file {file}: something was done twice")
        if one.end == "agreed" and (plans, approvals) != (1, 1):
            wrong.append(f"file {file}: agreed, but Tagor has {plans} plans and {approvals} approvals")
    return wrong
