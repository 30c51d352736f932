"""The recorded calls of docs/calls, carried by every other provider: its signatures, ids, gaps and delays."""

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from bridge.checks.recorded_calls import CALL_PLANS, CALLERS, PlayedCall, play_calls
from bridge.simulators.provider.profiles import PROFILES
from bridge.simulators.tagor import CASES, Case

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    Sample = Callable[..., Collection[Case]]

CALLED = [case for case in CASES if case.name in CALLERS]

pytestmark = pytest.mark.usefixtures("open_line")
"""Whatever the recorded lines open is closed afterwards."""


@cache
def by_twilio(case: Case) -> list[PlayedCall]:
    """Every recorded call of this caller as Twilio's callers hear it."""
    return list(play_calls(case))


def said(played: PlayedCall) -> list[tuple[str, str]]:
    """Every word in its language; a voice that takes no speaking rate gets commas in place of it."""
    return [
        (re.sub(r"[\W_]", "", heard.text), heard.language)
        for turn in played.turns
        for heard in turn.utterances
    ]


def left(played: PlayedCall) -> list[str]:
    """What was left on the file, without the reference of the call."""
    return [re.sub(r"\([0-9A-F]{10}\)", "", entry) for entry in played.left_on_file]


@pytest.mark.parametrize("name", [name for name in PROFILES if name != "twilio"])
def test_a_call_is_the_same_through_any_provider(name: str, sample: "Sample"):
    """The same words in the same order, the same left on the file, and no fault of ours.

    One language of the four is drawn for each provider; a rehearsal plays all of them.
    """
    for case in sample(CALLED, 1):
        calls = list(play_calls(case, name))
        assert len(calls) == len(CALL_PLANS)
        for plan, ours, theirs in zip(CALL_PLANS, by_twilio(case), calls, strict=True):
            assert said(theirs) == said(ours), plan.name
            assert left(theirs) == left(ours), plan.name
            assert [turn.fault for turn in theirs.turns if turn.fault] == []
            assert len(ours.turns) <= len(theirs.turns)
