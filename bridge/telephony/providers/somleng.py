"""Somleng: free software for carriers, which plays the smallest part of Twilio's documents.

It ignores attributes that it does not know, such as a whisper's, and speaks a voice that it does not know
with the account's own. It has no fallback address: what it cannot fetch or read ends the call.
"""

from bridge.provider_accounts import UUID
from bridge.telephony import voices
from bridge.telephony.provider import NumbersApi, Provider, RecordingsApi
from bridge.telephony.signature import HmacSignature

SOMLENG = Provider(
    name="somleng",
    signature=HmacSignature(algorithms=(("tokens", "sha1"),)),
    call_id=UUID,
    recording_id=UUID,
    nobodys_call="00000000-0000-0000-0000-000000000000",
    recordings=RecordingsApi(address="https://api.somleng.org", deletes=False),
    numbers=NumbersApi(id=UUID, fallback=False, verified=False),
    voices=voices.SOMLENG,
    speech_recognition={},
    empty_result=True,
    recording_in_url=True,
)
