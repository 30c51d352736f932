"""Whatever the line offers or accepts, Tagor takes, and makes of it what the caller was told, to the cent.

The judge is the simulated Tagor's own validation (`plans.py`), which shares nothing with the flow.
"""

from collections import ChainMap, Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from bridge.flow.action_context import IdentifiedFile, Outcome
from bridge.flow.actions import Function, action_of
from bridge.flow.facts import Note
from bridge.simulators.tagor.plans import (
    Agreed,
    BalanceCriteria,
    Limits,
    PlanRefusal,
    PlanTerm,
    allowed,
    criteria_for,
)
from voice_flows.answers import WriteResult
from voice_flows.payment_plan import compare, request_plan
from voice_flows.services import ActionContext
from voice_flows.terms import ask_terms, take_amount, take_months, take_term, tell_limits

FILE = IdentifiedFile("9000000000000000001", "20230118", "9000000000000001001", "pin")
START = date(2026, 3, 18)
OFFERS = 5_000
MAX_KEYS = Decimal("99999999.00")
REFUSED = {PlanRefusal.TOO_LOW, PlanRefusal.TOO_LONG, PlanRefusal.NO_NUMBER}
"""What Tagor would say where the line says no; 0 euro and 0 months are no numbers to it."""


class Office:
    """An office that owes its answers to the judge."""

    def __init__(self, owed: Decimal, told: BalanceCriteria) -> None:
        self.owed, self.told = owed, told
        self.agreed: Agreed | PlanRefusal | None = None

    def balance(self, _file: IdentifiedFile) -> Decimal:
        return self.owed

    def criteria(self, _file: IdentifiedFile) -> BalanceCriteria:
        return self.told

    def request(
        self, _file: IdentifiedFile, *, months: int | None, monthly: Decimal, start: date
    ) -> WriteResult:
        assert start == START
        self.agreed = allowed(self.told, self.owed, monthly=None if months else monthly, months=months)
        if isinstance(self.agreed, PlanRefusal):
            return WriteResult("refused")
        return WriteResult("done", self.agreed.months, self.agreed.monthly)


class Choosing:
    """One caller at one office: does what the flow's steps do, in their order, with their own actions."""

    def __init__(self, office: Office) -> None:
        self.office, self.notes = office, dict[str, Note]()
        self.offered = self.does(ask_terms)

    def does(self, action: Function, **heard: str) -> Outcome:
        """The step's outcome, with the notes it left for the later ones."""
        kinds = {name: kind for told in action_of(action).told.values() for name, kind in told.items()}
        none: Any = None
        office: Any = self.office  # it answers only what choosing a plan asks
        asked = {
            "identification": none,
            "files": office,
            "plans": office,
            "messaging": none,
            "transfer": none,
            "correspondence": none,
            "parties": none,
            "planned": none,
            "questionnaires": none,
        }
        context = ActionContext(**asked, caller="", notes=ChainMap({}, self.notes), kinds=kinds)
        outcome = action_of(action).perform(context, FILE, heard)
        self.notes |= outcome.notes
        return outcome

    def terms(self) -> Iterator[Outcome]:
        """Take each of the terms that were offered; it is the one whose words were heard."""
        for term in range(1, {"two": 2, "one": 1, "own": 0, "none": 0}[self.offered.exit] + 1):
            took, heard = self.does(take_term, term=str(term)), values(self.offered)
            told = values(took)
            assert took.exit == "fits"
            assert told["months"] == heard[f"months_{term}"]
            assert told["monthly"] == heard[f"monthly_{term}"]
            yield took

    def requests(self, chosen: Outcome) -> Agreed:
        """Confirm what was read back: Tagor takes it, and makes just that of it."""
        told = values(chosen)
        came = self.does(request_plan, months=told["months"], monthly=told["monthly"], start=str(START))
        assert came.exit == "done", (self.office.owed, self.office.told, told, self.office.agreed)
        terms = {"agreed_months": told["months"], "agreed_monthly": told["monthly"]}
        assert values(came) == {**terms, "agreed_start": str(START)}
        assert isinstance(self.office.agreed, Agreed)
        alike = self.does(compare, monthly=told["monthly"], last=told["last"]).exit
        assert alike == ("alike" if self.office.agreed.last == self.office.agreed.monthly else "unlike")
        return self.office.agreed


def values(outcome: Outcome) -> dict[str, str]:
    """What was told, as the call's state keeps it."""
    return {
        name: fact.value
        for name, fact in outcome.told.items()
        if name not in ("least", "most", "most_months")
    }


def cents(rng: Random, most: int) -> Decimal:
    """Some euro, small amounts as often as large ones."""
    return Decimal(int(most ** rng.random())).scaleb(-2)


def office(rng: Random, owed: Decimal) -> BalanceCriteria:
    """What Tagor tells: worked out from an office's limits, or just any numbers at all."""
    longest = rng.choice([0, 1, rng.randint(2, 36), rng.randint(2, 99)])
    terms = [rng.randint(1, 60) for _ in range(rng.randint(0, 2))]
    lowest = rng.choice([Decimal(0), cents(rng, 100_00), owed, owed + Decimal("0.01")])
    if rng.random() < 0.7:
        return criteria_for(Limits(tuple(terms), longest, lowest), owed)
    return BalanceCriteria([PlanTerm(months, cents(rng, 100_00)) for months in terms], longest, lowest)


def amount(rng: Random, office: Office) -> Decimal:
    """An amount as a keypad gives it: mostly near a limit of the office, or near what is owed."""
    near = rng.choice(
        [office.told.lowest, office.owed, office.owed / max(office.told.longest, 1), office.owed / 7]
    )
    slip = Decimal(rng.randint(-2, 2)).scaleb(-2)
    chosen = rng.choice([near + slip, cents(rng, 2_000_000_00), Decimal(int(near)) + 1])
    return min(max(chosen, Decimal(0)), MAX_KEYS).quantize(Decimal("0.01"))


def adds_up(agreed: Agreed, owed: Decimal) -> bool:
    """Whether a plan pays just what is owed, and asks most in no month but the first ones."""
    paid = agreed.monthly * (agreed.months - 1) + agreed.last
    return paid == owed and 0 < agreed.last <= agreed.monthly


def own(choosing: Choosing, rng: Random) -> Iterator[tuple[Outcome, Agreed | PlanRefusal]]:
    """The caller's own amount and own number of months, each with what Tagor says to what was keyed in."""
    office = choosing.office
    euro, months = amount(rng, office), rng.randint(0, office.told.longest + 3)
    yield choosing.does(take_amount, own_amount=str(euro)), allowed(office.told, office.owed, monthly=euro)
    yield (
        choosing.does(take_months, own_months=f"{months:02}"),
        allowed(office.told, office.owed, months=months),
    )


def limits_are_exact(choosing: Choosing) -> None:
    """The limits that are told before anything is keyed: Tagor takes them, and nothing beyond them."""
    told, owed = choosing.office.told, choosing.office.owed
    facts = choosing.does(tell_limits).told
    least, months = Decimal(facts["least"].value), int(facts["most_months"].value)
    assert isinstance(allowed(told, owed, monthly=least), Agreed), (owed, told, least)
    assert isinstance(allowed(told, owed, months=months), Agreed), (owed, told, months)
    assert not isinstance(allowed(told, owed, monthly=least - Decimal("0.01")), Agreed), (owed, told, least)
    assert not isinstance(allowed(told, owed, months=months + 1), Agreed), (owed, told, months)


def judged(rng: Random) -> Iterator[str]:
    """One office, one debt: everything that may be chosen, each held against the judge."""
    owed = max(cents(rng, 1_000_000_00), Decimal("0.01"))
    choosing = Choosing(Office(owed, office(rng, owed)))
    told = choosing.office.told
    plans = [choosing.requests(chosen) for chosen in choosing.terms()]
    assert all(adds_up(plan, owed) for plan in plans)
    possible = {allowed(told, owed, months=term.months) for term in told.terms}
    assert {plan for plan in possible if isinstance(plan, Agreed)} <= set(plans), (owed, told)
    yield from ["a term"] * len(plans)
    if choosing.offered.exit != "none":
        limits_are_exact(choosing)
    for chosen, answer in own(choosing, rng) if choosing.offered.exit != "none" else ():
        if chosen.exit == "fits":
            assert adds_up(choosing.requests(chosen), owed)
        else:
            assert answer in REFUSED, (owed, told, answer)
        yield f"own proposal: {chosen.exit}"


def offers(rng: Random, wanted: int) -> Counter[str]:
    """Judge so many choices, and count them by how they went."""
    tally = Counter[str]()
    while tally.total() < wanted:
        tally.update(judged(rng))
    return tally


def test_tagor_takes_whatever_is_offered(rng: Random):
    """Five thousand choices: none refused that was offered, none refused to the caller that Tagor takes."""
    tally = offers(rng, OFFERS)
    assert len(tally) == 4
    assert min(tally.values()) > OFFERS / 50, tally


def offering(*months: int, owed: str = "100") -> Choosing:
    """A caller whom an office offers these terms, on a debt of so many euro."""
    told = BalanceCriteria([PlanTerm(one, Decimal(0)) for one in months], longest=36, lowest=Decimal(0))
    return Choosing(Office(Decimal(owed), told))


def test_a_term_of_no_months_is_none():
    """Whatever Tagor tells beside it."""
    assert offering(0, 0).offered.exit == "own"
    assert [offering(0, 6).offered.exit, offering(6, 0).offered.exit] == ["one", "one"]


def test_two_terms_that_come_to_the_same_are_told_once():
    """Four cents in three months are paid in two."""
    assert offering(2, 3, owed="0.04").offered.exit == "one"
    assert offering(2, 3).offered.exit == "two"


def test_a_term_that_is_gone_when_the_caller_takes_it_is_not_replaced_by_another():
    """Tagor tells other terms than a moment ago: a person sees to it."""
    choosing = offering(3, 6)
    choosing.office.told = BalanceCriteria([PlanTerm(12, Decimal(0))], longest=36, lowest=Decimal(0))
    assert choosing.does(take_term, term="2").exit == "gone"
    assert choosing.does(take_term, term="1").exit == "fits"


def test_a_number_of_months_that_does_not_fit_is_answered_with_the_highest_of_now():
    """Tagor may have changed its limits since they were told, even to none that fit."""
    choosing = offering(3, 6)
    for longest, lowest, highest in ((9, 0, "9"), (36, 25, "4"), (36, 200, "1")):
        choosing.office.told = BalanceCriteria([], longest=longest, lowest=Decimal(lowest))
        refused = Choosing(choosing.office).does(take_months, own_months=f"{int(highest) + 1:02}")
        assert (refused.exit, refused.told["most_months"].value) == ("long", highest)


def test_the_side_the_caller_chose_is_the_one_that_is_asked_of_tagor():
    """Months or an amount: Tagor works out the other one."""
    for action, heard, by in (
        (take_term, {"term": "1"}, "months"),
        (take_months, {"own_months": "03"}, "months"),
        (take_amount, {"own_amount": "50"}, "amount"),
    ):
        choosing = offering(3, 6)
        assert choosing.does(action, **heard).exit == "fits"
        assert choosing.notes["plan by"] == by


@pytest.mark.rehearsal
@pytest.mark.timeout(3600)
def test_tagor_takes_a_million_offers(rng: Random):
    """The same at full size."""
    tally = offers(rng, 1_000_000)
    assert tally.total() >= 1_000_000
    print(tally)  # noqa: T201 - the figures of the rehearsal
