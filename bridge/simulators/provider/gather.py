"""Plays a Gather: which keys and words end it, and what it posts (twilio.com/docs/voice/twiml/gather)."""

from collections.abc import Generator

from bridge.simulators.provider.account import Profile
from bridge.simulators.provider.caller_actions import (
    CallerInput,
    GatherWait,
    KeyPresses,
    NoInput,
    PostedParameters,
    SpokenWords,
)
from bridge.simulators.provider.markup import Verb


def collect_input(
    gather: Verb, profile: Profile, speaking: float
) -> Generator[GatherWait, CallerInput, PostedParameters | None]:
    """Wait until the input is complete; return what to post, None when the document simply goes on.

    Keys after the one that completes the input are lost, as they are at Twilio: it keeps no type-ahead.
    """
    ways = gather.get("input", "dtmf").split()
    typed = ""
    while True:
        action = yield GatherWait(gather, typed, 0.0 if typed else speaking)
        if isinstance(action, KeyPresses) and "dtmf" in ways:
            typed, complete, finish = _type(gather, typed, action.keys)
            if complete:
                return _digits(typed, finish) if typed else _nothing(gather, profile, finish)
        # What is heard first decides: after a key, words are noise.
        elif isinstance(action, SpokenWords) and "speech" in ways and not typed:
            return (
                ("SpeechResult", action.text),
                ("Confidence", f"{action.confidence:.8f}"),
                ("Language", gather.get("language")),
            )
        elif isinstance(action, NoInput):
            return _digits(typed, "") if typed else _nothing(gather, profile, "")


def _type(gather: Verb, typed: str, keys: str) -> tuple[str, bool, str]:
    """Return the keys so far, whether they are complete, and the key that ended them."""
    # No number of keys is 0, so without `numDigits` only the finishing key or silence ends the input.
    most = int(gather.get("numDigits", "0"))
    finish = gather.get("finishOnKey", "#")
    for key in keys:
        if key == finish:
            return typed, True, key
        typed += key
        if len(typed) == most:
            return typed, True, ""
    return typed, False, ""


# `FinishedOnKey` and `msg` stand in no documentation, but real requests carry them.
def _digits(typed: str, finish: str) -> PostedParameters:
    return (("Digits", typed), ("FinishedOnKey", finish), ("msg", "Gather End"))


def _nothing(gather: Verb, profile: Profile, finish: str) -> PostedParameters | None:
    # Without that attribute silence is no webhook: the document goes on with its next verb.
    if gather.get("actionOnEmptyResult") != "true":
        return None
    empty = () if profile.silence is None else (("Digits", profile.silence),)
    return (*empty, ("FinishedOnKey", finish), ("msg", "Gather End"))
