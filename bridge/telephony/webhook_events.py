"""Reads the event of a webhook from its parameters: the names that providers use end here."""

import re

from bridge.flow.inbound import (
    CallEvent,
    Dialled,
    DialOutcome,
    Event,
    FallbackRequest,
    Keys,
    Recorded,
    RedirectReturned,
    Ring,
    Silence,
    Words,
)
from bridge.telephony.document import clean
from bridge.telephony.phone_numbers import caller_number, dialled_number
from bridge.telephony.webhook_verifier import Fields

MAX_WORDS_CHARACTERS = 1000
"""How much of a caller's words is read: whoever says more means no key of a menu."""

_ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_DIAL_OUTCOMES: dict[str, DialOutcome] = {
    "completed": "answered",
    "answered": "answered",
    "in-progress": "answered",  # Somleng, when the caller hangs up first
    "ringing": "unanswered",  # Somleng, as above
    "no-answer": "unanswered",
    "canceled": "unanswered",
    "rejected": "unanswered",  # Twilio itself has no such word: who declines is busy there
    "busy": "busy",
    "failed": "failed",
}
# RFC 3261: busy here and everywhere; not there, timed out, cancelled and declined are nobody's answer.
_SIP_OUTCOMES: dict[str, DialOutcome] = {
    **dict.fromkeys(("486", "600"), "busy"),
    **dict.fromkeys(("408", "480", "487", "603"), "unanswered"),
}
_DIAL_FIELDS = {"DialCallStatus", "DialSipResponseCode"}
"""Either of them says that a webhook is about a transfer."""
_TURN_ADDRESS = re.compile(r"/voice(?:/turn/([1-9][0-9]{0,3})(?:/on)?)?(?:[?#].*)?")


def ring(fields: Fields) -> CallEvent:
    """Read the first webhook of a call, which is turn 0."""
    caller, dialled = fields.get("From", ""), fields.get("To", "")
    return CallEvent(fields["CallSid"], 0, Ring(caller_number(caller), dialled_number(dialled)))


def turn(fields: Fields, number: int, *, is_redirect: bool = False) -> CallEvent:
    """Read the webhook of a turn: a transfer or recording ended, or the caller did or did not answer.

    What comes back from a redirect after words is no silence: its address tells the two apart.
    """
    event: Event
    if is_redirect:
        event = RedirectReturned()
    elif fields.keys() & _DIAL_FIELDS:
        event = _outcome(fields)
    elif recording := fields.get("RecordingSid"):
        event = Recorded(recording, max(0, int(fields.get("RecordingDuration") or 0)))
    # Keys win over words. Nothing pressed may arrive as an empty value or none, and `hangup` stands where a
    # key would when a recording ended without one.
    elif (keys := fields.get("Digits", "")) not in {"", "hangup"}:
        event = Keys(keys)
    elif words := clean(fields.get("SpeechResult", "")[:MAX_WORDS_CHARACTERS]):
        event = Words(words)
    else:
        event = Keys("#") if fields.get("FinishedOnKey") == "#" else Silence()
    return CallEvent(fields["CallSid"], number, event)


def fallback(fields: Fields, public_url: str) -> FallbackRequest:
    """Read the webhook by which the provider says that it could not use a reply, and of which turn.

    An odd address of that reply counts as unknown, as does one that is not below `public_url`.
    """
    error_url = fields.get("ErrorUrl", "")
    address = _TURN_ADDRESS.fullmatch(error_url.removeprefix(public_url))
    return FallbackRequest(
        ring(fields),
        fields.get("ErrorCode", ""),
        failed_turn=int(address[1] or 0) if address and error_url.startswith(public_url) else None,
        dial=dialled(fields),
    )


def ended(fields: Fields) -> bool:
    """Tell whether a status report says that a call, which it names, is over."""
    return bool(fields.get("CallSid")) and fields.get("CallStatus") in _ENDED


def dialled(fields: Fields) -> Dialled | None:
    """Tell whether anybody talked to the caller; None when the webhook is about no transfer."""
    return _outcome(fields) if fields.keys() & _DIAL_FIELDS else None


def _outcome(fields: Fields) -> Dialled:
    """Tell what became of a transfer.

    A mailbox, or a colleague who declined the whisper, also picked up: then the two were not bridged.
    """
    outcome = _DIAL_OUTCOMES.get(fields.get("DialCallStatus", ""))
    if outcome is None:
        code = fields.get("DialSipResponseCode", "")
        outcome = "answered" if code.startswith("2") else _SIP_OUTCOMES.get(code, "failed")
    if outcome == "answered" and fields.get("DialBridged") == "false":
        return Dialled("unanswered")
    return Dialled(outcome)
