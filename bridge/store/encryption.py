"""Encryption: what a call told us is written down so that only this bridge can read it."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bridge.store.errors import DecryptionFailed


class Sealer:
    """Seals bytes with the first secret, opens them with every one, and gives names that tell nothing.

    To change a secret, add the new one last everywhere, then put it first, then drop the old one once
    `bridge doctor` names nothing that only the old one opens.

    Args:
        secrets: the configured secrets, the current one first.
        hash_keys: gives the keys of pseudonyms, the current one first; by default they come from the secrets.

    Raises:
        ValueError: there is no secret, or an empty one.
    """

    def __init__(
        self, secrets: Sequence[str], hash_keys: Callable[[], Sequence[bytes]] | None = None
    ) -> None:
        if not secrets or not all(secrets):
            raise ValueError("The store needs at least one secret to seal with, and none may be empty.")
        self._secrets = tuple(secrets)
        self._fernets = MultiFernet([Fernet(urlsafe_b64encode(_derived(one, "seal"))) for one in secrets])
        self.derived_hash_keys = tuple(_derived(one, "pseudonym") for one in secrets)
        self.key_id = _derived(secrets[0], "key id").hex()[:16]
        self._hash_keys = hash_keys or (lambda: self.derived_hash_keys)

    def with_hash_keys(self, hash_keys: Callable[[], Sequence[bytes]]) -> "Sealer":
        """Give a sealer with the same secrets that takes the keys of its pseudonyms from elsewhere."""
        return Sealer(self._secrets, hash_keys)

    def seal(self, clear: bytes) -> bytes:
        """Encrypt and authenticate bytes; the same bytes never give the same result twice."""
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

    def count_unreadable(self, sealed: Iterable[bytes]) -> int:
        """Count the bytes that no configured secret opens."""
        unreadable = 0
        for one in sealed:
            try:
                self.open(one)
            except DecryptionFailed:
                unreadable += 1
        return unreadable

    def pseudonym(self, *parts: str) -> str:
        """Name something without telling what it is: 64 hex digits, the same for the same parts."""
        return self.pseudonyms(*parts)[0]

    def pseudonyms(self, *parts: str) -> tuple[str, ...]:
        """Give the pseudonym under every hash key, the current one first; a lookup must try them all."""
        message = json.dumps(parts).encode()
        return tuple(hmac.digest(key, message, hashlib.sha256).hex() for key in self._hash_keys())


def _derived(secret: str, purpose: str) -> bytes:
    """Derive a key of 32 bytes for one purpose, so that no key is ever used for two."""
    return HKDF(SHA256(), 32, salt=None, info=f"bridge store {purpose}".encode()).derive(secret.encode())
