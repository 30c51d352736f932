"""What the rehearsal takes keys for that a caller presses at a question of the office's."""

from dataclasses import fields
from unittest.mock import Mock

import pytest

from bridge.simulators.rehearsal.judging.given_answers import judge_answers
from bridge.simulators.rehearsal.judging.observations import ObservedCall
from bridge.simulators.tagor.solvency import QUESTIONNAIRES

INCOME = next(one for asked in QUESTIONNAIRES.values() for one in asked if one.type == "decimal")


def wrong(saved: str, keys: str) -> list[str]:
    """What is wrong with an income that is on a file after these keys."""
    call = Mock(spec_set=[one.name for one in fields(ObservedCall)])
    call.files, call.pressed = {"20230118"}, {("Question.ask_amount", keys)}
    row = {"file_id": "1", "question_id": str(INCOME.id), "value": saved}
    return [promise for promise, _ in judge_answers([row], [call], {"1": "20230118"})]


@pytest.mark.parametrize(
    ("saved", "keys"), [("1850.00", "1850#"), ("1850.50", "1850*50#"), ("1850.00", "1850*#")]
)
def test_an_amount_that_was_keyed_in_is_the_callers_own(saved: str, keys: str):
    assert wrong(saved, keys) == []


@pytest.mark.parametrize("keys", ["1850*5#", "18*50*5#", "18*5*", "*50#", "", "1851#"])
def test_keys_that_mean_no_such_amount_are_no_answer(keys: str):
    """Whatever was keyed in, as two stars: the story goes on and is judged."""
    assert wrong("1850.00", keys) == ["INV2"]
