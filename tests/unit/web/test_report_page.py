"""The report of a week in the console: the figures of the journal, to the unit, for people and programs."""

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from web_visitor import Visitor

import voice_flows
from bridge.call_statistics import as_csv, as_json, week
from bridge.store.callbacks import NewCallback
from bridge.store.repositories import Repositories
from bridge.web.charts import columns, rows

if TYPE_CHECKING:
    from tests.shared_line import Line

As = Callable[[str], Visitor]
CALLER, PIN = "+32470000001", "482193"


@pytest.fixture
def called(line: "Line") -> None:
    """Three calls: one hears the balance, one asks for it, one hangs up."""
    line.phone(CALLER).ring().press("1").press(PIN).press("9")
    line.phone(CALLER).ring().press("1").hang_up()
    line.phone("+32470000002").ring().hang_up()


@pytest.mark.usefixtures("called")
def test_the_files_are_what_the_command_writes(logged_in: As, store: Repositories, line: "Line"):
    """`bridge report --week` and the console count once, and write it alike; each file has its name."""
    sara = logged_in("sara")
    figures = week(store, voice_flows.CALL, line.clock.now())
    spreadsheet, program = sara.get("/report.csv"), sara.get("/report.json")
    ours = [row for row in csv.reader(spreadsheet.text.splitlines()) if row[0] in {"office", "demo"}]
    assert ours == list(csv.reader(as_csv(figures).splitlines()))
    assert [one for one in program.json if one["office"] == "demo"] == json.loads(as_json(figures))
    assert spreadsheet.headers["Content-Disposition"] == 'attachment; filename="report-2026-03-04.csv"'


@pytest.mark.usefixtures("called")
def test_the_page_shows_the_same_figures(logged_in: As):
    """Calls, the share that proved who they are, and where callers hung up."""
    shown = logged_in("sara").get("/report?lang=en").text
    assert "<dt>Calls</dt><dd>3</dd>" in shown
    assert "<dt>proved who they are</dt><dd>1 <small>33 %</small></dd>" in shown
    assert "The call: Main menu, caller hung up" in shown
    assert "<style" not in shown
    assert "<script" not in shown


@pytest.mark.usefixtures("called")
def test_a_week_in_which_nobody_called_is_told(logged_in: As):
    """The week before is one; an address that names no week shows no figures at all."""
    sara = logged_in("sara")
    assert "Nobody called in this week." in sara.get("/report?lang=en&day=2026-02-25").text
    assert "<dd>3</dd>" in sara.get("/report?lang=en").text
    unread = sara.get("/report?lang=en&day=nonsense")
    assert unread.status_code == 400
    assert "<dd>" not in unread.text


def test_callbacks_count_in_the_week_of_their_end(logged_in: As, store: Repositories, line: "Line"):
    """Kept or missed; one that is to come is neither."""
    now = line.clock.now()
    with store.calls._database.on_cursor("durable") as transaction:
        for name, ends in (("1", now), ("2", now), ("3", now - timedelta(days=9)), ("4", now)):
            store.callbacks.add(transaction, NewCallback(name, "demo", ends, ends, b"", ends))
    for name in "123":
        store.callbacks.mark_kept(name, "demo", now)
    shown = logged_in("sara").get("/report?lang=en").text
    assert "<dt>Call-backs kept</dt><dd>2</dd>" in shown
    assert "<dt>Call-backs missed</dt><dd>0</dd>" in shown


@pytest.mark.usefixtures("called")
def test_an_office_reads_its_own_report_only(logged_in: As):
    """On the page and in the files."""
    hugo = logged_in("hugo")
    for address in ("/report", "/report.csv", "/report.json"):
        shown = hugo.get(address).text
        assert "aalst" in shown
        assert "demo" not in shown


@pytest.mark.parametrize("draw", [columns, rows])
def test_a_chart_is_text_and_lines_only(draw: Callable[[dict[str, int]], str]):
    """A name is written as text; nothing in a chart runs or brings a style of its own."""
    drawn = draw({"<script>alert(1)</script>": 3, "b": 0})
    assert "<script" not in drawn
    assert "<style" not in drawn
    assert "style=" not in drawn
    assert "&lt;script&gt;alert(1)" in drawn
