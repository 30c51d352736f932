"""Verifies signatures: only somebody who knows the account's secret can sign a webhook."""

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from werkzeug.datastructures import Headers

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Posted:
    """A webhook as it was posted: the addresses that may be signed, its headers, raw body and parameters."""

    addresses: Sequence[str]
    headers: Headers
    body: bytes = field(repr=False)
    pairs: Pairs = field(repr=False)


class Signature(Protocol):
    """The way in which one provider signs."""

    def verify(self, posted: Posted, tokens: Sequence[str], signing_keys: Sequence[str]) -> bool:
        """Tell whether a token or a signing key signed `posted`; any exception counts as a no."""
        ...


def sign(secret: str, address: str, pairs: Pairs, algorithm: str = "sha1") -> str:
    """Sign a form post as Twilio documents it (usage/security).

    The signature is the base64 of an HMAC over the address and every name with its value, sorted, without
    separators; a repeated name counts with its distinct values.
    """
    text = address + "".join(name + value for name, value in sorted(set(pairs)))
    made = hmac.digest(secret.encode(), text.encode(errors="surrogateescape"), algorithm)
    return base64.b64encode(made).decode()


@dataclass(frozen=True, slots=True)
class HmacSignature:
    """Twilio's signature, and that of providers who copied it.

    A token of the account signs with HMAC-SHA1, a shared key with HMAC-SHA256. Twilio names key and algorithm
    in `X-Twilio-Webhooks-Signature-Settings`; that header is not signed itself, so that it is not believed:
    which algorithm goes with which secret stands in our settings. Signed JSON bodies are not supported.
    """

    header: str = "X-Twilio-Signature"

    def verify(self, posted: Posted, tokens: Sequence[str], signing_keys: Sequence[str]) -> bool:
        """Compare with what every secret that is valid today would have signed, each in constant time."""
        given = posted.headers.get(self.header, "").encode()
        made = [
            sign(secret, address, posted.pairs, algorithm)
            for secrets, algorithm in ((tokens, "sha1"), (signing_keys, "sha256"))
            for secret in secrets
            for address in posted.addresses
        ]
        return any(hmac.compare_digest(given, one.encode()) for one in made)
