"""Callers who hang up: at every point of a call, and nothing is left of it."""

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
    from tests.conftest import Line

STEPS = ["1", "000000", "20230118#", "482193", "1", "0"]


@pytest.mark.parametrize("after", range(len(STEPS) + 1))
def test_nothing_is_left_of_a_call(calling: "Calling", line: "Line", after: int):
    """Wherever the caller hangs up: state and replies are wiped, only that the call is over stays known."""
    caller = calling()
    for keys in STEPS[:after]:
        caller.keys(keys)
    caller.hangs_up()
    with closing(sqlite3.connect(line.database)) as books:
        assert books.execute("SELECT state FROM calls").fetchall() == [(None,)]
        assert books.execute("SELECT count(*) FROM turns").fetchone() == (0,)


def test_a_webhook_after_the_end_only_hangs_up(calling: "Calling", line: "Line"):
    """A late one begins nothing and asks nothing."""
    caller = calling().keys("1")
    caller.hangs_up()
    asked = line.asked()
    for path in ("/voice", "/voice/turn/1", "/voice/turn/2", "/voice/turn/77"):
        status, _, body = line.webhook(path, caller.phone.call_id, Digits="482193")
        assert (status, b"<Hangup" in body, b"<Say" in body) == (200, True, False)
    assert line.asked() == asked


def test_a_goodbye_is_repeated_to_whoever_did_not_get_it(calling: "Calling", line: "Line"):
    """The last reply may be lost on its way: for half a minute it is there to be asked for again."""
    caller = calling().keys("9")
    body = caller.phone.turns[-1].body
    assert line.webhook("/voice/turn/1", "CA" + "0" * 32)[2] != body
    caller.hears("Defendant.goodbye").is_let_go()


def test_what_is_said_while_the_end_is_told_is_noted_too(
    calling: "Calling", line: "Line", monkeypatch: pytest.MonkeyPatch
):
    """A turn is saved between the look at the call and its wiping: the note has its balance, and the end."""
    caller, peek = calling().keys("1"), Calls.snapshot

    def meanwhile(calls: Calls, call: str) -> CallSnapshot | None:
        monkeypatch.undo()
        kept = peek(calls, call)
        line.webhook("/voice/turn/2", call, Digits="482193")
        return kept

    monkeypatch.setattr(Calls, "snapshot", meanwhile)
    caller.hangs_up()
    line.after()
    [note] = [record.text for record in line.tagor.info_lines("20230118")]
    assert "1234,56" in note.replace(".", "")
    assert NoteBook.load(voice_flows.NOTES).write("Note.hung_up", {}, "nl") in note


@pytest.mark.parametrize("status", ["busy", "failed", "no-answer", "canceled", "completed"])
def test_every_end_is_an_end(calling: "Calling", line: "Line", status: str):
    """However the provider names it."""
    caller = calling().keys("1")
    assert line.webhook("/voice/status", caller.phone.call_id, CallStatus=status)[0] == 204
    assert b"<Hangup" in line.webhook("/voice/turn/2", caller.phone.call_id, Digits="482193")[2]


def test_news_of_a_call_under_way_ends_nothing(calling: "Calling", line: "Line"):
    """A provider may also tell that a call was answered."""
    caller = calling().keys("1")
    line.webhook("/voice/status", caller.phone.call_id, CallStatus="in-progress")
    caller.keys("482193").hears("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose")
