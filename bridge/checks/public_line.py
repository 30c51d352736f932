"""Walks one signed request over the public address, as the provider's come: does it reach this very line?"""

import http.client
import ssl
from collections.abc import Callable, Mapping
from contextlib import closing
from urllib.parse import urlencode, urlsplit

from bridge.settings import Settings
from bridge.telephony.address import PublicUrl
from bridge.telephony.providers import PROVIDERS
from bridge.telephony.signature import HmacSignature, sign

SECONDS = 5.0
_ACCEPTED, _REFUSED = 204, 403

Post = Callable[[str, bytes, Mapping[str, str]], int]
"""(address, body, headers) -> status of the answer; raises OSError or HTTPException when none comes."""


def post(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post over the network, without any proxy; the certificate must be a valid one."""
    parts = urlsplit(address)
    host = str(parts.hostname)
    way: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        way = http.client.HTTPSConnection(host, parts.port, timeout=SECONDS, context=context)
    else:
        way = http.client.HTTPConnection(host, parts.port, timeout=SECONDS)
    with closing(way) as connection:
        connection.request("POST", parts.path, body, dict(headers))
        return connection.getresponse().status


def walk(settings: Settings) -> tuple[str, str]:
    """Post a report about a call that nobody made; give `ok`, `warning` or `wrong`, and a sentence.

    The report says that the call goes on, which the line takes notice of in no way.
    """
    provider, address = PROVIDERS[settings.provider], f"{settings.public_url}/voice/status"
    fields = {
        "AccountSid": settings.account,
        "ApiVersion": "2010-04-01",
        "CallSid": provider.nobodys_call,
        "CallStatus": "in-progress",
        "Direction": "inbound",
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    signature = provider.signature
    if isinstance(signature, HmacSignature):
        headers[signature.header] = _signed(settings, signature, fields)
    try:
        status = post(address, urlencode(fields).encode(), headers)
    except (OSError, http.client.HTTPException) as error:
        return "warning", (
            f"BRIDGE_PUBLIC_URL cannot be reached from this machine ({type(error).__name__}): look whether "
            "the line is started, and whether the name leads here with a valid certificate."
        )
    if status == _ACCEPTED:
        return "ok", "A signed webhook reaches the line at BRIDGE_PUBLIC_URL and is accepted."
    if status == _REFUSED and not isinstance(signature, HmacSignature):
        return "ok", f"A line answers at BRIDGE_PUBLIC_URL; only {provider.name} itself can sign for it."
    if status == _REFUSED:
        return "wrong", (
            "BRIDGE_PUBLIC_URL leads to a line that refuses what our secrets sign: look whether it is "
            "another bridge, whether it has other settings, and whether a proxy changes path or body."
        )
    return "wrong", (
        f"BRIDGE_PUBLIC_URL is answered with status {status}, not by this line: look whether another host "
        "answers, and let the proxy lead /voice here."
    )


def _signed(settings: Settings, signature: HmacSignature, fields: Mapping[str, str]) -> str:
    secrets = {"tokens": settings.tokens, "signing_keys": settings.signing_keys}
    kind, algorithm = signature.algorithms[0]
    address = PublicUrl.parse(settings.public_url).signed_bases[0] + "/voice/status"
    return sign(secrets[kind][0].get_secret_value(), address, list(fields.items()), algorithm).decode()
