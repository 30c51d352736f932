"""What Tagor told otherwise may be heard: the judges know what a careful reader takes odd values for."""

from datetime import date
from decimal import Decimal

import pytest

from bridge.simulators.rehearsal.judging.odd_answers import OddAnswers


def odd(field: str, value: str) -> OddAnswers:
    answers = OddAnswers()
    answers.begin({"fault": "replace_fields", "names": [field], "value": value})
    return answers


@pytest.mark.parametrize(
    ("value", "amounts"),
    [
        ('" 318.07"', {"318.07"}),
        ('"318,07"', {"318.07"}),
        ("12.345", {"12.34", "12.35"}),
        ("-1", {"1.00"}),
        ('"1.234,56"', set()),
        ("NaN", set()),
        ("null", set()),
        ("absent", set()),
    ],
)
def test_an_amount_may_be_heard_as_it_is_read(value: str, amounts: set[str]):
    """Either way of rounding is a reading; what is ambiguous is none."""
    told = {one for one in odd("BedragLtstBet", value).readings("paid") if isinstance(one, Decimal)}
    assert {str(one) for one in told} == amounts


def test_only_a_day_of_this_time_may_be_heard():
    """Days before 2000 stand for none; a moment in another zone is on the day of the office's clocks."""
    assert date(2025, 3, 14) in {*odd("DatumLtstBet", '"2025-03-14T00:00:00"').readings("paid_on")}
    assert date(2025, 3, 15) in {*odd("DatumLtstBet", '"2025-03-14T23:30:00Z"').readings("paid_on")}
    assert not any(isinstance(one, date) for one in odd("DatumLtstBet", '"0001-01-01"').readings("paid_on"))


def test_an_odd_value_excuses_only_what_is_told_from_its_field():
    """Another amount in arrears makes a plan late; it makes no payment."""
    answers = odd("Achterstand", "12.345")
    assert answers.excuse("Payments.behind")
    assert not answers.excuse("Received.never")
    assert [*answers.readings("paid")] == []
