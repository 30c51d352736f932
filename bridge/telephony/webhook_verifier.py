"""The office's door: only what the provider posted and signed, in the shape it may have, comes in."""

from collections.abc import Sequence
from contextlib import suppress

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from bridge.telephony import form
from bridge.telephony.address import PublicUrl
from bridge.telephony.provider import Provider
from bridge.telephony.rejected import WebhookRejected
from bridge.telephony.signature import Posted

MAX_BYTES = 65_536
_TYPE = "application/x-www-form-urlencoded"


class WebhookVerifier:
    """Checks webhooks for one account: `secrets` are all valid at once, so that they can be rotated."""

    def __init__(self, public_url: str, provider: Provider, account: str, secrets: Sequence[str]) -> None:
        if not account or not secrets or not all(secrets):
            raise ValueError(
                "the line needs the provider's account id and at least one secret, none of them empty"
            )
        self._public = PublicUrl.parse(public_url)
        self._provider = provider
        self._form = form.FormCheck(account, provider.call_id, provider.recording_id)
        self._secrets = tuple(secrets)

    def verify(self, request: Request, path: str, needed: frozenset[str] = form.CALL) -> form.Fields:
        """Give the proved parameters of a request to `path`; every trouble, foreseen or not, is a Refused."""
        try:
            return self._enter(request, path, needed)
        except WebhookRejected:
            raise
        except Exception:  # noqa: BLE001 - a stranger's bytes must not find a way to a 500
            raise WebhookRejected("unexpected") from None

    def _enter(self, request: Request, path: str, needed: frozenset[str]) -> form.Fields:
        body = _body(request)
        # What was signed is the address as sent, not as Flask decoded it; ours need no escapes and no query.
        if request.environ.get("RAW_URI") != path:
            raise WebhookRejected("address")
        if request.mimetype != _TYPE or request.mimetype_params.get("charset", "utf-8").lower() != "utf-8":
            raise WebhookRejected("type")
        pairs = form.parse(body)
        posted = Posted(self._public.signed_as(path), request.headers, body, pairs)
        if not self._provider.signature.proves(posted, self._secrets):
            raise WebhookRejected("signature")
        return self._form.check(pairs, needed)


def _body(request: Request) -> bytes:
    """Read at most one byte too many: of a body without a length werkzeug would drop the rest silently."""
    request.max_content_length = MAX_BYTES + 1
    with suppress(RequestEntityTooLarge):
        body = request.get_data(cache=False)
        if len(body) <= MAX_BYTES:
            return body
    raise WebhookRejected("size", 413)
