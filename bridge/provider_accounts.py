"""What an account at each telephony provider looks like in the settings: its id, its secrets, its host."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The shape of ids at providers who number accounts, calls or recordings by UUIDs."""
_PUBLIC_KEY_BYTES = 32

Name = Literal["twilio", "signalwire", "telnyx", "somleng"]
"""The providers that BRIDGE_PROVIDER may name; `telephony/providers` says what each of them can do."""


@dataclass(frozen=True, slots=True)
class AccountShape:
    """How one provider's account is written in the settings.

    `account` is the shape of its id, and `account_is` says so. `token_is` and `key_is` say what BRIDGE_TOKENS
    and BRIDGE_SIGNING_KEYS hold; `keys` tells whether there must be a signing key, may be one, or is none.
    With `own_host` each customer has a host of their own; with `public_key` a signing key is a public one.
    """

    account: re.Pattern[str]
    account_is: str
    token_is: str
    keys: Literal["needed", "possible", "none"]
    key_is: str
    own_host: bool = False
    public_key: bool = False


SHAPES: Mapping[Name, AccountShape] = {
    "twilio": AccountShape(
        re.compile(r"AC[0-9a-f]{32}"),
        "the account's SID: AC and then 32 digits or letters a to f",
        "the account's auth token, which signs webhooks and opens the REST API",
        "possible",
        "a shared key of the account",
    ),
    "signalwire": AccountShape(
        UUID,
        "the project's id, a UUID such as 01234567-89ab-cdef-0123-456789abcdef",
        "an API token of the project, which opens the REST API",
        "needed",
        "the project's signing key, which signs webhooks",
        own_host=True,
    ),
    "telnyx": AccountShape(
        UUID,
        "the account's id, a UUID such as 01234567-89ab-cdef-0123-456789abcdef",
        "an API key of the account, which opens the REST API",
        "needed",
        "the account's public key, in base64, by which signatures are checked",
        public_key=True,
    ),
    "somleng": AccountShape(
        UUID,
        "the account's SID, a UUID such as 01234567-89ab-cdef-0123-456789abcdef",
        "the account's auth token, which signs webhooks and opens the REST API",
        "none",
        "nothing",
    ),
}


def is_public_key(text: str) -> bool:
    """Tell whether a text is an Ed25519 public key in base64."""
    try:
        return len(base64.b64decode(text, validate=True)) == _PUBLIC_KEY_BYTES
    except ValueError:
        return False


def account_mistakes(name: Name, *, signing_keys: tuple[str, ...], api: str) -> list[str]:
    """List what does not go together with this provider: sentences that name settings, not values."""
    shape, found = SHAPES[name], []
    if shape.keys == "needed" and not signing_keys:
        found.append(f"BRIDGE_SIGNING_KEYS is missing: for {name} it holds {shape.key_is}.")
    if shape.keys == "none" and signing_keys:
        found.append(f"BRIDGE_SIGNING_KEYS must be left out: {name} signs with the token.")
    if shape.public_key and not all(map(is_public_key, signing_keys)):
        found.append(f"BRIDGE_SIGNING_KEYS must hold {shape.key_is}: 44 signs that end with =.")
    if shape.own_host and not api:
        found.append(
            f"BRIDGE_PROVIDER_API is missing: for {name} it is your own address, "
            "such as https://example.signalwire.com."
        )
    return found
