"""Confirmed while Tagor is left alone: down at once, certainly not made, and nothing stays open."""

from typing import TYPE_CHECKING

import pytest

from bridge.tagor import CircuitBreakers
from bridge.tagor.http.circuit_breaker import MAX_FAILURES, PROBE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Caller, PlanLine
    from tests.shared_line import FakeClock

SAVE, APPROVE = "TagorService/SavePaymentPlan", "TagorService/ApprovePaymentPlan"
AGREED = {"plan": 1, "approval": 1, "message": 1}


@pytest.fixture
def breakers(monkeypatch: pytest.MonkeyPatch, clock: "FakeClock") -> CircuitBreakers:
    """Those of the line that is opened next."""
    held = CircuitBreakers(clock)
    monkeypatch.setattr("bridge.app.create.CircuitBreakers", lambda _clock: held)
    return held


@pytest.fixture
def plans(breakers: CircuitBreakers, plan_line: "Callable[..., PlanLine]") -> "PlanLine":  # noqa: ARG001 - opened with it
    return plan_line()


def trip(breakers: CircuitBreakers, operation: str) -> None:
    for _ in range(MAX_FAILURES):
        breakers._of(operation).failed()


def at_request(plans: "PlanLine", name: str = "An Peeters") -> "Caller":
    return plans.call(name).keys("2").keys("1").keys("1")


def test_a_plan_that_is_not_sent_is_down(plans: "PlanLine", breakers: CircuitBreakers):
    """Never unclear: no task for a colleague, and as soon as Tagor is better the caller may ask again."""
    caller = at_request(plans)
    trip(breakers, SAVE)
    caller.keys("1").hears("Agreement.down", "Colleague.connect").hangs_up()
    assert (plans.line.asked("SavePaymentPlan"), plans.effects()) == ([], {})
    plans.line.clock.move(seconds=PROBE_SECONDS)
    at_request(plans).keys("1").keys("1").hears("Confirmation.by_sms", "Balance.choose").hangs_up()
    assert plans.effects() == AGREED


def test_an_approval_that_is_not_sent_leaves_the_plan_open(plans: "PlanLine", breakers: CircuitBreakers):
    """The plan was made, its approval was not asked for: the caller hears so."""
    caller = at_request(plans).keys("1")
    trip(breakers, APPROVE)
    caller.keys("1").hears("Agreement.open", "Colleague.connect")
    assert plans.effects() == {"plan": 1}


def test_plans_that_cannot_be_looked_at_are_none(plans: "PlanLine", breakers: CircuitBreakers):
    """What there was before is not seen, so nothing is written down and nothing is sent."""
    caller = at_request(plans)
    trip(breakers, "Dossier/GetPaymentPlans")
    caller.keys("1").hears("Agreement.down", "Colleague.connect")
    assert (plans.line.asked("SavePaymentPlan"), plans.effects()) == ([], {})


def test_a_plan_that_is_looked_for_in_vain_meanwhile_is_found_later(
    plans: "PlanLine", breakers: CircuitBreakers
):
    """Looks that never reach Tagor lose nothing: the plan whose answer was lost is found when it is back."""
    caller = at_request(plans)
    plans.tagor.fault(SAVE, "reset_after", times=1)
    plans.tagor.fault("Dossier/GetPaymentPlans", "status", status=503, skip=1)
    caller.keys("1").hangs_up()
    trip(breakers, "Dossier/GetPaymentPlans")
    for _ in range(5):
        plans.line.clock.move(minutes=1)
        plans.settle()
    plans.tagor.clear_faults()
    plans.line.clock.move(minutes=1)
    plans.settle()
    assert plans.effects() == {"plan": 1}
    assert plans.line.asked("SavePaymentPlan") == ["SavePaymentPlan"]
    at_request(plans).hangs_up()
