"""The edges of what Tagor tells of plans: every part arrives, and half a euro is an amount."""

from datetime import date
from decimal import Decimal

import pytest
from tagor_questions import FILE, PARTY, YES, dataset
from tagor_server import ScriptedTagor, says

from bridge.tagor import AgreedPlan, Deadline, PlanCriteria, Tagor, TagorInvalidResponse, Term

CRITERIA = "TagorService/GetPaymentPlanCriteria"
APPROVE = "TagorService/ApprovePaymentPlan"
PLANS = "Dossier/GetPaymentPlans"


def test_all_that_is_offered_arrives(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Both terms in their order, both limits, and the plan there is."""
    terms = {"Termijn1": 6, "Bedrag1": "0,50", "Termijn2": 1, "Bedrag2": "0.99"}
    limits = {"TermijnMax": 24, "BedragMax": "0.01", "PaymentPlanId": "8801"}
    server.plays(CRITERIA, says(YES | terms | limits))
    assert tagor.plans.criteria(FILE, PARTY, deadline=by) == PlanCriteria(
        (Term(6, Decimal("0.50")), Term(1, Decimal("0.99"))), 24, Decimal("0.01"), "8801"
    )


@pytest.mark.parametrize("name", ["Bedrag1", "Bedrag2", "BedragMax"])
@pytest.mark.parametrize("amount", ["-0.01", "-0,50"])
def test_a_cent_less_than_nothing_is_not_offered(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, name: str, amount: str
):
    """Nobody pays less than nothing."""
    limits = {"TermijnMax": 24, "BedragMax": 50, "PaymentPlanId": ""}
    server.plays(CRITERIA, says(YES | limits | {name: amount}))
    with pytest.raises(TagorInvalidResponse):
        tagor.plans.criteria(FILE, PARTY, deadline=by)


@pytest.mark.parametrize("told", ["sms", "", None, 1, [], {}, ["SMS"], True])
def test_an_unknown_way_of_confirming_is_no_success(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, told: object
):
    """The caller would be told of a text that never comes."""
    server.plays(APPROVE, says(YES | {"Medium": told}))
    with pytest.raises(TagorInvalidResponse):
        tagor.plans.approve(FILE, "nl", deadline=by)


def test_a_plan_begins_with_its_first_payment(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """The day it is paid on stands in for it only where it is missing."""
    row = {"TDOSAFB_Id": "1", "Bedrag": "50", "Datum1stePeriode": "2026-01-05", "DatumBetaal": "2026-02-05"}
    second = {"TDOSAFB_Id": "2", "Bedrag": "50", "Datum1stePeriode": None, "DatumBetaal": "2026-02-06"}
    server.plays(PLANS, says(dataset("dsTDOSAFBDETWeb", "ttTDOSAFBDETWeb", row, second)))
    assert tagor.plans.on_file(FILE, deadline=by) == (
        AgreedPlan("1", Decimal(50), date(2026, 1, 5), None),
        AgreedPlan("2", Decimal(50), date(2026, 2, 6), None),
    )
