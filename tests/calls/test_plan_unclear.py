"""Plans without a clear answer: looked up, never sent again, never called done or failed; then a task."""

import io
import json
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from bridge.operations.logs import start_logging
from bridge.tagor import CircuitBreakers, Deadline, TagorError, TagorInvalidResponse
from bridge.tagor.http.circuit_breaker import MAX_FAILURES, PROBE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import PlanLine
    from tests.shared_line import FakeClock

    Opening = Callable[..., PlanLine]

SAVE, APPROVE = "TagorService/SavePaymentPlan", "TagorService/ApprovePaymentPlan"
AFTER = {"task_not_written", "decision_settled", "job_done", "job_delayed"}
AGREED = {"plan": 1, "approval": 1, "message": 1}


def task(plans: "PlanLine") -> str:
    """The one task that an employee finds on An's file."""
    [found] = [line for line in plans.tagor.records.info_records("20230118") if not line.automatic]
    return str(found.text)


def test_a_refusal_is_told_as_one(plans: "PlanLine"):
    """Tagor refuses and shows no new plan: the caller hears so, and reaches a person."""
    caller = plans.at_request()
    plans.tagor.fault(SAVE, "success_false")
    caller.keys("1").offered("Agreement.refused").reaches(plans.line.switchboard)
    assert (plans.effects(), plans.states()) == ({}, ["refused"])


def test_a_refusal_is_not_believed_where_a_plan_was_made(plans: "PlanLine"):
    """Tagor says no and shows a new plan: the plan is looked up, found, and can be agreed."""
    caller = plans.at_request()
    plans.tagor.fault(SAVE, "success_false", effect="done")
    caller.keys("1").hears("Agreement.agree").keys("1").hears("Confirmation.by_sms", "Balance.choose")
    assert (plans.effects(), plans.states()) == (AGREED, ["done", "done"])


@pytest.mark.usefixtures("real_patience")
@pytest.mark.parametrize("fault", ["reset_after", "truncated", "success_absent"])
def test_a_lost_answer_is_looked_up_while_the_caller_waits(plan_line: "Opening", fault: str):
    """After one moment the plan is told as Tagor has it, and the caller can agree."""
    plans = plan_line(settles_after=3.0)
    caller = plans.at_request()
    before = len(caller.waited())
    plans.tagor.fault(SAVE, fault, times=1, effect="done")
    caller.keys("1").hears("Agreement.agree")
    assert len(caller.waited()) > before
    assert caller.told == {
        "agreed_monthly": "205 euro en 76 cent",
        "agreed_months": "6 maanden",
        "agreed_start": "woensdag 18 maart",
    }
    caller.keys("1").hears("Confirmation.by_sms", "Balance.choose")
    assert (plans.effects(), plans.states()) == (AGREED, ["done", "done"])


def test_a_plan_by_amount_that_is_looked_up_has_its_months(plans: "PlanLine"):
    """No answer told the number of months, but Tagor shows from when until when the plan runs."""
    caller = plans.call().keys("2").keys("3").keys("1").keys("100#").keys("1")
    plans.tagor.fault(SAVE, "reset_after", times=1)
    caller.keys("1").hears("Agreement.agree")
    assert (caller.told["agreed_monthly"], caller.told["agreed_months"]) == ("100 euro", "13 maanden")


@pytest.mark.usefixtures("real_patience")
def test_an_unclear_plan_is_noted_and_blocks_the_file(plan_line: "Opening"):
    """A colleague will confirm whether it was made, and until then no call decides on the file."""
    plans = plan_line(settles_after=3.0)
    second, first = plans.at_request(), plans.at_request()
    plans.tagor.fault(SAVE, "reset_before", times=1)
    first.keys("1").hears("Unconfirmed.tell", "Balance.choose")
    assert first.waited()
    second.keys("1")  # its plan was read back before
    first.keys("2").offered("PaymentPlan.unsettled").hangs_up()
    plans.call().keys("2").offered("PaymentPlan.unsettled").reaches(plans.line.switchboard)
    assert plans.line.asked("SavePaymentPlan") == ["SavePaymentPlan"]
    assert (plans.effects(), plans.states()) == ({}, ["unknown"])


def test_after_a_quarter_of_an_hour_an_employee_has_the_task(plans: "PlanLine"):
    """The file stays blocked until Tagor has taken the task, once; then it is free again."""
    caller = plans.at_request()
    plans.tagor.fault(SAVE, "reset_before", times=1)
    caller.keys("1").hears("Unconfirmed.tell", "Balance.choose").hangs_up()
    plans.tagor.fault("Dossier/CreateInfoLine", "status", status=503)
    plans.minutes_go_by(17)
    assert (plans.effects(), plans.states()) == ({}, ["unknown"])
    plans.tagor.clear_faults()
    plans.minutes_go_by(2)
    assert task(plans) == (
        "Telefoonlijn: schuldenaar bevestigde een afbetalingsplan, zonder duidelijk antwoord van Tagor. "
        "Na te kijken."
    )
    assert (plans.effects(), plans.states()) == ({"info line": 1}, ["escalated"])
    assert len(plans.line.asked("SavePaymentPlan")) == 1
    plans.call().keys("2").hears("Terms.choose")


def test_what_is_done_after_a_call_is_logged_under_its_names(plans: "PlanLine"):
    """The task that Tagor would not take, the plan's end and the note: one search finds them all."""
    caller = plans.at_request()
    start_logging("INFO", stream := io.StringIO())
    plans.tagor.fault(SAVE, "reset_before", times=1)
    plans.tagor.fault("Dossier/CreateInfoLine", "refuse", times=1)
    turn = len(caller.phone.turns)
    caller.keys("1").hears("Unconfirmed.tell", "Balance.choose").keys("9").is_let_go()
    plans.minutes_go_by(18)
    plans.line.after()
    name = plans.line.app.extensions["bridge"].repositories.calls.log_name(caller.phone.call_id)
    lines = [line for line in map(json.loads, stream.getvalue().splitlines()) if line["event"] in AFTER]
    told = {(line["event"], line["call"], line["turn"], line["office"]) for line in lines}
    assert told == {
        ("task_not_written", name, turn, "demo"),
        ("decision_settled", name, turn, "demo"),
        ("job_done", name, turn, "demo"),  # what an employee confirms about the plan
        ("job_done", name, turn + 1, "demo"),  # the note on the file, since the goodbye
    }


def test_a_plan_that_shows_late_is_settled_after_the_call(plans: "PlanLine"):
    """Minutes later Tagor shows it, and it counts as done; an employee confirms it, as the caller heard."""
    caller = plans.at_request()
    plans.tagor.fault(SAVE, "reset_before", times=1, effect="later", later=3600)
    caller.keys("1").hears("Unconfirmed.tell", "Balance.choose").hangs_up()
    plans.tagor.settle()
    plans.line.clock.move(minutes=2)
    assert plans.settle() == 1
    assert (plans.effects(), plans.states()) == ({"plan": 1}, ["done"])
    plans.line.after()
    written = [record.text for record in plans.tagor.records.info_records("20230118")]
    assert sum("Nakijken en bevestigen" in text for text in written) == 1


@pytest.mark.parametrize("fault", ["reset_after", "reset_before"])
def test_an_approval_without_an_answer_is_noted(plans: "PlanLine", fault: str):
    """Nobody can see whether a message went out: it is never sent again, and an employee gets the task."""
    caller = plans.at_agreement()
    plans.tagor.fault(APPROVE, fault, times=1)
    caller.keys("1").hears("Unconfirmed.tell", "Balance.choose").hangs_up()
    plans.minutes_go_by(16)
    assert len(plans.line.asked("ApprovePaymentPlan")) == 1
    assert plans.states() == ["done", "escalated"]
    assert "de goedkeuring van een afbetalingsplan" in task(plans)


def test_a_refused_approval_leaves_the_request(plans: "PlanLine"):
    """The plan is requested and not confirmed: the caller hears so, and reaches a person."""
    caller = plans.at_agreement()
    plans.tagor.fault(APPROVE, "success_false", times=1)
    caller.keys("1").offered("NotApproved.open")
    assert (plans.effects(), plans.states()) == ({"plan": 1}, ["done", "refused"])


def test_a_tagor_that_was_never_reached_took_no_request(plans: "PlanLine"):
    """Tagor went away before key 1: the caller hears that nothing was sent, and nothing stays open."""
    caller = plans.at_request()
    plans.tagor.stop()
    caller.keys("1").offered("Agreement.down")
    assert plans.states() == []


@pytest.fixture
def breakers(monkeypatch: pytest.MonkeyPatch, clock: "FakeClock") -> CircuitBreakers:
    """The circuit breakers of the line that is opened next."""
    held = CircuitBreakers(clock)
    monkeypatch.setattr("bridge.app.create.CircuitBreakers", lambda *_, **__: held)
    return held


@pytest.mark.parametrize("operation", [SAVE, "Dossier/GetPaymentPlans"])
def test_a_plan_that_an_open_breaker_held_back_is_down(
    breakers: CircuitBreakers, plan_line: "Opening", operation: str
):
    """Nothing was sent, so no employee gets a task; ten seconds later the caller may ask again."""
    plans = plan_line()
    caller = plans.at_request()
    for _ in range(MAX_FAILURES):
        with suppress(TagorError), breakers.guard(operation, Deadline(plans.line.clock, 10)):
            raise TagorInvalidResponse(operation, "no answer")
    caller.keys("1").offered("Agreement.down").hangs_up()
    assert (plans.line.asked("SavePaymentPlan"), plans.effects()) == ([], {})
    plans.line.clock.move(seconds=PROBE_SECONDS)
    plans.at_agreement().keys("1").hears("Confirmation.by_sms", "Balance.choose")
    assert plans.effects() == AGREED
