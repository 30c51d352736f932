"""What changes Tagor is sent once, whatever goes wrong, and every error tells whether it may have arrived."""

import logging
import socket
import ssl
from collections.abc import Callable

import pytest
from tagor_certificates import Authority
from tagor_faults import CANARY, FAULTS, HTML, SHORT, assert_tells_nothing
from tagor_questions import FILE, PIN, Question
from tagor_server import FakeClock, ScriptedTagor, http, raw, reset, says

from bridge.tagor import (
    ClientLogin,
    Deadline,
    Tagor,
    TagorError,
    TagorInvalidResponse,
    TagorRefused,
    TagorUnreachable,
)

Connect = Callable[..., Tagor]
PIN_OPENS = "TagorService/GetVoxtronVerwByPin"
YES = b'{"response": {"Success": true}}'


def seconds_for(fault: str) -> float:
    return SHORT if "time-out" in fault else 30


def test_whatever_goes_wrong_tagor_saw_a_write_at_most_once(
    faulty_write: tuple[Question, str],
    *,
    server: ScriptedTagor,
    tagor: Tagor,
    clock: FakeClock,
    by: Deadline,
    caplog: pytest.LogCaptureFixture,
):
    """One connection of its own and one request at most; no fault is a clear no, and all may have arrived."""
    write, fault = faulty_write
    assert tagor.callers.pin_opens(FILE, PIN, deadline=by)  # leaves a connection that could be used
    play, expected = FAULTS[fault]
    server.always_plays(play)
    if fault == "reset before send":
        server.on_accept = [reset]
    caplog.set_level(logging.DEBUG)
    with pytest.raises(TagorError) as caught:
        write.ask(tagor, Deadline(clock, seconds_for(fault)))
    assert type(caught.value) is (TagorUnreachable if expected is TagorUnreachable else TagorInvalidResponse)
    assert caught.value.operation == write.path
    assert_tells_nothing(caught.value, caplog.text)
    written = [asked for asked in server.asked if asked.path == write.path]
    # In these the server may not have come to read, or to accept, by the time the client gives up.
    hasty = fault == "reset before send" or "time-out" in fault
    assert (len(written), server.connections) == (1, 2) or (hasty and not written)
    assert caught.value.sent or fault == "reset before send"


def test_a_write_is_not_told_to_a_stranger(
    some_write: Question,
    connect: Connect,
    by: Deadline,
    *,
    serve: Callable[..., ScriptedTagor],
    authority: Callable[[str], Authority],
):
    """Over TLS it goes to the office's own Tagor and to nobody else, and an unknown one was sent nothing."""
    office = authority("office")
    ours, other = serve(office.context()), serve(authority("other").context())
    for server in (ours, other):
        server.plays(some_write.path, says(some_write.content))
    assert some_write.ask(connect(ours.url, ca_file=office.file, allow_http=False), by) == some_write.told
    with pytest.raises(TagorUnreachable, match="check ca_file") as caught:
        some_write.ask(connect(other.url, ca_file=office.file, allow_http=False), by)
    assert not caught.value.sent
    assert (len(ours.asked), other.asked) == (1, [])


def test_a_handshake_belongs_to_connecting(
    some_write: Question, connect: Connect, clock: FakeClock, *, monkeypatch: pytest.MonkeyPatch, ca_file: str
):
    """It gets what reaching the server has left of the two seconds; then nothing is sent."""
    waits = []

    def stalls(_: ssl.SSLContext, sock: socket.socket, **_settings: object) -> None:
        waits.append(sock.gettimeout())
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", lambda *_: clock.tick(1.5))
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", stalls)
    with pytest.raises(TagorUnreachable) as caught:
        some_write.ask(connect("https://127.0.0.1:9/v1/web", ca_file=ca_file), Deadline(clock, 6))
    assert waits == [0.5]
    assert not caught.value.sent


def test_a_write_uses_no_kept_connection_and_leaves_none(
    some_write: Question, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Read, write, write, read: the reads share one connection, each write has its own."""
    assert tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert some_write.ask(tagor, by) == some_write.told
    assert some_write.ask(tagor, by) == some_write.told
    assert tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert server.connections == 3
    assert [asked.path for asked in server.asked] == [PIN_OPENS, some_write.path, some_write.path, PIN_OPENS]


def test_a_kept_connection_that_died_unnoticed_does_not_touch_a_write(
    some_write: Question, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """On a stale connection a request is lost, or sent again behind our back; a write never meets one."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(YES) + YES
    server.plays(PIN_OPENS, raw(answer, close=True))
    assert tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert some_write.ask(tagor, by) == some_write.told
    assert [asked.path for asked in server.asked] == [PIN_OPENS, some_write.path]
    assert server.connections == 2


def test_a_no_is_a_clear_one(some_write: Question, server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """`Success: false` in whole JSON: refused, after one request; Tagor's own words are not repeated."""
    server.plays(some_write.path, says({"Success": False, "Error": CANARY}))
    if not some_write.is_service:
        with pytest.raises(TagorInvalidResponse):
            some_write.ask(tagor, by)
        return
    with pytest.raises(TagorRefused) as caught:
        some_write.ask(tagor, by)
    assert caught.value.sent
    assert CANARY not in repr(caught.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_credential_turned_down_is_no_clear_no_to_a_write(
    some_write: Question, server: ScriptedTagor, connect: Connect, by: Deadline, status: int
):
    """It may come after the effect: not sent again with a new token, which only the next question gets."""
    tokens = [says({"token": token, "expires_in": 3600}) for token in ("first", "second")]
    server.plays("Login/Token", *tokens)
    server.plays(some_write.path, http(status, HTML))
    tagor = connect(server.url, ClientLogin("bridge", "secret"))
    with pytest.raises(TagorInvalidResponse, match=f"answered {status}") as caught:
        some_write.ask(tagor, by)
    assert caught.value.sent
    assert tagor.callers.pin_opens(FILE, PIN, deadline=by)
    assert [asked.path for asked in server.asked if asked.path == some_write.path] == [some_write.path]
    renewed = status == 401
    assert server.asked[-1].headers["authorization"] == f"Tgr {'second' if renewed else 'first'}"


def test_a_write_whose_login_failed_was_not_sent(
    some_write: Question, server: ScriptedTagor, connect: Connect, by: Deadline
):
    """It never left the bridge, and the error says so."""
    server.plays("Login/Token", http(503, HTML))
    with pytest.raises(TagorError) as caught:
        some_write.ask(connect(server.url, ClientLogin("bridge", "secret")), by)
    assert (caught.value.operation, caught.value.sent) == ("Login/Token", False)
    assert [asked.path for asked in server.asked] == ["Login/Token"]


@pytest.mark.parametrize("fault", list(FAULTS)[::4])
def test_however_a_login_fails_nothing_else_is_sent(
    fault: str, server: ScriptedTagor, connect: Connect, clock: FakeClock
):
    """Faults of every kind, before the write that asks for most care."""
    play, _ = FAULTS[fault]
    server.plays("Login/Token", play)
    if fault == "reset before send":
        server.on_accept = [reset]
    tagor = connect(server.url, ClientLogin("bridge", "secret"))
    with pytest.raises(TagorError) as caught:
        tagor.plans.save(FILE, None, months=6, deadline=Deadline(clock, seconds_for(fault)))
    assert caught.value.operation == "Login/Token"
    assert not caught.value.sent
    assert {asked.path for asked in server.asked} <= {"Login/Token"}


def test_a_closed_client_is_as_good_for_a_write(
    some_write: Question, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """What a worker closes while it stops are kept connections; a write needs none of them."""
    tagor.close()
    assert some_write.ask(tagor, by) == some_write.told
    assert len(server.asked) == 1
