"""Payment plans: who may have one, which one, and what is asked of Tagor once the caller has agreed."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Caller, Calling, PlanLine

    Opening = Callable[..., PlanLine]

AN, MARIE, SARAH, NELE = "20230118", "20230219", "20230421", "20231202"
READ_BACK = ("Agreement.chosen", "Agreement.read_back")
READ_BACK_WITH_LAST = ("Agreement.chosen", "Agreement.last_one", "Agreement.read_back")
REFERRED = ("PaymentPlan.refer", "Colleague.connect")
AGREED = {"plan": 1, "approval": 1, "message": 1}


def chosen(caller: "Caller") -> "Caller":
    """Take the office's first term, from its usual day on."""
    return caller.keys("2").keys("1").keys("1")


@pytest.mark.parametrize("name", ["An Peeters", "Marie Dubois", "Klaus Schmitz", "Sarah Johnson"])
def test_from_ring_to_confirmation_by_text_message(plans: "PlanLine", name: str):
    """In each language: choose, hear it back, request, hear what Tagor made of it, agree; each thing once."""
    caller = plans.call(name).keys("2").hears("Terms.choose").keys("1").hears("StartDate.choose").keys("1")
    caller.hears(*(READ_BACK if name == "An Peeters" else READ_BACK_WITH_LAST)).keys("1")
    caller.hears("Agreement.agree").keys("1").hears("Confirmation.by_sms", "Balance.choose").hangs_up()
    assert plans.effects(name) == AGREED


def test_what_tagor_is_asked_on_the_way(plans: "PlanLine"):
    """Each write once, by phone (CEN), to the mobile on file; the rest are looks."""
    plans.tagor.clear_journal()
    chosen(plans.call()).keys("1").keys("1")
    assert plans.line.asked() == [
        *("ClipToFile", "KantoorOpen", "PinToFile"),  # who calls
        *("GetDosInfo", "GetSaldo", "PaymentInfo"),  # and the balance
        *("GetDosInfo", "PaymentInfo", *["GetPaymentPlanCriteria"] * 2),  # which plan
        *("GetPaymentPlans", "SavePaymentPlan", "GetPaymentPlans"),
        *("GetPaymentPlanCriteria", "GetDosInfo", "ApprovePaymentPlan"),
    ]
    [plan], [message] = plans.tagor.plans(AN), plans.tagor.messages(AN)
    assert (plan.months, plan.monthly, plan.start) == (6, Decimal("205.76"), date(2026, 3, 18))
    assert (plan.source, plan.approved, plan.party_id) == ("CEN", True, "9000000000000001001")
    assert (message.medium, message.address, message.language) == ("SMS", "+32470000001", "Dut")


def test_the_terms_are_read_back_and_read_out_as_tagor_made_them(plans: "PlanLine"):
    """Between the two a payment may come in: what counts is what Tagor says."""
    caller = plans.call("Sarah Johnson").keys("2").hears("Terms.choose")
    assert caller.told == {
        "months_1": "6 months",
        "monthly_1": "53 euros and 2 cents",
        "months_2": "12 months",
        "monthly_2": "26 euros and 51 cents",
    }
    caller.keys("1").hears("StartDate.choose").keys("1").hears(*READ_BACK_WITH_LAST)
    assert caller.told["last"] == "52 euros and 97 cents"
    assert caller.told["start"] == "Wednesday 18 March"
    plans.tagor.set_balance(SARAH, Decimal("300.00"))
    caller.keys("1").hears("Agreement.agree")
    assert caller.told == {"agreed_monthly": "50 euros", "agreed_months": "6 months"}


def test_a_plan_by_amount_tells_its_last_payment(plans: "PlanLine"):
    """1234.56 euro by 100 a month are thirteen months, and 34.56 in the last."""
    caller = plans.call().keys("2").keys("3").hears("OwnTerms.choose").keys("1").hears("OwnTerms.ask_amount")
    caller.keys("100#").hears("StartDate.choose").keys("1").hears(*READ_BACK_WITH_LAST)
    assert caller.told["last"] == "34 euro en 56 cent"
    caller.keys("1").hears("Agreement.agree")
    assert caller.told == {"agreed_monthly": "100 euro", "agreed_months": "13 maanden"}
    assert plans.tagor.plans(AN)[0].asked == "monthly=100.00 start=2026-03-18"


def test_an_amount_may_have_cents(plans: "PlanLine"):
    """Keyed in with a star: 51*44 is the least there is for this debt."""
    caller = plans.call().keys("2").keys("3").keys("1").keys("51*44#").hears("StartDate.choose").keys("1")
    caller.hears(*READ_BACK).keys("1").hears("Agreement.agree")
    assert plans.tagor.plans(AN)[0].asked == "monthly=51.44 start=2026-03-18"


def test_a_plan_by_months(plans: "PlanLine"):
    """So many months, in parts that are rounded up, so the last one is the smallest."""
    caller = plans.call().keys("2").keys("3").keys("2").hears("OwnTerms.ask_months").keys("7#").keys("1")
    caller.hears(*READ_BACK_WITH_LAST)
    assert (caller.told["monthly"], caller.told["last"]) == ("176 euro en 37 cent", "176 euro en 34 cent")
    caller.keys("1").keys("1")
    assert plans.effects() == AGREED
    assert plans.tagor.plans(AN)[0].asked == "months=7 start=2026-03-18"


@pytest.mark.parametrize(
    ("key", "keyed", "prompt", "limit"),
    [
        ("1", "20#", "OwnTerms.too_low", "25 euros"),
        ("1", "00#", "OwnTerms.too_low", "25 euros"),
        ("1", "13#", "OwnTerms.too_long", "24 months"),
        ("2", "13#", "OwnTerms.too_low", "25 euros"),
        ("2", "25#", "OwnTerms.too_long", "24 months"),
    ],
)
def test_what_does_not_fit_is_said_with_its_limit(
    plans: "PlanLine", key: str, keyed: str, prompt: str, limit: str
):
    """Tagor is not asked for what it would refuse, and the caller may propose something else."""
    caller = plans.call("Sarah Johnson").keys("2").keys("3").keys(key).keys(keyed)
    caller.hears(prompt, "OwnTerms.choose")
    assert list(caller.told.values()) == [limit]
    caller.keys("2").keys("4#").hears("StartDate.choose")
    assert plans.line.asked("SavePaymentPlan") == []


@pytest.mark.parametrize(
    ("keys", "start"),
    [("1", "2026-04-01"), ("18", "2026-03-18"), ("17", "2026-04-17"), ("31", "2026-03-31")],
)
def test_the_caller_may_choose_the_day_of_the_month(plans: "PlanLine", keys: str, start: str):
    """The first such day that is not before the office's usual one."""
    caller = plans.call().keys("2").keys("1").keys("2").hears("StartDate.ask_day").keys(f"{keys}#")
    caller.hears(*READ_BACK).keys("1")
    assert plans.tagor.plans(AN)[0].asked == f"months=6 start={start}"


def test_a_day_no_month_has_is_asked_again(plans: "PlanLine"):
    """And after the third a person helps."""
    caller = plans.call().keys("2").keys("1").keys("2")
    for _ in range(2):
        caller.keys("32#").hears("Anytime.wrong", "StartDate.ask_day")
    caller.keys("32#").hears("Colleague.connect")


def test_one_term_only_and_nobody_to_write_to(plans: "PlanLine"):
    """A landline and no mail: confirmed, and nothing is promised to come."""
    caller = plans.call("Colette Martin").keys("2").hears("Terms.choose_one").keys("1").keys("1").keys("1")
    caller.keys("1").hears("Confirmation.by_none", "Balance.choose")
    assert plans.effects("Colette Martin") == {"plan": 1, "approval": 1}


def test_the_confirmation_goes_by_mail_to_whoever_has_no_belgian_mobile(plans: "PlanLine"):
    """The caller's own number is never where it goes: only what the file has."""
    plans.tagor.change("20240709", email="colette@example.be")
    caller = plans.call("Colette Martin").keys("2").keys("1").keys("1").keys("1")
    caller.keys("1").hears("Confirmation.by_mail", "Balance.choose")
    assert plans.tagor.messages("20240709")[0].address == "colette@example.be"
    [approved] = [
        entry for entry in plans.tagor.journal() if entry["operation"].endswith("ApprovePaymentPlan")
    ]
    assert "Telnr" not in approved["fields"]


def test_a_small_debt_has_no_terms_of_the_offices(plans: "PlanLine"):
    """77.77 euro in six months would be less than the office wants: the caller proposes."""
    caller = plans.call('Zoë O\'Hara & <b>"Zonen"</b> \U0001f3e0\x07').keys("2").hears("OwnTerms.choose")
    caller.keys("1").keys("100#").hears("StartDate.choose").keys("1").hears(*READ_BACK)
    assert caller.told["start"] == "woensdag 18 maart"
    caller.keys("1").hears("Agreement.agree")
    assert caller.told == {"agreed_monthly": "77 euro en 77 cent", "agreed_months": "1 maand"}


@pytest.mark.parametrize("keys", ["4", "33"])
def test_whoever_finds_it_too_hard_is_told_who_helps(plans: "PlanLine", keys: str):
    """One key from every proposal; then a person, if the caller wants one."""
    caller = plans.call().keys("2")
    for key in keys:
        caller.keys(key)
    caller.hears("Hardship.heard", "Hardship.counsel", "Hardship.choose").keys("1")
    caller.hears("Colleague.connect")


@pytest.mark.parametrize("name", ["Hans Becker", "Jan Mertens"])
def test_a_file_that_may_have_no_plan_reaches_a_person(plans: "PlanLine", name: str):
    """A summons was issued, or its kind allows none: a person decides, and the caller is told so."""
    plans.call(name).keys("2").hears(*REFERRED).reaches(plans.line.switchboard)
    assert plans.line.asked("SavePaymentPlan") == []


@pytest.mark.parametrize("name", ["Emma Maes", "Philippe Lambert"])
def test_where_nothing_is_owed_no_plan_is_needed(plans: "PlanLine", name: str):
    """A balance of zero, or a credit."""
    plans.call(name).keys("2").hears("PaymentPlan.settled", "Balance.choose")


def test_a_running_plan_is_told_before_it_may_be_replaced(plans: "PlanLine"):
    """What it is, when it is next due, and that a new one ends it; then the choice is as ever."""
    caller = plans.call("Nele Goossens").keys("2")
    caller.hears("RunningPlan.on_time", "RunningPlan.due", "RunningPlan.replace")
    caller.keys("1").hears("Terms.choose").keys("1").keys("1").keys("1").keys("1")
    caller.hears("Confirmation.by_sms", "Balance.choose")
    old, new = plans.tagor.plans(NELE)
    assert (old.active, new.active, new.monthly) == (False, True, Decimal("160.03"))


def test_arrears_and_the_next_payment_are_told(plans: "PlanLine"):
    """As Tagor has them: 187.50 behind, the next on the plan's day of the month."""
    caller = (
        plans.call("Thomas Leroy")
        .keys("2")
        .hears("RunningPlan.behind", "RunningPlan.due", "RunningPlan.replace")
    )
    assert caller.told == {
        "running": "125 euros", "behind_by": "187 euros et 50 centimes", "next_due": "dimanche 15 mars"
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
    """Then a person discusses it, or nothing changes; there is no key for a new one."""
    plans = plan_line(office={"replace = true": "replace = false"})
    caller = plans.call("Nele Goossens").keys("2")
    caller.hears("RunningPlan.on_time", "RunningPlan.due", "RunningPlan.keep")
    caller.keys("3").hears("Anytime.wrong", "RunningPlan.keep").keys("2").hears("Balance.choose")
    caller.keys("2").keys("1").hears("Colleague.connect").reaches(plans.line.switchboard)


def test_a_running_plan_that_tagor_does_not_show_reaches_a_person(plans: "PlanLine"):
    """It says that one runs and lists none: nothing is replaced."""
    plans.tagor.fault("Dossier/GetPaymentPlans", "empty")
    plans.call("Nele Goossens").keys("2").hears("RunningPlan.refer", "Colleague.connect")


@pytest.mark.parametrize("endpoint", ["GetPaymentPlanCriteria", "PaymentInfo"])
def test_no_plan_is_offered_while_tagor_is_in_trouble(plans: "PlanLine", endpoint: str):
    """A word of regret, and a person."""
    caller = plans.call()
    plans.tagor.fault(f"TagorService/{endpoint}", "status", status=500)
    caller.keys("2")
    told = "PaymentPlan.sorry" if endpoint == "PaymentInfo" else "PaymentPlan.refer"
    caller.hears(told, "Colleague.connect").reaches(plans.line.switchboard)


def accepted(way: str) -> dict[str, str]:
    risk = '\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'
    return {'way = "pin"': f'way = "{way}"' + ("" if way == "reference_pin" else risk)}


@pytest.mark.parametrize(
    ("way", "keys"),
    [
        ("house_number", ["1", "7700011#", "12#"]),
        ("caller_number", ["1"]),
        ("reference_pin", ["1", "482193", "7700011#"]),
    ],
)
def test_only_a_strong_proof_of_one_defendant_decides(
    plan_line: "Opening", calling_on: "Calling", way: str, keys: list[str]
):
    """A house number or a caller's number tells a balance; a reference and PIN do not say which defendant."""
    plans = plan_line(office=accepted(way))
    caller = calling_on(plans.line)
    for one in keys:
        caller.keys(one)
    caller.hears("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose").keys("2").hears(
        *REFERRED
    )


@pytest.mark.parametrize("accepts", [False, True])
def test_a_short_pin_decides_only_where_the_office_answers_for_it(plan_line: "Opening", accepts: bool):  # noqa: FBT001 - a parameter
    """Five digits are guessed too easily."""
    changes = {"pin_digits = 6": "pin_digits = 5"}
    if accepts:
        changes["# short_pin_accepted_by"] = "short_pin_accepted_by"
    plans = plan_line(office=changes)
    plans.tagor.change(AN, pin="48219")
    caller = plans.call(pin="48219").keys("2")
    caller.hears(*(["Terms.choose"] if accepts else REFERRED))


@pytest.mark.parametrize("name", ["An Peeters", "Greta Hermann"])
def test_an_office_may_ask_tagor_who_helps_themselves(plan_line: "Opening", name: str):
    """For one of them it says yes, for the other no."""
    plans = plan_line(office={"# self_service": "self_service"})
    caller = plans.call(name).keys("2")
    caller.hears(*(["Terms.choose"] if name == "An Peeters" else REFERRED))
    [asked] = [entry for entry in plans.tagor.journal() if entry["operation"].endswith("SelfServiceAllowed")]
    assert asked["fields"]["Config"] == "PLAN"
