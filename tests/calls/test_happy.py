"""Calls in which nothing goes wrong."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.conftest import Line

TOLD = ("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose")


def test_a_known_number_and_a_pin_open_the_balance(calling: "Calling", line: "Line"):
    """A recognised caller keys in six digits and hears it all: file, balance, last payment."""
    caller = calling()
    caller.hears("Defendant.welcome", "Defendant.main").keys("1")
    caller.hears("ByPin.ask_pin").keys("482193")
    caller.hears(*TOLD).hangs_up()
    assert line.asked() == ["ClipToFile", "KantoorOpen", "PinToFile", "GetDosInfo", "GetSaldo", "PaymentInfo"]


def test_hearing_the_balance_again_asks_tagor_once(calling: "Calling", line: "Line"):
    """Every GetSaldo leaves a note on the file, so one call leaves one note."""
    caller = calling().keys("1").keys("482193")
    for _ in range(3):
        caller.hears(*TOLD).keys("3").hears("ByPin.ask_pin").keys("482193")
    assert line.notes() == ["9000000000000000001"]
