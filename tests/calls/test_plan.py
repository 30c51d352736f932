"""Payment plans: who may have one, which one, and what is asked of Tagor once the caller has agreed."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Calling, PlanLine

    Opening = Callable[..., PlanLine]

AN, SARAH, COLETTE, NELE = "20230118", "20230421", "20240709", "20231202"
BY_AMOUNT = ("OwnTerms.amounts", "OwnTerms.ask_amount")
BY_MONTHS = ("OwnTerms.months", "OwnTerms.ask_months")
READ_BACK = ("Agreement.chosen", "Agreement.read_back")
READ_BACK_WITH_LAST = ("Agreement.chosen", "LastPayment.tell", "Agreement.read_back")
REFERRED = ("PaymentPlan.refer", "Offer.choose")
RUNNING = ("RunningPlan.on_time", "RunningPlan.due", "RunningPlan.until")
AGREED = {"plan": 1, "approval": 1, "message": 1}


@pytest.mark.parametrize("name", ["An Peeters", "Marie Dubois"])
def test_from_ring_to_confirmation_by_text_message(plans: "PlanLine", name: str):
    """A caller chooses, hears it back and agrees once; Tagor's terms are the same."""
    caller = plans.call(name).keys("2").hears("Terms.choose").keys("1").hears("StartDate.choose").keys("1")
    caller.hears(*(READ_BACK if name == "An Peeters" else READ_BACK_WITH_LAST)).keys("1")
    caller.hears("Confirmation.by_sms", "Balance.choose").hangs_up()
    assert plans.effects(name) == AGREED


@pytest.mark.parametrize("nothing", ["0", '" 0,00 "'])
def test_a_plan_of_no_euro_is_no_plan(plans: "PlanLine", nothing: str):
    """Nobody hears that it runs or is kept up with, and the caller may have another one."""
    plans.tagor.fault("TagorService/PaymentInfo", "replace_fields", names=["Maandbedrag"], value=nothing)
    told = "Balance.tell", "Received.paid", "Payments.which", "Balance.choose"
    plans.call("Nele Goossens").hears(*told).keys("2").hears("Terms.choose")


def test_what_tagor_is_asked_on_the_way(plans: "PlanLine"):
    """Each write is sent once, as made by phone (CEN), and the confirmation goes to the mobile on file."""
    plans.tagor.clear_journal()
    plans.call().keys("2").keys("1").keys("1").keys("1")
    asked = plans.line.asked()
    # The balance, the facts, messages and the plan are asked at the same time, so their order is free.
    assert [*asked[:3], *sorted(asked[3:7]), *asked[7:]] == [
        *("ClipToFile", "KantoorOpen", "PinToFile"),  # who calls
        *("GetDosInfo", "GetListFilter", "GetSaldo", "PaymentInfo"),  # the balance
        *("GetDosInfo", "PaymentInfo", *["GetPaymentPlanCriteria"] * 2),  # which plan
        *("GetPaymentPlans", "SavePaymentPlan", "GetPaymentPlans"),
        *("GetDosInfo", "GetPaymentPlanCriteria", "ApprovePaymentPlan"),
    ]
    [plan], [message] = plans.tagor.records.plans(AN), plans.tagor.records.messages(AN)
    assert (plan.months, plan.monthly, plan.start) == (6, Decimal("205.76"), date(2026, 3, 18))
    assert (plan.source, plan.approved, plan.party_id) == ("CEN", True, "9000000000000001001")
    assert (message.medium, message.address, message.language) == ("SMS", "+32470000001", "Dut")


def test_the_plan_is_told_as_tagor_made_it(plans: "PlanLine"):
    """When a payment comes in before the request, Tagor's own terms are told, and take a second yes."""
    caller = plans.call("Sarah Johnson").keys("2").hears("Terms.choose")
    assert caller.told == {
        "months_1": "6 months",
        "monthly_1": "53 euros and 2 cents",
        "months_2": "12 months",
        "monthly_2": "26 euros and 51 cents",
    }
    caller.keys("1").hears("StartDate.choose").keys("1").hears(*READ_BACK_WITH_LAST)
    assert (caller.told["last"], caller.told["start"]) == ("52 euros and 97 cents", "Wednesday 18 March")
    plans.tagor.controls.set_balance(SARAH, Decimal("300.00"))
    caller.keys("1").hears("Agreement.agree")
    assert caller.told == {
        "agreed_monthly": "50 euros", "agreed_months": "6 months", "agreed_start": "Wednesday 18 March"
    }  # fmt: skip
    assert plans.line.asked("ApprovePaymentPlan") == []
    caller.keys("1").hears("Confirmation.by_sms", "Balance.choose")


@pytest.mark.parametrize(
    ("key", "keyed", "told", "asked"),
    [
        ("1", "100#", ("100 euro", "34 euro en 56 cent"), "monthly=100.00"),
        ("1", "51*44#", ("51 euro en 44 cent", ""), "monthly=51.44"),
        ("2", "7#", ("176 euro en 37 cent", "176 euro en 34 cent"), "months=7"),
    ],
)
def test_a_caller_may_propose_an_amount_or_a_number_of_months(
    plans: "PlanLine", key: str, keyed: str, told: tuple[str, str], asked: str
):
    """The other figure and the last payment are told, and Tagor is asked for what the caller keyed in."""
    caller = plans.call().keys("2").keys("3").hears("OwnTerms.choose").keys(key).keys(keyed)
    caller.hears("StartDate.choose").keys("1").hears(*(READ_BACK_WITH_LAST if told[1] else READ_BACK))
    assert (caller.told["monthly"], caller.told.get("last", "")) == told
    caller.keys("1").hears("Confirmation.by_sms", "Balance.choose")
    assert plans.tagor.records.plans(AN)[0].asked == f"{asked} start=2026-03-18"


@pytest.mark.parametrize(
    ("key", "keyed", "prompt", "limit"),
    [
        ("1", "20#", "OwnTerms.too_low", "25 euros"),
        ("1", "00#", "OwnTerms.too_low", "25 euros"),
        ("2", "13#", "OwnTerms.too_long", "12 months"),
    ],
)
def test_a_proposal_beyond_a_limit_is_answered_with_the_limit(
    plans: "PlanLine", key: str, keyed: str, prompt: str, limit: str
):
    """In the unit the caller chose; Tagor is not asked, and the caller may propose something else."""
    caller = plans.call("Sarah Johnson").keys("2").keys("3").keys(key).keys(keyed)
    caller.hears(prompt, "OwnTerms.choose")
    assert list(caller.told.values()) == [limit]
    caller.keys("2").keys("4#").hears("StartDate.choose")
    assert plans.line.asked("SavePaymentPlan") == []


@pytest.mark.parametrize(
    ("who", "key", "prompts", "limits"),
    [
        ("Sarah Johnson", "1", BY_AMOUNT, ["25 euros", "318 euros and 7 cents"]),
        ("Sarah Johnson", "2", BY_MONTHS, ["12 months"]),
        ("An Peeters", "1", BY_AMOUNT, ["51 euro en 44 cent", "1234 euro en 56 cent"]),
        ("An Peeters", "2", BY_MONTHS, ["24 maanden"]),
    ],
)
def test_the_limits_are_told_before_anything_is_keyed(
    plans: "PlanLine", who: str, key: str, prompts: tuple[str, str], limits: list[str]
):
    """The caller hears the lowest amount that also keeps to the longest term, or the most months."""
    caller = plans.call(who).keys("2").keys("3").keys(key).hears(*prompts)
    assert list(caller.told.values()) == limits


def test_after_three_proposals_outside_the_limits_a_person_helps(plans: "PlanLine"):
    """The caller may mix amounts and months, and is not asked a fourth time."""
    caller = plans.call("Sarah Johnson").keys("2").keys("3")
    for key, keyed in (("1", "5#"), ("2", "20#")):
        caller.keys(key).keys(keyed)
    caller.keys("1").keys("6#").offered("OwnTerms.refer")


def test_the_caller_may_choose_the_day_of_the_month(plans: "PlanLine"):
    """A day that no month has is asked again; the plan starts on the first such day after the usual one."""
    caller = plans.call().keys("2").keys("1").keys("2").hears("StartDate.ask_day").keys("32#")
    caller.hears("Anytime.wrong", "StartDate.ask_day").keys("17#").hears(*READ_BACK).keys("1")
    assert plans.tagor.records.plans(AN)[0].asked == "months=6 start=2026-04-17"


@pytest.mark.parametrize(
    ("mail", "prompt", "effects"),
    [
        ("", "Confirmation.by_none", {"plan": 1, "approval": 1}),
        ("colette@example.be", "Confirmation.by_mail", AGREED),
    ],
)
def test_without_a_belgian_mobile_the_confirmation_goes_by_mail_or_not_at_all(
    plans: "PlanLine", mail: str, prompt: str, effects: dict[str, int]
):
    """The caller's own number is never where it goes, and nothing is promised that will not come."""
    plans.tagor.controls.change(COLETTE, email=mail)
    caller = plans.call("Colette Martin").keys("2").hears("Terms.choose_one").keys("1").keys("1")
    caller.keys("1").hears(prompt, "Balance.choose")
    assert plans.effects("Colette Martin") == effects
    assert [message.address for message in plans.tagor.records.messages(COLETTE)] == ([mail] if mail else [])
    [approved] = [
        entry for entry in plans.tagor.journal() if entry["operation"].endswith("ApprovePaymentPlan")
    ]
    assert "Telnr" not in approved["fields"]


def test_a_small_debt_has_no_terms_of_the_offices(plans: "PlanLine"):
    """77.77 euro in six months would be less than the office's minimum, so the caller proposes."""
    caller = plans.call('Zoë O\'Hara & <b>"Zonen"</b> \U0001f3e0\x07').keys("2").hears("OwnTerms.choose")
    caller.keys("1").keys("100#").hears("StartDate.choose").keys("1").hears(*READ_BACK)
    assert (caller.told["monthly"], caller.told["months"]) == ("77 euro en 77 cent", "1 maand")
    caller.keys("1").hears("Confirmation.by_sms", "Balance.choose")


@pytest.mark.parametrize("keys", ["4", "33"])
def test_a_caller_who_cannot_pay_is_told_who_helps(plans: "PlanLine", keys: str):
    """One key leads there from every proposal, and another one to a person."""
    caller = plans.call().keys("2")
    for key in keys:
        caller.keys(key)
    caller.hears("Hardship.heard", "Hardship.counsel", "Hardship.choose").keys("1")
    caller.hears("Colleague.connect")


@pytest.mark.parametrize("name", ["Hans Becker", "Jan Mertens"])
def test_a_file_that_may_have_no_plan_reaches_a_person(plans: "PlanLine", name: str):
    """A summons was issued, or the file's kind allows no plan: the caller is told that a person decides."""
    plans.call(name).keys("2").offered("PaymentPlan.refer").reaches(plans.line.switchboard)
    assert plans.line.asked("SavePaymentPlan") == []


@pytest.mark.parametrize("name", ["Emma Maes", "Philippe Lambert"])
def test_where_nothing_is_owed_no_plan_is_needed(plans: "PlanLine", name: str):
    """With a balance of zero, and with a credit, neither a plan nor paying is offered."""
    caller = plans.call(name).no_longer_offered("Balance.choose.1", "Balance.choose.2")
    caller.keys("2").hears("Anytime.wrong", "Balance.choose")


def test_a_running_plan_is_told_before_it_may_be_replaced(plans: "PlanLine"):
    """The caller hears the plan, when it is due, and that a new one ends it; then chooses as ever."""
    caller = plans.call("Nele Goossens").keys("2").hears(*RUNNING, "RunningPlan.replace")
    caller.keys("1").hears("Terms.choose").keys("1").keys("1").keys("1")
    caller.hears("Confirmation.by_sms", "Balance.choose")
    old, new = plans.tagor.records.plans(NELE)
    assert (old.active, new.active, new.monthly) == (False, True, Decimal("160.03"))


@pytest.mark.parametrize(
    ("name", "due"),
    [
        ("An Peeters", "woensdag 18 maart"),
        ("Marie Dubois", "mercredi 18 mars"),
        ("Klaus Schmitz", "Mittwoch, den achtzehnten März"),
        ("Sarah Johnson", "Wednesday 18 March"),
    ],
)
def test_each_language_has_its_words_for_a_running_plan(plans: "PlanLine", name: str, due: str):
    """Whoever agreed one hears it in the next call, and when the next payment is due."""
    plans.at_request(name).keys("1").hears("Confirmation.by_sms", "Balance.choose").hangs_up()
    caller = plans.call(name).keys("2").hears(*RUNNING, "RunningPlan.replace")
    assert caller.told["next_due"] == due


def test_arrears_and_the_next_payment_are_told(plans: "PlanLine"):
    """They are told as Tagor has them: 187.50 behind, and the next payment on the plan's day of the month."""
    caller = plans.call("Thomas Leroy").keys("2")
    caller.hears("RunningPlan.behind", "RunningPlan.due", "RunningPlan.until", "RunningPlan.replace")
    assert caller.told == {
        "running": "125 euros", "behind_by": "187 euros et 50 centimes", "next_due": "dimanche 15 mars",
        "plan_ends": "mardi 15 juin 2027",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "prompt"), [("2", "Colleague.connect"), ("3", "Balance.choose"), ("", "Balance.choose")]
)
def test_a_running_plan_stays_unless_the_caller_chooses_a_new_one(plans: "PlanLine", key: str, prompt: str):
    """A person, back, or silence: nothing is asked of Tagor."""
    caller = plans.call("Nele Goossens").keys("2")
    caller = caller.keys(key) if key else caller.silent(2)
    caller.hears(prompt)
    assert plans.effects("Nele Goossens") == {}


def test_an_office_may_keep_running_plans(plan_line: "Opening"):
    """Such an office offers no key for a new plan: a person discusses it, or nothing changes."""
    plans = plan_line(office={"replace = true": "replace = false"})
    caller = plans.call("Nele Goossens").keys("2").hears(*RUNNING, "RunningPlan.keep")
    caller.keys("3").hears("Anytime.wrong", "RunningPlan.keep").keys("2").hears("Balance.choose")
    caller.keys("2").keys("1").hears("Colleague.connect").reaches(plans.line.switchboard)


@pytest.mark.parametrize(
    ("name", "endpoint", "fault", "told"),
    [
        (
            "Nele Goossens",
            "Dossier/GetPaymentPlans",
            "empty",
            "RunningPlan.refer",
        ),  # one runs, none is listed
        ("An Peeters", "TagorService/GetPaymentPlanCriteria", "status", "PaymentPlan.refer"),
        ("An Peeters", "TagorService/PaymentInfo", "status", "PaymentPlan.sorry"),
    ],
)
def test_no_plan_is_offered_on_what_tagor_does_not_show(
    plans: "PlanLine", name: str, endpoint: str, fault: str, told: str
):
    """Without the facts that a plan needs the caller hears a word of regret, and reaches a person."""
    caller = plans.call(name)
    plans.tagor.fault(endpoint, fault)
    caller.keys("2").offered(told).reaches(plans.line.switchboard)


def accepted(way: str) -> dict[str, str]:
    """The office file's change to another way of identification, accepted by somebody where it is weak."""
    risk = '\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'
    return {'way = "pin"': f'way = "{way}"' + ("" if way == "reference_pin" else risk)}


@pytest.mark.parametrize(
    ("way", "keys"),
    [
        ("house_number", ["1", "7700011#", "12#"]),
        ("caller_number", ["1"]),
        ("reference_pin", ["1", "390475", "7700088#", "14#"]),
    ],
)
def test_only_a_strong_proof_of_one_defendant_decides_or_has_anything_sent(
    plan_line: "Opening", calling_on: "Calling", way: str, keys: list[str]
):
    """A weak proof, or a co-defendant's house number, tells a balance and opens nothing else."""
    plans = plan_line(office=accepted(way))
    for key, said in (("2", REFERRED), ("1", ("Pay.account", "Pay.reference", "Pay.choose"))):
        caller = calling_on(plans.line)
        for one in keys:
            caller.keys(one)
        caller.hears("Balance.tell", "Received.paid", "Payments.which", "Balance.choose").keys(key).hears(
            *said
        )
    caller.keys("1").hears("Post.none", "Balance.choose")
    assert plans.effects() == {}


@pytest.mark.parametrize(
    ("name", "keyed"), [("An Peeters", ["7700011#"]), ("Dirk Willems", ["7700088#", "16#"])]
)
def test_a_reference_with_its_pin_names_the_party_and_so_decides(
    plan_line: "Opening", name: str, keyed: list[str]
):
    """The only defendant, or the one of several whose PIN and house number agree."""
    plans = plan_line(office=accepted("reference_pin"))
    caller = plans.call(name)
    for one in (*keyed, "2", "1", "1", "1"):
        caller.keys(one)
    caller.hears("Confirmation.by_sms", "Balance.choose")
    assert plans.effects(name) == AGREED


@pytest.mark.parametrize("accepts", ["", "# "])
def test_a_short_pin_decides_only_where_the_office_answers_for_it(plan_line: "Opening", accepts: str):
    """Five digits are guessed too easily, so the office file must name who accepts that."""
    changes = {
        "pin_digits = 6": "pin_digits = 5",
        "# short_pin_accepted_by": f"{accepts}short_pin_accepted_by",
    }
    plans = plan_line(office=changes)
    plans.tagor.controls.change(AN, pin="48219")
    plans.call(pin="48219").keys("2").hears(*(REFERRED if accepts else ["Terms.choose"]))


@pytest.mark.parametrize("name", ["An Peeters", "Greta Hermann"])
def test_an_office_may_ask_tagor_who_helps_themselves(plan_line: "Opening", name: str):
    """Tagor says yes for An Peeters and no for Greta Hermann."""
    plans = plan_line(office={"# self_service": "self_service"})
    plans.call(name).keys("2").hears(*(["Terms.choose"] if name == "An Peeters" else REFERRED))
    [asked] = [entry for entry in plans.tagor.journal() if entry["operation"].endswith("SelfServiceAllowed")]
    assert asked["fields"]["Config"] == "PLAN"
