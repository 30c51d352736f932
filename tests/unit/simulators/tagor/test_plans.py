"""The rules of payment plans by themselves, without a stand-in: what is offered is taken, and adds up."""

from datetime import date
from decimal import Decimal

import pytest

from bridge.simulators.tagor.plans import (
    Agreed,
    BalanceCriteria,
    Limits,
    PlanRefusal,
    PlanTerm,
    allowed,
    criteria_for,
    instalments,
    months_later,
    start_refused,
    usual_start,
)

LIMITS = Limits((6, 12), 24, Decimal("25.00"))
TODAY = date(2025, 3, 5)


def euro(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize(
    ("balance", "terms", "longest", "lowest"),
    [
        ("1234.56", [(6, "205.76"), (12, "102.88")], 24, "51.44"),
        ("1234.57", [(6, "205.77"), (12, "102.89")], 24, "51.45"),
        ("318.07", [(6, "53.02"), (12, "26.51")], 24, "25.00"),
        ("200.00", [(6, "33.34")], 24, "25.00"),
        ("149.99", [(6, "25.00")], 24, "25.00"),
        ("77.77", [], 24, "25.00"),
        ("12.50", [], 24, "12.50"),
        ("0.01", [], 24, "0.01"),
        ("0.00", [], 0, "0"),
        ("-18.75", [], 0, "0"),
    ],
)
def test_criteria_follow_the_balance(balance: str, terms: list[tuple[int, str]], longest: int, lowest: str):
    """Terms are rounded up to the cent, dropped below the floor; the floor is never above the balance."""
    expected = BalanceCriteria(
        tuple(PlanTerm(months, euro(monthly)) for months, monthly in terms), longest, euro(lowest)
    )
    assert criteria_for(LIMITS, euro(balance)) == expected


def test_a_term_beyond_the_longest_is_not_offered():
    """Nor is one of no months."""
    assert criteria_for(Limits((0, 12), 6, euro("1")), euro("600")).terms == ()


def test_a_term_that_is_done_sooner_is_not_offered():
    """Ten cents in seven months are paid in five; in five they are five."""
    assert criteria_for(Limits((5, 7), 24, euro("0")), euro("0.10")).terms == (PlanTerm(5, euro("0.02")),)


@pytest.mark.parametrize(
    ("choice", "answer"),
    [
        ({"months": 12}, Agreed(12, euro("102.88"), euro("102.88"))),
        ({"months": 24}, Agreed(24, euro("51.44"), euro("51.44"))),
        ({"months": 7}, Agreed(7, euro("176.37"), euro("176.34"))),
        ({"months": 1}, Agreed(1, euro("1234.56"), euro("1234.56"))),
        ({"months": 25}, PlanRefusal.TOO_LONG),
        ({"months": 0}, PlanRefusal.NO_NUMBER),
        ({"months": -3}, PlanRefusal.NO_NUMBER),
        ({"monthly": euro("51.44")}, Agreed(24, euro("51.44"), euro("51.44"))),
        ({"monthly": euro("100")}, Agreed(13, euro("100.00"), euro("34.56"))),
        ({"monthly": euro("5000")}, Agreed(1, euro("1234.56"), euro("1234.56"))),
        ({"monthly": euro("1E+400")}, Agreed(1, euro("1234.56"), euro("1234.56"))),
        ({"monthly": euro("51.43")}, PlanRefusal.TOO_LONG),
        ({"monthly": euro("100.005")}, PlanRefusal.NO_NUMBER),
        ({"monthly": euro("0")}, PlanRefusal.NO_NUMBER),
        ({"monthly": euro("-50")}, PlanRefusal.NO_NUMBER),
        ({}, PlanRefusal.ONE_OF_BOTH),
        ({"monthly": euro("100"), "months": 13}, PlanRefusal.ONE_OF_BOTH),
    ],
)
def test_one_choice_decides(choice: dict[str, object], answer: Agreed | PlanRefusal):
    """By amount or by months, within the limits of the kind of file."""
    assert allowed(criteria_for(LIMITS, euro("1234.56")), euro("1234.56"), **choice) == answer


def test_the_floor_holds_for_months_too():
    """Twenty-four months fit the longest term, but not the lowest amount."""
    balance = euro("318.07")
    assert allowed(criteria_for(LIMITS, balance), balance, months=24) is PlanRefusal.TOO_LOW
    assert allowed(criteria_for(LIMITS, balance), balance, monthly=euro("24.99")) is PlanRefusal.TOO_LOW


def test_a_small_debt_may_be_paid_at_once():
    """Even where it is less than the office's lowest amount, whoever applies the limits."""
    paid = Agreed(1, euro("12.50"), euro("12.50"))
    for criteria in (criteria_for(LIMITS, euro("12.50")), BalanceCriteria((), 24, euro("25.00"))):
        assert allowed(criteria, euro("12.50"), monthly=euro("12.50")) == paid
        assert allowed(criteria, euro("12.50"), months=1) == paid
        assert allowed(criteria, euro("12.50"), months=2) is PlanRefusal.TOO_LOW


def test_rounding_up_may_need_fewer_months():
    """Ten cents in seven months are five of two cents: the months agreed are those that are paid."""
    assert instalments(euro("0.10"), monthly=None, months=7) == Agreed(5, euro("0.02"), euro("0.02"))


def test_what_was_asked_counts_against_the_longest():
    """Seven months are refused where six are the most, although five would do."""
    assert allowed(BalanceCriteria((), 6, euro("0.01")), euro("0.10"), months=7) is PlanRefusal.TOO_LONG


def test_nothing_owed_and_no_plans_are_two_answers():
    """The debt comes first."""
    assert allowed(BalanceCriteria(), euro("0.00"), months=1) is PlanRefusal.NOTHING_OWED
    assert allowed(BalanceCriteria(), euro("-1"), months=1) is PlanRefusal.NOTHING_OWED
    assert allowed(criteria_for(Limits(), euro("1")), euro("1"), months=1) is PlanRefusal.NO_PLANS


@pytest.mark.parametrize(
    ("start", "answer"),
    [
        (date(2025, 3, 4), PlanRefusal.TOO_EARLY),
        (date(2025, 3, 5), None),
        (date(2025, 5, 6), None),
        (date(2025, 5, 7), PlanRefusal.TOO_LATE),
    ],
)
def test_a_plan_begins_soon(start: date, answer: PlanRefusal | None):
    """From today until sixty-two days ahead, both included."""
    assert start_refused(start, TODAY, 62) is answer


def test_months_end_where_they_end():
    """The thirty-first of a shorter month is its last day; years turn over."""
    assert months_later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_later(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert months_later(date(2025, 12, 1), 0) == date(2025, 12, 1)
    assert usual_start(date(2025, 12, 31)) == date(2026, 1, 1)
