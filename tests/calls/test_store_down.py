"""Calls while the database is gone: fixed words and a person, nothing of any file, and no PIN tried."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.conftest import Line

ALL = ("turns", "calls", "pin_attempts")


def test_a_call_that_cannot_be_written_down_reaches_a_person(line: "Line"):
    """An apology and the switchboard, in one reply that needs no further webhook; Tagor is not asked."""
    line.break_database(*ALL)
    phone = line.phone().ring()
    assert phone.waiting.targets == (line.switchboard,)
    assert phone.miss_transfer().ended_by == "hangup"
    assert len(phone.turns) == 1
    assert [heard.language for heard in phone.heard] == ["nl-BE", "nl-BE"]
    assert line.asked() == []


@pytest.mark.parametrize("after", range(3))
def test_a_database_that_goes_in_mid_call(line: "Line", after: int):
    """At whichever turn: the next reply is the fixed one, and nothing more is asked of Tagor."""
    phone = line.phone().ring()
    for keys in ["1", "482193"][:after]:
        phone.press(keys)
    asked = line.asked()
    line.break_database(*ALL)
    phone.press("1" if after != 1 else "482193")
    assert phone.waiting.targets == (line.switchboard,)
    assert line.asked()[len(asked) :] in ([], ["KantoorOpen"])  # on its way since the welcome


def test_a_try_that_cannot_be_counted_is_not_made(calling: "Calling", line: "Line"):
    """Only the budgets are gone: no PIN is shown to Tagor, neither for the number nor for a named file."""
    caller = calling().keys("1")
    line.break_database("pin_attempts")
    caller.keys("482193").hears("Anytime.trouble", "Colleague.connect").reaches(line.switchboard)
    assert line.asked("PinToFile") == []


def test_a_hangup_that_cannot_be_written_down_is_no_trouble(line: "Line"):
    """The provider's status report is answered all the same."""
    phone = line.phone().ring()
    line.break_database(*ALL)
    assert line.webhook("/voice/status", phone.call_id, CallStatus="completed")[0] == 204


def test_a_worker_that_starts_while_the_database_is_away(line: "Line"):
    """It starts, and sends its callers to a person; a platform sees that it is not ready."""
    line.environ["DATABASE_URL"] = f"sqlite:///{line.folder}/away/bridge.db"
    line.start()
    phone = line.phone().ring()
    assert phone.waiting.targets == (line.switchboard,)
    assert line.app.test_client().get("/readyz").status_code == 503
    assert line.asked() == []
