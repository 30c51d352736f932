"""Verifies webhooks: only what the provider posted and signed, in the shape it may have, is let through.

Size, address and form of a request come first, then its signature, then its parameters: an odd value costs
its field, and unknown names are ignored.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import unquote_to_bytes

from flask import Request
from werkzeug.http import parse_options_header

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.telephony.address import PublicUrl
from bridge.telephony.call_handler import ProviderAccount
from bridge.telephony.parameters import ACTED_ON, shapes_of
from bridge.telephony.rejected import Reason, WebhookRejected
from bridge.telephony.resplit import ResplitGuard
from bridge.telephony.signature import Pairs, Posted

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

Fields = Mapping[str, str]
"""The parameters that we act on, by name; a value that had not its shape is ""."""

MAX_BYTES = 65_536
MAX_PARAMETERS = 1000
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
        self._signed_bases = PublicUrl.parse(account.public_url).signed_bases
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
            body = _read_body(request.environ)
            # The provider signed the address as sent, not as Flask decoded it; ours have no escapes or query.
            if request.environ.get("RAW_URI") != path:
                _refuse("address")
            if not _is_utf8_form(request.environ.get("CONTENT_TYPE", "")):
                _refuse("type")
            pairs, now = parse_form(body), self._clock.now().timestamp()
            addresses = [base + path for base in self._signed_bases]
            posted = Posted(addresses, request.headers, body, pairs, now)
            account = self._account
            if not account.provider.signature.verify(posted, account.secrets, account.signing_keys):
                _refuse("signature")
            return self._form.read(path, pairs, needs_call=needs_call)
        except WebhookRejected:
            raise
        except Exception:  # noqa: BLE001 - a stranger's bytes must not find a way to a 500
            raise WebhookRejected("unexpected") from None


def _refuse(reason: Reason) -> NoReturn:
    raise WebhookRejected(reason)


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


def parse_form(body: bytes) -> list[tuple[str, str]]:
    """Split an urlencoded body into names and values as they were signed.

    Bytes that are not UTF-8 become lone surrogates, from which the signed bytes can be made again.

    Raises:
        WebhookRejected: the body is not strictly urlencoded, or holds a parameter without a name.
    """
    if not body.isascii() or body.count(b"&") >= MAX_PARAMETERS:
        raise WebhookRejected("body")
    pairs = []
    # Not `parse_qsl`, which takes three times as long: unsigned requests come through here as well.
    for pair in body.decode().replace("+", " ").split("&") if body else ():
        name, is_pair, value = pair.partition("=")
        if not is_pair:
            raise WebhookRejected("body")
        if not name:
            raise WebhookRejected("names")
        if "%" in pair:
            name = unquote_to_bytes(name).decode(errors="surrogateescape")
            value = unquote_to_bytes(value).decode(errors="surrogateescape")
        pairs.append((name, value))
    return pairs


class FormReader:
    """Reads signed parameters for one account, whose provider gives ids of these shapes.

    Where the parameters are `joined` to be signed, they may have been cut anew (see `resplit`). With
    `recording_in_url` a recording's id is the end of its address, because the provider sends none.
    """

    def __init__(
        self,
        account: str,
        call_id: re.Pattern[str],
        recording_id: re.Pattern[str],
        *,
        joined: bool = True,
        recording_in_url: bool = False,
    ) -> None:
        self._shapes = shapes_of(account, call_id, recording_id)
        self._guard = ResplitGuard(self._shapes) if joined else None
        self._recording_in_url = recording_in_url

    def read(self, path: str, pairs: Pairs, *, needs_call: bool) -> Fields:
        """Give what the webhook tells; with `needs_call` it must name its call.

        Raises:
            WebhookRejected: it is of another account, it names no call where one is needed, a parameter that
                we act on comes twice, or the signed text was cut into other parameters than the provider's.
        """
        fields: dict[str, str] = {}
        for name, value in pairs:
            if name in fields:
                # The signature leaves open how often a pair came, and in which order its values came.
                raise WebhookRejected("names", parameter=name)
            if name in ACTED_ON:
                fields[name] = value if self._shapes[name].fullmatch(value) else ""
            elif name == "RecordingUrl" and self._recording_in_url:
                fields["RecordingSid"] = self._id_in(value)
        if not fields.get("AccountSid"):
            raise WebhookRejected("account" if "AccountSid" in fields else "missing", parameter="AccountSid")
        if needs_call and not fields.get("CallSid"):
            raise WebhookRejected("field" if "CallSid" in fields else "missing", parameter="CallSid")
        if self._guard is not None and self._guard.is_resplit(path, pairs):
            raise WebhookRejected("resplit")
        return fields

    def _id_in(self, address: str) -> str:
        """Give the recording's id that an address ends in, "" when it ends in none."""
        if not self._shapes["RecordingUrl"].fullmatch(address):
            return ""
        return address.rpartition("/")[2].partition(".")[0]
