"""What a webhook may say: every parameter we act on has one shape, and everything else is refused."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from bridge.telephony.rejected import WebhookRejected
from bridge.telephony.signature import Pairs

Fields = Mapping[str, str]

MAX_FIELDS = 100
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
_SPEECH = "SpeechResult"

_REQUIRED = {
    # Whatever a carrier shows as the caller is answered; callers.py decides what it is worth.
    "From": re.compile(r"(?s:.{0,256})"),
    "To": re.compile(r"\+?[0-9]{3,15}|(?:sip|client):[A-Za-z0-9._~+@:;=?&%-]{1,255}"),
    "CallStatus": re.compile(
        r"queued|initiated|ringing|in-progress|completed|busy|failed|no-answer|canceled"
    ),
    "Direction": re.compile(r"inbound|outbound-api|outbound-dial"),
    "ApiVersion": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}
CALL = frozenset({*_REQUIRED, "CallSid", "AccountSid"})
"""What every webhook of a call carries."""

RECORDING = frozenset({"AccountSid", "CallSid", "RecordingSid", "RecordingStatus"})
"""What a report about a recording carries: of its call no more than the id."""

_OPTIONAL = {
    "Digits": re.compile(r"[0-9*#A-D]{0,32}|hangup"),  # `hangup` ends a recording
    "FinishedOnKey": re.compile(r"[0-9A-Za-z*#-]{0,16}"),
    _SPEECH: re.compile(r"(?s:.{0,1000})"),
    "Confidence": re.compile(r"[0-9.eE+-]{0,24}"),
    "DialCallStatus": re.compile(
        r"completed|answered|in-progress|ringing|busy|no-answer|failed|canceled|rejected"
    ),
    "DialBridged": re.compile(r"true|false"),
    "DialCallDuration": re.compile(r"[0-9]{0,7}"),
    "RecordingDuration": re.compile(r"-1|[0-9]{1,6}"),  # -1 as long as it is not known
    "RecordingStatus": re.compile(r"in-progress|processing|completed|absent|failed"),
    "CallDuration": re.compile(r"[0-9]{0,7}"),
    "ErrorCode": re.compile(r"[0-9]{1,6}"),
    # Never acted on; its shape only keeps it from being cut in two, as RecordingUrl's below.
    "StirVerstat": re.compile(r"(?:No-)?TN-Validation[A-Za-z-]*"),
}
# Names providers are known to send and we ignore: a cut request shows as one of them out of its place.
_WHO, _WHERE = ("From", "To", "Caller", "Called"), ("City", "State", "Zip", "Country")
_BYSTANDERS = {
    *(who + where for who in _WHO for where in _WHERE),
    *("Caller", "CallerName", "Called", "CalledVia", "ForwardedFrom", "ParentCallSid", "CallToken"),
    *("RecordingChannels", "RecordingSource", "RecordingStartTime", "RecordingTrack"),
    *("DialCallSid", "ErrorUrl", "CallbackSource", "SequenceNumber", "Language"),
    *("StirPassportToken", "SipCallId", "SipResponseCode", "SipDomain", "SipSourceIp"),
    "UnstableSpeechResult",
}
_WATCHED = frozenset({*_OPTIONAL, "RecordingSid", "RecordingUrl", *_BYSTANDERS})
_KNOWN = _WATCHED | CALL


def parse(body: bytes) -> list[tuple[str, str]]:
    """Split an urlencoded body into names and values as signed; Refused when it is not strictly one."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:
        raise WebhookRejected("body") from None
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names) or not all(_NAME.fullmatch(name) for name in names):
        raise WebhookRejected("names")
    return pairs


class FormCheck:
    """Holds signed parameters against their shapes, some of them the provider's and one the account's own."""

    def __init__(self, account: str, call_id: re.Pattern[str], recording_id: re.Pattern[str]) -> None:
        self._account = account
        url = re.compile(rf"(?:https?://\S{{1,500}}/(?:{recording_id.pattern})(?:\.wav|\.mp3)?)?")
        ids = {"CallSid": call_id, "RecordingSid": recording_id, "RecordingUrl": url}
        self._shapes = {**_REQUIRED, **_OPTIONAL, **ids}

    def check(self, pairs: Pairs, needed: frozenset[str] = CALL) -> Fields:
        """Give the parameters by name, all that are `needed` among them; Refused names the first mistake.

        Unknown names pass, as providers add some unannounced, and nobody looks at them.
        """
        fields = dict(pairs)
        if not fields.keys() >= needed:
            raise WebhookRejected("missing")
        if fields["AccountSid"] != self._account:
            raise WebhookRejected("account")
        if not all(shape.fullmatch(fields[name]) for name, shape in self._shapes.items() if name in fields):
            raise WebhookRejected("field")
        if _is_resplit(fields):
            raise WebhookRejected("resplit")
        return fields


def _is_resplit(fields: Fields) -> bool:
    """Tell whether a known name that is absent still stands in the signed text.

    The signature runs names and values together without separators, so `Digits=1234` and `Digit=s1234` share
    one. Such a word may stand within a longer name we know (`Called` in `CalledCity`), and in what a caller
    said if it sorts before that: a later parameter could have been swallowed.
    """
    names = sorted(fields)
    heard = "".join(name + fields[name] for name in names)
    unspoken = "".join(name + fields[name] for name in names if name != _SPEECH)
    ours = "\n".join(name for name in names if name in _KNOWN)
    return any(
        (heard if known > _SPEECH else unspoken).count(known) > ours.count(known)
        for known in _WATCHED - fields.keys()
    )
