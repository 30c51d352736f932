"""Words to whoever picks up: they connect a colleague who presses 1, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.conversation.reply import Whisper
from bridge.telephony import whispers
from bridge.telephony.rejected import WebhookRejected

if TYPE_CHECKING:
    from tests.unit.telephony.telephony_bridge import Bridge, Twilio

PATH = "/voice/whisper/demo/nl/known/payment_plan"
LEG = {
    "Direction": "outbound-dial",
    "From": "+3225550199",
    "To": "+3225550100",
    "ParentCallSid": "CA" + "1b" * 16,
    "CallSid": "CA" + "5f" * 16,
}


@pytest.mark.parametrize("wish", ["", "balance", "payment_plan"])
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_an_address_says_what_the_whisper_was_about(language: str, known: bool, wish: str):  # noqa: FBT001 - parametrized
    """Nothing is stored: what is read is what was written."""
    whisper = Whisper("office-2", language, known, wish)
    _, _, room, *parts = whispers.path(whisper).split("/")
    assert (room, whispers.parse(*parts)) == ("whisper", whisper)


def test_a_colleague_hears_what_the_line_says_about_the_caller(twilio: Twilio, bridge: Bridge):
    """Neither database nor Tagor is asked: the address holds everything."""
    posted = twilio.post(PATH, **LEG)
    assert (posted.status_code, posted.data) == (200, bridge.words)
    assert bridge.whispered == [Whisper("demo", "nl", known=True, wish="payment_plan")]
    assert bridge.heard == []


def test_a_colleague_at_an_exchange_hears_it_too(twilio: Twilio, bridge: Bridge):
    """Their leg's number is a sip address, with the header that was sent along."""
    to = "sip:desk@pbx.example.be:5061;transport=tls;region=ie1?X-Tagor-File=2023%2F17"
    assert twilio.post(PATH, **LEG | {"To": to}).data == bridge.words


def test_trouble_with_the_words_connects_nobody(twilio: Twilio, bridge: Bridge):
    """The colleague's leg ends, so the caller comes back and is looked after; the log has it."""
    bridge.trouble = KeyError("demo")
    posted = twilio.post(PATH, **LEG)
    assert (posted.status_code, posted.data) == (200, whispers.DECLINED)
    assert [view for view, _ in bridge.failed] == ["whisper"]


@pytest.mark.parametrize(
    ("fields", "connected"),
    [
        ({"Digits": "1"}, True),
        ({"Digits": "2"}, False),
        ({"Digits": "11"}, False),
        ({"Digits": "*"}, False),
        ({"Digits": ""}, False),
        ({"Digits": "", "FinishedOnKey": "#"}, False),
        ({"SpeechResult": "1"}, False),
        ({}, False),
    ],
)
def test_only_key_1_connects(twilio: Twilio, bridge: Bridge, fields: dict[str, str], connected: bool):  # noqa: FBT001 - parametrized
    """An empty document connects the two; anything else ends the colleague's leg."""
    posted = twilio.post("/voice/whisper/accept", **LEG, **fields)
    assert (posted.status_code, posted.content_type) == (200, "text/xml; charset=utf-8")
    assert posted.data == (whispers.ACCEPTED if connected else whispers.DECLINED)
    assert bridge.heard == []


@pytest.mark.parametrize(
    "path",
    [
        "/voice/whisper/demo/nl/known",
        "/voice/whisper/demo/nl/known/balance/1",
        "/voice/whisper/demo/nl/known/",
        "/voice/whisper//nl/known/balance",
        "/voice/whisper/Demo/nl/known/balance",
        "/voice/whisper/" + "d" * 32 + "/nl/known/balance",
        "/voice/whisper/../nl/known/balance",
        "/voice/whisper/%2e%2e/nl/known/balance",
        "/voice/whisper/demo%2f..%2f/nl/known/balance",
        "/voice/whisper/demo/NL/known/balance",
        "/voice/whisper/demo/it/known/balance",
        "/voice/whisper/demo/nl/yes/balance",
        "/voice/whisper/demo/nl/KNOWN/balance",
        "/voice/whisper/demo/nl/known/Balance",
        "/voice/whisper/demo/nl/known/--",
        "/voice/whisper/demo/nl/known/1a",
        "/voice/whisper/demo/nl/known/balance%00",
        "/voice/whisper/demo/nl/known/balance%0a",
        "/voice/whisper/demo/nl/known/b%61lance",
        "/voice/whisper/demo/nl/known/" + "b" * 41,
        "/voice/whisper/demo/nl/known/saldo%20van%20Janssens",
        "/voice/whisper/demo/nl/known/%D9%A3",
        "/voice/whisper/demo/nl/known/balance?Digits=1",
        "/voice/whisper/accept/",
        "/voice/whisper/accept?Digits=1",
        "/voice/whisper",
    ],
)
def test_no_other_address_is_one_of_ours(twilio: Twilio, bridge: Bridge, path: str):
    """Even properly signed: only what we write ourselves is read."""
    assert twilio.post(path, **LEG, Digits="1").status_code in {403, 404}
    assert bridge.whispered == []


def test_a_stranger_hears_nothing(twilio: Twilio, bridge: Bridge):
    """A whisper is signed like everything else."""
    fields = twilio.fields(**LEG)
    for path in (PATH, "/voice/whisper/accept"):
        posted = twilio.post_raw(path, "&".join(fields), "forged")
        assert (posted.status_code, posted.data) == (403, b"")
    assert bridge.whispered == []


@pytest.mark.parametrize("parts", [("a b", "nl", "known", "-"), ("demo", "nl", "known", "")])
def test_reading_refuses_what_writing_cannot_have_made(parts: tuple[str, str, str, str]):
    """The address is checked before anything is done with it."""
    with pytest.raises(WebhookRejected):
        whispers.parse(*parts)
