"""Describes an account: the number that rings, and how its provider differs from the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random

from bridge.simulators.provider.recording_store import StoreRecording, discard_recording
from bridge.simulators.provider.retry_policy import RetryPolicy
from bridge.simulators.provider.signature import BodySigner, Signer, twilio
from bridge.simulators.provider.unannounced import (
    NUMBERS,
    AddressForms,
    Pairs,
    Results,
    Unannounced,
    as_documented,
    everything_seen,
    nothing,
    with_odd_values,
)
from bridge.simulators.provider.voices import TWILIO_LISTENING, TWILIO_VOICES


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """One phone number as the provider's console knows it.

    URLs are absolute; `number` is E.164; `owned` are further numbers a transfer may show as caller id. What
    callers leave is handed to `keep`. `sounds` is the provider's cache: how many seconds the sound at a URL
    lasts. A sound that nobody serves, such as one of the provider's own, must stand there from the start.
    """

    voice_url: str
    account_sid: str
    auth_token: str = field(repr=False)
    number: str = "+3225550100"
    fallback_url: str | None = None
    status_url: str | None = None
    owned: frozenset[str] = frozenset()
    keep: StoreRecording = field(default=discard_recording, repr=False)
    sounds: dict[str, float] = field(default_factory=dict, repr=False, compare=False)


Parameters = Callable[[dict[str, str], Pairs], dict[str, str]]
"""(fields of a call by name, results of a verb) -> the fields as this provider posts them."""


def all_parameters(fields: dict[str, str], _results: Pairs) -> dict[str, str]:
    """Post every field, whatever the webhook is about."""
    return fields


@dataclass(frozen=True, slots=True)
class Profile:
    """Describes how one provider differs from another; all of it is data.

    - `call_id` makes a CallSid, `sign` the headers that prove a request.
    - `capabilities` are what the provider can do beyond the portable verbs; a document that needs more is
      refused.
    - `overrides`: whether it reads `#ct=...` from URLs. `fallback`: whether it turns to the fallback URL.
    - `silence`: the Digits that an empty Gather posts; None leaves the parameter out.
    - `max_say_length` counts the characters of one Say; `max_documents` is a guard of our own.
    - `recording_id` makes the id of a recording, `number_id` the id of a number by its count.
      `redirect_seconds` pass before each Redirect.
    - `accounts` is the path of its REST API above an account; `bearer` tells that the token goes alone,
      `media` that a recording's entry tells where its sound is, `deletes` that a recording can be deleted,
      `functions` that it hosts functions, `verified` that it tells which numbers of others may be shown,
      `applications` that the addresses of numbers belong to applications.
    - `parameters` writes the fields of a call besides a verb's results, which are given; `sign_body`, where
      there is one, signs the body and the time (seconds since 1970) in place of `sign`.
    - `unannounced` draws the fields a request carries besides its own, `results` how a verb's results are
      written; `addresses` says how the parties of a call are.
    """

    name: str
    call_id: Callable[[Random], str]
    sign: Signer
    voices: Mapping[str, frozenset[str]]
    listening: Mapping[str, frozenset[str]]
    capabilities: frozenset[str]
    headers: Mapping[str, str]
    api: str
    withheld: str = "+266696687"  # ANONYMOUS on a telephone's keys
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    overrides: bool = True
    fallback: bool = True
    silence: str | None = ""
    max_document_bytes: int = 64 * 1024
    max_say_length: int = 3000
    redirects: int = 10
    max_documents: int = 200
    recording_id: Callable[[Random], str] = lambda random: sid("RE", random)
    number_id: Callable[[int], str] = "PN{:032x}".format
    redirect_seconds: float = 0.0
    accounts: str = "/2010-04-01/Accounts"
    bearer: bool = False
    media: bool = False
    deletes: bool = True
    functions: bool = False
    verified: bool = True
    applications: bool = False
    parameters: Parameters = all_parameters
    sign_body: BodySigner | None = None
    unannounced: Unannounced = nothing
    results: Results = as_documented
    addresses: AddressForms = NUMBERS


def sid(prefix: str, random: Random) -> str:
    """Draw a Twilio identifier: two letters and 32 hexadecimal digits."""
    return f"{prefix}{random.getrandbits(128):032x}"


TWILIO = Profile(
    name="twilio",
    call_id=partial(sid, "CA"),
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
    functions=True,
)

TWILIO_AS_SEEN = replace(TWILIO, unannounced=everything_seen, results=with_odd_values)
"""Twilio with everything it sends unannounced."""
