"""Nothing is asked of Tagor before key 1: silence, words, other keys confirm nothing. One key is one plan."""

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bridge.flow.steps import Decide, Menu
from bridge.speech import Catalogue
from voice_flows import CALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Caller, PlanLine

    At = Callable[..., Caller]

AGREED = {"plan": 1, "approval": 1, "message": 1}
SAYING_YES = {"nl": "ja", "fr": "oui", "de": "ja", "en": "yes"}


def at_request(plans: "PlanLine", name: str = "An Peeters") -> "Caller":
    """The plan is read back; key 1 requests it."""
    caller = plans.call(name).keys("2").keys("1").keys("1")
    assert plans.line.asked("SavePaymentPlan") == []
    return caller


def at_agreement(plans: "PlanLine", name: str = "An Peeters") -> "Caller":
    """The plan as Tagor made it is read out; key 1 agrees."""
    return at_request(plans, name).keys("1").hears("Agreement.agree")


def test_every_decision_is_entered_by_key_1_of_a_confirmation_only():
    """Over the whole graph of a call: each way into a decision is that key, and it acts on a proven file."""
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


def test_no_request_is_a_decision_too(plans: "PlanLine"):
    """Key 2: said in so many words, and the file is as it was."""
    at_request(plans).keys("2").hears("Agreement.declined", "Balance.choose")
    assert plans.effects() == {}


def test_silence_requests_nothing(plans: "PlanLine"):
    """Twice silent is no."""
    caller = at_request(plans).silent().hears("Anytime.silent", "Agreement.read_back")
    caller.silent().hears("Agreement.declined", "Balance.choose")
    assert plans.effects() == {}


@pytest.mark.parametrize("keys", ["3", "#", "*", "8", "12"])
def test_only_key_1_requests(plans: "PlanLine", keys: str):
    """Wrong keys, keys that mean something else; of two keys the first counts, once."""
    caller = at_request(plans).keys(keys)
    assert plans.effects() == ({"plan": 1} if keys == "12" else {})
    caller.hangs_up()


def test_who_only_presses_wrong_keys_reaches_a_person(plans: "PlanLine"):
    """Nothing is requested."""
    at_request(plans).keys("3").keys("3").hears("Colleague.connect").reaches(plans.line.switchboard)
    assert plans.effects() == {}


@pytest.mark.parametrize("name", ["An Peeters", "Marie Dubois", "Klaus Schmitz", "Sarah Johnson"])
@pytest.mark.parametrize("at", [at_request, at_agreement])
def test_words_confirm_nothing(plans: "PlanLine", at: "At", name: str):
    """Nobody listens at a confirmation, and words that were posted all the same are no key 1."""
    caller = at(plans, name)
    before = plans.effects(name)
    turns = len(caller.phone.turns)
    assert caller.phone.listening["input"] == "dtmf"
    caller.says(SAYING_YES[caller.language])
    assert len(caller.phone.turns) == turns
    said = {"SpeechResult": SAYING_YES[caller.language], "Confidence": "0.99"}
    plans.line.webhook(f"/voice/turn/{turns}", caller.phone.call_id, **said)
    assert plans.effects(name) == before


@pytest.mark.parametrize("at", [at_request, at_agreement])
def test_words_that_an_office_wrote_for_it_confirm_nothing(
    plans: "PlanLine", at: "At", monkeypatch: pytest.MonkeyPatch
):
    """Even where the prompts say that "ja" is key 1."""
    caller = at(plans)
    before = plans.effects()
    monkeypatch.setattr(Catalogue, "key_for", lambda *_words: "1")
    path = f"/voice/turn/{len(caller.phone.turns)}"
    plans.line.webhook(path, caller.phone.call_id, SpeechResult="ja", Confidence="0.99")
    assert plans.effects() == before


@pytest.mark.parametrize("key", ["2", "", "3"])
def test_who_does_not_agree_has_a_request_and_a_person(plans: "PlanLine", key: str):
    """No, silence, wrong keys: requested it is, agreed it is not."""
    caller = at_agreement(plans)
    for _ in range(1 if key == "2" else 2):
        caller = caller.keys(key) if key else caller.silent()
    caller.hears("Agreement.open", "Colleague.connect").reaches(plans.line.switchboard)
    assert plans.effects() == {"plan": 1}


def test_who_hangs_up_after_the_request_has_agreed_nothing(plans: "PlanLine"):
    """The plan stands as requested; nothing is approved and nothing sent."""
    at_agreement(plans).hangs_up()
    assert plans.effects() == {"plan": 1}


def test_a_plan_that_is_no_longer_the_last_is_not_approved(plans: "PlanLine"):
    """An employee made another one meanwhile: approving would approve theirs."""
    caller = at_agreement(plans)
    plans.tagor.change("20230118", plan={"monthly": "300.00", "months": 5})
    caller.keys("1").hears("Agreement.open", "Colleague.connect")
    assert plans.line.asked("ApprovePaymentPlan") == []


def test_whoever_agreed_hears_their_plan_as_the_running_one(plans: "PlanLine"):
    """In the same call and in the next; another plan would replace it, with a confirmation of its own."""
    caller = at_agreement(plans).keys("1").keys("2")
    caller.hears("RunningPlan.on_time", "RunningPlan.due", "RunningPlan.replace")
    assert caller.told == {"running": "205 euro en 76 cent", "next_due": "woensdag 18 maart"}
    caller.hangs_up()
    plans.call().keys("2").hears("RunningPlan.on_time", "RunningPlan.due", "RunningPlan.replace")
    assert plans.effects() == AGREED


def test_a_caller_may_go_back_to_the_first_plan(plans: "PlanLine"):
    """Six months, then twelve, then six again: three confirmations, three plans, and the last one runs."""
    caller = plans.call().keys("2").keys("1").keys("1").keys("1").keys("1")
    for term in "21":
        caller.keys("2").keys("1").keys(term).keys("1").keys("1").keys("1")
        caller.hears("Confirmation.by_sms", "Balance.choose")
    made = plans.tagor.plans("20230118")
    assert [(plan.months, plan.active, plan.approved) for plan in made] == [
        (6, False, True), (12, False, True), (6, True, True)
    ]  # fmt: skip


@pytest.mark.parametrize("turn", ["request", "approve"])
def test_five_deliveries_at_once_are_one_decision(plans: "PlanLine", turn: str):
    """However a carrier repeats the webhook: equal bytes, one plan, one approval, one message."""
    caller = at_request(plans) if turn == "request" else at_agreement(plans)
    replies = plans.at_once(caller, "1", times=5)
    assert len(replies) == 5
    assert len(set(replies)) == 1
    assert plans.effects() == ({"plan": 1} if turn == "request" else AGREED)


@pytest.mark.parametrize("tables", [("decisions",), ("decisions", "turns", "calls")])
@pytest.mark.parametrize("at", [at_request, at_agreement])
def test_what_cannot_be_written_down_is_not_sent(plans: "PlanLine", at: "At", tables: tuple[str, ...]):
    """The database goes at the confirmation: an apology and a person, and Tagor is asked for nothing."""
    caller = at(plans)
    before = plans.effects()
    plans.line.break_database(*tables)
    caller.phone.press("1")
    caller.hears("Anytime.trouble", *(["Colleague.connect"] if len(tables) == 1 else []))
    caller.reaches(plans.line.switchboard)
    assert plans.effects() == before


def test_a_journal_that_takes_nothing_more_sends_nothing(plans: "PlanLine"):
    """It can be read and not be written, as on a full disk."""
    caller = at_request(plans)
    with closing(sqlite3.connect(plans.line.database)) as books:
        books.execute(
            "CREATE TRIGGER full BEFORE INSERT ON decisions BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    caller.keys("1").hears("Anytime.trouble", "Colleague.connect")
    assert plans.effects() == {}
