"""`bridge outbox`: how much is to be done, what was given up and why, and how it is tried again."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, get_args
from unittest.mock import Mock

import pytest

from bridge.app.create import open_repositories
from bridge.commands.outbox import JOB_KINDS
from bridge.settings import Settings
from bridge.store.job import DeadLetter, JobKind, JobState, NewJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from bridge.store.outbox import Outbox
    from tests.conftest import Line

    Command = Callable[..., Result]

CANARY = "canary 7f31 An Peeters 20230118 +32470000001"
TROUBLE = "nobody in Tagor gets this"


@pytest.fixture
def box(line: "Line") -> "Outbox":
    return open_repositories(Settings.read(line.environ)).outbox


def leave(box: "Outbox", name: str, kind: JobKind = "note", *, dead: bool = False) -> None:
    """Leave a job, or a dead letter."""
    now = datetime.now(UTC)
    due = now - timedelta(days=1) if dead else now + timedelta(days=1)
    box.add(NewJob(f"{CANARY} {name}", "demo", kind, CANARY.encode(), due))
    for job in box.claim_due(now) if dead else ():
        assert box.dead_letter(job, now, trouble=TROUBLE)


def told(command: "Command", line: "Line", *arguments: str) -> list[str]:
    """What it says; its status is 0 whatever that is."""
    result = command("outbox", *arguments, environ=line.environ)
    assert result.exit_code == 0
    assert not any(word in result.output for word in CANARY.split())
    return result.output.splitlines()


def test_nothing_to_do_is_a_sentence(command: "Command", line: "Line"):
    """No empty table."""
    assert told(command, line) == ["0 to be done, 0 given up."]


def test_what_waits_is_counted(command: "Command", line: "Line", box: "Outbox"):
    """What is done is not among it."""
    leave(box, "one")
    leave(box, "two", "voicemail")
    box.add(NewJob("three", "demo", "note", b"", datetime.now(UTC)))
    [job] = box.claim_due(datetime.now(UTC))
    box.complete(job, datetime.now(UTC))
    assert told(command, line) == ["2 to be done, 0 given up."]


@pytest.mark.parametrize("kind", get_args(JobKind))
def test_a_dead_letter_is_shown_with_its_trouble(
    command: "Command", line: "Line", box: "Outbox", kind: JobKind
):
    """What it was, how often it was tried, why it was given up; and what to do about it."""
    leave(box, "one", kind, dead=True)
    [letter] = box.dead_letters()
    first, _, title, row, _, advice = told(command, line)
    assert first == "0 to be done, 1 given up."
    assert title.split("  ")[0] == "id"
    for word in (letter.id[:10], "demo", JOB_KINDS[kind], " 1 ", TROUBLE):
        assert word in row
    assert advice.endswith("bridge outbox retry all")


def test_all_letters_are_tried_again(command: "Command", line: "Line", box: "Outbox"):
    """The second time there is none."""
    for name in ("one", "two", "three"):
        leave(box, name, dead=True)
    assert told(command, line, "retry", "all") == ["3 of them will be tried again now."]
    assert told(command, line, "retry", "all") == ["There is no such dead letter."]
    assert told(command, line) == ["3 to be done, 0 given up."]
    assert len(box.claim_due(datetime.now(UTC))) == 3


def named(letters: list[DeadLetter], how: str) -> str:
    return {"whole": letters[0].id, "as shown": letters[0].id[:10]}[how]


@pytest.mark.parametrize("how", ["whole", "as shown"])
def test_one_letter_is_tried_again(command: "Command", line: "Line", box: "Outbox", how: str):
    """By its id, or by as much of it as the table shows; the others stay."""
    leave(box, "one", dead=True)
    leave(box, "two", dead=True)
    letters = box.dead_letters()
    assert told(command, line, "retry", named(letters, how)) == ["1 of them will be tried again now."]
    assert [letter.id for letter in box.dead_letters()] == [letters[1].id]


def test_who_tried_again_is_written_down(
    command: "Command", line: "Line", box: "Outbox", monkeypatch: pytest.MonkeyPatch
):
    """By the name they have on this machine, as the console does for its button; by a number without one."""
    audit = open_repositories(Settings.read(line.environ)).audit
    monkeypatch.setenv("LOGNAME", "somebody else")
    monkeypatch.setattr("pwd.getpwuid", lambda _: Mock(pw_name="anna"))
    leave(box, "one", dead=True)
    [letter] = box.dead_letters()
    assert told(command, line, "retry", "no such id") == ["There is no such dead letter."]
    assert audit.newest(9) == []
    told(command, line, "retry", "all")
    [entry] = audit.newest(9)
    assert (entry.who, entry.what) == ("anna, by a command", "retried")
    assert entry.whom == f"demo {letter.id[:10]}"

    def nameless(_number: int) -> None:
        raise KeyError

    monkeypatch.setattr("pwd.getpwuid", nameless)
    leave(box, "two", dead=True)
    told(command, line, "retry", "all")
    assert re.fullmatch(r"user \d+, by a command", audit.newest(1)[0].who)


@pytest.mark.parametrize("name", ["", "no such id", "ALL"])
def test_a_name_of_none_revives_none(command: "Command", line: "Line", box: "Outbox", name: str):
    """An empty name, as from a script gone wrong, does not mean all of them."""
    leave(box, "one", dead=True)
    assert told(command, line, "retry", name) == ["There is no such dead letter."]
    assert box.counts()[JobState.DEAD] == 1
