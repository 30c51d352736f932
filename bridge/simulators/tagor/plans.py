"""Works out which payment plans the office allows for a balance, in whole cents."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import NamedTuple


class PlanRefusal(Enum):
    """Why a plan cannot be; the value is Tagor's sentence."""

    NOTHING_OWED = "Er staat niets meer open op dit dossier."
    NO_PLANS = "Voor dit soort dossier zijn geen betaalplannen mogelijk."
    ONE_OF_BOTH = "Geef ofwel Bedrag ofwel Periodes."
    NO_NUMBER = "Bedrag of Periodes is geen bruikbaar getal."
    TOO_LOW = "Het maandbedrag is lager dan toegelaten."
    TOO_LONG = "Het aantal periodes is hoger dan toegelaten."
    TOO_EARLY = "Startdatum ligt in het verleden."
    TOO_LATE = "Startdatum ligt te ver in de toekomst."


class PlanTerm(NamedTuple):
    """One plan the office offers: so many months of so many euro."""

    months: int
    monthly: Decimal


class Limits(NamedTuple):
    """What is configured for a kind of file: at most two terms and the longest in months, a floor in euro.

    A kind whose `longest` is 0 has no plans.
    """

    terms: tuple[int, ...] = ()
    longest: int = 0
    lowest: Decimal = Decimal(0)


class BalanceCriteria(NamedTuple):
    """The limits applied to one balance: what is offered, the most months, the least euro a month."""

    terms: Sequence[PlanTerm] = ()
    longest: int = 0
    lowest: Decimal = Decimal(0)


class Agreed(NamedTuple):
    """A plan in euro: all months ask `monthly` but the last one, which asks what then remains."""

    months: int
    monthly: Decimal
    last: Decimal


def criteria_for(limits: Limits, balance: Decimal) -> BalanceCriteria:
    """Return the criteria for a balance in euro; nothing at all where no plan is possible.

    `lowest` pays the balance within `longest` months, is no less than the kind's floor and no more than the
    balance. A term is offered with the amount that pays the balance within it, unless that is below `lowest`
    or would be done in fewer months.
    """
    if limits.longest < 1 or balance <= 0:
        return BalanceCriteria()
    lowest = min(max(limits.lowest, _share(balance, limits.longest)), balance)
    criteria = BalanceCriteria((), limits.longest, lowest)
    plans = [(months, allowed(criteria, balance, months=months)) for months in limits.terms]
    return criteria._replace(
        terms=tuple(
            PlanTerm(months, plan.monthly)
            for months, plan in plans
            if isinstance(plan, Agreed) and plan.months == months
        )
    )


def _share(balance: Decimal, months: int) -> Decimal:
    return _euro(-(-_cents(balance) // months))  # -(-a // b) rounds up


# The arithmetic is in whole cents: dividing euro would leave amounts that nobody can pay.
def _cents(amount: Decimal) -> int:
    return int(amount * 100)


def _euro(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def allowed(
    criteria: BalanceCriteria, balance: Decimal, *, monthly: Decimal | None = None, months: int | None = None
) -> Agreed | PlanRefusal:
    """Tell whether the office takes a plan for a balance, by its monthly amount (euro) or its months.

    Asked by months, `longest` holds for the number asked and `lowest` for the amount it comes to; a balance
    below `lowest` may be paid at once.
    """
    plan = instalments(balance, monthly=monthly, months=months)
    if isinstance(plan, PlanRefusal):
        return plan
    if criteria.longest < 1:
        return PlanRefusal.NO_PLANS
    if max(plan.months, months or 0) > criteria.longest:
        return PlanRefusal.TOO_LONG
    return PlanRefusal.TOO_LOW if plan.monthly < min(criteria.lowest, balance) else plan


def instalments(balance: Decimal, *, monthly: Decimal | None, months: int | None) -> Agreed | PlanRefusal:
    """Return the plan itself, whatever the office allows; exactly one of `monthly` and `months` decides.

    An amount above the balance is the balance. By months, the share is rounded up to the cent, so the last
    instalment is the smallest, and fewer months may do.
    """
    owed = _cents(balance)
    if owed < 1:
        return PlanRefusal.NOTHING_OWED
    if months is not None and monthly is None:
        part = -(-owed // months) if months > 0 else 0
    elif monthly is not None and months is None:
        part = _part(monthly, owed)
    else:
        return PlanRefusal.ONE_OF_BOTH
    if part < 1:
        return PlanRefusal.NO_NUMBER
    count = -(-owed // part)
    return Agreed(count, _euro(part), _euro(owed - part * (count - 1)))


def _part(monthly: Decimal, owed: int) -> int:
    """Return the amount in cents, the whole debt at most; 0 for what cannot be paid in coins."""
    asked = monthly * 100
    if asked >= owed:
        return owed
    return int(asked) if asked > 0 and asked % 1 == 0 else 0


def start_refused(start: date, today: date, days_ahead: int) -> PlanRefusal | None:
    """Return why a plan may not begin on a day (it is past, or too many days ahead), None if it may."""
    if start < today:
        return PlanRefusal.TOO_EARLY
    return PlanRefusal.TOO_LATE if start > today + timedelta(days=days_ahead) else None


def usual_start(today: date) -> date:
    """Return when a plan begins if the request names no day: on the first of the next month."""
    return months_later(today.replace(day=1), 1)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
