"""The seal: what a call told us is written down so that only this bridge can read it."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bridge.store.errors import DecryptionFailed


class Sealer:
    """Seals with the first secret and opens with every one, so that a secret can be changed under way.

    To change one: add the new secret last everywhere, then put it first, then drop the old one. Counters kept
    under a dropped secret start anew, so keep it as long as locked files shall stay locked.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or not all(keys):
            raise ValueError("The store needs at least one secret to seal with, and none may be empty.")
        self._fernets = MultiFernet([Fernet(urlsafe_b64encode(_derived(key, "seal"))) for key in keys])
        self._hash_keys = tuple(_derived(key, "pseudonym") for key in keys)

    def seal(self, clear: bytes) -> bytes:
        """Encrypt and authenticate; the same bytes never give the same result twice."""
        return self._fernets.encrypt(clear)

    def open(self, sealed: bytes) -> bytes:
        """Give the clear bytes back.

        Raises:
            DecryptionFailed: no configured secret made them, or they were changed.
        """
        try:
            return self._fernets.decrypt(sealed)
        except InvalidToken:
            raise DecryptionFailed from None

    def pseudonym(self, *parts: str) -> str:
        """Name something without telling what it is: 64 hex digits, the same for the same parts."""
        return self.pseudonyms(*parts)[0]

    def pseudonyms(self, *parts: str) -> tuple[str, ...]:
        """Give the pseudonym under every secret, in their order: whoever looks up must try them all."""
        message = json.dumps(parts).encode()
        return tuple(hmac.digest(key, message, hashlib.sha256).hex() for key in self._hash_keys)


def _derived(key: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"bridge store {purpose}".encode()).derive(key.encode())
