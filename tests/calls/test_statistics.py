"""What an office counts of its calls: a plan is done once Tagor made it, with whichever terms."""

from typing import TYPE_CHECKING

import voice_flows
from bridge.app.create import open_repositories
from bridge.call_statistics import week
from bridge.settings import Settings

if TYPE_CHECKING:
    from tests.calls.conftest import PlanLine


def done(plans: "PlanLine") -> dict[str, int]:
    """Count what was done for callers this week, by the step that did it."""
    store = open_repositories(Settings.read(plans.line.environ))
    [counted] = week(store, voice_flows.CALL, plans.line.clock.now())
    return {step: number for step, number in counted.decided.items() if number}


def test_a_plan_counts_with_the_terms_that_were_heard(plans: "PlanLine"):
    """The request and its approval, which needed no second yes."""
    plans.at_request().keys("1").hears("Confirmation.by_sms", "Balance.choose").hangs_up()
    assert done(plans) == {"Agreement.request": 1, "Agreement.approve": 1}


def test_a_plan_counts_with_other_terms_of_tagors(plans: "PlanLine"):
    """Also where the caller does not agree to them: it was requested, and not approved."""
    plans.at_agreement().keys("2").hears("NotAccepted.tell", "Balance.choose").hangs_up()
    assert done(plans) == {"Agreement.request": 1}
