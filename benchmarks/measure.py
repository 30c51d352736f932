"""Runs the whole measurement: everything side by side on this machine, in turns, and gives what was seen."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import servers
from benchmarks.deployment import BridgeSetup, postgresql, sqlite_file
from benchmarks.growth import fill, longest_sweep
from benchmarks.held import WEBHOOKS, Held, at_rate, highest_held
from benchmarks.load import Window
from benchmarks.servers import Server, settle
from benchmarks.silence import CallersHeard, listen
from benchmarks.starts import Start, help_seconds, starts
from benchmarks.tagor import RunningTagor, tagors
from benchmarks.turns import SAMPLES, BridgeTurns, SampleTurns
from benchmarks.webhooks import Account, CallBytes
from bridge.simulators.provider.account import PhoneLine

SQLITE, POSTGRESQL, GROWN = "sqlite", "postgresql", "sqlite_grown"
HELD_GOAL = 0.045
"""The turns a second, against the bare app, that the line must hold while Tagor takes 300 ms."""
BENCH_TOKEN = "a-token-of-the-samples"  # noqa: S105 - of the samples, which guard nothing


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured; `waits` names Tagor's answer times in seconds, `pace` 0 skips what is spoken.

    What begins with `warming` comes before anything counts.
    """

    rounds: int = 12
    requests: int = 3000
    calls: int = 400
    warming_requests: int = 200
    warming_calls: int = 32
    few_rows: int = 1_000
    many_rows: int = 1_000_000
    held_seconds: float = 10.0
    most_held: float = 100.0
    listening: int = 6
    starts: int = 5
    waits: Mapping[str, float] = field(
        default_factory=lambda: {"50ms": 0.05, "300ms": 0.3, "2s": 2.0, "8s": 8.0, "20s": 20.0}
    )
    pace: float = 1.0


FULL = Sizes()
QUICK = Sizes(rounds=3, requests=2000, calls=120, many_rows=100_000, held_seconds=3.0, listening=2, starts=2)


@dataclass(slots=True)
class Measured:
    """Holds all that was seen.

    `turns` are the windows by (server, kind of turn), one a round; `held` are the rates that were tried,
    `at_goal` is the one that must be held; `heard` is what callers heard, by app and Tagor's answer time.
    """

    sizes: Sizes
    turns: dict[tuple[str, str], list[Window]] = field(default_factory=dict)
    starts: dict[str, Start] = field(default_factory=dict)
    help_seconds: float = 0.0
    longest_sweep: float = 0.0
    megabytes_after_load: float = 0.0
    held: list[Held] = field(default_factory=list)
    at_goal: Held | None = None
    heard: dict[str, dict[float, CallersHeard]] = field(default_factory=dict)


Tell = Callable[[str], object]


def measure(sizes: Sizes, tell: Tell) -> Measured:
    """Measure everything; `tell` hears what begins. Raises `ServerFailed` and `WrongAnswer`."""
    seen = Measured(sizes)
    with _Bench.open(sizes, tell) as bench:
        # Threads, connections and caches are made by the first calls.
        warming = replace(sizes, requests=sizes.warming_requests, calls=sizes.warming_calls)
        bench.round(Measured(sizes), warming)
        for at in range(sizes.rounds):
            tell(f"turns, round {at + 1} of {sizes.rounds}")
            bench.round(seen, sizes)
        seen.megabytes_after_load = bench.servers[SQLITE].memory()
        tell("calls held with a slow Tagor")
        bench.hold(seen)
        tell("what callers hear of a slow Tagor")
        bench.listen(seen)
        bench.stop_servers()
        tell("sweeps of the store with many rows")
        seen.longest_sweep = longest_sweep(bench.setups[GROWN].environ)
        tell("starts")
        seen.starts = starts(bench.folder, bench.setups[SQLITE], bench.environ, sizes.starts)
        seen.help_seconds = help_seconds(sizes.starts)
    return seen


class _Bench:
    """Holds everything that runs while it is measured."""

    def __init__(
        self, folder: Path, sizes: Sizes, running: list[RunningTagor], databases: Mapping[str, str]
    ) -> None:
        self.folder, self.sizes = folder, sizes
        self.setups = {name: BridgeSetup(folder / name, running, url) for name, url in databases.items()}
        numbers = self.setups[SQLITE].numbers
        places = {numbers[tagor.seconds]: [tagor.url, tagor.key] for tagor in running}
        self.environ = {"BENCH_TOKEN": BENCH_TOKEN, "BENCH_TAGORS": json.dumps(places)}
        self.servers: dict[str, Server] = {}
        self._running = ExitStack()

    @classmethod
    @contextmanager
    def open(cls, sizes: Sizes, tell: Tell) -> Iterator["_Bench"]:
        """Start everything, and end it."""
        with ExitStack() as rooms:
            folder = Path(rooms.enter_context(TemporaryDirectory(prefix="bridge-bench-")))
            tell("setting up")
            running = rooms.enter_context(tagors(_callers(sizes), [0.0, *sizes.waits.values()]))
            databases = {
                SQLITE: rooms.enter_context(sqlite_file(folder, SQLITE)),
                POSTGRESQL: rooms.enter_context(postgresql()),
                GROWN: rooms.enter_context(sqlite_file(folder, GROWN)),
            }
            bench = cls(folder, sizes, running, databases)
            fill(databases[SQLITE], sizes.few_rows)
            fill(databases[GROWN], sizes.many_rows)
            rooms.callback(bench.stop_servers)
            bench.start_servers()
            yield bench

    def start_servers(self) -> None:
        """Start all apps and all deployments of the bridge."""
        enter = self._running.enter_context
        for name in SAMPLES:
            self.servers[name] = enter(servers.sample(self.folder, name, self.environ))
        self.servers["naive"] = enter(servers.sample(self.folder, "naive", self.environ, workers=1))
        for name, setup in self.setups.items():
            self.servers[name] = enter(servers.bridge(self.folder, name, setup.environ))

    def stop_servers(self) -> None:
        """Stop them all."""
        self._running.close()

    def round(self, seen: Measured, sizes: Sizes) -> None:
        """Measure each app and each deployment once, one after the other."""
        for name in SAMPLES:
            account = Account(self.servers[name].url, "AC" + 32 * "0", BENCH_TOKEN)
            number = self.setups[SQLITE].number()
            requests = [CallBytes(account, "+32471000001", number).ring() for _ in range(sizes.requests)]
            self._measure(seen, SampleTurns(self.servers[name], requests))
        for name, setup in self.setups.items():
            self._measure(seen, BridgeTurns(self.servers[name], setup, sizes.calls))

    def _measure(self, seen: Measured, subject: SampleTurns | BridgeTurns) -> None:
        settle(list(self.servers.values()))
        for turn, window in subject.measure():
            seen.turns.setdefault((subject.server.name, turn), []).append(window)

    def hold(self, seen: Measured) -> None:
        """Find the rate of new calls that the line holds, and try the rate that it must hold."""
        wait, seconds = self.sizes.waits["300ms"], self.sizes.held_seconds
        server, setup = self.servers[SQLITE], self.setups[SQLITE]
        seen.held = highest_held(server, setup, wait, seconds, self.sizes.most_held)
        bare = median(one.turns_per_second for one in seen.turns["bare", ""])
        goal = min(self.sizes.most_held, HELD_GOAL * bare / WEBHOOKS)
        seen.at_goal = at_rate(server, setup, wait, goal, seconds)

    def listen(self, seen: Measured) -> None:
        """Let callers listen to the bridge and to the naive app, for each Tagor."""
        settle(list(self.servers.values()))
        account, naive = self.setups[SQLITE].account, self.servers["naive"].url
        lines = {
            "bridge": Account(account.url, account.account_sid, account.token),
            "naive": Account(naive, account.account_sid, BENCH_TOKEN),
        }
        apps = {name: self._lines(one) for name, one in lines.items()}
        seen.heard = listen(apps, self.sizes.listening, self.sizes.pace)

    def _lines(self, account: Account) -> dict[float, PhoneLine]:
        setup = self.setups[SQLITE]
        return {
            wait: PhoneLine(f"{account.url}/voice", account.account_sid, account.token, setup.number(wait))
            for wait in self.sizes.waits.values()
        }


def _callers(sizes: Sizes) -> int:
    return max(sizes.calls, sizes.warming_calls, sizes.listening, int(sizes.most_held * sizes.held_seconds))
