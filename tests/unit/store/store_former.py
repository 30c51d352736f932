"""What an earlier version of the bridge wrote, made without it."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def formerly_sealed(secret: str, clear: bytes) -> bytes:
    """Seal as version 0.1.0 did, with a key of the same secret."""
    derived = HKDF(SHA256(), 32, salt=None, info=b"bridge store seal").derive(secret.encode())
    return Fernet(urlsafe_b64encode(derived)).encrypt(clear)
