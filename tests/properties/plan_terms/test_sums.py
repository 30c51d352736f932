"""The sums of a plan: what they need, and that each cent is paid once."""

from decimal import Decimal

import pytest

from voice_flows.instalments import Instalments, by_amount, by_months

CENT = Decimal("0.01")


@pytest.mark.parametrize(("owed", "monthly"), [("0", "5"), ("5", "0"), ("-5", "5"), ("5", "-5"), ("0", "0")])
def test_nothing_is_no_plan(owed: str, monthly: str):
    """Neither of nothing, nor by nothing."""
    with pytest.raises(ValueError, match="both above zero"):
        by_amount(Decimal(owed), Decimal(monthly))


@pytest.mark.parametrize("months", [0, -1])
def test_no_months_are_no_plan(months: int):
    """Whoever wants to pay at once needs none."""
    with pytest.raises(ValueError, match="at least one month"):
        by_months(Decimal(5), months)


def test_one_cent_and_one_month_are_a_plan():
    """The smallest there is."""
    assert by_amount(CENT, CENT) == by_months(CENT, 1) == Instalments(1, CENT, CENT)


def test_who_pays_more_than_is_owed_pays_what_is_owed():
    """At once."""
    assert by_amount(Decimal(5), Decimal(80)) == Instalments(1, Decimal(5), Decimal(5))


def test_the_last_payment_is_what_remains():
    """Parts are rounded up, so it is never more than the others."""
    assert by_months(Decimal(100), 3) == Instalments(3, Decimal("33.34"), Decimal("33.32"))
    assert by_amount(Decimal(100), Decimal(40)) == Instalments(3, Decimal(40), Decimal(20))
    assert by_months(Decimal("0.04"), 3) == Instalments(2, Decimal("0.02"), Decimal("0.02"))
