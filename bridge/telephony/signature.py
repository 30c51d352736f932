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

    def verify(self, posted: Posted, secrets: Sequence[str]) -> bool:
        """Tell whether one of `secrets` signed `posted`; any exception counts as a no."""
        ...


def sign(secret: str, address: str, pairs: Pairs) -> str:
    """Sign a form post as Twilio documents it (usage/security).

    Base64 of HMAC-SHA1 over the address and every name with its value, sorted, without separators; a repeated
    name counts with its distinct values.
    """
    text = address + "".join(name + value for name, value in sorted(set(pairs)))
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha1")).decode()


@dataclass(frozen=True, slots=True)
class HmacSha1:
    """Twilio's signature, and that of providers who copied it.

    The algorithm is ours to choose: Twilio's settings header, which names one, is itself not signed. Signed
    JSON bodies and SHA-256 keys are not supported; such a request finds no equal signature here.
    """

    header: str = "X-Twilio-Signature"

    def verify(self, posted: Posted, secrets: Sequence[str]) -> bool:
        """Compare with every secret that is valid today, each in constant time."""
        given = posted.headers.get(self.header, "").encode()
        made = [sign(secret, address, posted.pairs) for secret in secrets for address in posted.addresses]
        return any(hmac.compare_digest(given, one.encode()) for one in made)
