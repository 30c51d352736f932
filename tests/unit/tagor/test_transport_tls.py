"""Over TLS: nobody but the office's own Tagor is told anything, and the deadline holds there too."""

import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tagor_certificates import Authority
from tagor_questions import FILE, PIN
from tagor_server import FakeClock, Play, ScriptedTagor, drip, http, raw, reset, says, stall

from bridge.tagor import Deadline, Tagor, TagorError, TagorInvalidResponse, TagorUnreachable

Serve = Callable[..., ScriptedTagor]
Connect = Callable[..., Tagor]
Authorities = Callable[[str], Authority]
PATH = "TagorService/GetVoxtronVerwByPin"
LINE = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def office(authority: Authorities) -> Authority:
    """The office's own authority, the only one its bridge trusts."""
    return authority("office")


def test_a_private_authority_is_accepted_and_its_connection_kept(
    serve: Serve, connect: Connect, by: Deadline, office: Authority
):
    """One handshake serves many questions, although the file with the authority is gone by then."""
    server = serve(office.context())
    server.plays(PATH, says({"Success": True}))
    tagor = connect(server.url, ca_file=office.file, allow_http=False)
    Path(office.file).unlink()
    assert all(tagor.callers.pin_opens(FILE, PIN, deadline=by) for _ in range(3))
    assert server.connections == 1


BAD: dict[str, Callable[[Authority, Authority], ssl.SSLContext]] = {
    "of another authority": lambda _, other: other.context(),
    "for another host": lambda office, _: office.context("tagor.example.be"),
    "for another address": lambda office, _: office.context("127.0.0.2"),
    "run out": lambda office, _: office.context(days=(-30, -1)),
    "not yet valid": lambda office, _: office.context(days=(1, 30)),
    "signed by itself": lambda _, other: other.own_context(),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_certificate_is_told_nothing(
    bad: str, serve: Serve, connect: Connect, authority: Authorities, by: Deadline
):
    """Six wrong certificates: no request arrives, and the error says where to look."""
    office = authority("office")
    server = serve(BAD[bad](office, authority("other")))
    server.plays(PATH, says({"Success": True}))
    with pytest.raises(TagorUnreachable, match="check ca_file") as caught:
        connect(server.url, ca_file=office.file).callers.pin_opens(FILE, PIN, deadline=by)
    assert not caught.value.sent
    assert server.asked == []


def test_a_private_authority_is_not_trusted_by_itself(
    serve: Serve, connect: Connect, by: Deadline, office: Authority, monkeypatch: pytest.MonkeyPatch
):
    """Only the office's file adds trust, never the environment."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, office.file)
    server = serve(office.context())
    with pytest.raises(TagorUnreachable, match="check ca_file"):
        connect(server.url).callers.pin_opens(FILE, PIN, deadline=by)
    assert server.asked == []


def test_the_environment_cannot_take_trust_away(
    serve: Serve, connect: Connect, by: Deadline, authority: Authorities, monkeypatch: pytest.MonkeyPatch
):
    """A bundle named in the environment does not replace the office's file."""
    office = authority("office")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority("other").file)
    server = serve(office.context())
    server.plays(PATH, says({"Success": True}))
    assert connect(server.url, ca_file=office.file).callers.pin_opens(FILE, PIN, deadline=by)


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_file_that_holds_no_authority_is_refused_at_once(
    connect: Connect, tmp_path: Path, content: str | None
):
    """A misspelt setting shows at the start, not at the first call."""
    path = tmp_path / "authority.pem"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="ca_file cannot be read") as caught:
        connect("https://tagor.example.be/v1/web", ca_file=str(path))
    assert caught.value.__context__ is None


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_dripping_server_holds_nobody_beyond_the_deadline_over_tls(
    part: str, serve: Serve, connect: Connect, clock: FakeClock, office: Authority
):
    """One byte a second in a record of its own, for ever."""
    head = LINE if part == "headers" else LINE + b"Content-Length: 999999\r\n\r\n"
    server = serve(office.context())
    server.plays(PATH, drip(head, b" ", clock.tick))
    with pytest.raises(TagorUnreachable) as caught:
        connect(server.url, ca_file=office.file).callers.pin_opens(FILE, PIN, deadline=Deadline(clock, 5))
    assert caught.value.sent


def test_a_handshake_that_never_ends_is_left(
    serve: Serve, connect: Connect, clock: FakeClock, office: Authority
):
    """A server that accepts and keeps quiet is given up, twice at most."""
    server = serve(office.context())
    server.on_accept = [stall(), stall()]
    with pytest.raises(TagorUnreachable) as caught:
        connect(server.url, ca_file=office.file).callers.pin_opens(FILE, PIN, deadline=Deadline(clock, 0.05))
    assert not caught.value.sent


def test_a_slow_connect_leaves_the_handshake_what_is_left(
    serve: Serve, connect: Connect, clock: FakeClock, office: Authority, monkeypatch: pytest.MonkeyPatch
):
    """Connecting took one second of five, so the handshake may take four, not five and not two."""
    server, waits = serve(office.context()), []
    server.plays(PATH, says({"Success": True}))
    reach, wrap = socket.socket.connect, ssl.SSLContext.wrap_socket

    def slowly(sock: socket.socket, address: object) -> None:
        clock.tick(1)
        reach(sock, address)

    def watched(context: ssl.SSLContext, sock: socket.socket, **settings: Any) -> ssl.SSLSocket:  # noqa: ANN401 - passed on
        if not settings.get("server_side"):
            waits.append(sock.gettimeout())
        return wrap(context, sock, **settings)

    monkeypatch.setattr(socket.socket, "connect", slowly)
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", watched)
    assert connect(server.url, ca_file=office.file).callers.pin_opens(FILE, PIN, deadline=Deadline(clock, 5))
    assert waits == [4]


@pytest.mark.parametrize(
    ("play", "error"),
    [
        (raw(b""), TagorUnreachable),
        (reset, TagorUnreachable),
        (http(200, b"{}", length=99), TagorInvalidResponse),
    ],
    ids=["closed", "reset", "cut short"],
)
def test_trouble_after_the_handshake_is_the_same_as_without_tls(
    play: Play, error: type[TagorError], *, serve: Serve, connect: Connect, by: Deadline, office: Authority
):
    """A connection that breaks off is no answer, with or without a goodbye."""
    server = serve(office.context())
    server.plays(PATH, play)
    with pytest.raises(error):
        connect(server.url, ca_file=office.file).callers.pin_opens(FILE, PIN, deadline=by)
