"""A call in which nothing goes wrong."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.shared_line import Line

TOLD = ("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")


def test_a_known_number_and_a_pin_open_the_balance(calling: "Calling", line: "Line"):
    """A caller whose number is known keys in six digits and hears file, balance and last payment."""
    caller = calling()
    caller.hears("Defendant.welcome", "Defendant.main").keys("1")
    caller.hears("ByPin.ask_pin").keys("482193")
    caller.hears(*TOLD).hangs_up()
    asked = line.asked()
    assert asked[:3] == ["ClipToFile", "KantoorOpen", "PinToFile"]
    assert sorted(asked[3:]) == ["GetDosInfo", "GetListFilter", "GetSaldo", "PaymentInfo"]
