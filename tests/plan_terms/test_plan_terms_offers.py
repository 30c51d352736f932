"""Whatever the line offers or accepts, Tagor takes, and makes of it what the caller was told, to the cent.

The judge is the stand-in's own validation (`bridge/standin/plans.py`), which shares nothing with the flow.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Literal

import pytest

from bridge.flow.actions import Function, action_of
from bridge.flow.errand import Errand, Outcome
from bridge.flow.facts import Note
from bridge.flow.identity import IdentifiedFile
from bridge.standin.plans import Agreed, Criteria, Limits, No, Term, allowed, criteria_for
from voice_flows.payment_plan import compare, request_plan
from voice_flows.terms import ask_terms, take_amount, take_months, take_term

FILE = IdentifiedFile("9000000000000000001", "20230118", "9000000000000001001", "pin")
START = date(2026, 3, 18)
OFFERS = 20_000
MOST_KEYS = Decimal("99999999.00")


@dataclass(frozen=True)
class Decided:
    """What came of a request."""

    state: Literal["done", "refused"]
    months: int = 0
    monthly: Decimal = Decimal(0)
    plan: str = ""


class Desk:
    """An office that owes its answers to the judge."""

    def __init__(self, owed: Decimal, told: Criteria) -> None:
        self.owed, self.told = owed, told
        self.agreed: Agreed | No | None = None

    def balance(self, _file: IdentifiedFile) -> Decimal:
        return self.owed

    def criteria(self, _file: IdentifiedFile) -> Criteria:
        return self.told

    def request_plan(
        self, _file: IdentifiedFile, *, months: int | None, monthly: Decimal | None, start: date
    ) -> Decided:
        assert start == START
        self.agreed = allowed(self.told, self.owed, monthly=monthly, months=months)
        if isinstance(self.agreed, No):
            return Decided("refused")
        return Decided("done", self.agreed.months, self.agreed.monthly)


class Choosing:
    """One caller at one desk: does what the flow's steps do, in their order, with their own actions."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.notes = desk, dict[str, Note]()
        self.offered = self.does(ask_terms)

    def does(self, action: Function, **heard: str) -> Outcome:
        """The step's outcome, with the notes it left for the later ones."""
        kinds = {name: kind for told in action_of(action).told.values() for name, kind in told.items()}
        errand = Errand(self.desk, caller="", notes=self.notes, kinds=kinds)
        outcome = action_of(action).perform(errand, FILE, heard)
        self.notes |= outcome.notes
        return outcome

    def terms(self) -> Iterator[Outcome]:
        """Take each of the terms that were offered; it is the one whose words were heard."""
        for term in range(1, {"two": 2, "one": 1, "own": 0, "none": 0}[self.offered.exit] + 1):
            took = self.does(take_term, term=str(term))
            heard = values(self.offered)
            assert took.exit == "fits"
            assert values(took) | {"last": ""} == {
                "months": heard[f"months_{term}"], "monthly": heard[f"monthly_{term}"], "last": ""
            }  # fmt: skip
            yield took

    def requests(self, chosen: Outcome) -> Agreed:
        """Confirm what was read back: Tagor takes it, and makes just that of it."""
        told = values(chosen)
        came = self.does(request_plan, months=told["months"], monthly=told["monthly"], start=str(START))
        assert came.exit == "done", (self.desk.owed, self.desk.told, told, self.desk.agreed)
        assert values(came) == {"agreed_months": told["months"], "agreed_monthly": told["monthly"]}
        assert isinstance(self.desk.agreed, Agreed)
        alike = self.does(compare, monthly=told["monthly"], last=told["last"]).exit
        assert alike == ("alike" if self.desk.agreed.last == self.desk.agreed.monthly else "unlike")
        return self.desk.agreed


def values(outcome: Outcome) -> dict[str, str]:
    """What was told, as the call's state keeps it."""
    return {name: fact.value for name, fact in outcome.told.items() if name not in ("lowest", "longest")}


def cents(rng: Random, most: int) -> Decimal:
    """Some euro, small amounts as often as large ones."""
    return Decimal(int(most ** rng.random())).scaleb(-2)


def office(rng: Random, owed: Decimal) -> Criteria:
    """What Tagor tells: worked out from an office's limits, or just any numbers at all."""
    longest = rng.choice([0, 1, rng.randint(2, 36), rng.randint(2, 99)])
    terms = [rng.randint(1, 60) for _ in range(rng.randint(0, 2))]
    lowest = rng.choice([Decimal(0), cents(rng, 100_00), owed, owed + Decimal("0.01")])
    if rng.random() < 0.7:  # noqa: PLR2004 - mostly as the stand-in does
        return criteria_for(Limits(tuple(terms), longest, lowest), owed)
    return Criteria([Term(months, cents(rng, 100_00)) for months in terms], longest, lowest)


def amount(rng: Random, desk: Desk) -> Decimal:
    """An amount as a keypad gives it: mostly near a limit of the office, or near what is owed."""
    near = rng.choice([desk.told.lowest, desk.owed, desk.owed / max(desk.told.longest, 1), desk.owed / 7])
    slip = Decimal(rng.randint(-2, 2)).scaleb(-2)
    chosen = rng.choice([near + slip, cents(rng, 2_000_000_00), Decimal(int(near)) + 1])
    return min(max(chosen, Decimal(0)), MOST_KEYS).quantize(Decimal("0.01"))


def adds_up(agreed: Agreed, owed: Decimal) -> bool:
    """Whether a plan pays just what is owed, and asks most in no month but the first ones."""
    paid = agreed.monthly * (agreed.months - 1) + agreed.last
    return paid == owed and 0 < agreed.last <= agreed.monthly


def own(choosing: Choosing, rng: Random) -> Iterator[tuple[Outcome, Mapping[str, Decimal | int]]]:
    """The caller's own amount and own number of months, each with what was keyed in."""
    euro, months = amount(rng, choosing.desk), rng.randint(0, choosing.desk.told.longest + 3)
    yield choosing.does(take_amount, own_amount=str(euro)), {"monthly": euro}
    yield choosing.does(take_months, own_months=f"{months:02}"), {"months": months}


def offers(rng: Random, wanted: int) -> Counter[str]:
    """Make so many choices, and judge each of them."""
    tally = Counter[str]()
    while tally.total() < wanted:
        owed = max(cents(rng, 1_000_000_00), Decimal("0.01"))
        choosing = Choosing(Desk(owed, office(rng, owed)))
        for chosen in choosing.terms():
            assert adds_up(choosing.requests(chosen), owed)
            tally["term"] += 1
        for chosen, keyed in own(choosing, rng):
            if chosen.exit == "fits":
                assert adds_up(choosing.requests(chosen), owed)
            else:
                judged = allowed(choosing.desk.told, owed, **keyed)  # type: ignore[arg-type]  # one of both
                assert isinstance(judged, No), (owed, choosing.desk.told, keyed, chosen.exit)
                tally[f"told {chosen.exit}, Tagor says {judged.name}"] -= 0
            tally[f"own {chosen.exit}"] += 1
    return tally


def test_tagor_takes_whatever_is_offered(rng: Random):
    """Twenty thousand choices: none refused that was offered, none refused to the caller that Tagor takes."""
    tally = offers(rng, OFFERS)
    assert min(tally[kind] for kind in ("term", "own fits", "own low", "own long")) > OFFERS / 50, tally


@pytest.mark.rehearsal
@pytest.mark.timeout(3600)
def test_tagor_takes_a_million_offers(rng: Random):
    """The same at full size."""
    tally = offers(rng, 1_000_000)
    assert tally.total() >= 1_000_000
    print(dict(tally))  # noqa: T201 - the figures of the rehearsal
