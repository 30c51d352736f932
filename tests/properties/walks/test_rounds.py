"""Every question of every flow has a way out, whatever a caller does or does not do at it."""

from datetime import UTC, datetime
from itertools import product

import pytest

from bridge.flow.call import Call, Frame
from bridge.flow.engine import MAX_ROUNDS, Engine
from bridge.flow.graph import Place
from bridge.flow.inbound import Event, Keys, Silence, Words
from bridge.flow.steps import Ask, Menu
from voice_flows import CALL

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
MISTAKES: tuple[Event, ...] = (Silence(), Keys("#"), Keys("A"), Words("a television"))
"""What answers no question: nothing, a hash key alone, a key that is none, and noise."""

QUESTIONS = [place for place in CALL.edges if isinstance(CALL.step(place), Ask | Menu)]
LENGTHS = {"pin": (6, 6), "file": (1, 12), "reference": (1, 12)}


def rounds(engine: Engine, place: Place, mistakes: tuple[Event, ...]) -> int:
    """How often the question is answered by mistakes before the call goes on; 0 when it never does."""
    call = Call("", "", "nl", stack=[Frame(flow, step) for flow, step in place])
    call.rules.lengths.update(LENGTHS)  # type: ignore[attr-defined]  # a dictionary in a test
    for number, mistake in enumerate(mistakes, 1):
        engine.hear(call, mistake, NOON)
        if call.moves:
            return number
    return 0


@pytest.mark.parametrize("place", QUESTIONS, ids=lambda place: ".".join(place[-1]))
def test_every_question_is_left_after_four_mistakes_at_most(place: Place):
    """In whatever order silences, wrong keys and noises come, nobody is asked the same thing five times."""
    engine = Engine(CALL)
    counted = {rounds(engine, place, mistakes) for mistakes in product(MISTAKES, repeat=MAX_ROUNDS)}
    assert 0 not in counted
    assert max(counted) <= MAX_ROUNDS
