"""The words that stand in the journal: another version of the line must read what this one wrote."""

from bridge.store.decision import READY_LEFT, RESULT_KEPT, SENT_LEFT, State


def test_a_state_is_always_written_with_the_same_word():
    """A deployment in the middle of a call finds decisions that were written before it."""
    assert [str(state) for state in State] == ["ready", "sent", "unknown", "done", "refused", "handed"]


def test_how_long_is_waited_before_a_crash_is_supposed():
    """A minute to be sent, ten seconds for the outcome; the call can hear its result for two hours."""
    assert (READY_LEFT.total_seconds(), SENT_LEFT.total_seconds()) == (60, 10)
    assert RESULT_KEPT.total_seconds() == 7200
