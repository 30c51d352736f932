"""The arithmetic of a payment plan: how many months, how much each month, how much in the last one."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Instalments:
    """A plan in euro: `months` payments of `monthly`, of which the last one is `last`, the rest."""

    months: int
    monthly: Decimal
    last: Decimal


def by_amount(owed: Decimal, monthly: Decimal) -> Instalments:
    """Work out the plan that pays `owed` (euro) in payments of at most `monthly` (euro).

    Raises:
        ValueError: one of them is not above zero.
    """
    if owed <= 0 or monthly <= 0:
        raise ValueError("a plan needs an amount owed and a monthly amount, both above zero")
    monthly = min(monthly, owed)
    # Rounded up, or a rest would be left to pay after the last month.
    months = int((owed / monthly).to_integral_value(ROUND_CEILING))
    return Instalments(months, monthly, owed - monthly * (months - 1))


def by_months(owed: Decimal, months: int) -> Instalments:
    """Work out the plan that pays `owed` (euro) within so many months, each payment rounded up to the cent.

    The rounding may save a month and never adds one.

    Raises:
        ValueError: as `by_amount`, or no months at all.
    """
    if months < 1:
        raise ValueError("a plan needs at least one month")
    return by_amount(owed, (owed / months).quantize(CENT, ROUND_CEILING))
