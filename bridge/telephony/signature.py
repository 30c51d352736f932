"""Verifies signatures: only somebody who knows the account's secret can sign a webhook."""

import base64
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from werkzeug.datastructures import Headers

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Posted:
    """A webhook as it was posted.

    Attributes:
        addresses: the addresses that may be signed.
        headers: the headers of the request.
        body: its bytes, as they came.
        pairs: its parameters, as names and values.
        received: when it came, in seconds since 1970.
    """

    addresses: Sequence[str]
    headers: Headers
    body: bytes = field(repr=False)
    pairs: Pairs = field(repr=False)
    received: float = 0.0


class Signature(Protocol):
    """The way in which one provider signs."""

    @property
    def covers_body(self) -> bool:
        """Whether the very bytes of the body are signed.

        Else names and values are joined without separators, which may be cut into other parameters.
        """
        ...

    def verify(self, posted: Posted, tokens: Sequence[str], signing_keys: Sequence[str]) -> bool:
        """Tell whether a token or a signing key signed `posted`; any exception counts as a no."""
        ...


def sign(secret: str, address: str, pairs: Pairs, algorithm: str = "sha1") -> bytes:
    """Sign a form post as Twilio does (usage/security): the base64 of an HMAC over address and parameters.

    The parameters are sorted names and values without separators. A repeated name counts with its distinct
    values.
    """
    parameters = "".join([name + value for name, value in sorted(set(pairs))])
    text = (address + parameters).encode(errors="surrogateescape")
    return base64.b64encode(hmac.digest(secret.encode(), text, algorithm))


Kind = Literal["tokens", "signing_keys"]
"""A kind of secret, as the settings name it."""


@dataclass(frozen=True, slots=True)
class HmacSignature:
    """Twilio's signature, and that of providers who copied it.

    Which kind of secret signs with which algorithm is fixed by `algorithms`. Twilio names key and algorithm
    in `X-Twilio-Webhooks-Signature-Settings`; that header is not signed itself, so that it is not believed.
    At Twilio a token of the account signs with HMAC-SHA1, a shared key with HMAC-SHA256. Signed JSON bodies
    are not supported. Where `header` is missing, `older_header` counts.
    """

    header: str = "X-Twilio-Signature"
    older_header: str = ""
    algorithms: tuple[tuple[Kind, str], ...] = (("tokens", "sha1"), ("signing_keys", "sha256"))
    covers_body: bool = False

    def verify(self, posted: Posted, tokens: Sequence[str], signing_keys: Sequence[str]) -> bool:
        """Compare with what every secret that is valid today would have signed, each in constant time."""
        older = posted.headers.get(self.older_header, "") if self.older_header else ""
        given = posted.headers.get(self.header, older).encode()
        secrets_of: Mapping[Kind, Sequence[str]] = {"tokens": tokens, "signing_keys": signing_keys}
        # Nearly always the first one fits. How soon one fits tells which secret was used, and nothing of it.
        return any(
            hmac.compare_digest(given, sign(secret, address, posted.pairs, algorithm))
            for kind, algorithm in self.algorithms
            for secret in secrets_of[kind]
            for address in posted.addresses
        )


_TIMESTAMP = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Ed25519Signature:
    """A signature by a private key of the provider's over the time and the body; we hold the public keys.

    The address is not signed: that a webhook belongs to its turn is found out by the call, which waits for
    one turn only. What is older or newer than `window` seconds is refused: nobody can repeat it later.
    """

    header: str = "telnyx-signature-ed25519"
    time_header: str = "telnyx-timestamp"
    window: float = 300.0
    covers_body: bool = True

    def verify(self, posted: Posted, _tokens: Sequence[str], signing_keys: Sequence[str]) -> bool:
        """Tell whether one of the public keys in `signing_keys` (base64) fits, and the time is near."""
        at = posted.headers.get(self.time_header, "")
        if not _TIMESTAMP.fullmatch(at) or abs(posted.received - int(at)) > self.window:
            return False
        signature = base64.b64decode(posted.headers.get(self.header, ""), validate=True)
        signed = at.encode() + b"|" + posted.body
        return any(_is_signed(_public_key(key), signature, signed) for key in signing_keys)


@lru_cache(maxsize=8)
def _public_key(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))


def _is_signed(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True
