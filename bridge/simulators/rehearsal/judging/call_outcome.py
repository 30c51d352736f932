"""How one call went for its caller: what it ended in, how long they heard nothing, how often they waited."""

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.simulators.provider.phone import Phone
from bridge.simulators.rehearsal.judging.observations import ObservedCall
from bridge.simulators.rehearsal.judging.promises import HEALTHY_SILENCE, SILENCE
from bridge.simulators.rehearsal.world.offices import SWITCHBOARD

MAX_UNPROMPTED = 12
"""Documents in a row for which the caller did nothing; more of them are a loop."""
MAX_HOLDS_IN_A_ROW = 6
"""How often a caller may be asked to wait before they hear anything else: at most 20 seconds in all."""
GOODBYE = "9"
"""The key that ends a call."""
JITTER = 0.001


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """How a call ended.

    `silence` is the longest time without a word (seconds), `broken` pairs of a promise and what broke it.
    """

    end: str
    silence: float
    broken: list[tuple[str, str]]


def assess_call(
    call: ObservedCall, delayed: Mapping[int, float], *, left: bool = False, healthy: bool = False
) -> CallOutcome:
    """Assess a call that is over.

    Args:
        call: what its caller did and heard.
        delayed: seconds that the provider itself took, by turn.
        left: the caller had hung up although the call went on.
        healthy: no fault befell this call, so that nobody may wait longer than usual.
    """
    phone, broken = call.phone, []
    end = _end(call, left=left)
    silence = max([0.0, *silences(phone, delayed)])
    if end == "nothing":
        broken.append(("INV5", f"a call ended by {phone.ended_by or 'nobody'}, and in nothing"))
    if set(phone.dialled) - {SWITCHBOARD}:
        broken.append(("INV5", "a number was rung that the office file does not name"))
    if silence > (HEALTHY_SILENCE if healthy else SILENCE) + JITTER:
        broken.append(("INV5", f"the caller heard nothing for {silence:.2f} s"))
    if _longest_run(phone) > MAX_UNPROMPTED:
        broken.append(("INV5", "the call went round in a loop"))
    if (holds := _holds_in_a_row(call)) > MAX_HOLDS_IN_A_ROW:
        broken.append(("INV5", f"the caller was asked to wait {holds} times in a row"))
    return CallOutcome(end, silence, broken)


def silences(phone: Phone, delayed: Mapping[int, float]) -> list[float]:
    """Return every time without a word, in seconds.

    Each counts from the words before, or from what the caller did, to the next words. What the provider
    itself took and ringing a colleague do not count.
    """
    found, waited = [], 0.0
    for turn in phone.turns:
        waited += delayed.get(turn.number, 0.0)
        if turn.utterances:
            found.append(turn.silence - waited)
            waited = 0.0
    return found


def _end(call: ObservedCall, *, left: bool) -> str:
    phone = call.phone
    forms = [turn.form for turn in phone.turns]
    if call.put_through and not any(form.get("DialBridged") == "false" for form in forms):
        return "person"
    if any(form.get("RecordingDuration", "0") != "0" for form in forms):
        return "voicemail"
    if "CallBack.told" in call.prompts:
        return "call-back"
    if any(sentence.answers for sentence in call.heard):
        return "answer"
    if left or phone.ended_by == "caller" or forms[-1].get("Digits") == GOODBYE:
        return "hung up by the caller"
    return "rang in vain" if phone.ended_by == "hangup" and phone.dialled and phone.last else "nothing"


def _longest_run(phone: Phone) -> int:
    longest = run = 0
    for turn in phone.turns:
        run = 0 if turn.did else run + 1
        longest = max(longest, run)
    return longest


def _holds_in_a_row(call: ObservedCall) -> int:
    longest = run = 0
    for sentence in call.heard:
        run = run + 1 if sentence.holds else 0
        longest = max(longest, run)
    return longest
