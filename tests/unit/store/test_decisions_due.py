"""What is left of decisions: looked after by one worker at a time until an employee has it."""

from datetime import datetime, timedelta

from store_decided import MINUTE, PLAN, SECOND, on, ready, sent, take, unclear
from store_engines import on_every_engine

from bridge.store.database import Database
from bridge.store.decision import DecisionState, next_check_at
from bridge.store.decisions import Decisions
from bridge.store.encryption import Sealer


def test_looks_come_at_half_two_and_five_seconds_and_then_every_minute_for_fifteen(now: datetime):
    seconds = []
    while at := next_check_at(now, len(seconds)):
        seconds.append((at - now) / SECOND)
    assert seconds == [0.5, 2, 5, *range(60, 901, 60)]


def test_what_is_unclear_is_looked_after_by_the_schedule(decisions: Decisions, now: datetime):
    one = unclear(decisions, now)
    for checks, seconds in enumerate([0.5, 2, 5, *range(60, 901, 60)]):
        at = now + seconds * SECOND
        assert decisions.claim_due(at - timedelta(microseconds=1)) == []
        decision = take(decisions, at)
        assert (decision.state, decision.checks, decision.payload) == (
            DecisionState.UNKNOWN,
            checks,
            PLAN.payload,
        )
        assert decision.is_late(at) is (seconds == 900)
        assert decisions.mark_unclear(one, at, claim=decision.claim)


def test_after_all_looks_it_stays_due_every_minute_until_an_employee_has_it(
    decisions: Decisions, now: datetime
):
    unclear(decisions, now)
    for minute in range(16, 20):
        decision = take(decisions, now + minute * MINUTE)
        assert decision.is_late(now + minute * MINUTE)
        assert decisions.mark_unclear(decision.id, now + minute * MINUTE, claim=decision.claim)
    decision = take(decisions, now + 20 * MINUTE)
    assert decisions.settle(decision.id, DecisionState.ESCALATED, now + 20 * MINUTE, claim=decision.claim)
    assert decisions.claim_due(now + timedelta(days=1)) == []


def test_a_sender_that_was_slow_to_say_unclear_is_looked_after_at_once_and_looks_missed_are_skipped(
    decisions: Decisions, now: datetime
):
    one = sent(decisions, now)
    assert decisions.mark_unclear(one, now + 6 * SECOND)
    decision = take(decisions, now + 6 * SECOND)
    assert decisions.mark_unclear(one, now + 6 * SECOND, claim=decision.claim)
    assert decisions.claim_due(now + 59 * SECOND) == []
    assert take(decisions, now + 60 * SECOND).checks == 3


def test_what_a_crash_left_sent_is_due_after_ten_seconds(decisions: Decisions, now: datetime):
    one = sent(decisions, now)
    assert decisions.claim_due(now + 9.99 * SECOND) == []
    decision = take(decisions, now + 10 * SECOND)
    assert (decision.id, decision.state, decision.payload) == (one, DecisionState.SENT, PLAN.payload)
    assert not decision.is_late(now + 10 * SECOND)


def test_what_a_crash_left_ready_is_due_after_a_minute_and_can_no_longer_be_sent(
    decisions: Decisions, now: datetime
):
    one = ready(decisions, now)
    assert decisions.claim_due(now + 59.99 * SECOND) == []
    decision = take(decisions, now + MINUTE)
    assert (decision.id, decision.state, decision.sent_at) == (one, DecisionState.UNKNOWN, None)
    assert decision.is_late(now + MINUTE)
    assert not decisions.mark_sent(one, now + MINUTE)
    assert decisions.settle(one, DecisionState.ESCALATED, now + MINUTE, claim=decision.claim)


@on_every_engine
def test_what_is_due_is_given_to_one_worker_until_its_lease_is_over(
    database: Database, seal: Sealer, now: datetime
):
    decisions = Decisions(database, seal, lease=1.5)
    unclear(decisions, now)
    first = take(decisions, now + SECOND)
    assert decisions.claim_due(now + 2.4 * SECOND) == []
    assert take(decisions, now + 2.5 * SECOND).claim != first.claim


@on_every_engine
def test_who_was_overtaken_says_nothing_about_it_any_more(decisions: Decisions, now: datetime):
    one = sent(decisions, now)
    slow, quick = take(decisions, now + 10 * SECOND), take(decisions, now + 40 * SECOND)
    assert not decisions.settle(one, DecisionState.ESCALATED, now, claim=slow.claim)
    assert not decisions.mark_unclear(one, now, claim=slow.claim)
    assert decisions.settle(one, DecisionState.DONE, now, claim=quick.claim)
    assert not decisions.mark_unclear(one, now, claim=quick.claim)


def test_who_found_nothing_has_no_say_until_it_is_taken_again(decisions: Decisions, now: datetime):
    one = sent(decisions, now)
    claim = take(decisions, now + 10 * SECOND).claim
    assert decisions.mark_unclear(one, now + 11 * SECOND, claim=claim)
    assert not decisions.settle(one, DecisionState.ESCALATED, now + 12 * SECOND, claim=claim)
    assert not decisions.mark_unclear(one, now + 12 * SECOND, claim=claim)


def test_a_slow_senders_clear_answer_counts_and_its_unclear_one_leaves_the_worker_alone(
    decisions: Decisions, now: datetime
):
    one = sent(decisions, now)
    take(decisions, now + 10 * SECOND)
    assert not decisions.mark_unclear(one, now + 11 * SECOND)
    assert decisions.claim_due(now + 39 * SECOND) == []
    assert decisions.settle(one, DecisionState.DONE, now + 12 * SECOND, result=b"9 x 125.50")


@on_every_engine
def test_the_longest_due_come_first_and_no_more_than_asked_for(decisions: Decisions, now: datetime):
    ids = [sent(decisions, now + n * SECOND, on(str(n))) for n in (3, 1, 4, 2, 0)]
    asked = [[decision.id for decision in decisions.claim_due(now + MINUTE, limit=2)] for _ in range(4)]
    assert asked == [[ids[4], ids[1]], [ids[3], ids[0]], [ids[2]], []]
