"""Plays a call from a line of text: what a caller does, in the order it is done.

    482193    keys, typed at the Gather that listens
    ,         silence until the Gather's time-out
    |         here one Gather's keys end; without any | each Gather takes the keys it needs
    !         hang up
    "saldo"   words said aloud
    {busy}    how a transfer ends: answered, busy, no-answer, failed, canceled, rejected; or who picks up
              without taking the call: mailbox, declined, hung-up
    {voicemail 12}  talking into a recording for 12 seconds

When the script is used up, the caller stays silent until the call ends.
"""

import re
import time
from collections.abc import Callable
from typing import cast, get_args

from bridge.simulators.provider.account import TWILIO, PhoneLine, Profile
from bridge.simulators.provider.errors import HandsetError
from bridge.simulators.provider.phone import Declined, Missed, Phone
from bridge.simulators.provider.turn import ProviderTurn, Utterance
from bridge.simulators.provider.wire import Post

_TOKEN = re.compile(r'[0-9*#A-D]+|[,|!]|"[^"]*"|\{[a-z-]+\}|\{voicemail [1-9][0-9]{0,3}\}')
_SPACE = re.compile(r"\s*")
_OUTCOMES = frozenset({"answered", *get_args(Missed), *get_args(Declined)})
_VOICEMAIL = "{voicemail "
_LONGEST_SOUND = 1.5


def let_sound(seconds: float) -> None:
    """Let a sound take its seconds, because the line works meanwhile; speech and silence are cut short."""
    time.sleep(min(seconds, _LONGEST_SOUND))


def parse(script: str) -> list[str]:
    """Return the steps of `script`; raises HandsetError with the place of the first unknown thing."""
    steps, place = [], _skip(script, 0)
    while place < len(script):
        found = _TOKEN.match(script, place)
        if found is None or not _known(found[0]):
            raise HandsetError(
                f'script, character {place + 1}: expected keys, a comma, |, !, "words" or one of '
                + ", ".join(f"{{{outcome}}}" for outcome in sorted({*_OUTCOMES, "voicemail 12"}))
            )
        steps.append(found[0])
        place = _skip(script, found.end())
    if "|" in steps:
        return steps
    # Without a mark each key is a step of its own: keys that one Gather does not need reach the next.
    return [key for step in steps for key in (step if step[0] in "0123456789*#ABCD" else [step])]


def play(
    line: PhoneLine,
    caller: str = "+32470000001",
    keys: str = "",
    *,
    post: Post | None = None,
    profile: Profile = TWILIO,
    seed: int | None = None,
    strict: bool = False,
    turns: int = 60,
    elapse: Callable[[float], None] = lambda _seconds: None,
) -> list[dict[str, object]]:
    """Call `line` as `caller`, do what `keys` says, and return every turn as a dict fit for JSON.

    A turn holds turn, url, keys (as typed), heard (text, language, voice; audio for a Play), then, seconds,
    status, whispered when a colleague was told something, and error when the provider held something against
    it; the last one also ended_by. After `turns`
    turns the caller hangs up. Raises HandsetError when the script cannot be read.
    """
    steps = parse(keys)
    phone = Phone(line, caller, post=post, profile=profile, seed=seed, strict=strict, elapse=elapse)
    phone.ring()
    for step in steps:
        perform(phone, step)
    # Silence until the end, but a flow that never hangs up must not keep the script for ever.
    while phone.state != "over" and len(phone.turns) < turns:
        phone.wait()
    perform(phone, "!")
    told = [describe(turn) for turn in phone.turns]
    told[-1]["ended_by"] = phone.ended_by
    return told


def perform(phone: Phone, step: str) -> None:
    """Do one step of a script; what the call does not wait for has no effect."""
    if phone.state == "over":
        return
    match step[0]:
        case "|":
            if phone.typed:
                phone.wait()
        case ",":
            phone.wait()
        case "!":
            phone.hang_up()
        case '"':
            phone.speak(step[1:-1])
        case "{":
            _in_braces(phone, step[1:-1])
        case _:
            phone.press(step)


def describe(turn: ProviderTurn) -> dict[str, object]:
    """Describe one turn as JSON types."""
    told: dict[str, object] = {
        "turn": turn.number,
        "url": turn.url,
        "keys": turn.did,
        "heard": [_sound(utterance) for utterance in turn.utterances],
        "then": turn.then,
        "seconds": round(turn.seconds, 3),
        "status": turn.status,
    }
    whispered = {"whispered": [_sound(utterance) for utterance in turn.whispered]} if turn.whispered else {}
    return told | whispered | ({"error": str(turn.fault)} if turn.fault else {})


def _sound(utterance: Utterance) -> dict[str, str]:
    if utterance.audio:
        return {"audio": utterance.audio}
    return {"text": utterance.text, "language": utterance.language, "voice": utterance.voice}


def _known(token: str) -> bool:
    return token[0] != "{" or token[1:-1] in _OUTCOMES or token.startswith(_VOICEMAIL)


def _in_braces(phone: Phone, what: str) -> None:
    if phone.state == "recording" and what.startswith("voicemail"):
        phone.leave_message(int(what.split()[1]))
    elif phone.state == "dialling" and what in _OUTCOMES:
        _end_transfer(phone, what)


def _end_transfer(phone: Phone, outcome: str) -> None:
    if outcome == "answered":
        phone.answer_transfer()
    elif outcome in get_args(Declined):
        phone.decline_transfer(cast("Declined", outcome))
    else:
        phone.miss_transfer(cast("Missed", outcome))


def _skip(script: str, place: int) -> int:
    blank = _SPACE.match(script, place)
    return blank.end() if blank else place
