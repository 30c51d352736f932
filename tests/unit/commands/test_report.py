"""`bridge report decisions`: what is unsettled and what became of the rest, and nothing about anybody."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bridge.app.create import open_repositories
from bridge.settings import Settings
from bridge.store.decision import DecisionState, NewDecision, Opened

if TYPE_CHECKING:
    from click.testing import Result

    from bridge.store.decisions import Decisions
    from tests.conftest import Line

    Command = Callable[..., Result]

CANARY = "canary 7f31 An Peeters 20230118 +32470000001 205.76"
STEPS: dict[str, Callable[["Decisions", str, datetime], object]] = {
    "ready": lambda _journal, _id, _now: None,
    "sent": lambda journal, decision, now: journal.mark_sent(decision, now),
    "unknown": lambda journal, decision, now: (
        journal.mark_sent(decision, now),
        journal.mark_unclear(decision, now),
    ),
    "done": lambda journal, decision, now: (
        journal.mark_sent(decision, now),
        journal.settle(decision, DecisionState.DONE, now, result=CANARY.encode()),
    ),
    "refused": lambda journal, decision, now: (
        journal.mark_sent(decision, now),
        journal.settle(decision, DecisionState.REFUSED, now),
    ),
    "escalated": lambda journal, decision, now: (
        journal.mark_sent(decision, now),
        journal.settle(decision, DecisionState.ESCALATED, now),
    ),
}
SAID = {
    "ready": "confirmed, not sent yet",
    "sent": "sent, no answer yet",
    "unknown": "unclear, being looked up",
    "done": "done",
    "refused": "refused by Tagor",
    "escalated": "a task for an employee",
}


@pytest.fixture
def decided(line: "Line") -> Callable[..., None]:
    """Write a decision into the line's journal, as in `decided("done", days=3)` ago."""

    def decide(state: str, *, days: float = 0, kind: str = "plan") -> None:
        journal = open_repositories(Settings.read(line.environ)).decisions
        now = datetime.now(UTC) - timedelta(days=days)
        new = NewDecision(f"{state} {days}", "demo", f"{CANARY} {state} {days}", kind, CANARY.encode())
        opened = journal.open(new, now)
        assert isinstance(opened, Opened)
        STEPS[state](journal, opened.id, now)

    return decide


def told(command: "Command", line: "Line", *arguments: str) -> list[str]:
    """The lines of the report; its status is 0 whatever it tells."""
    result = command("report", "decisions", *arguments, environ=line.environ)
    assert result.exit_code == 0
    assert not any(word in result.output for word in CANARY.split())
    return result.output.splitlines()


def test_nothing_decided_is_a_sentence(command: "Command", line: "Line"):
    """No empty table."""
    assert told(command, line) == ["No decisions in the last 30 days, and none unsettled."]


@pytest.mark.parametrize("state", SAID)
def test_every_state_has_its_words(
    command: "Command", line: "Line", decided: Callable[..., None], state: str
):
    """As an office says it, with the moments it passed, in Belgian time."""
    decided(state)
    title, row, _, sentence = told(command, line)
    assert title.split() == ["office", "decision", "state", "confirmed", "sent", "settled"]
    assert row.startswith(f"demo    payment plan  {SAID[state]}")
    assert len(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row)) == {
        "ready": 1,
        "sent": 2,
        "unknown": 2,
    }.get(state, 3)
    unsettled = int(state in ("ready", "sent", "unknown"))
    assert sentence == f"1 in the last 30 days or unsettled; unsettled: {unsettled}."


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("plan", "payment plan"),
        ("approval", "approval of a plan"),
        ("text", "text message"),
        ("mail", "mail"),
        ("answers", "answers to a questionnaire"),
    ],
)
def test_every_kind_has_its_words(
    command: "Command", line: "Line", decided: Callable[..., None], kind: str, said: str
):
    """What was decided, as an office says it."""
    decided("done", kind=kind)
    assert told(command, line)[1].startswith(f"demo    {said}  ")


def test_what_is_unsettled_comes_first_however_old(
    command: "Command", line: "Line", decided: Callable[..., None]
):
    """Then the rest, oldest first; what is settled and older than was asked for is left out."""
    decided("done", days=40)
    decided("refused", days=3)
    decided("done", days=5)
    decided("sent", days=60)
    decided("unknown", days=1, kind="approval")
    *rows, _, sentence = told(command, line, "--since", "10")[1:]
    assert [row.split("  ")[0] for row in rows] == ["demo"] * 4
    assert [next(words for words in SAID.values() if f" {words} " in row) for row in rows] == [
        SAID["sent"],
        SAID["unknown"],
        SAID["done"],
        SAID["refused"],
    ]
    assert "approval of a plan" in rows[1]
    assert sentence == "4 in the last 10 days or unsettled; unsettled: 2."


def test_columns_stand_under_their_titles(command: "Command", line: "Line", decided: Callable[..., None]):
    """However long the words are."""
    decided("ready")
    decided("done", kind="approval")
    title, *rows, _, _ = told(command, line)
    for column in ("decision", "state", "confirmed"):
        at = title.index(column)
        assert all(row[at - 2 : at] == "  " and row[at] != " " for row in rows)
