"""A message that was heard is marked as read: once, whatever Tagor answers and whenever we die.

Tagor toggles: a second time would make the message unread again.
"""

import pytest
from after_call_bench import FILE, FILE_ID, PARTY, Bench

from bridge.clock import SYSTEM_CLOCK
from bridge.tagor import Deadline


def heard(bench: Bench) -> str:
    """Let the office write a message, and a caller hear it; gives its id."""
    message = bench.tagor.controls.leave_message(FILE_ID, PARTY, "Uw vraag", "Wij antwoorden morgen.")
    bench.leave("read_message", file=FILE_ID, party=PARTY, message=message)
    return message


def is_read(bench: Bench) -> bool:
    [message] = bench.tagor.records.messages_to_defendants(FILE)
    return message.read


def test_a_message_that_was_heard_is_marked_as_read(bench: Bench):
    """One toggle, and a look before and after it."""
    heard(bench)
    bench.round()
    assert (is_read(bench), bench.asked("ToggleRead"), bench.counts()) == (True, 1, (0, 1, 0))


def test_a_message_is_read_in_the_end_whatever_tagor_answers(bench: Bench, fault: dict[str, object]):
    """An answer that got lost is looked for; a toggle that took effect is never repeated."""
    bench.tagor.fault("Message/ToggleRead", times=1, **fault)
    heard(bench)
    bench.run_forever()
    assert (is_read(bench), bench.counts()) == (True, (0, 1, 0))


def test_a_message_is_read_in_the_end_wherever_the_process_dies(bench: Bench, kill: str):
    """The next process goes on with it."""
    heard(bench)
    bench.die(kill)
    bench.run_forever()
    assert (is_read(bench), bench.counts()) == (True, (0, 1, 0))


def test_what_somebody_else_has_read_is_left_alone(bench: Bench):
    """An employee or another call was faster: nothing is sent."""
    message = heard(bench)
    bench.line.app.extensions["bridge"].contexts["demo"].tagor.messages.mark_read(
        message, deadline=Deadline(SYSTEM_CLOCK, 5)
    )
    asked = bench.asked("ToggleRead")
    bench.round()
    assert (is_read(bench), bench.asked("ToggleRead"), bench.counts()) == (True, asked, (0, 1, 0))


@pytest.mark.parametrize("fault", ["status", "reset_before"])
def test_a_list_that_cannot_be_read_changes_nothing(bench: Bench, fault: str):
    """Without knowing that the message is unread nobody toggles it."""
    heard(bench)
    bench.tagor.fault("Message/GetListFilter", fault, **({"status": 500} if fault == "status" else {}))
    bench.round()
    assert (is_read(bench), bench.asked("ToggleRead"), bench.counts()) == (False, 0, (1, 0, 0))
    bench.tagor.clear_faults()
    bench.line.clock.move(minutes=2)
    bench.run_forever()
    assert is_read(bench)
