"""Payment plans and notes as offices send them: what is offered, what was made, what there is on a file."""

import json
import random
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tagor_questions import FILE, NUMBER, PARTY, YES, context, dataset
from tagor_server import ScriptedTagor, says

from bridge.tagor import AgreedPlan, Deadline, Medium, PlanCriteria, SavedPlan, Tagor, Term
from bridge.tagor.operations import plans

SEED = 20261122
CRITERIA = "TagorService/GetPaymentPlanCriteria"
SAVE = "TagorService/SavePaymentPlan"
APPROVE = "TagorService/ApprovePaymentPlan"
PLANS = "Dossier/GetPaymentPlans"
LIMITS = {"TermijnMax": 24, "BedragMax": 50, "PaymentPlanId": ""}
NOTHING = Decimal(0)


@pytest.mark.parametrize("none", [0, "0", "", None])
def test_a_term_without_months_or_amount_is_not_offered(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, none: object
):
    """Half a term is none; the other one is still offered."""
    for half in ({"Termijn1": none, "Bedrag1": 50}, {"Termijn1": 6, "Bedrag1": none}, {"Termijn1": 6}, {}):
        server.plays(CRITERIA, says(YES | LIMITS | half | {"Termijn2": "12", "Bedrag2": "100,50"}))
        criteria = tagor.plans.criteria(FILE, PARTY, deadline=by)
        assert criteria.terms == (Term(12, Decimal("100.50")),)


@pytest.mark.parametrize("none", [0, 0.0, "0", "", None])
def test_no_limits_are_no_choice(server: ScriptedTagor, tagor: Tagor, by: Deadline, none: object):
    """A file without any plan: no offer, no months, no plan there."""
    names = ("Termijn1", "Bedrag1", "Termijn2", "Bedrag2", "TermijnMax", "BedragMax")
    plan = "" if none == 0.0 else none
    server.plays(CRITERIA, says(YES | dict.fromkeys(names, none) | {"PaymentPlanId": plan}))
    assert tagor.plans.criteria(FILE, PARTY, deadline=by) == PlanCriteria((), 0, NOTHING, None)


@pytest.mark.parametrize(
    ("told", "plan"), [("0", None), (0, None), ("00", None), (8801, "8801"), ("10", "10")]
)
def test_a_plan_is_there_if_it_has_an_id(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, told: object, plan: str | None
):
    """Zero is nobody's id."""
    server.plays(CRITERIA, says(YES | LIMITS | {"PaymentPlanId": told}))
    assert tagor.plans.criteria(FILE, PARTY, deadline=by).plan == plan


def test_a_proof_without_a_party_leaves_it_out(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Some ways to identify tell no party; Tagor then goes by the credential, or the first defendant."""
    tagor.files.facts(FILE, None, deadline=by)
    tagor.plans.criteria(FILE, None, deadline=by)
    tagor.plans.save(FILE, None, months=6, deadline=by)
    asked = [asked.request for asked in server.asked]
    assert asked == [{"TDOS_Id": FILE}, {"TDOS_Id": FILE}, {"TDOS_Id": FILE, "Periodes": 6}]


def test_every_amount_is_sent_to_the_cent():
    """Two thousand amounts, each a JSON number of exactly its cents."""
    draw = random.Random(SEED)
    for _ in range(2_000):
        amount = Decimal(draw.randint(1, 1_000_000_000)).scaleb(-2)
        body = plans.SAVE_PAYMENT_PLAN.body(FILE, PARTY, amount, None, None, None)
        assert json.loads(body, parse_float=Decimal)["request"]["Bedrag"] == amount, f"seed {SEED}"


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"monthly": Decimal(50), "months": 6},
        {"months": 0},
        {"months": -1},
        {"months": 1000},
        {"monthly": Decimal(0)},
        {"monthly": Decimal(-8846)},
        {"monthly": Decimal("8846.005")},
        {"monthly": Decimal("0.001")},
        {"monthly": Decimal("10000000.01")},
        {"monthly": Decimal("NaN")},
        {"monthly": Decimal("sNaN")},
        {"monthly": Decimal("Infinity")},
        {"months": 6, "phone": "8846"},
        {"months": 6, "phone": ""},
    ],
)
def test_a_plan_that_cannot_be_is_not_asked_for(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, terms: dict[str, Any]
):
    """Either an amount or months, each possible; the error names the argument, and nothing of its value."""
    with pytest.raises(
        ValueError, match=r"^The (plan|monthly amount|months|phone number) cannot be"
    ) as caught:
        tagor.plans.save(FILE, PARTY, **terms, deadline=by)
    assert "8846" not in str(caught.value)
    assert server.connections == 0


def test_the_bounds_of_what_can_be_asked_for_are_inside(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """One cent, ten million euro, one month, 999 months."""
    for terms in ("0.01", "10000000"):
        tagor.plans.save(FILE, PARTY, monthly=Decimal(terms), deadline=by)
    for months in (1, 999):
        tagor.plans.save(FILE, PARTY, months=months, deadline=by)
    sent = [asked.request.get("Bedrag", asked.request.get("Periodes")) for asked in server.asked]
    assert sent == [0.01, 10_000_000, 1, 999]


def test_a_day_is_sent_without_its_hour(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """A moment is a day too, and Tagor wants the day."""
    moment = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    tagor.plans.save(FILE, PARTY, months=6, start=moment, deadline=by)
    assert server.asked[0].request["Startdatum"] == "2026-12-01"


@pytest.mark.parametrize("told", [{"Periodes": "24", "Bedrag": 51}, {"Periodes": 24.0, "Bedrag": "51.00"}])
def test_a_plan_as_tagor_made_it_is_told(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, told: dict[str, Any]
):
    """Numbers and text alike."""
    server.plays(SAVE, says(YES | told))
    assert tagor.plans.save(FILE, PARTY, months=24, deadline=by) == SavedPlan(24, Decimal(51))


@pytest.mark.parametrize(
    ("told", "medium"), [("SMS", Medium.SMS), ("EMAIL", Medium.EMAIL), ("GEEN", Medium.NONE)]
)
def test_a_confirmation_goes_by_text_by_mail_or_not_at_all(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, told: str, medium: Medium
):
    """And a number is only sent where one is given."""
    server.plays(APPROVE, says(YES | {"Medium": told}))
    assert tagor.plans.approve(FILE, "nl", deadline=by) is medium
    assert server.asked[0].request == {"TDOS_Id": FILE, "Taal": "Dut"}


@pytest.mark.parametrize(("ours", "taal"), [("nl", "Dut"), ("fr", "Frn"), ("de", "Ger"), ("en", "Eng")])
def test_a_confirmation_is_written_in_the_language_of_the_call(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, ours: str, taal: str
):
    """Tagor's names for our four."""
    tagor.plans.approve(FILE, ours, phone=NUMBER, deadline=by)
    assert server.asked[0].request["Taal"] == taal


@pytest.mark.parametrize("language", ["", "Dut", "es", "NL"])
def test_a_language_tagor_does_not_know_is_not_sent(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, language: str
):
    """A confirmation in some language would be worse than none."""
    with pytest.raises(ValueError, match="The language cannot be sent to Tagor"):
        tagor.plans.approve(FILE, language, deadline=by)
    assert server.connections == 0


def agreed(*rows: dict[str, Any]) -> dict[str, Any]:
    return dataset("dsTDOSAFBDETWeb", "ttTDOSAFBDETWeb", *rows)


def test_a_plan_whose_terms_cannot_be_read_is_still_there(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """A list that lacks a plan would make it look as if none was saved; its terms are not told."""
    row = {"TDOSAFB_Id": "12", "Bedrag": "1.234", "Datum1stePeriode": "31/12/2026"}
    server.plays(PLANS, says(agreed(row)))
    assert tagor.plans.on_file(FILE, deadline=by) == (AgreedPlan("12", None, None, None),)


@pytest.mark.parametrize("name", ["Bedrag1", "Termijn1"])
@pytest.mark.parametrize("wrong", [-1, "-0,50", "many", "1.234", [], True])
def test_a_term_that_cannot_be_is_not_offered(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, name: str, wrong: object
):
    """No amount below nothing, no half months, nothing that is no number; the other term stays."""
    terms = {"Termijn1": 6, "Bedrag1": 50, "Termijn2": 12, "Bedrag2": 25}
    server.plays(CRITERIA, *(says(YES | LIMITS | terms | odd) for odd in ({name: wrong}, {"Termijn1": 1.5})))
    for _ in range(2):
        assert tagor.plans.criteria(FILE, PARTY, deadline=by).terms == (Term(12, Decimal(25)),)


def test_a_plan_is_told_once_by_its_first_step(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """A plan whose amount changes has a row for each step; plans keep the order Tagor gives them."""
    rows = [
        {"TDOSAFB_Id": 31, "Bedrag": 50, "DatumBetaal": "2026-12-15", "DatumTot": "2027-06-15"},
        {"TDOSAFB_Id": "30", "Bedrag": "20,00", "Datum1stePeriode": "", "DatumTot": None},
        {"TDOSAFB_Id": "31", "Bedrag": "75.00", "DatumBetaal": "2027-07-15"},
    ]
    server.plays(PLANS, says(agreed(*rows)))
    assert tagor.plans.on_file(FILE, active_only=False, deadline=by) == (
        AgreedPlan("31", Decimal(50), date(2026, 12, 15), date(2027, 6, 15)),
        AgreedPlan("30", Decimal(20), None, None),
    )
    assert server.asked[0].request == context(TDOS_Id=FILE)


def test_a_note_needs_no_codes(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """An office that has set none gets its own defaults; what was wanted stands in the request."""
    tagor.notes.create(FILE, "Please check.", date(2026, 11, 22), definition="0", deadline=by)
    (row,) = server.asked[0].request["dsTDOSINFOWeb"]["dsTDOSINFOWeb"]["ttTDOSINFOWeb"]
    assert (row["TQINFO_Id"], row["TQINFODEF_Id"], row["Omschrijving"]) == ("", "0", "Please check.")


def test_all_that_is_offered_arrives(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Both terms in their order, both limits, and the plan there is."""
    terms = {"Termijn1": 6, "Bedrag1": "0,50", "Termijn2": 1, "Bedrag2": "0.99"}
    limits = {"TermijnMax": 24, "BedragMax": "0.01", "PaymentPlanId": "8801"}
    server.plays(CRITERIA, says(YES | terms | limits))
    assert tagor.plans.criteria(FILE, PARTY, deadline=by) == PlanCriteria(
        (Term(6, Decimal("0.50")), Term(1, Decimal("0.99"))), 24, Decimal("0.01"), "8801"
    )


def test_a_plan_begins_with_its_first_payment(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """The day it is paid on stands in for it only where it is missing."""
    row = {"TDOSAFB_Id": "1", "Bedrag": "50", "Datum1stePeriode": "2026-01-05", "DatumBetaal": "2026-02-05"}
    second = {"TDOSAFB_Id": "2", "Bedrag": "50", "Datum1stePeriode": None, "DatumBetaal": "2026-02-06"}
    server.plays(PLANS, says(dataset("dsTDOSAFBDETWeb", "ttTDOSAFBDETWeb", row, second)))
    assert tagor.plans.on_file(FILE, deadline=by) == (
        AgreedPlan("1", Decimal(50), date(2026, 1, 5), None),
        AgreedPlan("2", Decimal(50), date(2026, 2, 6), None),
    )
