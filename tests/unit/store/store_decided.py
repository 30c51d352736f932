"""Decisions in every state, for a test to begin with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bridge.store.database import Database
from bridge.store.decision import Decision, DecisionState, NewDecision, Opened
from bridge.store.decisions import Decisions

Open = Callable[..., Database]
Reach = Callable[..., str]
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
CALL, FILE, NAME, PHONE = "CA" + "4d" * 16, "700412345", "Verstraeten-Dupont", "+32470991234"
TERMS = "125.50 x 9"
PLAN = NewDecision(CALL, "gent", FILE, "plan", f"{FILE} {NAME} {PHONE} {TERMS}".encode())
REDIAL = replace(PLAN, confirmation="CA" + "5e" * 16)


def on(file: str, **more: bytes) -> NewDecision:
    """Give what another caller confirmed, about a file of its own."""
    return replace(PLAN, file=file, confirmation=f"{CALL} {file}", **more)


def ready(decisions: Decisions, now: datetime, new: NewDecision = PLAN) -> str:
    opened = decisions.open(new, now)
    assert isinstance(opened, Opened)
    assert opened.state is DecisionState.READY
    return opened.id


def sent(decisions: Decisions, now: datetime, new: NewDecision = PLAN) -> str:
    one = ready(decisions, now, new)
    assert decisions.mark_sent(one, now)
    return one


def unclear(decisions: Decisions, now: datetime, new: NewDecision = PLAN) -> str:
    one = sent(decisions, now, new)
    assert decisions.mark_unclear(one, now)
    return one


def settled(outcome: DecisionState) -> Reach:
    def settle(decisions: Decisions, now: datetime, new: NewDecision = PLAN) -> str:
        one = sent(decisions, now, new)
        assert decisions.settle(one, outcome, now, result=b"9 x 125.50")
        return one

    return settle


REACH: dict[DecisionState, Reach] = {
    DecisionState.READY: ready,
    DecisionState.SENT: sent,
    DecisionState.UNKNOWN: unclear,
    DecisionState.DONE: settled(DecisionState.DONE),
    DecisionState.REFUSED: settled(DecisionState.REFUSED),
    DecisionState.ESCALATED: settled(DecisionState.ESCALATED),
}


IS_OPEN = [DecisionState.READY, DecisionState.SENT, DecisionState.UNKNOWN]
IS_SETTLED = [DecisionState.DONE, DecisionState.REFUSED, DecisionState.ESCALATED]


def one_in_every_state(decisions: Decisions, now: datetime) -> dict[DecisionState, str]:
    """Make six decisions, each on a file of its own."""
    return {where: REACH[where](decisions, now, on(where)) for where in DecisionState}


def take(decisions: Decisions, now: datetime) -> Decision:
    (decision,) = decisions.claim_due(now)
    assert decision.claim
    return decision


def state(decisions: Decisions, one: str) -> DecisionState:
    found = decisions.get(one)
    assert found is not None
    return found.state
