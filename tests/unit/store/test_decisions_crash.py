"""Decisions and kill -9: whatever moment a process dies at, nothing is sent twice and nothing is lost."""

import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from store_decisions_worker import NOW, PLAN, SECOND, opened

from bridge.store.database import Database
from bridge.store.decision import Blocked, DecisionState, Opened
from bridge.store.decisions import Decisions
from bridge.store.encryption import Sealer

Process = subprocess.Popen[str]
Start = Callable[..., Process]

REDIAL = replace(PLAN, confirmation="CA2")


@pytest.fixture
def start(start_worker: Start) -> Start:
    """Start such a process (`store_decisions_worker.py`); what still runs is killed after the test."""
    return lambda *command: start_worker(*command, script="store_decisions_worker.py")


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
    assert again.state is DecisionState.READY
    assert [decisions.mark_sent(again.id, NOW + SECOND) for _ in range(2)] == [True, False]


def test_killed_after_marking_it_sent_nobody_sends_and_it_is_looked_after(
    url: str, decisions: Decisions, start: Start
):
    kill_after(start("go", url, "sent"), "ready", "sent")
    again = decisions.open(PLAN, NOW + SECOND)
    assert again == Opened(opened(decisions), DecisionState.SENT)
    assert not decisions.mark_sent(again.id, NOW + SECOND)
    assert decisions.open(REDIAL, NOW + SECOND) == Blocked()
    (left,) = decisions.claim_due(NOW + 10 * SECOND)
    assert (left.id, left.state, left.payload) == (again.id, DecisionState.SENT, PLAN.payload)
    assert decisions.settle(left.id, DecisionState.DONE, NOW + 10 * SECOND, claim=left.claim)


def test_killed_while_looking_after_it_another_worker_does_when_the_lease_is_over(
    url: str, decisions: Decisions, start: Start
):
    kill_after(start("go", url, "taken"), "ready", "sent", "unclear", "taken")
    assert decisions.claim_due(NOW + 30 * SECOND) == []
    (left,) = decisions.claim_due(NOW + 31 * SECOND)
    assert left.payload == PLAN.payload


def test_killed_at_any_moment_everything_that_may_have_been_sent_is_known(
    url: str, decisions: Decisions, start: Start
):
    process = start("send", url)
    allowed = [process.stdout.readline().strip() for _ in range(20)]
    process.kill()
    allowed += [line.strip() for line in process.stdout if line.endswith("\n")]
    assert process.wait() == -9
    due = {one.id: one.state for one in decisions.claim_due(NOW + 60 * SECOND, limit=1_000_000)}
    assert Counter(due[one] for one in allowed) == {DecisionState.SENT: len(allowed)}
    assert len(due) - len(allowed) <= 1


def test_two_processes_of_sixteen_threads_send_everything_once(url: str, start: Start):
    processes = [start("compete", url) for _ in range(2)]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 2
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert sum(int(process.stdout.readline()) for process in processes) == 4


def test_a_disk_that_fills_up_between_the_two_gives_no_leave(
    file: Path, start: Start, seal: Sealer, request: pytest.FixtureRequest
):
    """The operating system itself refuses the write."""
    url = f"sqlite:///{file}"
    process = start("fill", url, f"{file}-wal")
    assert process.stdout.readline() == "StoreDown\n"
    database = Database(url)
    request.addfinalizer(database.close)
    found = Decisions(database, seal).open(PLAN, NOW)
    assert isinstance(found, Opened)
    assert found.state is DecisionState.READY
