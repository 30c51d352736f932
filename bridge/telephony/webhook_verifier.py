"""Verifies webhooks: only what the provider posted and signed, in the shape it may have, is let through."""

from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Request
from werkzeug.http import parse_options_header

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.telephony.address import PublicUrl
from bridge.telephony.call_handler import ProviderAccount
from bridge.telephony.form import Fields, FormReader, parse
from bridge.telephony.rejected import WebhookRejected
from bridge.telephony.signature import Posted, signed_text

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

MAX_BYTES = 65_536
_FORM_TYPE = "application/x-www-form-urlencoded"


class WebhookVerifier:
    """Verifies the webhooks of one account; each of its secrets may have signed them.

    Raises:
        ValueError: with a sentence, when the account has no id, no secret or no usable public URL.
    """

    def __init__(self, account: ProviderAccount, clock: Clock = SYSTEM_CLOCK) -> None:
        secrets = (*account.secrets, *account.signing_keys)
        if not account.account or not account.secrets or not all(secrets):
            raise ValueError(
                "the line needs the provider's account id and at least one secret, none of them empty"
            )
        provider = account.provider
        self._account = account
        self._public_url = PublicUrl.parse(account.public_url)
        self._clock = clock
        self._form = FormReader(
            account.account,
            provider.call_id,
            provider.recording_id,
            joined=not provider.signature.covers_body,
            recording_in_url=provider.recording_in_url,
        )

    def verify(self, request: Request, path: str, *, needs_call: bool = True) -> Fields:
        """Give the parameters of a request to `path` that we act on; with `needs_call` its call is known.

        Raises:
            WebhookRejected: for every trouble, foreseen or not.
        """
        try:
            return self._verified(request, path, needs_call=needs_call)
        except WebhookRejected:
            raise
        except Exception:  # noqa: BLE001 - a stranger's bytes must not find a way to a 500
            raise WebhookRejected("unexpected") from None

    def _verified(self, request: Request, path: str, *, needs_call: bool) -> Fields:
        body = _read_body(request.environ)
        # The provider signed the address as sent, not as Flask decoded it; ours need no escapes and no query.
        if request.environ.get("RAW_URI") != path:
            raise WebhookRejected("address")
        if not _is_utf8_form(request.environ.get("CONTENT_TYPE", "")):
            raise WebhookRejected("type")
        pairs = parse(body)
        posted = Posted(
            self._public_url.signed_as(path),
            request.headers,
            body,
            signed_text(pairs),
            self._clock.now().timestamp(),
        )
        signature = self._account.provider.signature
        if not signature.verify(posted, self._account.secrets, self._account.signing_keys):
            raise WebhookRejected("signature")
        return self._form.read(path, pairs, needs_call=needs_call)


@lru_cache(maxsize=64)
def _is_utf8_form(content_type: str) -> bool:
    media_type, options = parse_options_header(content_type)
    return media_type.lower() == _FORM_TYPE and options.get("charset", "utf-8").lower() == "utf-8"


def _read_body(environ: "WSGIEnvironment") -> bytes:
    """Read a body of at most `MAX_BYTES`; one without a length ends where the server says that it does."""
    length = environ.get("CONTENT_LENGTH", "")
    size = int(length) if length.isdecimal() else MAX_BYTES + 1 if environ.get("wsgi.input_terminated") else 0
    if size <= MAX_BYTES or not length:
        body: bytes = environ["wsgi.input"].read(size)
        if len(body) <= MAX_BYTES:
            return body
    raise WebhookRejected("size", 413)
