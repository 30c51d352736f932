"""SignalWire's compatibility API: Twilio's documents and parameters, with ids and a signing key of its own.

What its documentation does not tell (whispers, limits of a transfer, SSML) counts as missing.
"""

from bridge.provider_accounts import UUID
from bridge.telephony import voices
from bridge.telephony.provider import NumbersApi, Provider, RecordingsApi, SpeechRecognition
from bridge.telephony.signature import HmacSignature

SIGNALWIRE = Provider(
    name="signalwire",
    # Its own package looks for the older header where the newer one is missing. The project's signing key
    # signs, never the API token, which opens its REST API.
    signature=HmacSignature(
        "X-SignalWire-Signature", "X-Twilio-Signature", algorithms=(("signing_keys", "sha1"),)
    ),
    call_id=UUID,
    recording_id=UUID,
    nobodys_call="00000000-0000-0000-0000-000000000000",
    recordings=RecordingsApi(address="", accounts="/api/laml/2010-04-01/Accounts"),
    # The numbers that it has verified are told by another API of its own.
    numbers=NumbersApi(id=UUID, verified=False),
    voices=voices.SIGNALWIRE,
    # It knows no models; Belgian locales are not among the languages that it is known to hear.
    speech_recognition={
        "nl": SpeechRecognition("nl-NL"),
        "fr": SpeechRecognition("fr-FR"),
        "de": SpeechRecognition("de-DE"),
        "en": SpeechRecognition("en-GB"),
    },
    empty_result=True,
    bin="LaML bin",
)
