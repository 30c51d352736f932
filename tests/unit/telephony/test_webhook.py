"""From webhook to event: the provider's names end here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.flow.inbound import (
    CallEvent,
    Dialled,
    Event,
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
    """A browser phone or a PBX has an address instead of a number."""
    twilio.post("/voice", From="client:demo", To="sip:office@pbx.example.be:5060;transport=tls")
    assert bridge.heard[0].event == Ring("", "sip:office@pbx.example.be:5060;transport=tls")


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
        pytest.param({"SpeechResult": "x" * 1000}, Words("x" * 1000), id="many words"),
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


SYMBOLS = "0123456789*#ABCD"
LENGTHS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 32, 33, 64, 512, 4096)


@pytest.mark.parametrize("length", LENGTHS)
def test_256_strings_of_keys_are_keys_or_refused(twilio: Twilio, bridge: Bridge, length: int):
    """Sixteen keys, sixteen lengths: what our gathers can collect is heard, what they cannot is refused."""
    for symbol in SYMBOLS:
        bridge.heard.clear()
        posted = twilio.post("/voice/turn/1", Digits=symbol * length)
        events = [heard.event for heard in bridge.heard]
        if length > 32:
            assert (posted.status_code, events) == (403, [])
        else:
            assert (posted.status_code, events) == (200, [Keys(symbol * length) if length else Silence()])


@pytest.mark.parametrize("digit", "٣²①３𝟑௧๓৩೩፫〇Ⅷ⅓④㊂꘢߃൪𑁩💯")
def test_digits_of_other_scripts_are_no_keys(twilio: Twilio, bridge: Bridge, digit: str):
    """Python calls many signs digits; a telephone has twelve keys."""
    assert twilio.post("/voice/turn/1", Digits=digit).status_code == 403
    assert bridge.heard == []
