"""Only key 1 of a confirmation asks Tagor for anything; silence, words and other keys do not."""

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bridge.flow.steps import Decide, Menu
from bridge.speech import Catalogue
from voice_flows import CALL

if TYPE_CHECKING:
    from tests.calls.conftest import PlanLine

AGREED = {"plan": 1, "approval": 1, "message": 1}
SAYING_YES = {"An Peeters": "ja", "Marie Dubois": "oui", "Klaus Schmitz": "ja", "Sarah Johnson": "yes"}
MOMENTS = ["at_request", "at_agreement"]


def test_every_decision_is_entered_by_key_1_of_a_confirmation_only():
    """In the whole graph each way into a decision is that key, and the decision acts on a proven file."""
    decisions = {place for place in CALL.edges if isinstance(CALL.step(place), Decide)}
    ways = [edge for edges in CALL.edges.values() for edge in edges if edge.end in decisions]
    assert {".".join(place[-1]) for place in decisions} == {
        *("Agreement.request", "Agreement.approve", "Post.send_text", "Post.send_mail")
    }
    assert {edge.end for edge in ways} == decisions
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
        caller.keys("3").keys("3").hears("Colleague.connect").reaches(plans.line.switchboard)
    else:
        caller.keys(keys)
    if keys in ("2", ""):
        caller.hears("Agreement.declined", "Balance.choose")
    assert plans.effects() == ({"plan": 1} if keys == "12" else {})


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


@pytest.mark.parametrize("key", ["2", "", "3"])
def test_a_caller_who_does_not_agree_has_a_request_and_a_person(plans: "PlanLine", key: str):
    """After no, silence or wrong keys the plan is requested and not agreed, and the caller is told so."""
    caller = plans.at_agreement()
    for _ in range(1 if key == "2" else 2):
        caller = caller.keys(key) if key else caller.silent()
    caller.hears("Agreement.open", "Colleague.connect").reaches(plans.line.switchboard)
    assert plans.effects() == {"plan": 1}


def test_a_caller_who_hangs_up_after_the_request_has_agreed_nothing(plans: "PlanLine"):
    """The plan stands as requested; nothing is approved and no message is sent."""
    plans.at_agreement().hangs_up()
    assert plans.effects() == {"plan": 1}


def test_a_plan_that_is_no_longer_the_last_one_is_not_approved(plans: "PlanLine"):
    """An employee made another plan meanwhile: an approval would approve theirs, so none is sent."""
    caller = plans.at_agreement()
    plans.tagor.controls.change("20230118", plan={"monthly": "300.00", "months": 5})
    caller.keys("1").hears("Agreement.open", "Colleague.connect")
    assert plans.line.asked("ApprovePaymentPlan") == []


def test_an_agreed_plan_is_the_running_one(plans: "PlanLine"):
    """The caller hears it as the running plan in the same call and in the next one."""
    caller = plans.at_agreement().keys("1").keys("2")
    caller.hears("RunningPlan.on_time", "RunningPlan.due", "RunningPlan.replace")
    assert caller.told == {"running": "205 euro en 76 cent", "next_due": "woensdag 18 maart"}
    caller.hangs_up()
    plans.call().keys("2").hears("RunningPlan.on_time", "RunningPlan.due", "RunningPlan.replace")
    assert plans.effects() == AGREED


def test_a_caller_may_change_their_mind_twice(plans: "PlanLine"):
    """Six months, twelve, and six again are three confirmed plans, of which the last one runs."""
    caller = plans.at_agreement().keys("1")
    for term in "21":
        caller.keys("2").keys("1").keys(term).keys("1").keys("1").keys("1")
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
    assert plans.effects() == ({"plan": 1} if moment == "at_request" else AGREED)


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
