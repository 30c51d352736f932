"""Reckons how long a recorded call takes its caller: the words, what is keyed in, and the line's own time.

Words are reckoned as `bridge check` does. A PIN takes six seconds to key in, and a file number eight. From
each thing that the caller does to the next word passes a second.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bridge.simulators.provider.turn import ProviderTurn, Utterance
from bridge.speech import speaking_seconds
from bridge.speech.understanding import key_named

PIN_SECONDS, NUMBER_SECONDS, ANSWER_SECONDS = 6.0, 8.0, 1.0
_FIRST_SENTENCE = re.compile(r"[^.?!]*[.?!]?")
_NUMBER = re.compile(r"[0-9]{2,}#?")


def whole_seconds(turns: Sequence[ProviderTurn], pin: str) -> float:
    """Return how long a call takes a caller who listens to everything and keys in this PIN."""
    return sum(_acting(turn.did, pin) + sum(map(_saying, turn.utterances)) for turn in turns)


def seconds_to_amount(turns: Sequence[ProviderTurn], pin: str, *, patient: bool) -> float | None:
    """Return the seconds from the ring until the amount was told; None in a call that tells none.

    A `patient` caller listens to everything, any other one acts as soon as they have heard what to press. The
    amount is the first thing that is told after PIN and file number.
    """
    keyed = [number for number, turn in enumerate(turns) if _NUMBER.fullmatch(turn.did)]
    if not keyed:
        return None
    told = turns[keyed[-1]]
    before = 0.0
    for turn, following in pairwise(turns[: keyed[-1] + 1]):
        words = turn.utterances if patient else _heard_before(turn.utterances, following.did)
        before += _acting(turn.did, pin) + sum(map(_saying, words))
    return before + _acting(told.did, pin) + _saying(told.utterances[0])


def _acting(did: str, pin: str) -> float:
    if not did:
        return 0.0
    keying = PIN_SECONDS if did == pin else NUMBER_SECONDS if _NUMBER.fullmatch(did) else 0.0
    return keying + ANSWER_SECONDS


def _saying(heard: Utterance) -> float:
    return heard.lasting if heard.audio else speaking_seconds(heard.text)


def _heard_before(utterances: Sequence[Utterance], did: str) -> Iterator[Utterance]:
    """Yield what a caller in a hurry has heard before they press these keys."""
    for heard in utterances[:-1]:
        yield heard
        if key_named(heard.text, heard.language[:2]) == did:
            return
    for heard in utterances[-1:]:
        # What to key in comes first; what to do without it, after it.
        asked = _FIRST_SENTENCE.match(heard.text)
        yield replace(heard, text=asked[0] if asked and _NUMBER.fullmatch(did) else heard.text)
