"""From webhook to event: the provider's names end here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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

if TYPE_CHECKING:
    from tests.unit.telephony.telephony_bridge import Bridge, Twilio

CALL = "CA" + "1b" * 16
RECORDING = "RE" + "2c" * 16


def test_the_numbers_first_webhook_is_a_ring(twilio: Twilio, bridge: Bridge):
    """Turn 0: who phones, and which of the office's numbers."""
    twilio.post("/voice", CallStatus="ringing")
    assert bridge.heard == [CallEvent(CALL, 0, Ring("+32470000001", "+3225550101"))]


def test_a_phone_over_the_internet_rings_too(twilio: Twilio, bridge: Bridge):
    """A browser phone or an exchange has an address instead of a number; the dialled digits stand in it."""
    twilio.post("/voice", From="client:demo", To="sip:3225550101@pbx.example.be:5060;transport=tls")
    twilio.post("/voice", From="whatsapp:+32470000001", To="whatsapp:+3225550101")
    twilio.post("/voice", From=None, To=None)
    assert [heard.event for heard in bridge.heard] == [
        Ring("", "+3225550101"),
        Ring("+32470000001", "+3225550101"),
        Ring("", ""),
    ]


SIP: list[tuple[str, DialOutcome]] = [
    ("200", "answered"),
    *(("486", "busy"), ("600", "busy")),
    *(("408", "unanswered"), ("480", "unanswered"), ("487", "unanswered"), ("603", "unanswered")),
    *(("404", "failed"), ("503", "failed"), ("", "failed")),
]


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        pytest.param({"Digits": "482193"}, Keys("482193"), id="keys"),
        pytest.param({"Digits": "*"}, Keys("*"), id="star"),
        pytest.param({"Digits": "A"}, Keys("A"), id="a key few telephones have"),
        pytest.param({"Digits": "12", "FinishedOnKey": "#"}, Keys("12"), id="keys ended by hash"),
        pytest.param({"Digits": "", "FinishedOnKey": "#"}, Keys("#"), id="hash alone"),
        pytest.param({"FinishedOnKey": "#"}, Keys("#"), id="hash alone, no Digits"),
        pytest.param({"Digits": "#"}, Keys("#"), id="hash collected"),
        pytest.param({"Digits": ""}, Silence(), id="silence as an empty value"),
        pytest.param({}, Silence(), id="silence as no value (Somleng)"),
        pytest.param({"Digits": "", "FinishedOnKey": ""}, Silence(), id="time-out"),
        pytest.param({"Digits": "hangup"}, Silence(), id="recording ended by hanging up, no id"),
        pytest.param({"SpeechResult": " ja graag ", "Confidence": "0.91"}, Words("ja graag"), id="words"),
        pytest.param({"SpeechResult": "x" * 1001}, Words("x" * 1000), id="more words than are read"),
        pytest.param({"SpeechResult": "ja\u202e\x00 graag"}, Words("ja graag"), id="words are cleaned"),
        pytest.param({"SpeechResult": "  "}, Silence(), id="no words"),
        pytest.param({"SpeechResult": "twee", "Digits": "1"}, Keys("1"), id="keys win over words"),
        pytest.param({"DialCallStatus": "completed"}, Dialled("answered"), id="dial completed"),
        pytest.param({"DialCallStatus": "answered"}, Dialled("answered"), id="dial answered"),
        pytest.param({"DialCallStatus": "in-progress"}, Dialled("answered"), id="dial in-progress"),
        pytest.param({"DialCallStatus": "busy"}, Dialled("busy"), id="dial busy"),
        pytest.param({"DialCallStatus": "no-answer"}, Dialled("unanswered"), id="dial no-answer"),
        pytest.param({"DialCallStatus": "canceled"}, Dialled("unanswered"), id="dial canceled"),
        pytest.param({"DialCallStatus": "ringing"}, Dialled("unanswered"), id="dial ringing"),
        pytest.param({"DialCallStatus": "failed"}, Dialled("failed"), id="dial failed"),
        pytest.param({"DialCallStatus": "rejected"}, Dialled("unanswered"), id="dial rejected"),
        pytest.param({"DialCallStatus": "queued"}, Dialled("failed"), id="dial odd"),
        *(
            pytest.param(
                {"DialCallStatus": "", "DialSipResponseCode": code}, Dialled(outcome), id=f"sip {code}"
            )
            for code, outcome in SIP
        ),
        pytest.param(
            {"DialCallStatus": "busy", "DialSipResponseCode": "200"}, Dialled("busy"), id="sip, but a status"
        ),
        pytest.param(
            {"DialCallStatus": "completed", "DialBridged": "true"}, Dialled("answered"), id="dial bridged"
        ),
        pytest.param(
            {"DialCallStatus": "completed", "DialBridged": "false", "DialCallDuration": "9"},
            Dialled("unanswered"),
            id="dial answered by a mailbox",
        ),
        pytest.param(
            {"DialCallStatus": "busy", "DialBridged": "false"}, Dialled("busy"), id="dial busy, not bridged"
        ),
        pytest.param(
            {"RecordingSid": RECORDING, "RecordingDuration": "12", "Digits": "hangup"},
            Recorded(RECORDING, 12),
            id="recording",
        ),
        pytest.param({"RecordingSid": RECORDING, "Digits": "1"}, Recorded(RECORDING, 0), id="no duration"),
        pytest.param(
            {"RecordingSid": RECORDING, "RecordingDuration": "-1"}, Recorded(RECORDING, 0), id="not yet known"
        ),
    ],
)
def test_a_turns_webhook_is_one_event(twilio: Twilio, bridge: Bridge, fields: dict[str, str], event: Event):
    """Whatever the provider's spelling, the flow hears one event of its own."""
    assert twilio.post("/voice/turn/12", **fields).status_code == 200
    assert bridge.heard == [CallEvent(CALL, 12, event)]


def test_a_redirect_after_words_is_no_silence(twilio: Twilio, bridge: Bridge):
    """The address tells a nudge from a caller who said nothing, though both come without keys."""
    twilio.post("/voice/turn/12/on")
    assert bridge.heard == [CallEvent(CALL, 12, RedirectReturned())]


@pytest.mark.parametrize("length", [0, 1, 2, 6, 12, 32, 33, 4096])
def test_strings_of_keys_are_keys_or_nothing(twilio: Twilio, bridge: Bridge, length: int):
    """Sixteen keys, eight lengths: what a gather can collect is heard, the rest is silence."""
    for symbol in "0123456789*#ABCD":
        bridge.heard.clear()
        assert twilio.post("/voice/turn/1", Digits=symbol * length).status_code == 200
        heard = Keys(symbol * length) if 0 < length <= 32 else Silence()
        assert [one.event for one in bridge.heard] == [heard]


def test_digits_of_other_scripts_are_no_keys(twilio: Twilio, bridge: Bridge):
    """Python calls many signs digits; a telephone has twelve keys."""
    for digit in "٣²①３𝟑௧๓৩೩፫〇Ⅷ⅓④㊂꘢߃൪𑁩💯":
        assert twilio.post("/voice/turn/1", Digits=digit).status_code == 200
    assert {heard.event for heard in bridge.heard} == {Silence()}


PUBLIC_TURN = "https://bridge.example.be/voice/turn/3"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, {}),
        ({"ErrorCode": "11200"}, {"error_code": "11200"}),
        ({"ErrorCode": "none"}, {}),
        ({"ErrorUrl": PUBLIC_TURN}, {"failed_turn": 3}),
        ({"ErrorUrl": PUBLIC_TURN + "/on#ct=2000"}, {"failed_turn": 3}),
        ({"ErrorUrl": "https://bridge.example.be/voice"}, {"failed_turn": 0}),
        ({"ErrorUrl": "https://evil.example/voice/turn/3"}, {}),
        ({"ErrorUrl": "https://bridge.example.be/voice/status"}, {}),
        ({"DialCallStatus": "busy"}, {"dial": Dialled("busy")}),
        ({"DialSipCallId": "a@b", "DialSipResponseCode": "200"}, {"dial": Dialled("answered")}),
    ],
)
def test_a_fallback_tells_what_went_wrong(
    twilio: Twilio, bridge: Bridge, fields: dict[str, str], told: dict[str, object]
):
    """The call as its first webhook told it, the code, the turn, and what became of a transfer."""
    assert twilio.post("/voice/fallback", **fields).status_code == 200
    ring = CallEvent(CALL, 0, Ring("+32470000001", "+3225550101"))
    assert bridge.fallbacks == [FallbackRequest(ring, **told)]


@pytest.mark.parametrize("status", ["completed", "absent", "failed", "in-progress", "processing"])
def test_the_providers_word_about_a_recording_is_handed_on(twilio: Twilio, bridge: Bridge, status: str):
    """Twilio tells the ids and little else; what the word means is decided behind the line."""
    posted = twilio.post_report(RecordingStatus=status)
    assert (posted.status_code, posted.data) == (204, b"")
    assert bridge.reports == [(CALL, status)]


@pytest.mark.parametrize(
    "changes",
    [
        *(
            {"RecordingUrl": f"{url}/{RECORDING}"}
            for url in ("http://169.254.169.254", "https://api.twilio.com@x")
        ),
        *(
            {"RecordingUrl": url}
            for url in ("file:///etc/passwd", "javascript:alert(1)", "https://" + "a" * 600)
        ),
        *({"RecordingSid": odd} for odd in ("../../Calls", "http://169.254.169.254/", "", None)),
    ],
)
def test_a_hostile_address_leads_nowhere(twilio: Twilio, bridge: Bridge, changes: dict[str, str | None]):
    """Neither an address nor the id of a recording is handed on: the call and the word are enough."""
    assert twilio.post_report(**changes).status_code == 204
    assert bridge.reports == [(CALL, "completed")]


@pytest.mark.parametrize("status", ["Completed", "deleted; drop", "", None])
def test_a_word_that_is_none_of_the_providers_is_not_handed_on(
    twilio: Twilio, bridge: Bridge, status: str | None
):
    """It stands in a log later."""
    assert twilio.post_report(RecordingStatus=status).status_code == 204
    assert bridge.reports == []
