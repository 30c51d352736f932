"""How one call went for its caller: what it ended in, and how long they heard nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.simulators.provider.phone import Phone
from bridge.simulators.rehearsal.judging.observations import ObservedCall
from bridge.simulators.rehearsal.judging.promises import SILENCE
from bridge.simulators.rehearsal.world.offices import SWITCHBOARD

ANSWER_FLOWS = frozenset(
    [
        *("Balance", "Payments", "Agreement", "Confirmation", "RunningPlan"),
        *("Office", "Trust", "Post"),
    ]
)
"""Flows whose sentences are what somebody phones for."""
LATER = "LeaveWord.later"
"""When the office can be reached: the answer for whoever leaves no word."""
ON_ITS_OWN = 12
"""Documents in a row for which the caller did nothing: more of them go round in a loop."""
GOODBYE = "9"
"""The key that ends a call."""
JITTER = 0.001


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """`silence` is the longest time (seconds) without a word; `broken` are promises with what broke them."""

    end: str
    silence: float
    broken: list[tuple[str, str]]


def assess_call(call: ObservedCall, delayed: Mapping[int, float], *, left: bool = False) -> CallOutcome:
    """Judge a call that is over; `delayed` is what the provider itself took at each turn (seconds).

    `left` says that the caller had hung up although the call went on.
    """
    phone, broken = call.phone, []
    end = _end(call, left=left)
    silence = max([0.0, *silences(phone, delayed)])
    if end == "nothing":
        broken.append(("INV5", f"a call ended by {phone.ended_by or 'nobody'}, and in nothing"))
    if set(phone.dialled) - {SWITCHBOARD}:
        broken.append(("INV5", "a number was rung that no office file names"))
    if silence > SILENCE + JITTER:
        broken.append(("INV5", f"the caller heard nothing for {silence:.2f} s"))
    if _longest_run(phone) > ON_ITS_OWN:
        broken.append(("INV5", "the call went round in a loop"))
    return CallOutcome(end, silence, broken)


def silences(phone: Phone, delayed: Mapping[int, float]) -> list[float]:
    """Every time without a word: from the words before, or from what the caller did, to the next words.

    What the provider itself took is no silence of ours, nor is ringing a colleague.
    """
    found, waited = [], 0.0
    for turn in phone.turns:
        waited += delayed.get(turn.number, 0.0)
        if turn.utterances:
            found.append(turn.silence - waited)
            waited = 0.0
    return found


def _end(call: ObservedCall, *, left: bool) -> str:
    phone, heard = call.phone, {sentence.place for sentence in call.heard}
    forms = [turn.form for turn in phone.turns]
    if call.put_through and not any(form.get("DialBridged") == "false" for form in forms):
        return "person"
    if any(form.get("RecordingDuration", "0") != "0" for form in forms):
        return "voicemail"
    if "CallBack.told" in heard:
        return "call-back"
    if LATER in heard or {place.partition(".")[0] for place in heard} & ANSWER_FLOWS:
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
