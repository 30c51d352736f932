"""The proof of a webhook, part by part: what is signed, what is shown, and what a door is made of."""

import io
from typing import TYPE_CHECKING

import pytest
from flask import Flask, Request
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from bridge.telephony.address import PublicUrl
from bridge.telephony.call_handler import ProviderAccount
from bridge.telephony.provider import TWILIO
from bridge.telephony.rejected import WebhookRejected
from bridge.telephony.signature import HmacSha1, Posted, sign
from bridge.telephony.webhook_verifier import MAX_BYTES, WebhookVerifier

if TYPE_CHECKING:
    from collections.abc import Buffer

ACCOUNT = "AC" + "0a" * 16
URL = "https://bridge.example.be"
OURS = ProviderAccount(public_url=URL, provider=TWILIO, account=ACCOUNT, secrets=["s"])


def test_what_was_posted_does_not_show_in_a_report():
    """Body and parameters hold PINs; where they came from may be told."""
    posted = Posted(["https://a"], Headers(), b"Digits=1234", [("Digits", "1234")])
    assert "1234" not in repr(posted)
    assert "https://a" in repr(posted)


def test_a_request_without_the_header_is_signed_by_nobody():
    """Not even by somebody whose secret would sign an empty text so."""
    assert not HmacSha1().verify(Posted([""], Headers(), b"", []), [""])
    signed = Headers({"X-Twilio-Signature": sign("", "", [])})
    assert HmacSha1().verify(Posted([""], signed, b"", []), [""])


def test_another_provider_may_name_the_header_itself():
    """Who copied the way to sign need not have copied the name."""
    headers = Headers({"X-Other": sign("key", URL, [("a", "b")])})
    posted = Posted([URL], headers, b"a=b", [("a", "b")])
    assert HmacSha1("X-Other").verify(posted, ["key"])
    assert not HmacSha1().verify(posted, ["key"])


@pytest.mark.parametrize(("account", "secrets"), [("", ["s"]), (ACCOUNT, []), (ACCOUNT, ["s", ""])])
def test_a_door_without_a_lock_is_not_built(account: str, secrets: list[str]):
    """An empty secret would let everybody in who knows how to sign."""
    with pytest.raises(ValueError, match="none of them empty"):
        WebhookVerifier(ProviderAccount(public_url=URL, provider=TWILIO, account=account, secrets=secrets))


def refused(body: bytes, kind: str = "application/x-www-form-urlencoded", raw: str = "/v") -> WebhookRejected:
    """Knock at a door with nothing to show; gives what it says."""
    door = WebhookVerifier(OURS)
    with Flask("door").test_request_context("/v", method="POST", data=body, content_type=kind) as context:
        context.request.environ["RAW_URI"] = raw
        with pytest.raises(WebhookRejected) as told:
            door.verify(context.request, "/v")
    return told.value


def test_each_refusal_has_its_reason():
    """An operator learns which lock did not open, a stranger only that none did."""
    assert refused(b"a=1").reason == "signature"
    assert refused(b"a=1", raw="/w").reason == "address"
    assert refused(b"a=1", kind="text/plain").reason == "type"
    assert refused(b"a=1", kind="application/x-www-form-urlencoded; charset=latin-1").reason == "type"
    assert refused(b"a=1", kind="application/x-www-form-urlencoded; charset=UTF-8").reason == "signature"
    assert refused(b"a").reason == "body"


def test_65536_bytes_are_read_and_not_one_more():
    """What is longer is refused as too long, before anybody looks at it."""
    assert MAX_BYTES == 65_536
    assert refused(b"a=" + b"1" * (MAX_BYTES - 2)).reason == "signature"
    for size in (MAX_BYTES - 1, MAX_BYTES, 2 * MAX_BYTES):
        long = refused(b"a=" + b"1" * size)
        assert (long.reason, long.status) == ("size", 413)


class Endless(io.RawIOBase):
    """A body that goes on for as long as somebody reads it."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "Buffer") -> int:
        """Give what is asked for, up to a hundred times too much."""
        size = len(memoryview(buffer)) if self.given < 100 * MAX_BYTES else 0
        self.given += size
        return size


def knocking(body: io.RawIOBase | bytes, **environ: object) -> Request:
    stream = io.BytesIO(body) if isinstance(body, bytes) else body
    built = EnvironBuilder("/v", method="POST", content_type="application/x-www-form-urlencoded")
    return Request(built.get_environ() | {"wsgi.input": stream, "RAW_URI": "/v"} | environ)


def test_of_an_endless_body_one_byte_too_many_is_read():
    """A body that does not tell its length must not fill the memory."""
    body = Endless()
    with pytest.raises(WebhookRejected) as told:
        WebhookVerifier(OURS).verify(knocking(body, **{"wsgi.input_terminated": True}), "/v")
    assert told.value.reason == "size"
    assert body.given == MAX_BYTES + 1


def test_a_body_is_not_kept_once_it_is_read():
    """It may hold a PIN."""
    request = knocking(b"Digits=1234", CONTENT_LENGTH="11")
    with pytest.raises(WebhookRejected):
        WebhookVerifier(OURS).verify(request, "/v")
    assert request.get_data() == b""


def test_a_trouble_nobody_foresaw_is_told_without_its_cause():
    """A stranger's bytes stand in the text of exceptions."""
    door = WebhookVerifier(OURS)
    with pytest.raises(WebhookRejected) as told:
        door.verify(object(), "/v")  # type: ignore[arg-type]
    assert told.value.reason == "unexpected"
    assert told.value.__suppress_context__


@pytest.mark.parametrize(
    "text",
    [
        "https://a",
        "http://a",
        "https://a.b-c.example",
        "https://a:1",
        "https://a:65535",
        "https://a/b",
        "https://a:8443/b.c/_d-e",
        "https://a/" + "b" * 500,
    ],
)
def test_an_address_is_kept_as_it_was_written(text: str):
    """Every part of it is signed."""
    assert str(PublicUrl.parse(text)) == text
    assert str(PublicUrl.parse(text + "/")) == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "https://a:0",
            "https://a:01",
            "https://a:65536",
            "https://a:123456",
            "https://",
            "https:///b",
            "a",
        ),
        *(
            "https://A",
            "https://a//",
            "https://a/.b",
            "https://a/b//c",
            "https://.a",
            "https://a..b",
            "ftp://a",
        ),
    ],
)
def test_an_address_nobody_can_phone_home_to_is_refused(text: str):
    """One port too high, or nothing where a name must be."""
    with pytest.raises(ValueError, match="public_url must look like"):
        PublicUrl.parse(text)


def test_each_place_has_its_path():
    """Where the provider is sent next."""
    public = PublicUrl.parse(URL + "/p")
    assert public.turn(3) == URL + "/p/voice/turn/3"
    assert public.on(3) == URL + "/p/voice/turn/3/on"
    assert public.whisper("/w") == URL + "/p/w"
    assert public.acceptance == URL + "/p/voice/whisper/accept"
    assert public.recording == URL + "/p/voice/recording"


@pytest.mark.parametrize(
    ("base", "other"),
    [
        ("https://a", "https://a:443/p/v"),
        ("http://a", "http://a:80/p/v"),
        ("https://a:8443", "https://a:8443/p/v"),
    ],
)
def test_both_spellings_of_the_port_may_have_been_signed(base: str, other: str):
    """Without it, and with ours or the scheme's own."""
    scheme = base.partition(":")[0]
    assert PublicUrl.parse(base + "/p").signed_as("/v") == (f"{scheme}://a/p/v", other)
