"""Fills the journal with the calls of 90 days and times every page of the console: `make bench PAGES=1`."""

import json
import os
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import voice_flows
from benchmarks.console_load import LoadSizes, console_costs, too_dear_under_load
from benchmarks.filled_store import OFFICES, NewestCall, fill
from benchmarks.journal import too_dear, turn_costs
from bridge.app.create import proved_speech
from bridge.office.hours import BRUSSELS
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.migrate import migrate
from bridge.store.repositories import Repositories
from bridge.web.app import create_web
from bridge.web.console.context import TYPED_MOMENT, ConsoleContext, ConsoleOffice
from bridge.web.console.users import ConsoleUsers, user_line
from bridge.web.console.views import Console

RESULTS = Path(__file__).parent / "results" / "pages.json"
NAME, PASSWORD = "anna", "a password of the benchmark"
ORIGIN = {"Origin": "http://localhost"}
TIMES = 7
MAX_MILLISECONDS = 300
"""How long a page may take, on the clock."""


class ConsolePages:
    """The pages of the console before a store, for somebody who has logged in."""

    def __init__(self, store: Repositories) -> None:
        users = ConsoleUsers.read(user_line(NAME, "administer", "*", PASSWORD))
        offices = [ConsoleOffice(key, ("nl", "fr"), ("post",)) for key in OFFICES]
        pages = Console(users, ConsoleContext(store, voice_flows.CALL, offices))
        self._client = create_web(voice_flows.CALL, *proved_speech(), console=pages).test_client()
        form = {"csrf_token": self._token("/console/login"), "name": NAME, "password": PASSWORD}
        self._client.post("/console/login", data=form, headers=ORIGIN)

    def times(self, newest: NewestCall) -> dict[str, dict[str, float]]:
        """Time every page that reads the store."""
        addresses = [
            *("/console/", "/console/?part=1", "/console/?week=1", "/console/calls"),
            *("/console/work", "/console/line", "/console/audit"),
            *("/console/report", "/console/report.csv", "/console/report.json"),
            *(f"/console/calls?call={newest.name}", f"/console/calls/{newest.office}/{newest.name}"),
            *("/flows", *(f"/flows/{name}" for name in ("Defendant", "Balance", "PaymentPlan", "Colleague"))),
        ]
        told = {address: _milliseconds(lambda address=address: self._get(address)) for address in addresses}  # type: ignore[misc]  # the loop's own
        form = {
            "csrf_token": self._token("/console/calls"),
            "number": newest.caller,
            "minute": newest.began.astimezone(BRUSSELS).strftime(TYPED_MOMENT),
        }
        return told | {"POST /console/calls": _milliseconds(lambda: self._look_up(form))}

    def _get(self, address: str) -> None:
        status = self._client.get(address).status_code
        assert status in (200, 302), (address, status)  # noqa: S101 - a page that fails is not measured

    def _look_up(self, form: dict[str, str]) -> None:
        status = self._client.post("/console/calls", data=form, headers=ORIGIN).status_code
        assert status == 302, status  # noqa: S101, PLR2004 - it leads to the very call

    def _token(self, address: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self._client.get(address).text)
        return found[1] if found else ""


def _milliseconds(do: Callable[[], object]) -> dict[str, float]:
    """Give the median time of doing something, on the clock and of the processor."""
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter(), time.thread_time()
        do()
        times.append((time.perf_counter() - begun[0], time.thread_time() - begun[1]))
    clock, processor = (round(1000 * median(took), 2) for took in zip(*times, strict=True))
    return {"clock": clock, "processor": processor}


def too_slow(told: dict[str, dict[str, float]]) -> list[str]:
    """Say which pages take longer than they may."""
    slow = [(page, took["clock"]) for page, took in told.items() if took["clock"] > MAX_MILLISECONDS]
    return [f"{page} takes {clock} ms, more than {MAX_MILLISECONDS}" for page, clock in slow]


def main(calls: int) -> int:
    """Measure, tell the figures in milliseconds, and say by the exit status whether all of them hold."""
    now, sealer = datetime.now(UTC), Sealer(["a secret of the benchmark"])
    busy = os.getloadavg()[0]
    with TemporaryDirectory(prefix="bridge-pages-") as folder:
        url = f"sqlite:///{Path(folder) / 'bridge.db'}"
        migrate(url)
        database = Database(url)
        store = Repositories(database, sealer)
        newest = fill(database, store, calls, now)
        told = ConsolePages(store).times(newest)
        database.close()
        turns = turn_costs(Path(folder))
        load = console_costs(Path(folder), LoadSizes(calls=calls // 5))
    failures = too_slow(told) + too_dear(turns) + too_dear_under_load(load)
    written = {
        "calls": calls,
        "load average before": round(busy, 1),
        "milliseconds": told,
        "turns": turns,
        "console_load": load,
        "failures": failures,
    }
    RESULTS.write_text(json.dumps(written, indent=1) + "\n", "utf-8")
    lines = [
        "{clock:9.2f} ms, {processor:.0f} of the processor  {what}".format(what=what, **took)
        for what, took in told.items()
    ]
    lines += [
        "{with:9.2f} ms  {turn} with the journal, {ratio} of one without".format(turn=turn, **cost)
        for turn, cost in turns.items()
    ]
    lines += [
        f"{cost['clock busy']:9.2f} ms  a turn on {engine} while the console works, "
        f"{cost['clock ratio']} of one while it rests ({cost['processor ratio']} of the processor)"
        for engine, cost in load.items()
    ]
    print(*lines, *(f"FAIL: {one}" for one in failures), sep="\n")  # noqa: T201 - the figures are what it is run for
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
