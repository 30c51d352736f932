"""`bridge report callbacks`: which promises are to come, kept or missed, and nothing about anybody."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bridge.app.create import open_repositories
from bridge.settings import Settings
from bridge.store.callbacks import NewCallback, PromisedCallbacks

if TYPE_CHECKING:
    from click.testing import Result

    from tests.conftest import Line

    Command = Callable[..., Result]

CANARY = "canary 7f31 An Peeters 20230118 +32470000001"
STEPS: dict[str, Callable[[PromisedCallbacks, str, datetime], object]] = {
    "promised": lambda _promises, _key, _now: None,
    "scheduled": lambda promises, key, now: promises.mark_scheduled(key, "demo", now),
    "kept": lambda promises, key, now: promises.mark_kept(key, "demo", now),
    "missed": lambda promises, key, now: promises.mark_missed(key, "demo", now),
}
SAID = {"promised": "not yet in the agenda", "scheduled": "to come", "kept": "kept", "missed": "missed"}

Promised = Callable[..., None]


@pytest.fixture
def promised(line: "Line") -> Promised:
    """Promise a call in so many hours, as in `promised("kept", hours=-5, made=2)` days ago."""
    books = open_repositories(Settings.read(line.environ))

    def promise(state: str, *, hours: float = 3, made: float = 0) -> None:
        now = datetime.now(UTC)
        starts = now + timedelta(hours=hours)
        key = f"{CANARY} {state} {hours}"
        new = NewCallback(
            key, "demo", starts, starts + timedelta(hours=2), CANARY.encode(), now - timedelta(days=made)
        )
        with line.app.extensions["bridge"].database.on_cursor("durable") as transaction:
            books.callbacks.add(transaction, new)
        STEPS[state](books.callbacks, key, now)

    return promise


def told(command: "Command", line: "Line", *arguments: str) -> list[str]:
    """The lines of the report; its status is 0 whatever it tells."""
    result = command("report", "callbacks", *arguments, environ=line.environ)
    assert result.exit_code == 0
    assert not any(word in result.output for word in CANARY.split())
    return result.output.splitlines()


def test_nothing_promised_is_a_sentence(command: "Command", line: "Line"):
    """No empty table."""
    assert told(command, line) == ["No call-backs were promised in the last 30 days, and none is to come."]


@pytest.mark.parametrize("state", SAID)
def test_every_state_has_its_words(command: "Command", line: "Line", promised: Promised, state: str):
    """As an office says it, with from when to when, and when it was promised and settled."""
    promised(state)
    title, row, _, sentence = told(command, line)
    assert title.split() == ["office", "from", "until", "state", "promised", "settled"]
    assert f"  {SAID[state]}  " in row
    moments = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row)
    assert len(moments) == 3 + (state in ("kept", "missed"))
    kept, missed = int(state == "kept"), int(state == "missed")
    assert sentence == f"1 in the last 30 days or to come; kept: {kept}, missed: {missed}."


@pytest.mark.parametrize("state", ["promised", "scheduled"])
def test_what_should_have_been_by_now_is_overdue(
    command: "Command", line: "Line", promised: Promised, state: str
):
    """Nobody has looked yet whether it was kept, so it is neither to come nor missed."""
    promised(state, hours=-3)
    assert "  overdue  " in told(command, line)[1]


def test_a_promise_whose_hours_run_is_not_overdue(command: "Command", line: "Line", promised: Promised):
    """The office has until their end."""
    promised("scheduled", hours=-1)
    assert "  to come  " in told(command, line)[1]


def test_what_is_to_come_comes_first(command: "Command", line: "Line", promised: Promised):
    """By its hour; what is settled and was promised before the days asked for is left out."""
    promised("kept", hours=-30, made=40)
    promised("missed", hours=-20, made=2)
    promised("kept", hours=-28, made=3)
    promised("scheduled", hours=30, made=50)
    promised("promised", hours=5)
    *rows, _, sentence = told(command, line, "--since", "10")[1:]
    assert [next(words for words in SAID.values() if f"  {words}  " in row) for row in rows] == [
        SAID["promised"],
        SAID["scheduled"],
        SAID["kept"],
        SAID["missed"],
    ]
    assert sentence == "4 in the last 10 days or to come; kept: 1, missed: 1."
