"""Fills the journal with the calls of 90 days and times every page of the console: `make bench PAGES=1`."""

import json
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from flask.testing import FlaskClient

import voice_flows
from benchmarks.journal import turn_costs
from bridge.app.create import proved_speech
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.migrate import migrate
from bridge.store.repositories import Repositories
from bridge.store.tables import Instant, steps
from bridge.web.app import create_web
from bridge.web.console.context import ConsoleContext, ConsoleOffice
from bridge.web.console.users import ConsoleUsers, user_line
from bridge.web.console.views import Console

RESULTS = Path(__file__).parent / "results" / "pages.json"
DAYS, OFFICE, NAME, PASSWORD = 90, "office0", "anna", "a password of the benchmark"
ORIGIN = {"Origin": "http://localhost"}
_BEGUN = ("recognise seen", "chime then", "ahead looked")
_KNOWN = (*_BEGUN, "main 1", "ByPin.ask_pin heard", "ByPin.try_hinted right", "Balance.look owed")
_AGREED = ("Balance.choose 2", "Terms.look two", "Agreement.agree 1", "Agreement.request as_confirmed")
_PERSON = ("Colleague.look open", "Colleague.find found", "Colleague.connect answered", "goodbye goodbye")
PATHS = (
    (*_KNOWN, "Balance.payments told", *_AGREED, "Balance.choose key 9", "goodbye goodbye"),
    (*_KNOWN, "Balance.payments told", "Balance.choose hung up"),
    (*_BEGUN, "main 3", "Office.look open", "Office.choose 1", *_PERSON),
    (*_BEGUN, "main silent, once more", "main hung up"),
)
"""What callers do, as (step exit); a step without a flow is the first flow's."""
TIMES = 7


def fill(file: Path, calls: int, now: datetime) -> str:
    """Write the journal of so many calls, and give the name of the newest one."""
    rng = Random(calls)
    moment = Instant()
    columns = "call, office, step, exit, language, at, milliseconds"
    into = f"INSERT INTO {steps.name} ({columns}) VALUES (?,?,?,?,?,?,?)"  # noqa: S608 - our own names

    def rows() -> Iterator[tuple[Any, ...]]:
        for number in range(calls):
            name = f"{rng.getrandbits(256):064x}"
            at = now - timedelta(days=DAYS) * (1 - (number + 1) / calls)
            language = rng.choice(("nl", "nl", "nl", "fr", "de", "en"))
            for position, taken in enumerate(rng.choice(PATHS)):
                place, way = taken.split(" ", 1)
                step = place if "." in place else f"Defendant.{place}"
                stored = moment.process_bind_param(at + timedelta(seconds=5 * position), None)  # type: ignore[arg-type]  # no engine differs
                yield name, OFFICE, step, way, language, stored, rng.randint(2, 400)

    with closing(sqlite3.connect(file)) as ours, ours:
        ours.executemany(into, rows())
        ours.execute("ANALYZE")
        [name] = ours.execute(f"SELECT call FROM {steps.name} ORDER BY id DESC LIMIT 1").fetchone()  # noqa: S608 - as above
    return str(name)


def console(store: Repositories) -> FlaskClient:
    """Open the console, as somebody who has logged in."""
    users = ConsoleUsers.read(user_line(NAME, "administer", "*", PASSWORD))
    office = ConsoleOffice(OFFICE, ("nl", "fr"), ("post",))
    pages = Console(users, ConsoleContext(store, voice_flows.CALL, (office,)))
    client = create_web(voice_flows.CALL, *proved_speech(), console=pages).test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/console/login").text)
    form = {"csrf_token": found[1] if found else "", "name": NAME, "password": PASSWORD}
    client.post("/console/login", data=form, headers=ORIGIN)
    return client


def milliseconds(do: Callable[[], object]) -> dict[str, float]:
    """Give the median time of doing something, on the clock and of the processor."""
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter(), time.thread_time()
        do()
        times.append((time.perf_counter() - begun[0], time.thread_time() - begun[1]))
    clock, processor = (round(1000 * median(took), 2) for took in zip(*times, strict=True))
    return {"clock": clock, "processor": processor}


def page_times(client: FlaskClient, newest: str) -> dict[str, dict[str, float]]:
    """Time every page that reads the store."""
    addresses = [
        *("/console/", "/console/?week=1", "/console/work", "/console/line", "/console/audit"),
        *("/console/report", "/console/report.csv", "/console/report.json"),
        *(f"/console/calls?call={newest[:16]}", f"/console/calls/{OFFICE}/{newest[:16]}"),
        "/flows/Defendant",
    ]

    def get(address: str) -> None:
        status = client.get(address).status_code
        assert status in (200, 302), (address, status)  # noqa: S101 - a page that fails is not measured

    return {address: milliseconds(lambda address=address: get(address)) for address in addresses}  # type: ignore[misc]  # the loop's own


def main(calls: int) -> None:
    """Measure, and tell the figures in milliseconds."""
    now, sealer = datetime.now(UTC), Sealer(["a secret of the benchmark"])
    with TemporaryDirectory(prefix="bridge-pages-") as folder:
        file = Path(folder) / "bridge.db"
        migrate(f"sqlite:///{file}")
        newest = fill(file, calls, now)
        database = Database(f"sqlite:///{file}")
        told = page_times(console(Repositories(database, sealer)), newest)
        database.close()
        turns = turn_costs(Path(folder))
    written = {"calls": calls, "milliseconds": told, "turns": turns}
    RESULTS.write_text(json.dumps(written, indent=1) + "\n", "utf-8")
    for what, took in told.items():
        print("{clock:9.2f} ms, {processor:.0f} of the processor  {what}".format(what=what, **took))  # noqa: T201 - the figures are what it is run for
    for turn, cost in turns.items():
        print("{with:9.2f} ms  {turn} with the journal, {ratio} of one without".format(turn=turn, **cost))  # noqa: T201 - as above


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
