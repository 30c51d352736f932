"""Plays calls while a real `bridge console` on the same database is asked for its pages, or rests."""

import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from signal import SIGCONT
from statistics import median, quantiles
from subprocess import Popen

import psutil
import requests
from flask.testing import FlaskClient

from benchmarks.deployment import BridgeSetup, postgresql, sqlite_file
from benchmarks.filled_store import fill
from benchmarks.journal import TURNS, TimedCall
from benchmarks.tagor import tagors
from bridge.app.create import create_app, open_repositories
from bridge.settings import Settings
from bridge.simulators.rehearsal.live.machine import OURS, free_port, until
from bridge.store.database import Database
from bridge.web.console.users import user_line

NAME, PASSWORD = "anna", "a password of the benchmark"
PAGES = ("/console/?part=1", "/console/", "/console/work", "/console/?week=1")
"""What the console is asked for, over and over: the page of today as browsers ask for it, and the others."""
START_SECONDS = 60.0
IDLE_SECONDS = 0.02
"""What a server that nobody asks may use of the processor in a tenth of a second."""
MAX_RATIO = 1.05
"""Above this a turn is dearer while the console works, if the quarter of all pairs with the least say so."""


@dataclass(frozen=True, slots=True)
class LoadSizes:
    """How much is measured: calls in the journal, rounds of calls, and calls in a round."""

    calls: int = 20_000
    rounds: int = 20
    calls_in_round: int = 15


def console_costs(folder: Path, sizes: LoadSizes) -> dict[str, dict[str, float]]:
    """Give for each engine what a turn takes while the console works and while it rests.

    Rounds of both go in turns, and the two of a pair are compared. `busy` and `idle` are milliseconds of a
    turn on the clock; the ratios are those of the pairs: their median and their quartiles.
    """
    told = {}
    with ExitStack() as running:
        engines = {
            "SQLite": running.enter_context(sqlite_file(folder, "loaded")),
            "PostgreSQL": running.enter_context(postgresql()),
        }
        for engine, url in engines.items():
            told[engine] = _measured(folder / f"load {engine}", url, sizes)
    return told


def too_dear_under_load(told: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Say on which engine it can be measured that a turn costs the processor more while the console works.

    The clock is not judged: where the machine has no core left, the two wait for each other.
    """
    return [
        f"a turn on {engine} costs {one['processor ratio']} of one while the console rests, "
        f"{one['processor low']} at the least"
        for engine, one in told.items()
        if one["processor low"] > MAX_RATIO
    ]


def _measured(folder: Path, url: str, sizes: LoadSizes) -> dict[str, float]:
    with tagors(1, [0.0]) as running:
        setup = BridgeSetup(folder, running, url)
        environ = setup.environ | {"BRIDGE_CONSOLE": user_line(NAME, "administer", "*", PASSWORD)}
        settings = Settings.read(environ)
        database = Database(url)
        fill(database, open_repositories(settings), sizes.calls, datetime.now(UTC))
        database.close()
        app = create_app(settings, environ=environ)
        pairs = []
        with _console(folder, environ) as (console, visitor):
            for number in range(sizes.rounds + 1):
                took = {}
                # Which of the two goes first changes with each pair.
                for busy in (True, False) if number % 2 else (False, True):
                    if busy:
                        visitor.resume()
                    else:
                        _let_rest(console, visitor)
                    took[busy] = _round(app.test_client(), setup, sizes.calls_in_round)
                pairs.append((took[True], took[False]))
            visitor.resume()
    return _compared(pairs[1:])  # the first one only warms up


def _round(client: FlaskClient, setup: BridgeSetup, calls: int) -> tuple[float, float]:
    """Give the median milliseconds of a turn of so many calls: on the clock, and of the processor."""
    times = []
    for _ in range(calls):
        call = TimedCall(client, setup)
        for turn in TURNS:
            begun = time.perf_counter()
            processor = call.play(turn)
            times.append((1000 * (time.perf_counter() - begun), processor))
    clock, processor = (median(took) for took in zip(*times, strict=True))
    return clock, processor


def _compared(pairs: list[tuple[tuple[float, float], tuple[float, float]]]) -> dict[str, float]:
    told = {}
    for position, what in enumerate(("clock", "processor")):
        ratios = [busy[position] / idle[position] for busy, idle in pairs]
        low, _, high = quantiles(ratios, n=4)
        told[f"{what} busy"] = median(busy[position] for busy, _ in pairs)
        told[f"{what} idle"] = median(idle[position] for _, idle in pairs)
        told |= {f"{what} ratio": median(ratios), f"{what} low": low, f"{what} high": high}
    return {name: round(value, 3) for name, value in told.items()}


@contextmanager
def _console(folder: Path, environ: Mapping[str, str]) -> Iterator[tuple[psutil.Process, psutil.Process]]:
    """Run the console and a visitor who asks for page after page, each as a process of its own."""
    port = free_port()
    root = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "bridge", "console", "--port", str(port)]
    clean = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    with (folder / "console.log").open("ab") as log, ExitStack() as ending:
        console = Popen(command, env=clean | dict(environ), stdout=log, stderr=log)  # noqa: S603 - our own
        ending.callback(_end, console)
        assert until(lambda: _answers(root), START_SECONDS), (folder / "console.log").read_text("utf-8")  # noqa: S101 - else nothing is measured
        visitor = Popen([sys.executable, "-m", "benchmarks.console_load", root], stdout=log, stderr=log)  # noqa: S603 - as above
        ending.callback(_end, visitor)
        yield psutil.Process(console.pid), psutil.Process(visitor.pid)
        assert visitor.poll() is None, (folder / "console.log").read_text("utf-8")  # noqa: S101 - as above


def _answers(root: str) -> bool:
    with suppress(requests.ConnectionError):
        return requests.get(f"{root}/console/login", timeout=START_SECONDS).ok
    return False


def _end(process: "Popen[bytes]") -> None:
    process.send_signal(SIGCONT)  # one that is stopped hears nothing else
    process.terminate()
    process.wait(START_SECONDS)


def _let_rest(console: psutil.Process, visitor: psutil.Process) -> None:
    """Stop the visitor, and wait until the console has answered what it was asked."""
    visitor.suspend()

    def used() -> float:
        times = [one.cpu_times() for one in (console, *console.children())]
        return sum(float(one.user + one.system) for one in times)

    def rests() -> bool:
        before = used()
        time.sleep(0.1)
        return used() - before <= IDLE_SECONDS

    until(rests, START_SECONDS)


def visit(root: str) -> None:
    """Ask the console for one page after the other, until this process is ended."""
    browser = requests.Session()
    shown = browser.get(f"{root}/console/login", timeout=START_SECONDS).text
    found = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    form = {"csrf_token": found[1] if found else "", "name": NAME, "password": PASSWORD}
    browser.post(f"{root}/console/login", data=form, headers={"Origin": root}, timeout=START_SECONDS)
    while True:
        for page in PAGES:
            answer = browser.get(f"{root}{page}", allow_redirects=False, timeout=START_SECONDS)
            assert answer.status_code == 200, (page, answer.status_code)  # noqa: S101, PLR2004 - else it is no load


if __name__ == "__main__":
    visit(sys.argv[1])
