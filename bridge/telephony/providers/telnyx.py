"""Telnyx TeXML: Twilio's documents; webhooks are signed by a private key, over the time and the body.

What its documentation does not tell (silence as a webhook, whispers, SSML, words without an engine) counts as
missing.
"""

import re

from bridge.provider_accounts import UUID
from bridge.telephony import voices
from bridge.telephony.provider import NumbersApi, Provider, RecordingsApi
from bridge.telephony.signature import Ed25519Signature

TELNYX = Provider(
    name="telnyx",
    signature=Ed25519Signature(),
    call_id=re.compile(r"v[0-9]:[A-Za-z0-9_-]{20,120}"),
    recording_id=UUID,
    nobodys_call="v3:" + "0" * 54,
    # A recording's entry tells where its sound is, for ten minutes: in the storage that Telnyx rents.
    recordings=RecordingsApi(
        address="https://api.telnyx.com",
        accounts="/v2/texml/Accounts",
        bearer=True,
        media_hosts=(".amazonaws.com", ".telnyx.com"),
    ),
    numbers=NumbersApi(id=re.compile(r"[0-9]{1,20}"), applications=True),
    voices=voices.TELNYX,
    speech_recognition={},
    bin="TeXML bin",
)
