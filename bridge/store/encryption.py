"""Encryption: what a call told us is written down so that only this bridge can read it, in its place only.

Values are sealed by AES-256-GCM. A sealed value is a mark, the id of the secret's key, a nonce of twelve
random bytes and the ciphertext; its place (table, column, row) is authenticated with it, so that whoever can
write into the database cannot put one row's value into another. Random nonces are safe for four billion
values under one secret: a line with a thousand turns a minute needs years for that. What Fernet sealed before
is still read, and sealed anew when it is written next.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bridge.store.errors import DecryptionFailed

_MARK = b"\x01"
_KEY_ID = slice(1, 5)
_NONCE = slice(5, 17)


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
        key_ids = [_derived(one, "key id") for one in secrets]
        ciphers = [AESGCM(_derived(one, "aead")) for one in secrets]
        self._ciphers = {key_id[:4]: cipher for key_id, cipher in zip(key_ids, ciphers, strict=True)}
        self._sealing_id = key_ids[0][:4]
        self.key_id = key_ids[0].hex()[:16]
        self.derived_hash_keys = tuple(_derived(one, "pseudonym") for one in secrets)
        self._hash_keys = hash_keys or (lambda: self.derived_hash_keys)
        self._known_hash_keys: Sequence[bytes] = ()

    def with_hash_keys(self, hash_keys: Callable[[], Sequence[bytes]]) -> "Sealer":
        """Give a sealer with the same secrets that takes the keys of its pseudonyms from elsewhere."""
        return Sealer(self._secrets, hash_keys)

    def seal(self, clear: bytes, *place: str | int) -> bytes:
        """Encrypt and authenticate bytes for one `place`: table and column, then the row's key.

        The same bytes never give the same result twice.
        """
        nonce, where = token_bytes(12), " ".join(map(str, place)).encode()
        sealed = self._ciphers[self._sealing_id].encrypt(nonce, clear, where)
        return _MARK + self._sealing_id + nonce + sealed

    def open(self, sealed: bytes, *place: str | int) -> bytes:
        """Give the clear bytes back.

        Raises:
            DecryptionFailed: no configured secret made them, they were changed, or they belong elsewhere.
        """
        try:
            if sealed[:1] != _MARK:
                return self._fernets.decrypt(sealed)  # sealed by an earlier version, which knew no places
            where = " ".join(map(str, place)).encode()
            return self._ciphers[sealed[_KEY_ID]].decrypt(sealed[_NONCE], sealed[_NONCE.stop :], where)
        except (InvalidTag, InvalidToken, KeyError, ValueError):
            raise DecryptionFailed from None

    def count_unreadable(self, table: str, rows: Iterable[tuple[str, bytes]]) -> int:
        """Count the rows (key and sealed bytes) of one table that no configured secret opens."""
        unreadable = 0
        for key, sealed in rows:
            try:
                self.open(sealed, table, key)
            except DecryptionFailed:
                unreadable += 1
        return unreadable

    def pseudonym(self, *parts: str) -> str:
        """Name something without telling what it is: 64 hex digits, the same for the same parts."""
        return self.pseudonyms(*parts)[0]

    def pseudonyms(self, *parts: str) -> tuple[str, ...]:
        """Give the pseudonym under every hash key, the current one first; a lookup must try them all."""
        # The keys of a database never change once they are there.
        if not self._known_hash_keys:
            self._known_hash_keys = self._hash_keys()
        message = json.dumps(parts).encode()
        return tuple(hmac.digest(key, message, hashlib.sha256).hex() for key in self._known_hash_keys)


def _derived(secret: str, purpose: str) -> bytes:
    """Derive a key of 32 bytes for one purpose, so that no key is ever used for two."""
    return HKDF(SHA256(), 32, salt=None, info=f"bridge store {purpose}".encode()).derive(secret.encode())
