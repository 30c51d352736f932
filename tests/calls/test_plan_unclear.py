"""Plans without a clear answer: looked up, never sent again, never called done or failed; then a task."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bridge.app.create import open_repositories
from bridge.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Caller, PlanLine

    Opening = Callable[..., PlanLine]

SAVE, APPROVE = "TagorService/SavePaymentPlan", "TagorService/ApprovePaymentPlan"
LOST = ["reset_after", "empty", "html", "truncated", "wrong_type", "success_absent"]


def at_request(plans: "PlanLine", name: str = "An Peeters") -> "Caller":
    """The plan is read back; key 1 requests it."""
    return plans.call(name).keys("2").keys("1").keys("1")


def states(plans: "PlanLine") -> list[str]:
    """Where every decision stands, oldest first."""
    journal = open_repositories(Settings.read(plans.line.environ)).decisions
    return [str(entry.state) for entry in journal.report(plans.line.clock.now() - timedelta(days=1))]


def test_a_clear_no_is_the_truth(plans: "PlanLine"):
    """Tagor refuses and shows no new plan: the caller hears so, and reaches a person."""
    caller = at_request(plans)
    plans.tagor.fault(SAVE, "success_false")
    caller.keys("1").hears("Agreement.refused", "Colleague.connect").reaches(plans.line.switchboard)
    assert (plans.effects(), states(plans)) == ({}, ["refused"])


def test_a_no_is_not_believed_where_a_plan_was_made(plans: "PlanLine"):
    """It says no and shows a new plan all the same: looked up, and found."""
    caller = at_request(plans)
    plans.tagor.fault(SAVE, "success_false", effect="done")
    caller.keys("1").hears("Agreement.agree").keys("1").hears("Confirmation.by_sms", "Balance.choose")
    assert (plans.effects(), states(plans)) == ({"plan": 1, "approval": 1, "message": 1}, ["done", "done"])


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_is_looked_up_while_the_caller_waits(plan_line: "Opening", fault: str):
    """One moment; then Tagor shows the plan, it is read out as Tagor has it, and the caller can agree."""
    plans = plan_line(settles_after=3.0)
    caller = at_request(plans)
    plans.tagor.fault(SAVE, fault, times=1, effect="done")
    caller.keys("1").hears("Agreement.agree")
    assert plans.moments(caller) == 1
    assert caller.told == {"agreed_monthly": "205 euro en 76 cent", "agreed_months": "6 maanden"}
    caller.keys("1").hears("Confirmation.by_sms", "Balance.choose")
    assert plans.effects() == {"plan": 1, "approval": 1, "message": 1}
    assert states(plans) == ["done", "done"]


def test_a_plan_by_amount_that_is_looked_up_has_its_months(plans: "PlanLine"):
    """Nobody told the line how many they are, but Tagor shows from when until when it runs."""
    caller = plans.call().keys("2").keys("3").keys("1").keys("100#").keys("1")
    plans.tagor.fault(SAVE, "reset_after", times=1)
    caller.keys("1").hears("Agreement.agree")
    assert caller.told == {"agreed_monthly": "100 euro", "agreed_months": "13 maanden"}


@pytest.mark.parametrize("fault", ["reset_before", "status"])
def test_what_had_no_effect_is_noted_and_blocks_the_file(plans: "PlanLine", fault: str):
    """Not called failed, for nobody knows: a colleague will confirm. Till then no call decides on it."""
    caller = at_request(plans)
    plans.tagor.fault(SAVE, fault, times=1, effect="none")
    caller.keys("1").hears("Agreement.noted", "Balance.choose")
    assert plans.moments(caller) > 0
    caller.keys("2").hears("PaymentPlan.unsettled", "Colleague.connect").hangs_up()
    plans.call().keys("2").hears("PaymentPlan.unsettled", "Colleague.connect").reaches(plans.line.switchboard)
    assert plans.line.asked("SavePaymentPlan") == ["SavePaymentPlan"]
    assert (plans.effects(), states(plans)) == ({}, ["unknown"])


def test_a_call_that_had_its_plan_read_back_before_sends_nothing_either(plans: "PlanLine"):
    """Two calls stood at key 1 together: while the first is unclear, the second's key 1 sends nothing."""
    second, first = plans.call().keys("2").keys("1").keys("1"), at_request(plans)
    plans.tagor.fault(SAVE, "reset_before", times=1)
    first.keys("1").hears("Agreement.noted", "Balance.choose")
    second.keys("1")
    assert plans.line.asked("SavePaymentPlan") == ["SavePaymentPlan"]
    assert (plans.effects(), states(plans)) == ({}, ["unknown"])


def test_after_a_quarter_of_an_hour_an_employee_has_it(plans: "PlanLine"):
    """A task on the file, in the office's language, once; and the file is free again."""
    caller = at_request(plans)
    plans.tagor.fault(SAVE, "reset_before", times=1)
    caller.keys("1").hears("Agreement.noted", "Balance.choose").hangs_up()
    for _ in range(20):
        assert "info line" not in plans.effects() or states(plans) == ["escalated"]
        plans.line.clock.move(minutes=1)
        plans.settle()
    [task] = [line for line in plans.tagor.info_records("20230118") if not line.automatic]
    assert task.text == (
        "Telefoonlijn: verweerder bevestigde een afbetalingsplan, zonder duidelijk antwoord van Tagor. "
        "Na te kijken."
    )
    assert (plans.effects(), states(plans)) == ({"info line": 1}, ["escalated"])
    assert len(plans.line.asked("SavePaymentPlan")) == 1
    plans.call().keys("2").hears("Terms.choose")


def test_a_task_that_cannot_be_written_is_written_later(plans: "PlanLine"):
    """Tagor is away after the quarter of an hour: the file stays blocked until an employee has the task."""
    caller = at_request(plans)
    plans.tagor.fault(SAVE, "reset_before", times=1)
    caller.keys("1").hangs_up()
    plans.tagor.fault("Dossier/CreateInfoLine", "status", status=503)
    for _ in range(17):
        plans.line.clock.move(minutes=1)
        plans.settle()
    assert (plans.effects(), states(plans)) == ({}, ["unknown"])
    plans.tagor.clear_faults()
    plans.line.clock.move(minutes=1)
    plans.settle()
    assert (plans.effects(), states(plans)) == ({"info line": 1}, ["escalated"])


def test_a_plan_that_shows_late_is_settled_after_the_call(plans: "PlanLine"):
    """Tagor kept it minutes later: the caller heard it was noted, the journal knows it was done."""
    caller = at_request(plans)
    plans.tagor.fault(SAVE, "reset_before", times=1, effect="later", later=3600)
    caller.keys("1").hears("Agreement.noted", "Balance.choose").hangs_up()
    plans.tagor.settle()
    plans.line.clock.move(minutes=2)
    assert plans.settle() == 1
    assert (plans.effects(), states(plans)) == ({"plan": 1}, ["done"])


def test_a_tagor_that_was_never_reached_took_no_request(plans: "PlanLine"):
    """It is away before the plans there were can be looked at: said so, and nothing is noted."""
    caller = at_request(plans)
    plans.tagor.stop()
    caller.keys("1").hears("Agreement.down", "Colleague.connect")
    assert states(plans) == []


@pytest.mark.parametrize("fault", ["reset_after", "reset_before"])
def test_an_approval_without_an_answer_is_noted(plans: "PlanLine", fault: str):
    """Whether a message went out cannot be seen: never sent again, never called done, a task in the end."""
    caller = at_request(plans).keys("1").hears("Agreement.agree")
    plans.tagor.fault(APPROVE, fault, times=1)
    caller.keys("1").hears("Agreement.noted", "Balance.choose").hangs_up()
    for _ in range(16):
        plans.line.clock.move(minutes=1)
        plans.settle()
    assert len(plans.line.asked("ApprovePaymentPlan")) == 1
    assert states(plans) == ["done", "escalated"]
    [task] = [line for line in plans.tagor.info_records("20230118") if not line.automatic]
    assert "de goedkeuring van een afbetalingsplan" in task.text


def test_a_refused_approval_leaves_the_request(plans: "PlanLine"):
    """Requested, not confirmed, and a person."""
    caller = at_request(plans).keys("1").hears("Agreement.agree")
    plans.tagor.fault(APPROVE, "success_false", times=1)
    caller.keys("1").hears("Agreement.open", "Colleague.connect")
    assert (plans.effects(), states(plans)) == ({"plan": 1}, ["done", "refused"])
