"""The arithmetic of a payment plan: how many months, how much each, and what is left for the last one."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Instalments:
    """A plan in euro: `months` payments of `monthly`, but for the `last`, which is what then remains."""

    months: int
    monthly: Decimal
    last: Decimal


def by_amount(owed: Decimal, monthly: Decimal) -> Instalments:
    """The plan that pays `owed` in parts of at most `monthly`.

    Raises:
        ValueError: one of them is not above zero.
    """
    if owed <= 0 or monthly <= 0:
        raise ValueError("a plan needs an amount owed and a monthly amount, both above zero")
    monthly = min(monthly, owed)
    months = int((owed / monthly).to_integral_value(ROUND_CEILING))
    return Instalments(months, monthly, owed - monthly * (months - 1))


def by_months(owed: Decimal, months: int) -> Instalments:
    """The plan that pays `owed` within so many months, in parts rounded up to the cent.

    Rounding up may need fewer months than asked, never more.

    Raises:
        ValueError: as `by_amount`, or no months at all.
    """
    if months < 1:
        raise ValueError("a plan needs at least one month")
    return by_amount(owed, (owed / months).quantize(CENT, ROUND_CEILING))
