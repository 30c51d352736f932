"""What Tagor knows about a file, asked as the office or as the caller."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bridge.flow.identity import IdentifiedFile
from bridge.tagor import TagorError

if TYPE_CHECKING:
    from tests.unit.conversation.services.conftest import Acts

AN = IdentifiedFile("9000000000000000001", "20230118", "9000000000000001001", "pin")


def test_what_is_known_of_a_file(acts: "Acts"):
    """Balance, creditor and last payment, as Tagor has them."""
    assert acts().files.balance(AN) == Decimal("1234.56")
    facts = acts().files.facts(AN)
    assert facts.creditor == "Stad Gent"
    assert (facts.last_payment.amount, facts.last_payment.date) == (Decimal("50.00"), date(2025, 3, 14))


@pytest.mark.parametrize("office", [{"# pin_scheme = true": "pin_scheme = true"}])
def test_tagor_itself_refuses_a_caller_whose_pin_is_wrong(acts: "Acts"):
    """Where the office lets Tagor guard who sees what."""
    right, wrong = (IdentifiedFile(AN.id, AN.number, AN.party, "pin", f"{AN.number}:{pin}")
                    for pin in ("482193", "000000"))  # fmt: skip
    assert acts().files.balance(right) == Decimal("1234.56")
    with pytest.raises(TagorError):
        acts().files.balance(wrong)
