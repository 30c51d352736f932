"""From the provider's parameters to what the office heard; provider names end here."""

from bridge.flow.inbound import (
    CallEvent,
    Dialled,
    DialOutcome,
    Event,
    Keys,
    Recorded,
    RedirectReturned,
    Ring,
    Silence,
    Words,
)
from bridge.telephony.callers import caller_number
from bridge.telephony.form import Fields

_ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_DIALLED: dict[str, DialOutcome] = {
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


def ring(fields: Fields) -> CallEvent:
    """The number's first webhook is turn 0."""
    return CallEvent(fields["CallSid"], 0, Ring(caller_number(fields["From"]), fields["To"]))


def turn(fields: Fields, number: int) -> CallEvent:
    """The webhook of one of our turns: a transfer or recording ended, or the caller did or did not answer."""
    return CallEvent(fields["CallSid"], number, _event(fields))


def redirect_returned(fields: Fields, number: int) -> CallEvent:
    """The webhook of a redirect after words: its own address tells it from a caller's silence."""
    return CallEvent(fields["CallSid"], number, RedirectReturned())


def ended(fields: Fields) -> bool:
    """Tell whether a status report says that the call is over."""
    return fields["CallStatus"] in _ENDED


def _event(fields: Fields) -> Event:
    if "DialCallStatus" in fields:
        return Dialled(_dialled(fields))
    if "RecordingSid" in fields:
        return Recorded(fields["RecordingSid"], max(0, int(fields.get("RecordingDuration", "0"))))
    return _answer(fields)


def _dialled(fields: Fields) -> DialOutcome:
    """Tell whether anybody talked: a mailbox, or who declined the whisper, also picked up (`completed`)."""
    outcome = _DIALLED[fields["DialCallStatus"]]
    connected = outcome != "answered" or fields.get("DialBridged") != "false"
    return outcome if connected else "unanswered"


def _answer(fields: Fields) -> Event:
    """Tell what the caller gave; keys win over words, and nothing pressed may arrive as empty or absent.

    `hangup` stands where a key would when a recording ended without one.
    """
    if (keys := fields.get("Digits", "")) not in {"", "hangup"}:
        return Keys(keys)
    if words := fields.get("SpeechResult", "").strip():
        return Words(words)
    return Keys("#") if fields.get("FinishedOnKey") == "#" else Silence()
