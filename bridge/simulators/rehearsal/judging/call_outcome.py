"""How one call went for its caller: what it ended in, how long they heard nothing, how often they waited."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress
from urllib.parse import urlsplit

from bridge.simulators.provider.phone import Phone
from bridge.simulators.rehearsal.judging.asking_judge import judge_asking
from bridge.simulators.rehearsal.judging.observations import ObservedCall
from bridge.simulators.rehearsal.judging.promises import HEALTHY_SILENCE, SILENCE
from bridge.simulators.rehearsal.world.offices import SWITCHBOARD

MAX_UNPROMPTED = 12
"""Documents with words in a row for which the caller did nothing; more of them are a loop."""
MAX_HOLDS_IN_A_ROW = 6
"""How often words may ask a caller to wait before they hear other words."""
MAX_SOUNDS_IN_A_ROW = 5
"""How many documents in a row may hold no words: about eight seconds."""
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
    call: ObservedCall,
    delayed: Mapping[int, float],
    *,
    left: bool = False,
    healthy: bool = False,
    only_tagor: bool = False,
) -> CallOutcome:
    """Assess a call that is over.

    Args:
        call: what its caller did and heard.
        delayed: seconds that the provider itself took, by turn.
        left: the caller had hung up although the call went on.
        healthy: no fault befell this call, so that nobody may wait longer than usual.
        only_tagor: at most Tagor had faults, so that words come as soon as usual after what the caller did.
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
    if only_tagor and (first := max([0.0, *_first_words(call, delayed)])) > HEALTHY_SILENCE + JITTER:
        broken.append(("INV5", f"the first words came {first:.2f} s after what the caller did"))
    if healthy:
        broken += [("asked", what) for what in judge_asking(call)]
    if _rings_again(phone):
        broken.append(("INV5", "a colleague was rung again for one transfer"))
    if _longest_run(phone) > MAX_UNPROMPTED:
        broken.append(("INV5", "the call went round in a loop"))
    if (sounds := _sounds_in_a_row(phone)) > MAX_SOUNDS_IN_A_ROW:
        broken.append(("INV5", f"the caller heard {sounds} sounds in a row and no words"))
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


def _first_words(call: ObservedCall, delayed: Mapping[int, float]) -> list[float]:
    """Return the seconds from each thing that the caller did to the next words.

    A decision is waited for, because it is written down first: its turns do not count.
    """
    decided = {urlsplit(address).path for address in call.decided}
    spoken = [turn for turn in call.phone.turns if turn.utterances]
    counts = (bool(turn.did) and urlsplit(turn.url).path not in decided for turn in spoken)
    return list(compress(silences(call.phone, delayed), counts))


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
    # After a reply that came too late the provider asks once more, and repeats no keys.
    pressed = next((turn.form.get("Digits") for turn in reversed(phone.turns) if turn.did), "")
    if left or phone.ended_by == "caller" or pressed == GOODBYE:
        return "hung up by the caller"
    return "rang in vain" if phone.ended_by == "hangup" and phone.dialled and phone.last else "nothing"


def _rings_again(phone: Phone) -> bool:
    """Whether a document rang somebody after a Dial had ended, and before the caller did anything more."""
    rung = False
    for turn in phone.turns:
        rung = "DialCallStatus" in turn.form or (rung and not turn.did)
        if rung and turn.then == "dial":
            return True
    return False


def _longest_run(phone: Phone) -> int:
    longest = run = 0
    for turn in phone.turns:
        run = 0 if turn.did else run + any(one.text for one in turn.utterances)
        longest = max(longest, run)
    return longest


def _sounds_in_a_row(phone: Phone) -> int:
    longest = run = 0
    for turn in phone.turns:
        run = run + 1 if turn.utterances and all(one.audio for one in turn.utterances) else 0
        longest = max(longest, run)
    return longest


def _holds_in_a_row(call: ObservedCall) -> int:
    longest = run = 0
    for sentence in call.heard:
        run = run + 1 if sentence.holds else 0
        longest = max(longest, run)
    return longest
