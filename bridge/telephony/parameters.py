"""The parameters that providers are known to send, each with the shape of its values.

The shapes serve two readers. `webhook_verifier` keeps a value that we act on only when it has its shape.
`resplit` looks for known parameters in the signed text, and a shape tells a real one from words that look
like its name.
"""

import re
from collections.abc import Mapping

Shapes = Mapping[str, re.Pattern[str]]

_ADDRESS = r"(?:sips?|client|whatsapp|tel):\S{1,255}"
_WITHHELD = "(?i:anonymous|blocked|private|restricted|unavailable|unknown|withheld)"
_AT_HOST = r"[A-Za-z0-9._+-]{1,64}@[a-z0-9.-]{1,190}"  # Telnyx writes parties of SIP calls without a scheme
_PARTY = rf"\+?[0-9*#]{{1,32}}|{_ADDRESS}|{_AT_HOST}|{_WITHHELD}"
_PLACE = r"(?:[A-Z0-9][A-Z0-9 .'()/-]{0,63})?"  # Twilio writes cities and states in capitals
_CALL = r"[A-Za-z0-9:_-]{1,128}"

_TEXTS = {
    # `(?s:.*)` may be any text of a third party: it ends where the next known name begins.
    # What we act on.
    "From": _PARTY,
    "To": _PARTY,
    "CallStatus": "queued|initiated|ringing|in-progress|completed|busy|failed|no-answer|canceled",
    "Digits": "[0-9*#A-D]{0,32}|hangup",  # `hangup` when a recording ended without a key
    "FinishedOnKey": "[0-9A-D*#]?|timeout",
    "SpeechResult": "(?s:.*)",
    "DialCallStatus": "completed|answered|in-progress|ringing|busy|no-answer|failed|canceled|rejected",
    "DialSipResponseCode": "[1-6][0-9]{2}|",
    "DialBridged": "true|false|",
    "RecordingDuration": "-1|[0-9]{1,6}",  # -1 as long as it is not known
    "RecordingStatus": "in-progress|processing|completed|absent|failed",
    "ErrorCode": "[0-9]{0,6}",
    "ErrorUrl": r"(?:https?://\S{1,2000})?",
    # What we know and ignore: each marks where a neighbour's value ends in the signed text.
    "Direction": "inbound|outbound-api|outbound-dial",
    "ApiVersion": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "Confidence": r"[01](?:\.[0-9]{1,22})?|",
    "DialCallDuration": "[0-9]{0,7}",
    "DialCallSid": _CALL,
    "DialSipCallId": r"\S{1,255}",
    "CallDuration": "[0-9]{0,7}",
    "Caller": _PARTY,
    "CallerName": "(?s:.*)",
    "Called": _PARTY,
    "CalledVia": _PARTY,
    "ForwardedFrom": _PARTY,
    "ParentCallSid": _CALL,
    "CallToken": "(?s:.*)",
    "RecordingChannels": "[12]",
    "RecordingSource": "[A-Za-z]{1,32}",
    "RecordingStartTime": "[A-Za-z0-9:, +-]{1,40}",
    "RecordingTrack": "inbound|outbound|both",
    "StirVerstat": "(?:No-)?TN-Validation[A-Za-z-]*",
    "StirPassportToken": "(?s:.*)",
    "UnstableSpeechResult": "(?s:.*)",
    "SipCallId": r"\S{1,255}",
    "SipDomain": r"[A-Za-z0-9.-]{1,255}",
    "SipSourceIp": "[0-9a-fA-F.:]{1,45}",
    "SipResponseCode": "[1-6][0-9]{2}|",
}
_PLACES = {
    who + where: "[A-Z]{0,2}" if where == "Country" else _PLACE
    for who in ("From", "To", "Caller", "Called")
    for where in ("City", "State", "Zip", "Country")
}

ACTED_ON = frozenset(
    {
        *("AccountSid", "CallSid", "From", "To", "CallStatus", "Digits", "FinishedOnKey", "SpeechResult"),
        *("DialCallStatus", "DialSipResponseCode", "DialBridged", "ErrorCode", "ErrorUrl"),
        *("RecordingSid", "RecordingDuration", "RecordingStatus"),
    }
)
"""The parameters that change what the bridge does; everything else is ignored."""


def shapes_of(account: str, call_id: re.Pattern[str], recording_id: re.Pattern[str]) -> Shapes:
    """Give the shape of every known parameter; ids have the shapes of the account's provider."""
    recording_url = rf"(?:https?://\S{{1,500}}/(?:{recording_id.pattern})(?:\.wav|\.mp3)?)?"
    return {
        **{name: re.compile(text) for name, text in (_TEXTS | _PLACES).items()},
        "AccountSid": re.compile(re.escape(account)),
        "CallSid": call_id,
        "RecordingSid": recording_id,
        "RecordingUrl": re.compile(recording_url),
    }
