"""How a provider proves that a webhook is its own: the header it signs each request with."""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlsplit, urlunsplit

from twilio.request_validator import RequestValidator

Signer = Callable[[str, str, Mapping[str, str]], dict[str, str]]
"""(token, URL as written in the document or on the number, form) -> headers to add."""


def signed_url(url: str) -> str:
    """The text Twilio signs: no fragment, no user and password, and over HTTPS no port (telephony.md §4)."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https":
        place = place.partition(":")[0]
    return urlunsplit((parts.scheme, place, parts.path, parts.query, ""))


def as_written(url: str) -> str:
    """The text Somleng signs: the URL as it stands, port and fragment included."""
    return url


def hmac_sha1(
    token: str, url: str, form: Mapping[str, str], *, header: str, text: Callable[[str], str]
) -> dict[str, str]:
    """Sign `text(url)` and the form with `token`, as base64 of HMAC-SHA1 under `header`."""
    return {header: str(RequestValidator(token).compute_signature(text(url), dict(form)))}


twilio: Signer = partial(hmac_sha1, header="X-Twilio-Signature", text=signed_url)
