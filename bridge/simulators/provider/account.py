"""Describes an account: the number that rings, and how its provider differs from the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from bridge.simulators.provider.recording_store import StoreRecording, discard_recording
from bridge.simulators.provider.retry_policy import RetryPolicy
from bridge.simulators.provider.signature import Signer, twilio, twilio_shared_key
from bridge.simulators.provider.unannounced import Unannounced, everything_seen, nothing
from bridge.simulators.provider.voices import TWILIO_LISTENING, TWILIO_VOICES


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """One phone number as the provider's console knows it.

    URLs are absolute; `number` is E.164; `owned` are further numbers a transfer may show as caller id. What
    callers leave is handed to `keep`.
    """

    voice_url: str
    account_sid: str
    auth_token: str = field(repr=False)
    number: str = "+3225550100"
    fallback_url: str | None = None
    status_url: str | None = None
    owned: frozenset[str] = frozenset()
    keep: StoreRecording = field(default=discard_recording, repr=False)


@dataclass(frozen=True, slots=True)
class Profile:
    """Describes how one provider differs from another; all of it is data.

    - `call_id` makes a CallSid, `sign` the headers that prove a request.
    - `capabilities` are the flags of telephony.md §6; a verb or attribute that needs another one is refused.
    - `overrides`: reads `#ct=...` from URLs. `fallback`: turns to the fallback URL.
    - `silence`: the Digits an empty Gather posts; None leaves the parameter out.
    - `max_say_length` counts the characters of one Say; `max_documents` is a guard of our own.
    - `unannounced` draws the fields a request carries besides its own; `odd`: results have odd values, too.
    """

    name: str
    call_id: Callable[[Random], str]
    sign: Signer
    voices: Mapping[str, frozenset[str]]
    listening: Mapping[str, frozenset[str]]
    capabilities: frozenset[str]
    headers: Mapping[str, str]
    api: str
    withheld: str = "+266696687"
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    overrides: bool = True
    fallback: bool = True
    silence: str | None = ""
    max_document_bytes: int = 64 * 1024
    max_say_length: int = 3000
    redirects: int = 10
    max_documents: int = 60
    unannounced: Unannounced = nothing
    odd: bool = False


def sid(prefix: str, random: Random) -> str:
    """Draw a Twilio identifier: two letters and 32 hexadecimal digits."""
    return f"{prefix}{random.getrandbits(128):032x}"


def _call_sid(random: Random) -> str:
    return sid("CA", random)


TWILIO = Profile(
    name="twilio",
    call_id=_call_sid,
    sign=twilio,
    voices=TWILIO_VOICES,
    listening=TWILIO_LISTENING,
    capabilities=frozenset(
        {"empty_result", "speech", "ssml", "pause", "dial_extras", "whisper", "record_trim"}
    ),
    headers={
        "Accept": "*/*",
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "User-Agent": "TwilioProxy/1.1",
        "X-Home-Region": "us1",
    },
    api="https://api.twilio.com",
)

TWILIO_AS_SEEN = replace(TWILIO, unannounced=everything_seen, odd=True)
"""Twilio with everything it sends unannounced."""
TWILIO_SHARED_KEY = replace(TWILIO_AS_SEEN, sign=twilio_shared_key)
"""The same, signed by HMAC-SHA256 with a shared key."""
