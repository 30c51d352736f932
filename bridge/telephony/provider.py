"""What one telephony provider does its own way, as data: the room asks for a capability, never for a name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bridge.telephony import voices
from bridge.telephony.signature import HmacSha1, Signature


@dataclass(frozen=True, slots=True)
class SpeechRecognition:
    """How a provider is told to recognise one language.

    Its locale there, the model (empty: the provider's default) and the seconds of silence that end the words.
    """

    locale: str
    model: str = ""
    speech_timeout: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A provider and its capabilities; where a flag is off, replies keep to what every provider understands.

    Attributes:
        signature: how its webhooks are signed.
        call_id: the shape of its call ids.
        recording_id: the shape of its recording ids.
        voices: which voices speak which locale.
        ears: by language, how to recognise speech; empty means keypad only.
        fragment: connection overrides it reads from our addresses and neither sends nor signs.
        empty_result: posts the gather's action also when nothing was pressed.
        ssml: speaks a `<prosody>` within a prompt.
        dial_extras: limits a transfer's length and lets the caller hear it ring.
        whisper: speaks to whoever picks up before the caller is connected, and takes a key.
        sip: rings an office's own exchange, with headers.
        record_trim: cuts silence off a recording, and tells when there was nothing else.
        api: where its REST API is, which keeps the recordings; "" for a provider without.
    """

    name: str
    signature: Signature
    call_id: re.Pattern[str]
    recording_id: re.Pattern[str]
    voices: voices.Table
    ears: Mapping[str, SpeechRecognition]
    fragment: str = ""
    empty_result: bool = False
    ssml: bool = False
    dial_extras: bool = False
    whisper: bool = False
    sip: bool = False
    record_trim: bool = False
    api: str = ""


TWILIO = Provider(
    name="twilio",
    signature=HmacSha1("X-Twilio-Signature"),
    call_id=re.compile(r"CA[0-9a-f]{32}"),
    recording_id=re.compile(r"RE[0-9a-f]{32}"),
    voices=voices.TWILIO,
    # A pair of locale and model that Twilio lacks fails the gather: only pairs its tables name.
    ears={
        "nl": SpeechRecognition("nl-BE", "deepgram_nova-3"),
        "fr": SpeechRecognition("fr-FR", "experimental_utterances"),
        "de": SpeechRecognition("de-DE"),
        "en": SpeechRecognition("en-GB"),
    },
    # Two tries of at most 7 s each stay within the 15 s a call waits (usage/webhooks-connection-overrides).
    fragment="#ct=2000&rt=5000&rc=1&rp=ct,rt,5xx&e=dublin,frankfurt",
    empty_result=True,
    ssml=True,
    dial_extras=True,
    whisper=True,
    sip=True,
    record_trim=True,
    api="https://api.twilio.com",
)
