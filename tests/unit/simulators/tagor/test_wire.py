"""HTTP itself: long connections, unusual requests and refused ones, and the envelope inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.simulators.tagor.conftest import Client

OPEN = "TagorService/KantoorOpen"


def exchange(client: Client, data: bytes):
    """Send these bytes, and read until the stand-in hangs up."""
    with client.plug() as plug:
        plug.sendall(data)
        got = b""
        while piece := plug.recv(65536):
            got += piece
    return got


def test_one_connection_carries_many_requests(client: Client):
    """Kept alive without asking, also when they are sent all at once; closed when asked to."""
    last = client.request_bytes(OPEN).replace(b"Host: x", b"Host: x\r\nConnection: close")
    got = exchange(client, client.request_bytes(OPEN) * 3 + last)
    assert got.count(b"HTTP/1.1 200 OK") == 4


def test_a_large_body_is_asked_to_go_on(client: Client):
    """A client that waits for 100 Continue gets it."""
    request = client.request_bytes(OPEN).replace(
        b"Host: x", b"Host: x\r\nExpect: 100-continue\r\nConnection: close"
    )
    assert exchange(client, request).startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"\r\n", 400),
        (b"POST /x HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"POST http://[x HTTP/1.1\r\n\r\n", 400),
        (b"POST /x HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
        (b"POST /x HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"POST /x HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"POST /" + b"x" * 20_000, 431),
        (b"POST /x HTTP/1.1\r\n" + b"A: b\r\n" * 102, 431),
    ],
)
def test_what_is_no_request_is_refused(client: Client, data: bytes, status: int):
    """A status and the end of the connection."""
    assert exchange(client, data).startswith(f"HTTP/1.1 {status} ".encode())


def test_a_client_that_leaves_in_the_middle_is_no_trouble(client: Client):
    """Half a request and silence: the next client is served."""
    with client.plug() as plug:
        plug.sendall(b"POST /v1/web/" + OPEN.encode())
    assert client.ask(OPEN).status == 200


@pytest.mark.parametrize(
    "path", ["/v1/web/TagorService/Nothing", "/v1/rest/Config/Ping", "/", "/v1/web/config/ping"]
)
def test_unknown_addresses_are_404(client: Client, path: str):
    """Names count to the letter, and the base is the office's own."""
    assert client.send("POST", path, b"{}").status == 404


def test_a_post_operation_is_not_got(client: Client):
    """405 for the wrong method."""
    assert client.send("GET", f"/v1/web/{OPEN}").status == 405


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"{}", b'{"request": []}', b'{"Request": {}}', b"\xff", b"[" * 100_000],
)
def test_a_body_without_the_envelope_is_refused(client: Client, body: bytes):
    """400, as a page or as JSON."""
    headers = {"Authorization": f"Tgr {client.standin.key}"}
    page = client.send("POST", f"/v1/web/{OPEN}", body, **headers)
    told = client.send("POST", f"/v1/web/{OPEN}", body, **headers, Accept="application/json")
    assert (page.status, told.status) == (400, 400)
    assert (page.body[:1], told.body[:1]) == (b"<", b"{")


@pytest.mark.parametrize("body", [b"grant_type", "grant_type=é".encode(), b""])
def test_a_login_that_is_no_form_is_refused(client: Client, body: bytes):
    """400, also for nothing at all."""
    assert client.send("POST", "/v1/web/Login/Token", body).status == 400


@pytest.mark.parametrize(
    "context", [None, [], {"dsWebContext": None}, {"dsWebContext": {"ttWebContext": "x"}}]
)
def test_malformed_datasets_are_taken_as_empty(client: Client, context: object):
    """As lenient as the real thing."""
    assert client.ask("Config/User", {"dsWebContext": context}).status == 200
