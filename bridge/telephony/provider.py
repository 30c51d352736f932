"""Describes telephony providers as data: other modules ask for a capability, never for a provider's name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bridge.telephony import voices
from bridge.telephony.signature import HmacSignature, Signature


@dataclass(frozen=True, slots=True)
class SpeechRecognition:
    """How a provider is told to recognise one language.

    Attributes:
        locale: the provider's name of the language, such as `nl-BE`.
        model: the provider's model; empty for its default.
        speech_timeout: the seconds of silence that end the words.
    """

    locale: str
    model: str = ""
    speech_timeout: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider and its capabilities; where a flag is off, replies use what every provider understands.

    Attributes:
        signature: how its webhooks are signed.
        call_id: the shape of its call ids.
        recording_id: the shape of its recording ids.
        voices: the names of its voices, by the locale they speak.
        speech_recognition: how it recognises speech, by language; empty means keypad only.
        fragment: the connection overrides it reads from our addresses; it neither sends nor signs them.
        empty_result: it posts the action of a gather also when nothing was pressed.
        ssml: it speaks a `<prosody>` within a prompt.
        dial_extras: it limits the length of a transfer and lets the caller hear it ring.
        whisper: it speaks to whoever picks up before the caller is connected, and takes a key.
        sip: it rings an office's own exchange, with headers.
        record_trim: it cuts silence off a recording, and reports a recording that held nothing else.
        rest_api: the address of its REST API, which keeps the recordings; "" for a provider without one.
    """

    name: str
    signature: Signature
    call_id: re.Pattern[str]
    recording_id: re.Pattern[str]
    voices: voices.Table
    speech_recognition: Mapping[str, SpeechRecognition]
    fragment: str = ""
    empty_result: bool = False
    ssml: bool = False
    dial_extras: bool = False
    whisper: bool = False
    sip: bool = False
    record_trim: bool = False
    rest_api: str = ""


TWILIO = Provider(
    name="twilio",
    signature=HmacSignature("X-Twilio-Signature"),
    call_id=re.compile(r"CA[0-9a-f]{32}"),
    recording_id=re.compile(r"RE[0-9a-f]{32}"),
    voices=voices.TWILIO,
    # A pair of locale and model that Twilio lacks fails the gather: only pairs its tables name.
    speech_recognition={
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
    rest_api="https://api.twilio.com",
)
