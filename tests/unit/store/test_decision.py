"""The edges of the journal: its words and names on the disk, its moments, and what it gives at a time."""

from dataclasses import replace
from datetime import datetime, timedelta

from bridge.store.decision import (
    CHECK_SCHEDULE,
    READY_LEFT,
    RESULT_KEPT,
    SENT_LEFT,
    DecisionState,
    NewDecision,
    Opened,
)
from bridge.store.decisions import Decisions
from bridge.store.encryption import Sealer

PLAN = NewDecision("CA1 1", "gent", "100", "plan", b"payload")
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def opened(decisions: Decisions, now: datetime, number: int = 1) -> str:
    found = decisions.open(replace(PLAN, confirmation=f"CA1 {number}", file=str(number)), now)
    assert isinstance(found, Opened)
    return found.id


def test_a_new_decision_shows_nothing_of_what_was_confirmed():
    """It may stand in an exception, whose text may stand in a log."""
    assert "payload" not in repr(PLAN)
    assert "plan 8801" not in repr(Opened("1", DecisionState.DONE, b"plan 8801"))


def test_a_state_is_always_written_with_the_same_word():
    """A deployment in the middle of a call finds decisions that were written before it."""
    assert [str(state) for state in DecisionState] == [
        "ready",
        "sent",
        "unknown",
        "done",
        "refused",
        "escalated",
    ]


def test_a_decision_is_always_found_under_the_same_name(decisions: Decisions, seal: Sealer, now: datetime):
    """For the same reason."""
    assert opened(decisions, now) == seal.pseudonym("decision", "gent", "CA1 1")


def test_how_long_is_waited_before_a_crash_is_supposed():
    """A minute to be sent, ten seconds for the outcome; the call can hear its result for two hours."""
    assert (READY_LEFT.total_seconds(), SENT_LEFT.total_seconds()) == (60, 10)
    assert RESULT_KEPT.total_seconds() == 7200


def test_looks_are_counted_from_the_sending(decisions: Decisions, now: datetime):
    """Not from the confirmation, which may have waited for its turn."""
    one, sent = opened(decisions, now), now + 30 * SECOND
    decisions.mark_sent(one, sent)
    decisions.mark_unclear(one, sent)
    assert decisions.claim_due(sent + CHECK_SCHEDULE[0] - SECOND / 1000) == []
    assert [found.id for found in decisions.claim_due(sent + CHECK_SCHEDULE[0])] == [one]


def test_ten_decisions_are_looked_after_at_a_time(decisions: Decisions, now: datetime):
    """The others are left to another worker."""
    for number in range(11):
        opened(decisions, now, number)
    assert [len(decisions.claim_due(now + READY_LEFT)) for _ in range(3)] == [10, 1, 0]


def test_what_was_confirmed_at_the_same_moment_is_listed_in_one_order(decisions: Decisions, now: datetime):
    """By name, so that two reports can be compared."""
    kinds = {opened(decisions, now, number): number for number in range(8)}
    for one, number in kinds.items():
        decisions.mark_sent(one, now + number * SECOND)
    by_name = [now + kinds[one] * SECOND for one in sorted(kinds)]
    assert [entry.sent_at for entry in decisions.report(now)] == by_name
