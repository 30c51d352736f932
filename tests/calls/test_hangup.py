"""Callers hang up at any point of a call, and nothing is left of it."""

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

import voice_flows
from bridge.speech import NoteBook
from bridge.store.calls import Calls
from bridge.store.claim import CallSnapshot

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.shared_line import Line

STEPS = ["1", "000000", "20230118#", "482193", "1", "0"]


@pytest.mark.parametrize("after", [0, 2, 4, 6])
def test_nothing_is_left_of_a_call(somebody: "Calling", line: "Line", after: int):
    """State and replies are wiped, and only that the call is over stays known."""
    caller = somebody()
    for keys in STEPS[:after]:
        caller.keys(keys)
    caller.hangs_up()
    with closing(sqlite3.connect(line.database)) as database:
        assert database.execute("SELECT state FROM calls").fetchall() == [(None,)]
        assert database.execute("SELECT count(*) FROM turns").fetchone() == (0,)


def test_a_webhook_after_the_end_only_hangs_up(somebody: "Calling", line: "Line"):
    """A late webhook begins nothing and asks Tagor nothing."""
    caller = somebody().keys("1")
    caller.hangs_up()
    asked = line.asked()
    for path in ("/voice", "/voice/turn/1/on", "/voice/turn/2", "/voice/turn/3", "/voice/turn/77"):
        status, _, body = line.webhook(path, caller.phone.call_id, Digits="482193")
        assert (status, b"<Hangup" in body, b"<Say" in body) == (200, True, False)
    assert line.asked() == asked


def test_a_goodbye_is_repeated_to_whoever_did_not_get_it(line: "Line"):
    """The last reply may be lost on its way, so for half a minute it can be asked for again."""
    call = "CA" + "0" * 32
    line.webhook("/voice", call)
    line.webhook("/voice/turn/1/on", call)
    first, again = (line.webhook("/voice/turn/2", call, Digits="9")[2] for _ in range(2))
    assert b"<Say" in first
    assert again == first


def test_what_is_said_while_the_end_is_told_is_noted_too(
    calling: "Calling", line: "Line", monkeypatch: pytest.MonkeyPatch
):
    """A turn is saved between the look at the call and its wiping: the note has its balance and the end."""
    caller, snapshot = calling().keys("1"), Calls.snapshot

    def meanwhile(calls: Calls, call: str) -> CallSnapshot | None:
        monkeypatch.undo()
        kept = snapshot(calls, call)
        line.webhook("/voice/turn/3", call, Digits="482193")
        return kept

    monkeypatch.setattr(Calls, "snapshot", meanwhile)
    caller.hangs_up()
    line.after()
    [note] = [record.text for record in line.tagor.records.info_lines("20230118")]
    assert "1234,56" in note.replace(".", "")
    assert NoteBook.load(voice_flows.NOTES).write("Note.hung_up", {}, "nl") in note


@pytest.mark.parametrize("status", ["busy", "failed", "no-answer", "canceled"])
def test_every_end_is_an_end(somebody: "Calling", line: "Line", status: str):
    """Every final status of the provider ends the call."""
    caller = somebody().keys("1")
    assert line.webhook("/voice/status", caller.phone.call_id, CallStatus=status)[0] == 204
    assert b"<Hangup" in line.webhook("/voice/turn/3", caller.phone.call_id, Digits="482193")[2]


def test_news_of_a_call_under_way_ends_nothing(calling: "Calling", line: "Line"):
    """A status that a call is in progress leaves it as it is."""
    caller = calling().keys("1")
    line.webhook("/voice/status", caller.phone.call_id, CallStatus="in-progress")
    caller.keys("482193").hears("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")
