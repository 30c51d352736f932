"""Odd values in single fields of Tagor's answers, as they were found: each costs its field and no call."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.shared_line import Line

AN, AN_FILE = "+32470000001", "20230118"
PAID, WHICH = "Received.paid", "Payments.which"
NO_DAYS = ("0001-01-01", "1899-12-30", "9999-12-31", "14/03/2025")
DAYS = ("2025-03-14", "2025-03-14T00:00:00", "2025-03-14 10:20:30")
AMBIGUOUS = ("1.234", "1.234,56", "1,234.56", "1 234,56")


@pytest.fixture
def odd(line: "Line") -> "Calling":
    """Let Tagor answer an operation with this JSON in this field."""

    def plant(operation: str, field: str, value: str) -> None:
        line.tagor.fault(f"TagorService/{operation}", "replace_fields", names=[field], value=value)

    return plant


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        *((("Aanlegger", value), [PAID]) for value in ('""', "null", '"   "', "[]", "absent")),
        *((("DatumLtstBet", f'"{day}"'), [WHICH]) for day in NO_DAYS),
        *((("DatumLtstBet", f'"{day}"'), [PAID, WHICH]) for day in DAYS),
        *((("BedragLtstBet", value), [WHICH]) for value in ("0", '""', "null", "absent", '"1.234"', "-50")),
        *((("DatumLtstBet", value), [WHICH]) for value in ('""', "null", "absent", "0", "{}")),
        (("DatumLtstOnbvBet", '"0001-01-01"'), [PAID, WHICH]),
        (("BedragLtstOnbvBet", "0"), [PAID, WHICH]),
    ],
)
def test_an_odd_fact_costs_its_own_sentence(
    opened: "Calling", line: "Line", odd: "Calling", fact: tuple[str, str], told: list[str]
):
    """The balance and everything else is told, and noted on the file as it was heard."""
    odd("GetDosInfo", *fact)
    opened().hears("Balance.tell", *told, "Balance.choose").hangs_up()
    line.after(minutes=5)
    [note] = line.tagor.records.info_lines(AN_FILE)
    assert "Saldo meegedeeld: 1.234,56 EUR" in note.text


@pytest.mark.parametrize("value", ["318.07000000000005", '" 318.07"', '"318.070"', '"318,07"', "318.07"])
def test_a_balance_is_read_in_any_form_that_means_one_thing(opened: "Calling", odd: "Calling", value: str):
    """The noise of a float, blanks, a comma or a zero more change no amount."""
    odd("GetSaldo", "Saldo", value)
    caller = opened().hears("Balance.tell", PAID, WHICH, "Balance.choose")
    assert caller.told["owed"] == "318 euro en 7 cent"


@pytest.mark.parametrize("value", [*(f'"{one}"' for one in AMBIGUOUS), '""', "null", "NaN", '"318.07 EUR"'])
def test_a_balance_that_may_mean_two_things_is_not_told(opened: "Calling", odd: "Calling", value: str):
    """A person helps: no amount is better than a wrong one."""
    odd("GetSaldo", "Saldo", value)
    opened().hears("NoBalance.sorry", "Offer.choose")


@pytest.mark.parametrize("value", ['"20230219(2)"', '"2023:0118"', '"Dossier №5"', '""', "null", "true"])
def test_a_hinted_file_that_cannot_be_asked_about_sounds_like_an_unknown_number(
    opened: "Calling", odd: "Calling", line: "Line", value: str
):
    """The caller is asked for the file, which the PIN opens; nothing was tried in vain."""
    odd("ClipToFile", "Dossiernaam", value)
    caller = opened().hears("ByPin.ask_file")
    assert line.asked("PinToFile") == []
    caller.keys(f"{AN_FILE}#").hears("Balance.tell", PAID, WHICH, "Balance.choose")


@pytest.mark.parametrize(
    "value", ['"an@example.be;jan@example.be"', '"Jan <a@b.be>"', '"\\u00e9@example.be"', '"an"', "null"]
)
def test_an_address_that_cannot_be_written_to_is_not_offered(
    opened: "Calling", odd: "Calling", line: "Line", value: str
):
    """Neither from the file nor from the contacts; a text is offered and sent, and so is a second one."""
    odd("GetDosInfo", "EmailVerweerder", value)
    line.tagor.fault("Party/GetContactDetails", "replace_fields", names=["content"], value=value)
    for _ in range(2):
        caller = opened().keys("1").keys("1").hears("Post.text").keys("1")
        caller.hears("Post.sent", "Balance.choose").hangs_up()


@pytest.mark.parametrize("value", ["null", '""', '"0"', "0", '"x"', "absent"])
def test_a_pin_without_a_party_identifies_and_decides_nothing(opened: "Calling", odd: "Calling", value: str):
    """As by a reference: the amount is told, and a plan needs a person."""
    odd("PinToFile", "TPAR_Id", value)
    caller = opened().hears("Balance.tell", PAID, WHICH, "Balance.choose")
    caller.keys("2").hears("PaymentPlan.refer", "Offer.choose")


@pytest.mark.parametrize("field", ["StatusId", "StadiumId", "StopstatusId", "AlarmstatusId"])
@pytest.mark.parametrize("value", ['"DAGV"', '"dagv"', '" Dagv "', "[]"])
def test_a_stop_status_stops_a_plan_wherever_and_however_it_is_written(
    opened: "Calling", odd: "Calling", field: str, value: str
):
    """A state that cannot be read may be one of them."""
    caller = opened()
    odd("GetDosInfo", field, value)
    caller.keys("2").hears("PaymentPlan.refer", "Offer.choose")


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("TagorService/GetSaldo", "gzip"),
        ("TagorService/GetDosInfo", "names_in_lower_case"),
        ("TagorService/ClipToFile", "rows_unwrapped"),
        ("*", "gzip"),
        ("*", "names_in_lower_case"),
        ("*", "rows_unwrapped"),
    ],
)
def test_another_form_of_the_same_answer_is_the_same_answer(
    opened: "Calling", line: "Line", operation: str, fault: str
):
    """A packed body, another letter case and one row without its array."""
    line.tagor.fault(operation, fault)
    opened().hears("Balance.tell", PAID, WHICH, "Balance.choose")
