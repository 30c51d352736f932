"""Callers key in the number under the barcode of their letter, and hear what its payment slip asks for."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Caller, PlanLine

    Opening = Callable[..., PlanLine]

AN, MARIE = CASES[:2]
SLIPS = {"# pin_scheme = true": "pin_scheme = true", "# slips = true": "slips = true"}
PAY, SLIP = "1", "4"
MENU = ("Pay.account", "Pay.reference", "Pay.choose_slip")
TOLD = ("Slip.account", "Slip.reference", "Slip.choose")
UNKNOWN = "2000009990#"


@pytest.fixture
def slips(plan_line: "Opening") -> "PlanLine":
    """The demo's office, where Tagor guards files itself and slips are read out."""
    return plan_line(office=SLIPS)


def at_slip(slips: "PlanLine", name: str = AN.name) -> "Caller":
    """Prove the file, hear how to pay it, and be asked for the number."""
    return slips.call(name).keys(PAY).hears(*MENU).keys(SLIP).hears("Slip.ask_barcode")


def schemes(slips: "PlanLine") -> dict[str, str]:
    """Whose credential each operation about slips showed."""
    asked = [entry for entry in slips.tagor.journal() if entry["operation"].endswith(("Barcode", "Lines"))]
    return {entry["operation"]: entry["scheme"] for entry in asked}


@pytest.mark.parametrize("case", CASES[:4], ids=lambda case: case.language)
def test_a_slip_tells_amount_account_and_what_to_mention(slips: "PlanLine", case: Any):  # noqa: ANN401 - a case
    """In each language; Tagor is asked with the caller's own PIN, and the note tells what was heard."""
    caller = at_slip(slips, case.name).keys(f"{case.barcode}#").hears("Slip.amount", *TOLD)
    assert "".join(filter(str.isdigit, caller.told["slip_reference"])) == case.file
    caller.keys("*").hears("Slip.amount", *TOLD).keys("2").hears("Balance.choose").hangs_up()
    assert schemes(slips) == {"TagorService/ScanBarcode": "Pin", "Dossier/GetLines": "Tgr"}
    slips.line.after()
    assert "Overschrijving bij een brief meegedeeld: " in slips.tagor.records.info_lines(case.file)[-1].text


def test_whoever_has_paid_since_hears_what_is_left(slips: "PlanLine"):
    """Nobody is told to pay a letter's amount once more."""
    slips.tagor.controls.set_balance(AN.file, Decimal("40.00"))
    caller = at_slip(slips).keys(f"{AN.barcode}#").hears("Slip.less", *TOLD)
    assert caller.told["slip_left"] == "40 euro"


def test_a_number_of_another_letter_tells_nothing(slips: "PlanLine"):
    """Of another file, or of none: the same words; after three of them the call goes on at the file."""
    caller = at_slip(slips).keys(f"{MARIE.barcode}#").hears("Slip.unknown", "Slip.ask_barcode")
    caller.keys(UNKNOWN).hears("Slip.unknown", "Slip.ask_barcode").keys(UNKNOWN)
    caller.hears("Slip.given_up", "Balance.choose")
    assert schemes(slips) == {"TagorService/ScanBarcode": "Pin"}


def test_without_a_number_the_call_goes_on_at_the_file(slips: "PlanLine"):
    """After hash alone, silence, or numbers that are too short."""
    caller = at_slip(slips).keys("#").hears("Balance.choose")
    caller.keys(PAY).keys(SLIP).silent(3).hears("Balance.choose")
    caller.keys(PAY).keys(SLIP).keys("12#").hears(
        "Slip.ask_barcode wrong", "Anytime.key_person", "Slip.ask_barcode"
    )
    caller.keys("12#").keys("12#").hears("Balance.choose")


@pytest.mark.parametrize(
    ("operation", "fault", "heard"),
    [
        ("TagorService/ScanBarcode", {"fault": "status", "status": 500}, ("Slip.sorry", "Balance.choose")),
        ("TagorService/ScanBarcode", {"fault": "success_false"}, ("Slip.unknown", "Slip.ask_barcode")),
        ("Dossier/GetLines", {"fault": "status", "status": 500}, ("Slip.known", *TOLD)),
        (
            "Dossier/GetLines",
            {"fault": "replace_fields", "names": ["Bedrag"], "value": '"1.234"'},
            ("Slip.known", *TOLD),
        ),
        (
            "Dossier/GetLines",
            {"fault": "replace_fields", "names": ["Bedrag"], "value": "-5"},
            ("Slip.known", *TOLD),
        ),
    ],
)
def test_what_tagor_leaves_open_costs_the_amount_only(
    slips: "PlanLine", operation: str, fault: dict[str, Any], heard: tuple[str, ...]
):
    """An amount that is not certain is never spoken; where to pay is known all the same."""
    caller = at_slip(slips)
    slips.tagor.fault(operation, **fault)
    caller.keys(f"{AN.barcode}#").hears(*heard)


@pytest.mark.parametrize("generation", ["1.08"])
@pytest.mark.usefixtures("generation")
def test_the_earlier_generation_names_no_line(plan_line: "Opening"):
    """There the slip is known and its amount is not."""
    at_slip(plan_line(office=SLIPS)).keys(f"{AN.barcode}#").hears("Slip.known", *TOLD)


@pytest.mark.parametrize("off", SLIPS)
def test_it_takes_the_office_and_the_callers_own_pin(plan_line: "Opening", off: str):
    """Without either the menu is the usual one, and its last key leads back."""
    plans = plan_line(office={old: new for old, new in SLIPS.items() if old != off})
    plans.call().keys(PAY).hears(*MENU[:2], "Pay.choose").keys(SLIP).hears("Balance.choose")
    assert schemes(plans) == {}
