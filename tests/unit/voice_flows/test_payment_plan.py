"""A payment plan, action by action: what is told of it is what Tagor made of it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flows_services import answering

from bridge.flow.action_context import IdentifiedFile
from bridge.flow.actions import action_of
from voice_flows.answers import WriteResult
from voice_flows.payment_plan import request_plan

AN = IdentifiedFile("9000000000000000001", "20230118", "9000000000000001001", "pin")
KINDS = {"agreed_months": "months", "agreed_monthly": "money", "agreed_start": "date"}
HEARD = {"months": "6", "monthly": "205.76", "start": "2026-04-01"}
START = date(2026, 4, 1)


class Plans:
    """An office that makes of every request the same plan."""

    def __init__(self, result: WriteResult) -> None:
        self.result = result

    def request(self, *_: object, **__: object) -> WriteResult:
        return self.result


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (WriteResult("done", 5, Decimal("246.91"), plan="8801"), ("5", "246.91")),
        (WriteResult("done", 0, Decimal("205.76"), plan="8801"), ("6", "205.76")),
    ],
)
def test_what_tagor_made_is_told_in_place_of_what_was_asked(made: WriteResult, told: tuple[str, str]):
    """Only where Tagor shows no number of months the caller hears those that were read back."""
    context = answering(plans=Plans(made), notes={"plan by": "months"}, kinds=KINDS)
    outcome = action_of(request_plan).perform(context, AN, HEARD)
    assert (outcome.told["agreed_months"].value, outcome.told["agreed_monthly"].value) == told
    assert outcome.notes["plan"] == "8801"


MADE = WriteResult("done", 6, Decimal("205.76"), plan="8801", start=START)


@pytest.mark.parametrize(
    ("made", "exit_"),
    [
        (MADE, "as_confirmed"),
        (replace(MADE, months=7), "done"),
        (replace(MADE, monthly=Decimal("205.77")), "done"),
        (replace(MADE, start=date(2026, 4, 2)), "done"),
        (replace(MADE, months=0), "done"),
        (replace(MADE, start=None), "done"),
        (replace(MADE, plan=""), "done"),
    ],
)
def test_only_the_very_terms_are_as_confirmed(made: WriteResult, exit_: str):
    """What Tagor changed, or did not show, takes another yes; so does a plan that cannot be named."""
    context = answering(plans=Plans(made), notes={"plan by": "months"}, kinds=KINDS)
    outcome = action_of(request_plan).perform(context, AN, HEARD)
    assert outcome.exit == exit_
    assert outcome.told["agreed_start"].value == (made.start or START).isoformat()
