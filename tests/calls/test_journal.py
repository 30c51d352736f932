"""What the journal of steps keeps of a call: where it went, and nothing of what was keyed in or heard."""

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.shared_line import Line

PIN, CALLER = "482193", "+32470000001"


def test_a_call_leaves_its_path(line: "Line"):
    """From the ring to the goodbye, each exit once, however often a webhook comes."""
    phone = line.phone(CALLER).ring().press("1").press(PIN)
    phone.resend(2)
    phone.press("9")
    path = line.steps(phone.call_id)
    assert path[0] == "Defendant.recognise seen"
    assert "ByPin.ask_pin heard" in path
    assert "ByPin.try_hinted right" in path
    assert path.count("Balance.look owed") == 1
    assert path[-2:] == ["Balance.choose key 9", "Defendant.goodbye goodbye"]


def test_a_caller_who_hangs_up_leaves_where(line: "Line"):
    """The step that was asking; reported twice, it is written once."""
    phone = line.phone(CALLER).ring().press("1").hang_up()
    assert line.steps(phone.call_id)[-1] == "ByPin.ask_pin hung up"


def test_a_caller_who_stumbles_leaves_how_often(line: "Line"):
    """Silence, a wrong key, silence: the question is asked again each time, then a person helps."""
    phone = line.phone(CALLER).ring().press("1").press("12#").wait()
    assert line.steps(phone.call_id)[-2:] == [
        "ByPin.ask_pin wrong, once more",
        "ByPin.ask_pin silent, once more",
    ]


@pytest.mark.parametrize("secret", [PIN, CALLER, "20230118", "1234.56", "An Peeters", "9000000000000000001"])
def test_the_journal_tells_nothing_about_anybody(line: "Line", secret: str):
    """No PIN, number, file, amount or name stands in any of its rows."""
    line.phone(CALLER).ring().press("1").press(PIN).hang_up()
    with closing(sqlite3.connect(line.database)) as database:
        rows = database.execute("SELECT * FROM steps").fetchall()
    assert len(rows) > 5
    assert secret not in repr(rows)


def test_a_failure_leaves_where_it_happened(line: "Line", monkeypatch: pytest.MonkeyPatch):
    """A turn that broke and led to a person."""
    phone = line.phone(CALLER).ring()
    with monkeypatch.context() as patch:
        patch.setattr("bridge.flow.engine.Engine.hear", lambda *_: 1 / 0)
        phone.press("1")
    assert "Defendant.main trouble" in line.steps(phone.call_id)
