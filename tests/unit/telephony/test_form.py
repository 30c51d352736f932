"""The parameters of a signed webhook: an odd value costs its field, and only what is needed is demanded."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from telephony_bridge import ACCOUNT, CALL, RECORDING

from bridge.telephony.parameters import ACTED_ON, shapes_of
from bridge.telephony.providers import TWILIO
from bridge.telephony.rejected import WebhookRejected
from bridge.telephony.webhook_verifier import MAX_PARAMETERS, FormReader, parse_form

if TYPE_CHECKING:
    from tests.unit.telephony.telephony_bridge import Bridge, Twilio

TURN = "/voice/turn/3"
SPOKEN = ["/voice", TURN, TURN + "/on", "/voice/fallback"]
EVERY = [
    *SPOKEN,
    "/voice/status",
    "/voice/recording",
    "/voice/whisper/accept",
    "/voice/whisper/demo/nl/known/-",
]
URL = f"https://api.twilio.com/Recordings/{RECORDING}"


@pytest.fixture(scope="module")
def form() -> FormReader:
    return FormReader(ACCOUNT, TWILIO.call_id, TWILIO.recording_id)


def read(form: FormReader, **given: str) -> dict[str, str]:
    usual = {
        "AccountSid": ACCOUNT,
        "CallSid": CALL,
        "Direction": "inbound",
        "From": "+32470000001",
        "To": "+3225550101",
    }
    return dict(form.read(TURN, list((usual | given).items()), needs_call=True))


# What Twilio really sends beside the documented parameters, seen in public records.
@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"DialSipCallId": "a@b", "DialSipResponseCode": "200"}, id="transfer by SIP"),
        pytest.param({"DialSipHeader_X-Note": "Digits 1"}, id="header of the exchange"),
        pytest.param({"SipHeader_X-Language": "nl", "SipHeader_X-CallerName": "An"}, id="headers"),
        pytest.param({"SipHeader_" + "X" * 60: "1"}, id="long name"),
        pytest.param(
            {"SipCallId": "a@b", "SipDomain": "x.sip.twilio.com", "SipSourceIp": "::1"}, id="by SIP"
        ),
        pytest.param({"CallerName": "Digits BVBA"}, id="name of a company"),
        pytest.param({"CallerName": "De Digits"}, id="name that ends in a parameter's"),
        pytest.param({"AddOns": '{"Caller":"x","Digits":"1","To":{"From":"+32"}}'}, id="add-ons"),
        pytest.param({"_new": "1", "2FA": "1", "P[0]": "1", "é": "1", " ": "1"}, id="odd names"),
        pytest.param({f"AddOn{number}": "" for number in range(120)}, id="120 more"),
        pytest.param({"DialCallDuration": "12.5", "Confidence": "NaN"}, id="odd numbers"),
        pytest.param({"DialBridged": "", "ErrorCode": "", "FinishedOnKey": ""}, id="empty values"),
        pytest.param({"DialCallStatus": "queued", "CallStatus": "", "Direction": "up"}, id="odd words"),
        pytest.param({"SpeechResult": "a" * 1001}, id="many words"),
        pytest.param({"From": "whatsapp:+32470000001", "To": "whatsapp:+3225550101"}, id="WhatsApp"),
        pytest.param({"From": "sips:an@x", "To": "sip:+3225550101@x:5060;transport=tls"}, id="sip"),
        pytest.param({"From": "client:an", "To": ""}, id="client"),
        pytest.param({"From": "?" * 300, "To": "tel:112 "}, id="odd parties"),
        pytest.param({"CallStatus": None, "Direction": None, "ApiVersion": None}, id="as Telnyx"),
        pytest.param({"From": None, "To": None}, id="no parties"),
    ],
)
def test_a_signed_webhook_is_answered_whatever_else_it_carries(
    twilio: Twilio, bridge: Bridge, path: str, more: dict[str, str | None]
):
    """A refusal would lead to the fallback, which is refused as well, and then to the provider's error."""
    assert twilio.post(path, **more).status_code in {200, 204}
    assert (bridge.refused, bridge.failed) == ([], [])


def test_an_unknown_name_may_come_twice(twilio: Twilio, bridge: Bridge):
    """Also with one value twice: the signature does not cover how often, and nobody looks at it."""
    fields = twilio.fields()
    body = urlencode([*fields.items(), ("New", "1"), ("New", "1"), ("CallerName", "A"), ("CallerName", "B")])
    signed = sign_pairs(body)
    assert twilio.post_raw(TURN, body, signed).status_code == 200
    assert bridge.refused == []


def sign_pairs(body: str) -> str:
    from telephony_bridge import PUBLIC, SECRETS  # noqa: PLC0415

    from bridge.telephony.signature import sign  # noqa: PLC0415

    return sign(SECRETS[0], PUBLIC + TURN, parse_form(body.encode())).decode()


def test_bytes_that_are_no_text_are_signed_and_ignored(twilio: Twilio):
    """A name in another encoding costs nobody the call."""
    body = urlencode(twilio.fields()) + "&CallerName=Andr%E9&SpeechResult=%ff"
    assert twilio.post_raw(TURN, body, sign_pairs(body)).status_code == 200


@pytest.mark.parametrize(
    ("name", "kept", "odd"),
    [
        ("From", ["+32470000001", "client:an", "Anonymous"], ["two\nlines", "An", "?" * 256]),
        ("To", ["112", "+112", "sip:a", "client:" + "a" * 255], ["tel:", "client:" + "a" * 256, "+٣٢٢"]),
        ("CallStatus", ["queued", "completed", "no-answer"], ["Completed", "in-progress 1", ""]),
        ("Digits", ["", "1*#D" * 8, "hangup"], ["1" * 33, "12 34", "E", "٣", "²", "1\n"]),
        ("FinishedOnKey", ["", "#", "*", "timeout"], ["##", "key"]),
        ("SpeechResult", ["", "a\n" * 5000], []),
        ("DialCallStatus", ["completed", "no-answer", "rejected"], ["", "queued", "COMPLETED", "declined"]),
        ("DialSipResponseCode", ["", "200", "603"], ["20", "2000", "700", "OK"]),
        ("DialBridged", ["", "true", "false"], ["False", "1"]),
        ("ErrorCode", ["", "1", "123456"], ["1234567", "11200 ", "E1"]),
        ("ErrorUrl", ["", "https://x/voice/turn/3", "http://x/" + "a" * 1990], ["ftp://x", "https://x y"]),
        ("RecordingSid", [RECORDING], ["RE1", RECORDING.lower(), RECORDING + "\n", "../../Calls", ""]),
        ("RecordingDuration", ["-1", "1", "123456"], ["", "-2", "1.5", "1e9", "1234567"]),
        ("RecordingStatus", ["completed", "absent", "processing"], ["Completed", "gone", ""]),
    ],
)
def test_an_odd_value_costs_its_field(form: FormReader, name: str, kept: list[str], odd: list[str]):
    """A shape ends where it says: what has it is read as it is, and anything else counts as empty."""
    assert [read(form, **{name: value})[name] for value in kept] == kept
    assert [read(form, **{name: value})[name] for value in odd] == [""] * len(odd)


IGNORED = {
    "Direction": ("outbound-dial", "up"),
    "ApiVersion": ("2010-04-01", "2010-4-1"),
    "Confidence": ("0." + "9" * 22, "1."),
    "DialCallDuration": ("1234567", "12345678"),
    "DialCallSid": ("a:_-" * 32, "a" * 129),
    "DialSipCallId": ("?" * 255, "a b"),
    "CallDuration": ("", "1.5"),
    "Caller": ("anonymous", "An"),
    "CallerName": ("An\nen Jan", None),
    "Called": ("1" * 32, "1" * 33),
    "CalledVia": ("sips:a", "mailto:a"),
    "ForwardedFrom": ("a" * 64 + "@host.be", "a" * 65 + "@host.be"),
    "ParentCallSid": ("CA1", ""),
    "CallToken": ("{}", None),
    "RecordingChannels": ("2", "3"),
    "RecordingSource": ("RecordVerb", "a" * 33),
    "RecordingStartTime": ("Tue, 10 Mar 2026 09:30:00 +0000", "1" * 41),
    "RecordingTrack": ("both", "none"),
    "RecordingUrl": (URL, URL + "/x"),
    "StirVerstat": ("No-TN-Validation", "Validation"),
    "StirPassportToken": ("", None),
    "UnstableSpeechResult": ("a b", None),
    "SipCallId": ("a@b", ""),
    "SipDomain": ("x.sip.twilio.com", "x/y"),
    "SipSourceIp": ("2001:db8::1", "x"),
    "SipResponseCode": ("", "700"),
    "FromCity": ("ST. JOHN'S (NL)", "Gent"),
    "ToState": ("A" * 64, "A" * 65),
    "CallerZip": ("", " 9000"),
    "CalledCountry": ("BE", "BEL"),
}


@pytest.mark.parametrize("name", IGNORED)
def test_what_is_ignored_is_known_by_its_shape_too(name: str):
    """Where a name that we act on begins in another value, shapes tell a real one from words like it."""
    shape = shapes_of(ACCOUNT, TWILIO.call_id, TWILIO.recording_id)[name]
    fits, odd = IGNORED[name]
    assert shape.fullmatch(fits)
    assert odd is None or not shape.fullmatch(odd)


def test_no_known_parameter_is_left_out_above():
    assert {*shapes_of(ACCOUNT, TWILIO.call_id, TWILIO.recording_id)} - ACTED_ON == IGNORED.keys() | {
        who + where
        for who in ("From", "To", "Caller", "Called")
        for where in ("City", "State", "Zip", "Country")
    }


def test_nothing_is_read_that_nobody_acts_on(form: FormReader):
    """What is not handed on cannot be logged, stored or believed."""
    fields = read(form, CallerName="An", RecordingUrl=URL, StirVerstat="TN-Validation-Passed-A", New="1")
    assert set(fields) == {"AccountSid", "CallSid", "From", "To"}


@pytest.mark.parametrize(
    ("changes", "reason", "parameter"),
    [
        ({"AccountSid": None}, "missing", "AccountSid"),
        ({"AccountSid": "AC" + "0b" * 16}, "account", "AccountSid"),
        ({"AccountSid": ""}, "account", "AccountSid"),
        ({"CallSid": None}, "missing", "CallSid"),
        *(
            ({"CallSid": odd}, "field", "CallSid")
            for odd in ("", "CA1", CALL.upper(), CALL + "\n", CALL + "0")
        ),
    ],
)
def test_a_call_is_led_only_for_our_account_and_by_its_id(
    twilio: Twilio, bridge: Bridge, changes: dict[str, str | None], reason: str, parameter: str
):
    """The log has the view, the parameter's name and the reason, and no value."""
    posted = twilio.post(TURN, **changes)
    assert (posted.status_code, posted.data, bridge.heard) == (403, b"", [])
    [line] = [line for line in bridge.logged if line["event"] == "refused"]
    assert (line["view"], line["parameter"], line["reason"]) == ("turn", parameter, reason)


@pytest.mark.parametrize("call", [None, "", "CA1", CALL + "0"])
def test_what_needs_no_call_is_answered_without_its_id(twilio: Twilio, bridge: Bridge, call: str | None):
    """The fallback is the last address a caller can be brought to: it apologises and rings the office."""
    assert twilio.post("/voice/fallback", CallSid=call).data == bridge.sorry
    for path in ("/voice/status", "/voice/recording", "/voice/whisper/accept"):
        assert twilio.post(path, CallSid=call, CallStatus="completed").status_code in {200, 204}
    assert (bridge.untouched, bridge.refused, bridge.failed) == (True, [], [])


def test_another_account_is_refused_everywhere(twilio: Twilio, bridge: Bridge):
    """A secret shared by two accounts does not let one speak for the other."""
    for path in EVERY:
        assert twilio.post(path, AccountSid="AC" + "0b" * 16).status_code == 403
    assert bridge.refused == ["account"] * len(EVERY)


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param("A=1&", id="empty field"),
        pytest.param("A=1&Digits", id="name without a value"),
        pytest.param("A=é", id="not escaped"),
        pytest.param("[]", id="no form at all"),
        pytest.param("&".join(f"a{number}=1" for number in range(MAX_PARAMETERS + 1)), id="too many"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_body_that_is_no_strict_form_is_refused(twilio: Twilio, bridge: Bridge, spoilt: str):
    """What could be read in two ways is not read, and a flood of small parameters costs nothing."""
    assert twilio.post_raw(TURN, spoilt.encode(), "any").status_code == 403
    assert bridge.refused == [("body" if spoilt else "signature")]


def test_a_thousand_parameters_are_read():
    """More than any provider sends."""
    assert len(parse_form("&".join(f"a{number}=1" for number in range(1000)).encode())) == 1000


def test_the_name_of_what_comes_twice_is_told(form: FormReader):
    """The log says which parameter it was, and an address without an id tells of no recording."""
    with pytest.raises(WebhookRejected) as refused:
        form.read(TURN, [("AccountSid", ACCOUNT), ("Digits", "1"), ("Digits", "2")], needs_call=True)
    assert (refused.value.reason, refused.value.parameter) == ("names", "Digits")
    by_address = FormReader(ACCOUNT, TWILIO.call_id, TWILIO.recording_id, recording_in_url=True)
    pairs = [("AccountSid", ACCOUNT), ("CallSid", CALL), ("RecordingUrl", "https://x/y")]
    assert by_address.read(TURN, pairs, needs_call=True)["RecordingSid"] == ""


def test_a_parameter_without_a_name_is_refused():
    """It could be put anywhere into the signed text without changing it."""
    assert parse_form(b"A=&B=1") == [("A", ""), ("B", "1")]
    with pytest.raises(WebhookRejected, match="names"):
        parse_form(b"A=1&=")


@pytest.mark.parametrize("values", ["12", "21", "11"])
def test_a_parameter_that_we_act_on_comes_once(twilio: Twilio, bridge: Bridge, values: str):
    """`Digits=1, 2` and `2, 1` share a signature, and so do one `1` and two: none of them is taken."""
    body = urlencode([*twilio.fields().items(), *(("Digits", value) for value in values)])
    assert twilio.post_raw(TURN, body, sign_pairs(body)).status_code == 403
    assert (bridge.heard, bridge.refused) == ([], ["names"])
