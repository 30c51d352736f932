"""Decisions: one at a time per file, acted on once, and settled for good."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from store_decided import (
    FILE,
    IS_OPEN,
    IS_SETTLED,
    MINUTE,
    PLAN,
    REACH,
    REDIAL,
    SECOND,
    on,
    one_in_every_state,
    ready,
    sent,
    state,
)
from store_engines import on_every_engine

from bridge.store.decision import Blocked, Decision, DecisionState, NewDecision, Opened, SettledState
from bridge.store.decisions import Decisions


@on_every_engine
def test_a_new_decision_is_ready_and_holds_what_it_takes(decisions: Decisions, now: datetime):
    one = ready(decisions, now)
    payload = PLAN.payload
    expected = Decision("gent", "plan", DecisionState.READY, now, None, None, one, 0, None, payload, None)
    assert decisions.get(one) == expected


def test_what_was_never_opened_is_not_there(decisions: Decisions, now: datetime):
    assert decisions.get("unheard of") is None
    assert not decisions.mark_sent("unheard of", now)
    assert not decisions.settle("unheard of", DecisionState.DONE, now)
    assert not decisions.mark_unclear("unheard of", now)


@on_every_engine
def test_the_same_decision_again_is_the_one_that_is_there(decisions: Decisions, now: datetime):
    for where, one in one_in_every_state(decisions, now).items():
        result = b"9 x 125.50" if where in IS_SETTLED else None
        before = decisions.get(one)
        again = on(where, payload=b"other")
        found = decisions.find("gent", again.confirmation)
        assert decisions.open(again, now + MINUTE) == found == Opened(one, where, result)
        assert decisions.get(one) == before


def test_what_another_call_confirmed_is_not_found(decisions: Decisions, now: datetime):
    ready(decisions, now)
    assert decisions.find("gent", REDIAL.confirmation) is None
    assert decisions.find("luik", PLAN.confirmation) is None


def test_one_confirmation_is_one_decision_whatever_it_is_about(decisions: Decisions, now: datetime):
    """A repeated webhook cannot make a second one out of terms that have changed meanwhile."""
    one = ready(decisions, now)
    other = replace(PLAN, kind="approval", file="2", payload=b"other terms")
    assert decisions.open(other, now) == Opened(one, DecisionState.READY)
    assert not decisions.is_blocked("gent", "2")


@pytest.mark.parametrize("where", IS_OPEN)
@pytest.mark.parametrize(
    "other",
    [REDIAL, replace(REDIAL, kind="approval"), replace(REDIAL, payload=b"other terms")],
    ids=["plan", "approval", "terms"],
)
def test_an_open_decision_blocks_every_other_one_on_the_file(
    decisions: Decisions, now: datetime, where: DecisionState, other: NewDecision
):
    REACH[where](decisions, now)
    assert decisions.open(other, now) == Blocked()
    assert decisions.is_blocked("gent", FILE)


def test_a_settled_decision_blocks_nothing(decisions: Decisions, now: datetime):
    one_in_every_state(decisions, now)
    assert [where for where in DecisionState if not decisions.is_blocked("gent", where)] == IS_SETTLED
    for where in IS_SETTLED:
        ready(decisions, now, replace(REDIAL, file=where, confirmation=f"{REDIAL.confirmation} {where}"))


@pytest.mark.parametrize(
    "other", [replace(REDIAL, office="luik"), replace(REDIAL, file="2")], ids=["office", "file"]
)
def test_other_files_and_offices_are_not_blocked(decisions: Decisions, now: datetime, other: NewDecision):
    ready(decisions, now)
    assert not decisions.is_blocked(other.office, other.file)
    ready(decisions, now, other)


def test_only_what_is_ready_is_sent(decisions: Decisions, now: datetime):
    made = one_in_every_state(decisions, now)
    assert [where for where, one in made.items() if decisions.mark_sent(one, now)] == [DecisionState.READY]
    assert state(decisions, made[DecisionState.READY]) is DecisionState.SENT


@pytest.mark.parametrize(
    ("outcome", "after"),
    [
        (DecisionState.DONE, [DecisionState.SENT, DecisionState.UNKNOWN]),
        (DecisionState.ESCALATED, [DecisionState.SENT, DecisionState.UNKNOWN]),
        (DecisionState.REFUSED, [DecisionState.SENT]),
    ],
)
def test_only_what_was_sent_has_an_outcome_and_it_never_changes(
    decisions: Decisions, now: datetime, outcome: SettledState, after: list[DecisionState]
):
    """Nor is an unclear write ever called refused: that it was not found proves nothing."""
    made = one_in_every_state(decisions, now)
    assert [where for where, one in made.items() if decisions.settle(one, outcome, now)] == after
    assert {where: state(decisions, one) for where, one in made.items()} == {
        where: outcome if where in after else where for where in DecisionState
    }


def test_only_what_was_sent_becomes_unclear_by_the_senders_word(decisions: Decisions, now: datetime):
    made = one_in_every_state(decisions, now)
    assert [where for where, one in made.items() if decisions.mark_unclear(one, now)] == [DecisionState.SENT]


MADE = ("gent", "7000000000000000009")


@on_every_engine
def test_a_plan_that_was_requested_is_unapproved_until_its_approval_is_done(
    decisions: Decisions, now: datetime
):
    """By the plan's id, for as long as the row is kept, and in its own office only."""
    request = sent(decisions, now)
    assert not decisions.is_unapproved(*MADE)
    assert decisions.settle(request, DecisionState.DONE, now, result=b"9 x 125.50", made=MADE)
    decisions.sweep(now + timedelta(days=399))
    assert decisions.is_unapproved(*MADE)
    assert not decisions.is_unapproved("luik", MADE[1])
    assert not decisions.is_unapproved("gent", "another plan")
    approval = sent(decisions, now, replace(REDIAL, kind="approval", plan=MADE[1]))
    assert decisions.is_unapproved(*MADE)
    assert decisions.settle(approval, DecisionState.DONE, now)
    assert not decisions.is_unapproved(*MADE)
    decisions.sweep(now + timedelta(days=401))
    assert not decisions.is_unapproved(*MADE)


@on_every_engine
def test_a_plan_is_left_once_it_is_made_and_until_it_is_approved(decisions: Decisions, now: datetime):
    """By its confirmation, which a call knows before anybody knows the plan's id."""
    confirmed = (PLAN.office, PLAN.confirmation)
    assert decisions.left_unapproved(*confirmed) is False
    request = sent(decisions, now)
    assert decisions.left_unapproved(*confirmed) is None
    assert decisions.settle(request, DecisionState.DONE, now, made=MADE)
    assert decisions.left_unapproved(*confirmed) is True
    approval = replace(REDIAL, kind="approval", plan=MADE[1])
    assert decisions.settle(sent(decisions, now, approval), DecisionState.DONE, now)
    assert decisions.left_unapproved(*confirmed) is False
    assert decisions.left_unapproved(approval.office, approval.confirmation) is False


@pytest.mark.parametrize(
    ("outcome", "left"),
    [(DecisionState.DONE, True), (DecisionState.REFUSED, False), (DecisionState.ESCALATED, False)],
)
def test_a_plan_without_an_id_is_left_and_one_that_was_refused_or_handed_over_is_not(
    decisions: Decisions, now: datetime, outcome: SettledState, *, left: bool
):
    assert decisions.settle(sent(decisions, now), outcome, now)
    assert decisions.left_unapproved(PLAN.office, PLAN.confirmation) is left


@pytest.mark.parametrize("outcome", [DecisionState.REFUSED, DecisionState.ESCALATED])
def test_an_approval_that_is_not_known_to_be_done_approves_nothing(
    decisions: Decisions, now: datetime, outcome: SettledState
):
    """The caller heard that a colleague will confirm it."""
    assert decisions.settle(sent(decisions, now), DecisionState.DONE, now, made=MADE)
    approval = sent(decisions, now, replace(REDIAL, kind="approval", plan=MADE[1]))
    assert decisions.settle(approval, outcome, now)
    assert decisions.is_unapproved(*MADE)


@pytest.mark.parametrize("outcome", IS_SETTLED)
@on_every_engine
def test_the_outcome_wipes_the_payload_and_keeps_the_result_for_two_hours(
    decisions: Decisions, now: datetime, outcome: DecisionState
):
    one = REACH[outcome](decisions, now)
    kept = Decision("gent", "plan", outcome, now, now, now, one, 0, None, None, b"9 x 125.50")
    assert decisions.sweep(now + timedelta(hours=2) - SECOND) == 0
    assert decisions.get(one) == kept
    assert decisions.sweep(now + timedelta(hours=2)) == 1
    assert decisions.get(one) == replace(kept, result=None)
    assert decisions.open(PLAN, now) == Opened(one, outcome)


def test_sweeping_leaves_open_decisions_alone_however_old(decisions: Decisions, now: datetime):
    made = one_in_every_state(decisions, now)
    before = [decisions.get(made[where]) for where in IS_OPEN]
    assert decisions.sweep(now + timedelta(days=400)) == 2 * len(IS_SETTLED)
    assert [decisions.get(made[where]) for where in IS_OPEN] == before
