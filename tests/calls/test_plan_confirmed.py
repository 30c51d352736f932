"""Only key 1 of a confirmation asks Tagor for anything; silence, words and other keys do not."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bridge.flow.steps import Decide, Menu
from bridge.simulators.tagor import CASES
from bridge.speech import Catalogue
from voice_flows import CALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Caller, PlanLine

AN = "20230118"
TOLD, CHOOSE = ("Balance.tell", "Received.paid"), ("Payments.which", "Balance.choose")
FILES = {case.name: case.file for case in CASES}
AGREED = {"plan": 1, "approval": 1, "message": 1}
SAYING_YES = {"An Peeters": "ja", "Marie Dubois": "oui", "Klaus Schmitz": "ja", "Sarah Johnson": "yes"}
UNAPPROVED = "vroeg een afbetalingsplan en bevestigde het niet"
MOMENTS = ["at_request", "at_agreement"]


def test_every_decision_is_entered_by_key_1_of_a_confirmation_only():
    """In the whole graph each way into a decision is that key, and the decision acts on a proven file.

    One way more leads from the request to the approval: the terms came back as they were confirmed.
    """
    decisions = {place for place in CALL.edges if isinstance(CALL.step(place), Decide)}
    ways = [edge for edges in CALL.edges.values() for edge in edges if edge.end in decisions]
    assert {".".join(place[-1]) for place in decisions} == {
        *("Agreement.request", "Agreement.approve", "Post.send_text", "Post.send_mail", "Documents.order"),
        *("Contact.register_own", "Contact.register_other", "Questionnaire.write"),
    }
    assert {edge.end for edge in ways} == decisions
    [further] = [edge for edge in ways if isinstance(CALL.step(edge.start), Decide)]
    assert [further.start[-1], further.exit, further.end[-1]] == [
        ("Agreement", "request"), "as_confirmed", ("Agreement", "approve")
    ]  # fmt: skip
    ways.remove(further)
    for edge in ways:
        before = CALL.step(edge.start)
        assert isinstance(before, Menu)
        assert (before.confirms, before.spoken, edge.exit) == (True, False, "1")
    actions = [CALL.action(place) for place in decisions]
    assert all(action is not None and action.private for action in actions)


@pytest.mark.parametrize("keys", ["2", "3", "#", "*", "8", "", "33", "12"])
def test_only_key_1_requests(plans: "PlanLine", keys: str):
    """No, wrong keys, silence and keys that work anytime request nothing; of two keys the first counts."""
    caller = plans.at_request()
    if not keys:
        caller.silent().hears("Anytime.silent", "Agreement.read_back").silent()
    elif keys == "33":
        caller.keys("3").keys("3")
    else:
        caller.keys(keys)
    if keys in ("2", "", "33"):
        caller.hears("Agreement.declined", "Balance.choose")
    assert plans.effects() == (AGREED if keys == "12" else {})


@pytest.mark.parametrize("name", SAYING_YES)
@pytest.mark.parametrize("moment", MOMENTS)
def test_words_confirm_nothing(plans: "PlanLine", moment: str, name: str):
    """The line does not listen at a confirmation, and a webhook with words is not taken for key 1."""
    caller = getattr(plans, moment)(name)
    before, turns = plans.effects(name), len(caller.phone.turns)
    assert caller.phone.listening["input"] == "dtmf"
    caller.says(SAYING_YES[name])
    assert len(caller.phone.turns) == turns
    said = {"SpeechResult": SAYING_YES[name], "Confidence": "0.99"}
    plans.line.webhook(f"/voice/turn/{turns}", caller.phone.call_id, **said)
    assert plans.effects(name) == before


@pytest.mark.parametrize("moment", MOMENTS)
def test_words_that_an_office_has_for_key_1_confirm_nothing(
    plans: "PlanLine", moment: str, monkeypatch: pytest.MonkeyPatch
):
    """Even where the prompts say that "ja" means key 1, the word decides nothing."""
    caller = getattr(plans, moment)()
    before = plans.effects()
    monkeypatch.setattr(Catalogue, "key_for", lambda *_words: "1")
    path = f"/voice/turn/{len(caller.phone.turns)}"
    plans.line.webhook(path, caller.phone.call_id, SpeechResult="ja", Confidence="0.99")
    assert plans.effects() == before


@pytest.mark.parametrize("key", ["", "3"])
def test_a_caller_who_gives_no_answer_has_a_request_and_a_person(plans: "PlanLine", key: str):
    """After silence or wrong keys the plan is requested and not agreed, and the caller is told so."""
    caller = plans.at_agreement()
    for _ in range(2):
        caller = caller.keys(key) if key else caller.silent()
    caller.offered("NotApproved.open").reaches(plans.line.switchboard)
    assert plans.effects() == {"plan": 1}


def test_a_caller_who_does_not_accept_the_plan_is_contacted(plans: "PlanLine"):
    """Key 2 is told as what it is; the file gets a task beside the note, and nothing is approved."""
    caller = plans.at_agreement().keys("2").hears("NotAccepted.tell", "Balance.choose")
    caller.hangs_up()
    plans.line.after(minutes=1)
    task, note = sorted(line.text for line in plans.tagor.records.info_lines(AN))
    assert task.startswith("Taak van de telefoonlijn (")
    assert "Toegekend plan niet aanvaard door de schuldenaar" in note
    assert plans.effects() == {"plan": 1, "info line": 2}


@pytest.mark.parametrize("leave", [lambda caller: caller.keys("9"), lambda caller: caller.hangs_up()])
def test_a_plan_that_a_caller_leaves_unapproved_is_an_employees_task(
    plans: "PlanLine", leave: "Callable[[Caller], object]"
):
    """Whoever says goodbye or hangs up at the second question leaves a plan that somebody must look at."""
    leave(plans.at_agreement())
    plans.line.after(hours=2, minutes=1)
    assert [UNAPPROVED in line.text for line in plans.tagor.records.info_lines(AN)].count(True) == 1
    assert plans.effects() == {"plan": 1, "info line": 2}


@pytest.mark.parametrize("moment", ["confirmed", "written", "marked as sent", "answered", "settled"])
def test_a_plan_that_is_made_after_its_caller_hung_up_is_an_employees_task(plans: "PlanLine", moment: str):
    """Whoever confirms a plan and puts the phone down at once leaves one that nobody could tell them of."""
    caller = plans.at_request()
    plans.tagor.controls.set_balance(AN, Decimal(1000))  # so that Tagor makes other terms
    over = {"CallStatus": "completed", "CallDuration": "30"}
    plans.meanwhile[f"plan: {moment}"] = lambda: plans.line.webhook(
        "/voice/status", caller.phone.call_id, **over
    )
    caller.keys("1").hears()
    plans.line.after(hours=2, minutes=1)
    assert [UNAPPROVED in line.text for line in plans.tagor.records.info_lines(AN)].count(True) == 1
    assert plans.effects() == {"plan": 1, "info line": 2}


def test_an_approved_plan_is_nobodys_task(plans: "PlanLine"):
    """Two hours later the plan was approved, so that nothing is asked of anybody."""
    plans.at_agreement().keys("1").hangs_up()
    plans.line.after(hours=2, minutes=1)
    assert not any("Taak" in line.text for line in plans.tagor.records.info_lines(AN))


@pytest.mark.parametrize("key", ["2", ""])
def test_a_requested_plan_is_never_told_as_one_that_is_kept_up_with(plans: "PlanLine", key: str):
    """Whoever did not accept it or hung up hears in the next call that it was not confirmed.

    Also months later: the result of the request is wiped by then, and the plan is known by its id.
    """
    caller = plans.at_agreement()
    caller = caller.keys(key) if key else caller
    caller.hangs_up()
    for days in (0, 1, 90):
        plans.line.clock.move(days=days)
        plans.line.app.extensions["bridge"].reconciler.sweep()
        caller = plans.call().hears(*TOLD, "Payments.requested", *CHOOSE)
        caller.keys("2").hears("RunningPlan.requested", "RunningPlan.replace").hangs_up()


def test_a_plan_is_kept_up_with_once_a_payment_was_due(plans: "PlanLine"):
    """A plan that was approved runs from the same call on; its first payment is due on 18 March."""
    plans.at_agreement().keys("1").hangs_up()
    for days, told in ((0, "Payments.running"), (14, "Payments.running"), (1, "Payments.on_time")):
        plans.line.clock.move(days=days)
        plans.call().hears(*TOLD, told, *CHOOSE).hangs_up()


def test_an_employees_plan_is_no_request(plans: "PlanLine"):
    """A plan that an employee made in place of the requested one runs as any other."""
    plans.at_agreement().hangs_up()
    plans.tagor.controls.change(AN, plan={"monthly": "300.00", "months": 5})
    plans.call().hears(*TOLD, "Payments.running", *CHOOSE)


@pytest.mark.parametrize("name", SAYING_YES)
def test_a_plan_that_is_no_longer_the_last_one_is_not_approved(plans: "PlanLine", name: str):
    """An employee made another plan meanwhile: none is approved, and the caller hears so in each language."""
    caller = plans.at_agreement(name)
    plans.tagor.controls.change(FILES[name], plan={"monthly": "30.00", "months": 5})
    caller.keys("1").offered("NotApproved.replaced")
    assert plans.line.asked("ApprovePaymentPlan") == []


@pytest.mark.parametrize("fault", ["plan ended", "status"])
def test_another_plan_is_told_only_where_tagor_shows_one(plans: "PlanLine", fault: str):
    """An employee ended the requested plan, or Tagor does not say which plan is the last one."""
    caller = plans.at_agreement()
    if fault == "plan ended":
        plans.tagor.controls.change(AN, plan=None)
    else:
        plans.tagor.fault("TagorService/GetPaymentPlanCriteria", fault)
    caller.keys("1").offered("NotApproved.open")
    assert plans.line.asked("ApprovePaymentPlan") == []


def test_an_agreed_plan_is_the_running_one(plans: "PlanLine"):
    """The caller hears it as the running plan in the same call and in the next one."""
    caller = plans.at_request().keys("1").keys("2")
    caller.hears("RunningPlan.on_time", "RunningPlan.due", "RunningPlan.until", "RunningPlan.replace")
    assert caller.told == {
        "running": "205 euro en 76 cent",
        "next_due": "woensdag 18 maart",
        "plan_ends": "dinsdag 18 augustus",
    }
    caller.hangs_up()
    plans.call().keys("2").hears(
        "RunningPlan.on_time", "RunningPlan.due", "RunningPlan.until", "RunningPlan.replace"
    )
    assert plans.effects() == AGREED


def test_a_caller_may_change_their_mind_twice(plans: "PlanLine"):
    """Six months, twelve, and six again are three confirmed plans, of which the last one runs."""
    caller = plans.at_request().keys("1")
    for term in "21":
        caller.keys("2").keys("1").keys(term).keys("1").keys("1")
        caller.hears("Confirmation.by_sms", "Balance.choose")
    made = plans.tagor.records.plans("20230118")
    assert [(plan.months, plan.active, plan.approved) for plan in made] == [
        (6, False, True), (12, False, True), (6, True, True)
    ]  # fmt: skip


@pytest.mark.parametrize("moment", MOMENTS)
def test_five_deliveries_at_once_are_one_decision(plans: "PlanLine", moment: str):
    """Five deliveries of one webhook get equal bytes, and have the effect of one."""
    caller = getattr(plans, moment)()
    replies = plans.at_once(caller, "1", times=5)
    assert (len(replies), len(set(replies))) == (5, 1)
    assert plans.effects() == AGREED


@pytest.mark.parametrize("tables", [("decisions",), ("decisions", "turns", "calls")])
@pytest.mark.parametrize("moment", MOMENTS)
def test_what_cannot_be_written_down_is_not_sent(plans: "PlanLine", moment: str, tables: tuple[str, ...]):
    """When the database goes at the confirmation, the caller reaches a person and Tagor is asked nothing."""
    caller = getattr(plans, moment)()
    before = plans.effects()
    plans.line.break_database(*tables)
    caller.phone.press("1")
    caller.hears("Anytime.trouble", *(["Colleague.connect"] if len(tables) == 1 else []))
    caller.reaches(plans.line.switchboard)
    assert plans.effects() == before


def test_a_full_disk_sends_nothing(plans: "PlanLine"):
    """Decisions can be read and not be written: the caller reaches a person, and Tagor is asked nothing."""
    caller = plans.at_request()
    with closing(sqlite3.connect(plans.line.database)) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON decisions BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    caller.keys("1").hears("Anytime.trouble", "Colleague.connect")
    assert plans.effects() == {}
