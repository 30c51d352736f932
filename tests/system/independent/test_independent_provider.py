"""A provider that shares no code with the bridge plays plan calls while workers are killed."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from independent_caller import Caller, Heard, Wish
from independent_provider import Account, Line
from shared_process import free_port

from bridge.simulators.demo import environment
from bridge.simulators.tagor import Case, StandIn
from bridge.store.migrate import migrate

ROOT = Path(__file__).parents[3]
PAUSE = threading.Event()
"""Never set: to wait on between two looks."""


def is_ready(port: int) -> bool:
    """Whether the line takes calls."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    with suppress(OSError, http.client.HTTPException), closing(connection):
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    return False


class Killer(threading.Thread):
    """Kills one worker of a gunicorn after the other, for as long as calls go on."""

    def __init__(self, master: int, rng: Random) -> None:
        super().__init__(daemon=True)
        self._master, self._rng, self._over = master, rng, threading.Event()
        self.kills = 0

    def run(self) -> None:
        while not self._over.wait(self._rng.uniform(0.5, 2.0)):
            children = Path(f"/proc/{self._master}/task/{self._master}/children").read_text().split()
            if len(children) > 1:
                with suppress(ProcessLookupError):
                    os.kill(int(self._rng.choice(children)), signal.SIGKILL)
                    self.kills += 1

    def stop(self) -> None:
        """Let the workers live from now on."""
        self._over.set()
        self.join()


@contextmanager
def line(folder: Path) -> Iterator[tuple[Account, StandIn, int]]:
    """A real gunicorn over real SQLite, with its own Tagor; gives the account, Tagor, the master's pid."""
    port = free_port()
    with StandIn() as tagor:
        settings = environment(folder, port, tagor)
        migrate(settings["DATABASE_URL"])
        command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py")]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BRIDGE_", "PORT"))}
        server = subprocess.Popen(command, cwd=folder, env={**kept, **settings})  # noqa: S603 - our own server
        try:
            until = time.monotonic() + 60
            while not is_ready(port):
                assert server.poll() is None, "the line did not start"
                assert time.monotonic() < until, "the line did not become ready within a minute"
                PAUSE.wait(0.1)
            account = Account(
                settings["BRIDGE_ACCOUNT"],
                settings["BRIDGE_TOKENS"],
                "+3220000001",
                settings["BRIDGE_PUBLIC_URL"],
            )
            yield account, tagor, server.pid
        finally:
            server.terminate()
            server.wait(30)


def case(number: int) -> Case:
    """A debtor of their own, in English."""
    return Case(
        note="Phones through the independent provider.",
        name=f"Debtor {number}",
        phone=f"+32472{number:06d}",
        tagor_language="Eng",
        file=f"4{number:07d}",
        file_id=f"94000000000000{number:05d}",
        party_id=f"95000000000000{number:05d}",
        reference=f"99{number:05d}",
        pin=f"{100000 + number * 37 % 900000:06d}",
        house_number="7",
        balance=Decimal("600.00") + number,
    )


def wishes(calls: int, rng: Random) -> tuple[list[Case], list[Wish]]:
    """So many calls: most on a file of their own, every fifth pair on one file."""
    cases, wanted = [], []
    while len(wanted) < calls:
        one = case(len(cases) + 1)
        cases.append(one)
        twins = 2 if len(cases) % 5 == 0 else 1
        for twin in range(twins):
            months = (6, 12)[twin] if twins == 2 else rng.choice((6, 12))
            wish = Wish(one.phone or "", one.pin, one.file, months, one.balance, gives_up=rng.random() < 0.05)
            wanted.append(wish)
    return cases, wanted[:calls]


def breaches(calls: list[tuple[Wish, Heard]], cases: list[Case], books: dict[str, list[Any]]) -> list[str]:
    """Every second plan, foreign approval and untrue word, in a sentence each."""
    found = []
    plans: dict[str, list[Any]] = defaultdict(list)
    for plan in books["plans"]:
        plans[plan["file_id"]].append(plan)
    by_file: dict[str, list[Heard]] = defaultdict(list)
    for wish, heard in calls:
        by_file[wish.file].append(heard)
        if strange := heard.amounts_owed() - {wish.balance}:
            found.append(f"{wish.file}: told {strange}, owes {wish.balance}")
    for one in cases:
        heard, made = by_file[one.file], plans[one.file_id]
        requested = sum(call.requested > 0 for call in heard)
        if len(made) > requested:
            found.append(f"{one.file}: {len(made)} plans for {requested} callers who asked for one")
        approved = [plan for plan in made if plan["approvals"]]
        if any(plan["approvals"] > 1 for plan in made):
            found.append(f"{one.file}: a plan was approved more than once")
        agreed = {months for call in heard for months in call.agreed_months}
        if any(plan["months"] not in agreed for plan in approved):
            found.append(f"{one.file}: a plan was approved that no caller agreed to")
        confirmed = sum(call.said("plan is confirmed") for call in heard)
        if confirmed > len(approved):
            found.append(
                f"{one.file}: {confirmed} callers heard a confirmation, {len(approved)} plans are approved"
            )
        if (
            made
            and len(heard) == 1
            and heard[0].said("Nothing has been requested|No plan has been requested")
        ):
            found.append(f"{one.file}: the caller heard that nothing was requested, and a plan was made")
    return found


def play(folder: Path, calls: int, rng: Random) -> tuple[list[str], Counter[str]]:
    """Play so many plan calls while workers die, replay all of them, and judge by Tagor's books."""
    cases, wanted = wishes(calls, rng)
    told: Counter[str] = Counter()
    with line(folder) as (account, tagor, master):
        for one in cases:
            tagor.controls.add_case(one)
        killer = Killer(master, Random(rng.random()))
        killer.start()
        callers = [Caller(account, wish, Line(account, wish.phone, Random(rng.random()))) for wish in wanted]
        with ThreadPoolExecutor(8) as phones:
            heard = list(phones.map(Caller.phone, callers))
        killer.stop()
        before = tagor.state()
        with ThreadPoolExecutor(8) as phones:
            list(phones.map(lambda caller: caller.line.replay(), callers))
        after = json.loads(json.dumps(tagor.state(), default=str))
        found = breaches(list(zip(wanted, heard, strict=True)), cases, after)
        for table in ("plans", "messages"):
            if len(after[table]) > len(before[table]):
                found.append(f"replayed calls added {len(after[table]) - len(before[table])} rows to {table}")
        told["kills"] = killer.kills
        told["confirmed"] = sum(call.said("plan is confirmed") for call in heard)
        told["requested"] = sum(call.requested > 0 for call in heard)
        told["noted"] = sum(call.said("has been noted. A colleague") for call in heard)
        told["to a person"] = sum(call.ended == "dialled" for call in heard)
    return found, told


def test_a_dozen_plan_calls_with_dying_workers_make_no_second_plan(tmp_path: Path, rng: Random):
    """Duplicates, late copies, replays and kills: one plan a caller, approved by its own caller only."""
    found, told = play(tmp_path, 12, rng)
    assert found == []
    assert told["confirmed"] > 0


@pytest.mark.rehearsal
@pytest.mark.timeout(1800)
def test_two_hundred_plan_calls_with_dying_workers_make_no_second_plan(tmp_path: Path, rng: Random):
    """The same at full size: 0 second plans, 0 foreign approvals, 0 untrue words."""
    found, told = play(tmp_path, 200, rng)
    print(dict(told))  # noqa: T201 - the figures of the rehearsal
    assert found == []
    assert told["confirmed"] > 100
    assert told["kills"] > 20
