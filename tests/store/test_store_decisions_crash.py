"""Decisions and kill -9: whatever moment a process dies at, nothing is sent twice and nothing is lost.

Started as a script, this file is such a process: it says a line for every step it has passed.
"""

import os
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bridge.store.database import Database
from bridge.store.decision import Blocked, NewDecision, Opened, State
from bridge.store.decisions import Decisions
from bridge.store.errors import StoreDown
from bridge.store.seal import Seal

Process = subprocess.Popen[str]
Start = Callable[..., Process]

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 29, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PLAN = NewDecision("CA1", "gent", "700412345", "plan", b"9 x 125.50 for Verstraeten-Dupont")
REDIAL = replace(PLAN, confirmation="CA2")


def journal(url: str) -> Decisions:
    return Decisions(Database(url), Seal(["a secret of the tests"]))


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def opened(decisions: Decisions, new: NewDecision = PLAN) -> str:
    one = decisions.open(new, NOW)
    assert isinstance(one, Opened)
    return one.id


def go_until(url: str, last: str) -> None:
    """Walk through the protocol and stop, still alive, after the last step."""
    decisions = journal(url)
    one = opened(decisions)
    steps: dict[str, Callable[[], object]] = {
        "ready": lambda: None,
        "sent": lambda: decisions.mark_sent(one, NOW),
        "unclear": lambda: decisions.mark_unclear(one, NOW),
        "taken": lambda: decisions.due(NOW + SECOND),
    }
    for step in list(steps)[: list(steps).index(last) + 1]:
        steps[step]()
        say(step)
    sys.stdin.readline()


def send_on(url: str) -> None:
    """Send one after the other and say each that may be sent, until killed."""
    decisions = journal(url)
    for number in range(1_000_000):
        one = opened(decisions, replace(PLAN, confirmation=str(number), file=str(number)))
        decisions.mark_sent(one, NOW)
        say(one)


def compete(url: str) -> None:
    """Let 16 threads decide the same 4 things, and say how often one of them may send."""
    decisions = journal(url)

    def leaves(_: int) -> int:
        ids = [opened(decisions, replace(PLAN, confirmation=str(file), file=str(file))) for file in range(4)]
        return sum(decisions.mark_sent(one, NOW) for one in ids)

    with ThreadPoolExecutor(16) as threads:
        say("ready")
        sys.stdin.readline()
        say(sum(threads.map(leaves, range(16))))


def fill_up(url: str, log: str) -> None:
    """Open a decision, let no file grow any more, and ask for leave to send."""
    decisions = journal(url)
    one = opened(decisions)
    resource.setrlimit(resource.RLIMIT_FSIZE, (Path(log).stat().st_size, resource.RLIM_INFINITY))
    try:
        say(decisions.mark_sent(one, NOW))
    except StoreDown:
        say("StoreDown")


@pytest.fixture
def start() -> Iterator[Start]:
    """Start this file as a process; what still runs is killed after the test."""
    started: list[Process] = []

    def start_one(*command: str) -> Process:
        line = [sys.executable, __file__, *command]
        started.append(
            subprocess.Popen(  # noqa: S603 (our own script)
                line,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield start_one
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def decisions(database: Database, seal: Seal) -> Decisions:
    return Decisions(database, seal)


def kill_after(process: Process, *steps: str) -> None:
    assert [process.stdout.readline().strip() for _ in steps] == list(steps)
    process.kill()
    assert process.wait() == -9


def test_killed_before_sending_the_call_itself_may_go_on_and_send_once(
    url: str, decisions: Decisions, start: Start
):
    kill_after(start("go", url, "ready"), "ready")
    assert decisions.open(REDIAL, NOW) == Blocked()
    again = decisions.open(PLAN, NOW + SECOND)
    assert isinstance(again, Opened)
    assert again.state is State.READY
    assert [decisions.mark_sent(again.id, NOW + SECOND) for _ in range(2)] == [True, False]


def test_killed_before_sending_and_hung_up_an_employee_gets_it_and_nobody_sends(
    url: str, decisions: Decisions, start: Start
):
    kill_after(start("go", url, "ready"), "ready")
    (left,) = decisions.due(NOW + 60 * SECOND)
    assert (left.payload, left.is_late(NOW + 60 * SECOND)) == (PLAN.payload, True)
    assert not decisions.mark_sent(left.id, NOW + 60 * SECOND)
    assert decisions.settle(left.id, State.HANDED, NOW + 61 * SECOND, claim=left.claim)
    assert isinstance(decisions.open(REDIAL, NOW + 62 * SECOND), Opened)


def test_killed_after_marking_it_sent_nobody_sends_and_it_is_looked_after(
    url: str, decisions: Decisions, start: Start
):
    kill_after(start("go", url, "sent"), "ready", "sent")
    again = decisions.open(PLAN, NOW + SECOND)
    assert again == Opened(opened(decisions), State.SENT)
    assert not decisions.mark_sent(again.id, NOW + SECOND)
    assert decisions.open(REDIAL, NOW + SECOND) == Blocked()
    (left,) = decisions.due(NOW + 10 * SECOND)
    assert (left.id, left.state, left.payload) == (again.id, State.SENT, PLAN.payload)
    assert decisions.settle(left.id, State.DONE, NOW + 10 * SECOND, claim=left.claim)


def test_killed_after_an_unclear_answer_it_is_looked_after(url: str, decisions: Decisions, start: Start):
    kill_after(start("go", url, "unclear"), "ready", "sent", "unclear")
    assert not decisions.mark_sent(opened(decisions), NOW)
    (left,) = decisions.due(NOW + SECOND)
    assert left.state is State.UNKNOWN


def test_killed_while_looking_after_it_another_worker_does_when_the_lease_is_over(
    url: str, decisions: Decisions, start: Start
):
    kill_after(start("go", url, "taken"), "ready", "sent", "unclear", "taken")
    assert decisions.due(NOW + 30 * SECOND) == []
    (left,) = decisions.due(NOW + 31 * SECOND)
    assert left.payload == PLAN.payload


def test_killed_at_any_moment_everything_that_may_have_been_sent_is_known(
    url: str, decisions: Decisions, start: Start
):
    process = start("send", url)
    allowed = [process.stdout.readline().strip() for _ in range(20)]
    process.kill()
    allowed += [line.strip() for line in process.stdout if line.endswith("\n")]
    assert process.wait() == -9
    due = {one.id: one.state for one in decisions.due(NOW + 60 * SECOND, limit=1_000_000)}
    assert Counter(due[one] for one in allowed) == {State.SENT: len(allowed)}
    assert len(due) - len(allowed) <= 1


def test_four_processes_of_sixteen_threads_send_everything_once(url: str, start: Start):
    processes = [start("compete", url) for _ in range(4)]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 4
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert sum(int(process.stdout.readline()) for process in processes) == 4


def test_a_disk_that_fills_up_between_the_two_gives_no_leave(
    file: Path, start: Start, seal: Seal, request: pytest.FixtureRequest
):
    """The operating system itself refuses the write."""
    url = f"sqlite:///{file}"
    process = start("fill", url, f"{file}-wal")
    assert process.stdout.readline() == "StoreDown\n"
    database = Database(url)
    request.addfinalizer(database.close)
    found = Decisions(database, seal).open(PLAN, NOW)
    assert isinstance(found, Opened)
    assert found.state is State.READY


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        {"go": go_until, "send": send_on, "compete": compete, "fill": fill_up}[sys.argv[1]](*sys.argv[2:])
