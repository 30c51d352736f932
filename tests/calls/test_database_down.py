"""Calls while a part of the database is gone: no PIN that could not be counted, and no trouble for others."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.shared_line import Line


def test_a_try_that_cannot_be_counted_is_not_made(somebody: "Calling", line: "Line"):
    """Without the table of budgets no PIN is shown to Tagor, neither for the number nor for a named file."""
    caller = somebody().keys("1")
    line.break_database("pin_attempts")
    caller.keys("482193").hears("Anytime.trouble", "Colleague.connect").reaches(line.switchboard)
    assert line.asked("PinToFile") == []


def test_a_caller_who_comes_back_from_a_colleague_is_not_put_through_again(somebody: "Calling", line: "Line"):
    """Without a database nobody knows where the call was; that somebody was rung the provider says itself."""
    phone = somebody().keys("0").reaches(line.switchboard).phone
    line.break_database("turns", "calls")
    phone.answer_transfer()
    assert [one.text for one in phone.last] == ["Bedankt voor uw oproep. Tot ziens."]
    assert phone.ended_by == "hangup"


def test_a_hangup_that_cannot_be_written_down_is_answered(line: "Line"):
    """The provider's status callback gets its answer all the same."""
    phone = line.phone().ring()
    line.break_database("turns", "calls", "pin_attempts")
    assert line.webhook("/voice/status", phone.call_id, CallStatus="completed")[0] == 204


def test_a_worker_that_starts_without_a_database_says_that_it_is_not_ready(line: "Line"):
    """It starts and sends its callers to a person, and the platform sees on /readyz that it is not ready."""
    line.environ["DATABASE_URL"] = f"sqlite:///{line.folder}/away/bridge.db"
    line.start()
    phone = line.phone().ring()
    assert phone.waiting.targets == (line.switchboard,)
    assert line.app.test_client().get("/readyz").status_code == 503
    assert line.asked() == []
