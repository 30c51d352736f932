"""Plays a Dial: whom it rings, how that ends, and what it then posts (twilio.com/docs/voice/twiml/dial)."""

from collections.abc import Collection, Generator

from bridge.simulators.provider.caller_actions import (
    CallerInput,
    DialOutcome,
    DialWait,
    NoInput,
    PostedParameters,
)
from bridge.simulators.provider.errors import DocumentRefused
from bridge.simulators.provider.markup import Verb

_POSTED = {"rejected": "busy"}
"""Twilio has no word for a call that is declined while it rings."""


def dial_targets(dial: Verb) -> tuple[str, ...]:
    """Return the numbers and sip: addresses that this Dial rings."""
    return tuple(target.own_text for target in dial.children) or (dial.own_text,)


def check_caller_id(dial: Verb, ours: Collection[str]) -> None:
    """Raise DocumentRefused (13214) when a number is rung with a callerId not in `ours`; SIP shows any."""
    shown = dial.get("callerId")
    # Only the telephone network asks whose number is shown; a SIP address may be shown anything.
    outside = not dial.children or any(target.name == "Number" for target in dial.children)
    if shown and outside and shown not in ours:
        raise DocumentRefused(13214, f"line {dial.line}: <Dial> shows a callerId that is not this account's")


def ring_until_decided(dialling: DialWait) -> Generator[DialWait, CallerInput, DialOutcome]:
    """Ring until somebody decides; silence is no answer. Keys and words reach nobody."""
    while True:
        action = yield dialling
        if isinstance(action, DialOutcome):
            return action
        if isinstance(action, NoInput):
            return DialOutcome("no-answer")


def dial_parameters(outcome: DialOutcome, leg: str, *, bridged: bool) -> PostedParameters:
    """Return what the Dial's action hears of the `leg`; `bridged` says whether the caller was connected."""
    picked_up = outcome.status == "completed"
    return (
        ("DialCallStatus", _POSTED.get(outcome.status, outcome.status)),
        ("DialCallSid", leg),
        ("DialBridged", "true" if bridged else "false"),
        *([("DialCallDuration", str(outcome.seconds))] if picked_up else []),
    )
