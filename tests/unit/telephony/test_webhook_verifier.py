"""Requests of strangers, proxies and old bugs: none gets in, none breaks us."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from flask import Request
from telephony_bridge import ACCOUNT_GIVEN
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from bridge.telephony.providers import TWILIO
from bridge.telephony.rejected import WebhookRejected
from bridge.telephony.signature import HmacSignature, Posted
from bridge.telephony.webhook_verifier import MAX_BYTES, WebhookVerifier

if TYPE_CHECKING:
    from collections.abc import Buffer, Sequence

    from werkzeug.test import TestResponse

    from tests.unit.telephony.telephony_bridge import Bridge, Twilio

TURN = "/voice/turn/3"


def genuine(twilio: Twilio, path: str = TURN, **more: object) -> TestResponse:
    """Post an honest webhook, but for what `more` changes about the request."""
    fields = twilio.fields(Digits="1234")
    return twilio.post_raw(path, urlencode(fields), twilio.sign(path, fields), **more)


def test_an_honest_request_is_taken(twilio: Twilio, bridge: Bridge):
    """The requests below differ from this one in one thing each."""
    assert genuine(twilio).status_code == 200
    assert bridge.refused == []


@pytest.mark.parametrize("path", ["/voice", TURN, TURN + "/on", "/voice/fallback", "/voice/status"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
def test_only_post_is_answered(twilio: Twilio, bridge: Bridge, method: str, path: str):
    """A GET would put keyed digits into every log between the provider and us."""
    assert twilio.client.open(path + "?Digits=1234", method=method).status_code == 405
    assert bridge.heard == []


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "http"},
        {"X-Forwarded-Port": "8080"},
        {"X-Forwarded-Prefix": "/evil"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "host=evil.example;proto=http"},
        {"Host": "evil.example"},
        {"Host": "bridge.example.be:abc"},
        {"Host": ""},
        {"X-Original-URL": "/voice/turn/9"},
        {"X-HTTP-Method-Override": "GET"},
        {"I-Twilio-Idempotency-Token": "x", "Cookie": "session=1"},
    ],
)
def test_no_header_changes_what_was_signed(twilio: Twilio, bridge: Bridge, headers: dict[str, str]):
    """The verified address is the configured one, so unsigned headers neither help nor harm."""
    assert genuine(twilio, headers=headers).status_code == 200
    assert bridge.heard[0].turn == 3


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("http://evil.example/voice/turn/3", id="absolute form"),
        pytest.param("//evil.example/voice/turn/3", id="two slashes"),
        pytest.param("/voice/turn/3?", id="empty query"),
        pytest.param("/voice/turn/3?Digits=1", id="query"),
        pytest.param("/voice/turn/%33", id="escaped"),
        pytest.param("/voice/./turn/3", id="dots"),
        pytest.param("/voice/turn/3#ct=2000", id="fragment"),
        pytest.param("", id="none"),
        pytest.param("*", id="asterisk"),
    ],
)
def test_an_address_written_otherwise_is_refused(twilio: Twilio, bridge: Bridge, raw: str):
    """We gave the provider one spelling of each address; even signed, another is not ours."""
    posted = genuine(twilio, path=raw or TURN, environ_overrides={"RAW_URI": raw, "PATH_INFO": TURN})
    assert (posted.status_code, posted.data) == (403, b"")
    assert (bridge.heard, bridge.refused) == ([], ["address"])


def test_a_server_that_keeps_the_raw_address_to_itself_is_refused(twilio: Twilio, bridge: Bridge):
    """Without the bytes that were signed nothing can be proved."""
    posted = genuine(twilio, environ_overrides={"RAW_URI": None})
    assert (posted.status_code, bridge.refused) == (403, ["address"])


@pytest.mark.parametrize(
    "path",
    [
        *("/voice/", "/voice/turn/3/", "/voice/turn/3/on/", "/voice/status/", "/voice/fallback/"),
        *(
            "/voice/turn/0",
            "/voice/turn/03",
            "/voice/turn/-1",
            "/voice/turn/10000",
            "/voice/turn/" + "9" * 5000,
        ),
        *("/voice/turn/x", "/voice/turn/3.0", "/voice/turn/%D9%A3"),
    ],
)
def test_addresses_beside_ours_are_refused(twilio: Twilio, bridge: Bridge, path: str):
    """Nothing near our addresses is forwarded to them: the digits would be lost on the way."""
    posted = genuine(twilio, path=path)
    assert (posted.status_code, posted.data) == (403, b"")
    assert bridge.refused == ["address"]


@pytest.mark.parametrize("path", ["//voice", "/voice//turn/3", "/voice/turn/", "/voice/turn/3/off", "/Voice"])
def test_unknown_addresses_are_unknown(twilio: Twilio, bridge: Bridge, path: str):
    """Neither found nor redirected."""
    assert genuine(twilio, path=path).status_code == 404
    assert bridge.heard == []


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "multipart/form-data; boundary=x",
        "text/plain",
        "",
        "application/x-www-form-urlencoded; charset=utf-7",
        "application/x-www-form-urlencoded; charset=latin-1",
        "application/x-www-form-urlencoded, text/xml",
    ],
)
def test_another_content_type_is_refused(twilio: Twilio, bridge: Bridge, kind: str):
    """One encoding, one meaning."""
    assert genuine(twilio, content_type=kind).status_code == 403
    assert bridge.refused == ["type"]


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "Application/X-WWW-Form-URLencoded;charset=UTF-8"]
)
def test_the_usual_content_types_are_taken(twilio: Twilio, kind: str):
    """With and without the character set, in any case."""
    assert genuine(twilio, content_type=kind).status_code == 200


@pytest.mark.parametrize(
    "signature", [None, "", " ", "x", "é", "\u20ac".encode().decode("latin-1"), "A" * 8000]
)
def test_a_foreign_signature_is_refused(twilio: Twilio, bridge: Bridge, signature: str | None):
    """None, empty, short, long or not ASCII: compared as bytes, refused without a word."""
    posted = twilio.post_raw(TURN, urlencode(twilio.fields()), signature)
    assert (posted.status_code, posted.data, bridge.refused) == (403, b"", ["signature"])


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 50_000_000])
def test_a_big_body_is_refused_unread(twilio: Twilio, bridge: Bridge, size: int):
    """413 with an empty body, whatever is in it."""
    posted = twilio.post_raw(TURN, b"A=" + b"x" * (size - 2), "forged")
    assert (posted.status_code, posted.data) == (413, b"")
    assert bridge.refused == ["size"]


def test_a_body_of_the_most_bytes_is_read(twilio: Twilio):
    """The cap is 64 KiB, not a byte less."""
    fields = twilio.fields(Padding="")
    fields["Padding"] = "x" * (MAX_BYTES - len(urlencode(fields)))
    assert twilio.post_raw(TURN, urlencode(fields), twilio.sign(TURN, fields)).status_code == 200


def chunked(body: bytes) -> dict[str, object]:
    """Say it as gunicorn does: a body that has an end but no length."""
    return {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}


def test_a_chunked_body_is_read(twilio: Twilio, bridge: Bridge):
    """A length is not needed."""
    fields = twilio.fields()
    environ = chunked(urlencode(fields).encode())
    assert twilio.post_raw(TURN, b"", twilio.sign(TURN, fields), environ_overrides=environ).status_code == 200
    assert len(bridge.heard) == 1


def test_a_chunked_body_has_the_same_cap(twilio: Twilio, bridge: Bridge):
    """Leaving the length out does not help."""
    posted = twilio.post_raw(TURN, b"", "forged", environ_overrides=chunked(b"x" * (MAX_BYTES + 1)))
    assert (posted.status_code, posted.data, bridge.refused) == (413, b"", ["size"])


@pytest.mark.parametrize(("length", "reason"), [("abc", "missing"), ("-5", "missing"), ("99", "signature")])
def test_a_length_that_is_wrong_is_refused(twilio: Twilio, bridge: Bridge, length: str, reason: str):
    """A body cut short, or of no length, is none of the provider's."""
    environ = {"CONTENT_LENGTH": length}
    posted = twilio.post_raw(TURN, b"A=1", twilio.sign(TURN, {}), environ_overrides=environ)
    assert (posted.status_code, bridge.refused) == (403, [reason])


class Endless(io.RawIOBase):
    """A body that goes on for as long as somebody reads it."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Give what is asked for, up to a hundred times too much."""
        size = len(memoryview(buffer)) if self.given < 100 * MAX_BYTES else 0
        self.given += size
        return size


def test_of_an_endless_body_one_byte_too_many_is_read(twilio: Twilio, bridge: Bridge):
    """A body that does not tell its length must not fill the memory."""
    body = Endless()
    environ = chunked(b"") | {"wsgi.input": body}
    assert twilio.post_raw(TURN, b"", "forged", environ_overrides=environ).status_code == 413
    assert (body.given, bridge.refused) == (MAX_BYTES + 1, ["size"])


def test_a_body_is_not_kept_once_it_is_read():
    """It may hold a PIN."""
    built = EnvironBuilder("/v", method="POST", data={"Digits": "1234"})
    request = Request(built.get_environ() | {"RAW_URI": "/v"})
    with pytest.raises(WebhookRejected):
        WebhookVerifier(ACCOUNT_GIVEN).verify(request, "/v")
    assert request.environ["wsgi.input"].read() == b""
    assert "1234" not in str(vars(request))


def test_what_was_posted_does_not_show_in_a_report():
    """Body and parameters hold PINs; where they came from may be told."""
    posted = Posted(["https://a"], Headers(), b"Digits=1234", [("Digits", "1234")])
    assert "1234" not in repr(posted)
    assert "https://a" in repr(posted)


class Broken(HmacSignature):
    """A signature check with a mistake in it."""

    def verify(self, posted: Posted, tokens: Sequence[str], signing_keys: Sequence[str]) -> bool:
        raise UnicodeDecodeError("utf-8", posted.body, len(signing_keys), 1, tokens[0])


def test_a_mistake_in_the_check_is_a_refusal(twilio: Twilio, bridge: Bridge):
    """Whatever raises while a webhook is verified is a refusal, no 500, and the log does not quote it."""
    twilio.client = bridge.opened(replace(ACCOUNT_GIVEN, provider=replace(TWILIO, signature=Broken())))
    posted = genuine(twilio)
    assert (posted.status_code, posted.data, bridge.refused) == (403, b"", ["unexpected"])


def test_the_bridge_behind_a_prefix_and_a_port(twilio: Twilio, bridge: Bridge):
    """A proxy strips the prefix and listens on another port: the configured address is what was signed."""
    twilio.client = bridge.opened(
        replace(ACCOUNT_GIVEN, public_url="https://example.be:8443/phone"),
        otherwise=b'<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>',
    )
    for signed in ("https://example.be/phone", "https://example.be:8443/phone"):
        twilio.public = signed
        assert genuine(twilio).status_code == 200
    twilio.public = "https://example.be"
    assert genuine(twilio).status_code == 403
