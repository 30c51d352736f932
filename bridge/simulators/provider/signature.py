"""Signs webhooks: the header by which a provider proves that a request is its own."""

import base64
import hmac
from collections.abc import Callable, Iterable
from functools import partial
from urllib.parse import urlsplit, urlunsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Form = Iterable[tuple[str, str]]
Signer = Callable[[str, str, Form], dict[str, str]]
"""(token, URL as written in the document or on the number, form) -> headers to add."""

BodySigner = Callable[[str, bytes, int], dict[str, str]]
"""(token, body, time in seconds since 1970) -> headers to add."""


def signed_url(url: str) -> str:
    """Return the URL as Twilio signs it (twilio.com/docs/usage/security): no fragment, user or HTTPS port."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https":
        place = place.partition(":")[0]
    return urlunsplit((parts.scheme, place, parts.path, parts.query, ""))


def as_written(url: str) -> str:
    """Return the URL as Somleng signs it: as it stands, port and fragment included."""
    return url


def hmac_sha1(token: str, url: str, form: Form, *, header: str, text: Callable[[str], str]) -> dict[str, str]:
    """Sign `text(url)` and the form with `token`, as base64 of HMAC-SHA1 under `header`."""
    return {header: _signed(token, text(url) + joined(form), "sha1")}


def twilio_shared_key(token: str, url: str, form: Form) -> dict[str, str]:
    """Sign as Twilio does with a shared key: HMAC-SHA256, and a header that says so."""
    return {
        "X-Twilio-Signature": _signed(token, signed_url(url) + joined(form), "sha256"),
        "X-Twilio-Webhooks-Signature-Settings": "key=SK0,algorithm=HMAC_SHA256",
    }


def telnyx(token: str, body: bytes, at: int) -> dict[str, str]:
    """Sign the time and the body with the private key whose seed is `token`, in base64."""
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(token))
    signature = private.sign(f"{at}|".encode() + body)
    return {
        "telnyx-signature-ed25519": base64.b64encode(signature).decode(),
        "telnyx-timestamp": str(at),
    }


def joined(form: Form) -> str:
    """Join names and values as they are signed: sorted by name, each value of a repeated name once."""
    # Nothing separates name and value: that is the algorithm, and why the bridge looks for parameters that
    # were cut anew.
    return "".join(name + value for name, value in sorted(set(form)))


def _signed(token: str, text: str, algorithm: str) -> str:
    return base64.b64encode(hmac.new(token.encode(), text.encode(), algorithm).digest()).decode()


twilio: Signer = partial(hmac_sha1, header="X-Twilio-Signature", text=signed_url)
signalwire: Signer = partial(hmac_sha1, header="X-SignalWire-Signature", text=signed_url)
somleng: Signer = partial(hmac_sha1, header="X-Twilio-Signature", text=as_written)
