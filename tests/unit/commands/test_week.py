"""`bridge report --week`: the figures of the journal, to the unit, for people, spreadsheets and programs."""

import csv
import io
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

import voice_flows
from bridge.app.create import open_repositories
from bridge.call_statistics import CallStatistics, week
from bridge.flow.steps import Menu, Run
from bridge.settings import Settings
from bridge.store.callbacks import NewCallback

if TYPE_CHECKING:
    from click.testing import Result

    from tests.shared_line import Line

    Command = Callable[..., Result]

PIN, CALLER = "482193", "+32470000001"


@pytest.fixture
def balance() -> str:
    """The key of the first menu that leads to the balance."""
    root = voice_flows.CALL.root
    for step in root.steps.values():
        for key, target in step.exits.items() if isinstance(step, Menu) else ():
            run = root.steps[target]
            if isinstance(run, Run) and run.flow.name == "Balance":
                return key
    raise AssertionError


@pytest.fixture
def told(line: "Line", balance: str) -> Callable[[], CallStatistics]:
    """Play three calls, and count the week in which they were: one hears the balance, two hang up."""
    line.phone(CALLER).ring().press(balance).press(PIN).press("9")
    line.phone(CALLER).ring().press(balance).hang_up()
    line.phone("+32470000002").ring().hang_up()

    def count() -> CallStatistics:
        kept = open_repositories(Settings.read(line.environ))
        [figures] = week(kept, voice_flows.CALL, line.clock.now())
        return figures

    return count


def test_a_week_is_counted(told: Callable[[], CallStatistics], line: "Line"):
    """Calls of each day, who proved who they are, in which language and where calls ended."""
    figures = told()
    assert figures.office == "demo"
    assert (figures.total, figures.calls[line.clock.now().date()], len(figures.calls)) == (3, 3, 7)
    assert figures.calls_that["proved who called"] == 1
    assert figures.languages == {"nl": 2, "fr": 1}
    assert sum(figures.endings.values()) == 3
    assert figures.endings["ByPin.ask_pin", "hung up"] == 1


def test_the_figures_are_those_of_the_journal(told: Callable[[], CallStatistics], line: "Line"):
    """Each exit as often as it stands there."""
    figures = told()
    with closing(sqlite3.connect(line.database)) as database:
        rows = database.execute("SELECT step, exit FROM steps").fetchall()
    assert figures.exits == Counter(rows)


def test_a_week_later_nothing_is_told(told: Callable[[], CallStatistics], line: "Line"):
    """Seven days, today included."""
    assert told().total == 3
    line.clock.move(days=6)
    assert told().total == 3
    line.clock.move(days=1)
    kept = open_repositories(Settings.read(line.environ))
    assert week(kept, voice_flows.CALL, line.clock.now()) == []


@pytest.fixture
def written(
    command: "Command", line: "Line", told: Callable[[], CallStatistics], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], str]:
    """Print the week of these calls in a form."""
    figures = told()
    monkeypatch.setattr("bridge.call_statistics.week", lambda *_: [figures])

    def write(form: str) -> str:
        result = command("report", "--week", "--format", form, environ=line.environ)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout

    return write


def test_the_week_is_read_by_people(written: Callable[[str], str]):
    """In tables, with shares in percent."""
    text = written("text")
    assert text.startswith("demo: 3 calls from 2026-02-26 to 2026-03-04")
    assert "proved who called  1       33 %" in text
    assert "Wednesday 2026-03-04  3" in text


def test_the_week_is_read_by_programs(written: Callable[[str], str]):
    """CSV and JSON hold every figure, and the same ones."""
    rows = list(csv.DictReader(io.StringIO(written("csv"))))
    [office] = json.loads(written("json"))
    assert {row["figure"]: int(row["value"]) for row in rows} == office["figures"]
    assert {(row["office"], row["from"], row["until"]) for row in rows} == {
        ("demo", "2026-02-26", "2026-03-04")
    }
    assert office["figures"]["calls"] == 3


@pytest.fixture
def called_back(line: "Line") -> None:
    """Promise two call-backs, and keep one of them."""
    kept, now = open_repositories(Settings.read(line.environ)).callbacks, line.clock.now()
    with line.app.extensions["bridge"].database.on_cursor("durable") as transaction:
        for name in ("1", "2"):
            kept.add(transaction, NewCallback(name, "demo", now, now, b"", now))
    kept.mark_kept("1", "demo", now)


@pytest.mark.usefixtures("called_back")
def test_callbacks_stand_in_every_form(written: Callable[[str], str]):
    """Promised, kept and missed, as the console shows them."""
    counted = {"promised": 2, "kept": 1, "missed": 0}
    [office] = json.loads(written("json"))
    assert {name: office["figures"][f"call-backs {name}"] for name in counted} == counted
    for name, number in counted.items():
        assert f"demo,2026-02-26,2026-03-04,call-backs {name},{number}\n" in written("csv")
        assert re.search(rf"^{name} +{number}$", written("text"), re.MULTILINE)
        assert f"<dt>Call-backs {name}</dt><dd>{number}</dd>" in written("html")


def test_the_week_is_printed(written: Callable[[str], str], command: "Command", line: "Line"):
    """As a page with charts that loads nothing from anywhere; in the language that was asked for."""
    page = written("html")
    assert "<dt>Calls</dt><dd>3</dd>" in page
    assert page.count("<svg") == 4
    assert "The call: Main menu" in page
    assert not re.search(r'<script|<link|src=|href="(?!#)', page)
    asked = command("report", "--week", "--format", "html", "--language", "fr", environ=line.environ).stdout
    assert '<html lang="fr">' in asked
    assert "Appels" in asked


def test_a_week_without_calls_says_so(command: "Command", line: "Line"):
    """In words, on the page too; an empty list for programs."""
    page = command("report", "--week", "--format", "html", environ=line.environ).stdout
    assert "Nobody called in this week." in page
    assert command("report", "--week", environ=line.environ).stdout.startswith("Nobody called")
    assert json.loads(command("report", "--week", "--format", "json", environ=line.environ).stdout) == []
