"""Odd values in single fields of Tagor's answers: one of each kind is heard, and costs its field and no call.

How every odd value is read is proved in `tests/unit/tagor/test_odd_values.py`.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.shared_line import Line

AN_FILE = "20230118"
PAID, WHICH = "Received.paid", "Payments.which"


@pytest.fixture
def odd(line: "Line") -> "Calling":
    """Let Tagor answer an operation with this JSON in this field."""

    def plant(operation: str, field: str, value: str) -> None:
        line.tagor.fault(f"TagorService/{operation}", "replace_fields", names=[field], value=value)

    return plant


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("Aanlegger", "[]", [PAID]),
        ("DatumLtstBet", '"0001-01-01"', [WHICH]),
        ("DatumLtstBet", '"2025-03-14 10:20:30"', [PAID, WHICH]),
        ("BedragLtstBet", '"1.234"', [WHICH]),
        ("DatumLtstOnbvBet", '"0001-01-01"', [PAID, WHICH]),
    ],
)
def test_an_odd_fact_costs_its_own_sentence(  # noqa: PLR0917 - a row of the table
    opened: "Calling", line: "Line", odd: "Calling", field: str, value: str, told: list[str]
):
    """The balance and everything else is told, and noted on the file as it was heard."""
    odd("GetDosInfo", field, value)
    opened().hears("Balance.tell", *told, "Balance.choose").hangs_up()
    line.after(minutes=5)
    [note] = line.tagor.records.info_lines(AN_FILE)
    assert "Saldo meegedeeld: 1.234,56 EUR" in note.text


def test_a_balance_that_may_mean_two_things_is_not_told(opened: "Calling", odd: "Calling"):
    """A person helps: no amount is better than a wrong one."""
    odd("GetSaldo", "Saldo", '"1.234"')
    opened().hears("NoBalance.sorry", "Offer.choose")


@pytest.mark.parametrize("value", ['"2023:0118"', "null"])
def test_a_hinted_file_that_cannot_be_asked_about_sounds_like_an_unknown_number(
    opened: "Calling", odd: "Calling", line: "Line", value: str
):
    """The caller is asked for the file, which the PIN opens; nothing was tried in vain."""
    odd("ClipToFile", "Dossiernaam", value)
    caller = opened().hears("ByPin.ask_file")
    assert line.asked("PinToFile") == []
    caller.keys(f"{AN_FILE}#").hears("Balance.tell", PAID, WHICH, "Balance.choose")


@pytest.mark.parametrize("value", ['"an@example.be;jan@example.be"', "null"])
def test_an_address_that_cannot_be_written_to_is_not_offered(
    opened: "Calling", odd: "Calling", line: "Line", value: str
):
    """Neither from the file nor from the contacts; a text is offered and sent, and so is a second one."""
    odd("GetDosInfo", "EmailVerweerder", value)
    line.tagor.fault("Party/GetContactDetails", "replace_fields", names=["content"], value=value)
    for _ in range(2):
        caller = opened().keys("1").keys("1").hears("Post.text").keys("1")
        caller.hears("Post.sent", "Balance.choose").hangs_up()


def test_a_pin_without_a_party_identifies_and_decides_nothing(opened: "Calling", odd: "Calling"):
    """As by a reference: the amount is told, and a plan needs a person."""
    odd("PinToFile", "TPAR_Id", '"x"')
    caller = opened().hears("Balance.tell", PAID, WHICH, "Balance.choose")
    caller.keys("2").hears("PaymentPlan.refer", "Offer.choose")


@pytest.mark.parametrize("fault", ["gzip", "names_in_lower_case", "rows_unwrapped"])
def test_another_form_of_the_same_answer_is_the_same_answer(opened: "Calling", line: "Line", fault: str):
    """A packed body, another letter case and one row without its array, in every answer of a call."""
    line.tagor.fault("*", fault)
    opened().hears("Balance.tell", PAID, WHICH, "Balance.choose")
