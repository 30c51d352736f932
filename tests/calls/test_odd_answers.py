"""Tagor's answer has an odd value in one field: the caller hears everything else, and nothing untrue."""

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.shared_line import Line

AN = CASES[0]


@pytest.mark.parametrize(
    ("operation", "field", "odd", "told"),
    [
        ("GetDosInfo", "Aanlegger", '""', ["Balance.tell", "Payments.paid"]),
        ("GetDosInfo", "Aanlegger", "null", ["Balance.tell", "Payments.paid"]),
        ("GetDosInfo", "DatumLtstBet", '"0001-01-01"', ["Balance.which", "Balance.tell"]),
        ("GetDosInfo", "DatumLtstBet", '"9999-12-31"', ["Balance.which", "Balance.tell"]),
        ("GetDosInfo", "DatumLtstBet", '"14/03/2025"', ["Balance.which", "Balance.tell"]),
        ("GetDosInfo", "BedragLtstBet", "0", ["Balance.which", "Balance.tell"]),
        ("GetSaldo", "Saldo", "318.07000000000005", ["Balance.which", "Balance.tell", "Payments.paid"]),
        ("GetSaldo", "Success", '"True"', ["Balance.which", "Balance.tell", "Payments.paid"]),
        ("PaymentInfo", "Betaalplan", '"TRUE"', ["Balance.which", "Balance.tell", "Payments.paid"]),
        ("PinToFile", "TPAR_Id", "null", ["Balance.which", "Balance.tell", "Payments.paid"]),
    ],
)
def test_one_odd_field_costs_its_own_sentence_only(
    calling: "Calling", line: "Line", *, operation: str, field: str, odd: str, told: list[str]
):
    """The balance is told, the sentence that needs the field is left out, and the menu follows."""
    line.tagor.fault(f"TagorService/{operation}", "replace_fields", names=[field], value=odd)
    caller = calling(AN.phone).keys("1").keys(AN.pin)
    caller.hears(*told, "Balance.choose")
