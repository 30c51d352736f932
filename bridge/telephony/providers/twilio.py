"""Twilio: the provider whose documents and webhooks all the others copied."""

import re

from bridge.telephony import voices
from bridge.telephony.provider import FunctionsApi, NumbersApi, Provider, RecordingsApi, SpeechRecognition
from bridge.telephony.signature import HmacSignature

TWILIO = Provider(
    name="twilio",
    signature=HmacSignature(),
    call_id=re.compile(r"CA[0-9a-f]{32}"),
    recording_id=re.compile(r"RE[0-9a-f]{32}"),
    nobodys_call="CA" + "0" * 32,
    recordings=RecordingsApi(
        address="https://api.twilio.com",
        nobodys="RE" + "0" * 32,
        protected_in="Enforce HTTP Auth on Media URLs (Voice, Settings, General)",
    ),
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
    numbers=NumbersApi(id=re.compile(r"PN[0-9a-f]{32}")),
    functions=FunctionsApi(
        address="https://serverless.twilio.com", uploads="https://serverless-upload.twilio.com"
    ),
)
