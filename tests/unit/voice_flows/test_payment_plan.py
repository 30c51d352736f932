"""A payment plan, action by action: what is told of it is what Tagor made of it."""

from decimal import Decimal

import pytest
from flows_services import answering

from bridge.flow.actions import action_of
from bridge.flow.identity import IdentifiedFile
from voice_flows.answers import WriteResult
from voice_flows.payment_plan import request_plan

AN = IdentifiedFile("9000000000000000001", "20230118", "9000000000000001001", "pin")
KINDS = {"agreed_months": "months", "agreed_monthly": "money"}


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
    heard = {"months": "6", "monthly": "205.76", "start": "2026-04-01"}
    outcome = action_of(request_plan).perform(context, AN, heard)
    assert (outcome.told["agreed_months"].value, outcome.told["agreed_monthly"].value) == told
    assert outcome.notes["plan"] == "8801"
