"""The providers beside Twilio, each with what it leaves out, writes otherwise, or does slowly.

Sources: the vendors' documentation of webhooks and verbs, and the source code of somleng-switch.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bridge.simulators.provider.account import TWILIO, Profile
from bridge.simulators.provider.retry_policy import RetryPolicy
from bridge.simulators.provider.signature import signalwire, somleng, telnyx
from bridge.simulators.provider.unannounced import Pairs
from bridge.simulators.provider.voices import SIGNALWIRE_VOICES, SOMLENG_VOICES, TELNYX_VOICES

_FORM = "application/x-www-form-urlencoded"
_AGENTS = {"Accept": "*/*", "Content-Type": f"{_FORM}; charset=UTF-8"}


def _uuid(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128)))


def _numbered_uuid(count: int) -> str:
    return str(UUID(int=count))


def _telnyx_call(random: Random) -> str:
    text = base64.urlsafe_b64encode(random.randbytes(40)).decode().rstrip("=")
    return f"v3:{text}"


def _without(pairs: Pairs, *names: str) -> Pairs:
    return tuple(pair for pair in pairs if pair[0] not in names)


def _only_keys(result: Pairs, _random: Random) -> Pairs:
    """Tell which keys were pressed, and neither what ended them nor whether two were bridged."""
    return _without(result, "FinishedOnKey", "msg", "DialBridged", "Language")


def _somleng_results(result: Pairs, random: Random) -> Pairs:
    """Tell a recording by its address alone, and of a caller who left that it was still ringing."""
    told = dict(_only_keys(result, random))
    if told.get("DialCallStatus") == "canceled":
        told["DialCallStatus"] = "ringing"
    if "RecordingUrl" in told:
        told = {name: value for name, value in told.items() if name not in {"RecordingSid", "Digits"}}
    return tuple(told.items())


def _somleng_parameters(fields: dict[str, str], _results: Pairs) -> dict[str, str]:
    """Leave out all places, which only Twilio looks up."""
    places = ("City", "State", "Zip", "Country")
    return {name: value for name, value in fields.items() if not name.endswith(places)}


def _telnyx_parameters(fields: dict[str, str], results: Pairs) -> dict[str, str]:
    """Leave the state of the call out of what a verb reports; name the call twice."""
    left_out = {"Direction", "ApiVersion"} if results else set()
    if any(name == "Digits" for name, _ in results):
        left_out |= {"CallStatus"}
    plain = {
        name: value
        for name, value in _somleng_parameters(fields, results).items()
        if name not in left_out | {"Caller", "Called"}
    }
    return {**plain, "CallSidLegacy": fields["CallSid"], "ConnectionId": "1494404757140276705"}


SIGNALWIRE = replace(
    TWILIO,
    name="signalwire",
    call_id=_uuid,
    recording_id=_uuid,
    number_id=_numbered_uuid,
    sign=signalwire,
    voices=SIGNALWIRE_VOICES,
    listening={language: frozenset({""}) for language in ("nl-NL", "fr-FR", "de-DE", "en-GB")},
    capabilities=frozenset({"empty_result", "speech", "pause"}),
    headers=_AGENTS,
    api="https://example.signalwire.com",
    accounts="/api/laml/2010-04-01/Accounts",
    retry_policy=RetryPolicy(connect=2.0, read=5.0, total=7.0, retries=0),
    overrides=False,
    functions=False,
    verified=False,
    results=_only_keys,
)
TELNYX = replace(
    TWILIO,
    name="telnyx",
    call_id=_telnyx_call,
    recording_id=_uuid,
    sign_body=telnyx,
    voices=TELNYX_VOICES,
    listening={},
    capabilities=frozenset(),
    headers=_AGENTS,
    api="https://api.telnyx.com",
    accounts="/v2/texml/Accounts",
    number_id="{:019d}".format,
    bearer=True,
    media=True,
    applications=True,
    overrides=False,
    functions=False,
    withheld="anonymous",
    parameters=_telnyx_parameters,
    results=_only_keys,
)
SOMLENG = replace(
    TWILIO,
    name="somleng",
    call_id=_uuid,
    recording_id=_uuid,
    number_id=_numbered_uuid,
    sign=somleng,
    voices=SOMLENG_VOICES,
    listening={},
    capabilities=frozenset({"empty_result"}),
    headers=_AGENTS,
    api="https://api.somleng.org",
    deletes=False,
    retry_policy=RetryPolicy(retries=0),
    overrides=False,
    functions=False,
    verified=False,
    fallback=False,
    silence=None,
    redirect_seconds=1.0,
    parameters=_somleng_parameters,
    results=_somleng_results,
)
PROFILES: Mapping[str, Profile] = {one.name: one for one in (TWILIO, SIGNALWIRE, TELNYX, SOMLENG)}
"""Every simulated provider, by the name that BRIDGE_PROVIDER has for it."""


@dataclass(frozen=True, slots=True)
class SimulatedAccount:
    """An account at a simulated provider.

    `token` opens the REST API, and `signs_with` is what the provider signs with; `settings` are what the
    bridge is told.
    """

    account: str
    token: str = field(repr=False)
    signs_with: str = field(repr=False)
    settings: Mapping[str, str] = field(repr=False)


def new_account(provider: str = "twilio") -> SimulatedAccount:
    """Make an account with secrets of its own, as `provider` writes them."""
    token = secrets.token_hex(16)
    account = (
        f"AC{secrets.token_hex(16)}" if provider == "twilio" else str(UUID(bytes=secrets.token_bytes(16)))
    )
    settings = {"BRIDGE_PROVIDER": provider, "BRIDGE_ACCOUNT": account, "BRIDGE_TOKENS": token}
    signs_with = token
    if provider == "signalwire":
        signs_with = settings["BRIDGE_SIGNING_KEYS"] = f"PSK_{secrets.token_hex(16)}"
    elif provider == "telnyx":
        seed = secrets.token_bytes(32)
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        signs_with = base64.b64encode(seed).decode()
        settings["BRIDGE_SIGNING_KEYS"] = base64.b64encode(public).decode()
    return SimulatedAccount(account, token, signs_with, settings)
