"""Writes webhooks as prepared bytes: the simulated provider makes and signs them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from random import Random
from urllib.parse import urlencode, urlsplit

from bridge.simulators.provider.account import TWILIO, PhoneLine
from bridge.simulators.provider.unannounced import Pairs
from bridge.simulators.provider.webhook import Webhook, WebhookRequest
from bridge.simulators.provider.wire import Form, Reply

CARRIED: Pairs = (
    ("CallToken", "%7B%22parentCallInfoToken%22%3A%22" + "eyJhbGciOiJFUzI1NiJ9" * 10 + "%22%7D"),
    ("StirVerstat", "TN-Validation-Passed-A"),
)
"""What a real webhook of the provider carries besides; a form is some 740 bytes with it."""
PROFILE = replace(TWILIO, unannounced=lambda _random: CARRIED)
_REDIRECT = re.compile(rb"<Redirect[^>]*>([^<]+)</Redirect>")
_ACTION = re.compile(rb'<Gather[^>]* action="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Account:
    """The account at the provider, and the address that it posts to (without a slash at its end)."""

    url: str
    account_sid: str
    token: str = field(repr=False)


class CallBytes:
    """Writes the webhooks of one call from `caller` to the line's `number`; the call's id is a new one."""

    def __init__(self, account: Account, caller: str, number: str) -> None:
        self._url = account.url
        self._sent = b""
        line = PhoneLine(f"{account.url}/voice", account.account_sid, account.token, number)
        self._webhook = Webhook(line, PROFILE, caller, random=Random(), post=self._keep, clock=lambda: 0.0)

    def ring(self) -> bytes:
        """Return the webhook of a new call."""
        return self._written(f"{self._url}/voice", (), "ringing")

    def keys(self, answer: bytes, digits: str) -> bytes:
        """Return the webhook by which keys reply to an answer that asks for some; raises `LookupError`."""
        if not (asked := _ACTION.search(answer)):
            raise LookupError(f"nothing is asked here: {answer.decode(errors='replace')}")
        return self._written(_url(asked), (("Digits", digits), ("msg", "Gather End")), "in-progress")

    def following(self, answer: bytes) -> bytes | None:
        """Return the webhook to which an answer redirects at once; None when it asks or ends the call."""
        found = None if b"<Gather" in answer else _REDIRECT.search(answer)
        return found and self._written(_url(found), (), "in-progress")

    def ended(self) -> bytes:
        """Return the webhook which tells that the call is over."""
        return self._written(f"{self._url}/voice/status", (("CallDuration", "40"),), "completed")

    def _written(self, url: str, result: Pairs, status: str) -> bytes:
        self._webhook.ask(WebhookRequest(url, result=result), status)
        return self._sent

    def _keep(self, url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        body, parts = urlencode(form or ()).encode(), urlsplit(url)
        lines = [f"POST {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._sent = "\r\n".join([*lines, "", ""]).encode() + body
        return 200, {}, b""


def _url(found: re.Match[bytes]) -> str:
    return unescape(found[1].decode())
