"""Judges how a call asks: a question lets go after its tries, and `*` tells again all that led to it."""

from collections.abc import Iterator

from bridge.simulators.rehearsal.judging.observations import ObservedCall
from bridge.simulators.rehearsal.judging.prompt_recognition import HeardSentence

MAX_ROUNDS = 4
"""How often one question may be asked in a row."""
RETRIES = ("silent", "wrong")
"""The parts of a prompt that a caller hears who gave no answer, or none that counts."""
ANYTIME = "Anytime."
"""How the prompts begin that belong to no step."""
AGAIN = "*"
"""The key for hearing it again."""


def judge_asking(call: ObservedCall) -> Iterator[str]:
    """Yield what is wrong with how a call that met no fault asked its caller."""
    sentences = {sentence.text: sentence for sentence in call.heard}
    told, rounds = set[str](), 1
    for turn in call.phone.turns:
        heard = [sentences[one.text] for one in turn.utterances if one.text in sentences]
        if turn.did and turn.form.get("Digits") == AGAIN:
            if missing := told - _told(heard):
                yield f"after * nobody heard {min(missing)} again"
        elif any(map(_asks_once_more, heard)):
            rounds += 1
            if rounds > MAX_ROUNDS:
                yield f"{heard[-1].prompt} was asked {rounds} times in a row"
        else:
            if turn.did:
                told, rounds = set(), 1
            told |= _told(heard)


def _told(heard: list[HeardSentence]) -> set[str]:
    """Return the steps whose own words were heard, but for those that only ask for patience."""
    return {
        one.prompt
        for one in heard
        if one.part == "text" and not one.holds and not one.prompt.startswith(ANYTIME)
    }


def _asks_once_more(sentence: HeardSentence) -> bool:
    """Tell whether a sentence says that the answer before it did not count."""
    return sentence.part in RETRIES or sentence.prompt in {f"{ANYTIME}{why}" for why in RETRIES}
