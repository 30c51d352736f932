"""Webhooks out of their order: the current question again, the stored words, or the end; no effect twice."""

from itertools import count
from threading import Event
from typing import TYPE_CHECKING

from bad_input_judge import verbs
from bad_input_sequences import PIN, SEQUENCES, Sequence, Step

from bridge.simulators.tagor import CASES, Case

if TYPE_CHECKING:
    from bridge.simulators.provider.wire import Reply
    from tests.conftest import Line

_calls = count(1)


def played(line: "Line", steps: list[Step], case: Case = CASES[0]) -> list["Reply"]:
    """What a call of its own gets, step by step."""
    call, caller = f"CA{next(_calls):032x}", {"From": case.phone or ""}
    filled = [
        (path, {name: case.pin if value == PIN else value for name, value in fields.items()})
        for path, fields in steps
    ]
    return [line.webhook(path, call, **caller, **fields) for path, fields in filled]


def plans_made(line: "Line", wanted: int) -> int:
    """How often a plan was asked for, once it was `wanted` times: a decision is sent beside the turn."""
    for _ in range(500):
        if len(line.asked("SavePaymentPlan")) >= wanted:
            break
        Event().wait(0.01)
    return len(line.asked("SavePaymentPlan"))


def wrong(line: "Line", sequence: Sequence) -> str:
    """What is not as the sequence says; nothing if all is."""
    before = len(line.asked("SavePaymentPlan"))
    if sequence.other:
        played(line, sequence.other)
    replies = played(line, sequence.steps, CASES[sequence.case])
    if plans_made(line, before + sequence.plans) != before + sequence.plans:
        return f"{sequence.name}: not {sequence.plans} plans"
    if not verbs(replies[-1]) <= sequence.gets:
        return f"{sequence.name}: {sorted(verbs(replies[-1]))}"
    if sequence.same is not None and replies[-1][2] != replies[sequence.same][2]:
        return f"{sequence.name}: other bytes than step {sequence.same}"
    return ""


def test_41_sequences_have_words_and_no_effect_of_their_own(line: "Line"):
    """Skipped, stale, repeated, another call's, after the end, after a fallback."""
    assert [mistake for sequence in SEQUENCES if (mistake := wrong(line, sequence))] == []
