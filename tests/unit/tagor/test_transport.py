"""Tagor down, slow, wrong or hostile: every question ends in one of three errors that tell nothing."""

import errno
import logging
import socket
from collections.abc import Callable
from itertools import pairwise

import pytest
from tagor_faults import CANARY, FAULTS, LINE, SHORT, assert_tells_nothing, unused_port
from tagor_questions import FILE, PIN, QUESTIONS, Question
from tagor_server import FakeClock, ScriptedTagor, drip, http, reset
from tagor_staff_questions import STAFF_QUESTIONS

from bridge.tagor import Deadline, Tagor, TagorError, TagorInvalidResponse, TagorUnreachable


def test_every_fault_ends_in_one_of_three_errors_that_tell_nothing(
    faulty_read: tuple[Question, str],
    *,
    server: ScriptedTagor,
    tagor: Tagor,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
):
    """One read of each kind meets every fault, each read three; what was sent is sent once."""
    read, fault = faulty_read
    play, expected = FAULTS[fault]
    server.always_plays(play)
    if fault == "reset before send":
        server.on_accept = [reset]
    caplog.set_level(logging.DEBUG)
    with pytest.raises(TagorError) as caught:
        read.ask(tagor, Deadline(clock, SHORT if "time-out" in fault else 30))
    assert type(caught.value) is expected
    assert caught.value.operation in (read.path, "Config/Info")
    assert_tells_nothing(caught.value, caplog.text)
    asked = [asked.path for asked in server.asked]
    assert not [path for path, following in pairwise(asked) if path == following]


@pytest.mark.parametrize("part", ["headers", "body", "chunks", "interim answers"])
def test_a_server_that_drips_holds_nobody_beyond_the_deadline(
    some_question: Question, part: str, server: ScriptedTagor, tagor: Tagor, clock: FakeClock
):
    """One byte a second, for ever: a time-out that starts anew with every byte would never end this."""
    head, drop = {
        "headers": (LINE, b"X"),
        "body": (LINE + b"Content-Length: 999999\r\n\r\n", b" "),
        "chunks": (LINE + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    }[part]
    server.always_plays(drip(head, drop, clock.tick))
    with pytest.raises(TagorUnreachable) as caught:
        some_question.ask(tagor, Deadline(clock, 5))
    assert caught.value.sent


@pytest.mark.parametrize("trouble", ["refused", "time-out", "no such host", "no host name"])
def test_a_tagor_that_cannot_be_reached_was_sent_nothing(
    some_question: Question,
    trouble: str,
    *,
    ca_file: str,
    connect: Callable[..., Tagor],
    by: Deadline,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    """A read is tried once more, also where it leaves a note, and a write is not: whoever asked knows."""
    tries = []
    lookup = socket.getaddrinfo

    def counting(*args: object, **kwargs: object) -> list[object]:
        tries.append(args)
        if trouble == "no such host":
            raise socket.gaierror(socket.EAI_NONAME, CANARY)
        return lookup(*args, **kwargs)

    def times_out(*_: object) -> None:
        raise TimeoutError(errno.ETIMEDOUT, CANARY)

    monkeypatch.setattr(socket, "getaddrinfo", counting)
    if trouble == "time-out":
        monkeypatch.setattr(socket.socket, "connect", times_out)
    host = {"no such host": "x.invalid", "no host name": f"{'x' * 64}.invalid"}.get(trouble, "127.0.0.1")
    caplog.set_level(logging.DEBUG)
    with pytest.raises(TagorUnreachable) as caught:
        some_question.ask(connect(f"https://{host}:{unused_port()}/v1/web", ca_file=ca_file), by)
    assert not caught.value.sent
    assert len(tries) == (1 if some_question.changes else 2)
    assert_tells_nothing(caught.value, caplog.text)


def test_a_connect_that_failed_is_made_good_by_the_next(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, monkeypatch: pytest.MonkeyPatch, some_read: Question
):
    """A connection lost on the way in costs the caller nothing."""
    reach, refusals = socket.socket.connect, [ConnectionRefusedError()]

    def flapping(sock: socket.socket, address: object) -> None:
        if refusals:
            raise refusals.pop()
        reach(sock, address)

    monkeypatch.setattr(socket.socket, "connect", flapping)
    assert some_read.ask(tagor, by) == some_read.told
    assert len(server.asked) == 1


def test_a_dead_address_leaves_time_for_the_next(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, monkeypatch: pytest.MonkeyPatch
):
    """A host with several addresses is reached on the first that answers."""
    lookup = socket.getaddrinfo

    def two(*args: object, **kwargs: object) -> list[object]:
        (entry,) = lookup(*args, **kwargs)
        return [(*entry[:4], ("127.0.0.1", unused_port())), entry]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    assert tagor.office.ping(deadline=by).tagor
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("name", "seconds", "passing", "waits"),
    [
        ("ping", 5, 2, [2, 2, 1]),
        ("save_plan", 6, 1.5, [2, 0.5]),
        ("add_message", 6, 1.5, [2, 0.5]),
        ("save_plan", 0.5, 2, [0.5]),
    ],
)
def test_dead_addresses_together_do_not_outlast_the_deadline(
    name: str,
    seconds: float,
    passing: float,
    waits: list[float],
    *,
    connect: Callable[..., Tagor],
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    ca_file: str,
):
    """Ten addresses cost a read one deadline, and a write two seconds, for later it could not be answered."""
    waited = []

    def dead(sock: socket.socket, _: object) -> None:
        waited.append(sock.gettimeout())
        clock.tick(min(passing, waited[-1]))
        raise TimeoutError

    entry = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 443))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [entry] * 10)
    monkeypatch.setattr(socket.socket, "connect", dead)
    tagor = connect("https://tagor.example.be/v1/web", ca_file=ca_file)
    (question,) = (one for one in QUESTIONS + STAFF_QUESTIONS if one.name == name)
    with pytest.raises(TagorUnreachable) as caught:
        question.ask(tagor, Deadline(clock, seconds))
    assert waited == waits
    assert not caught.value.sent


def test_without_time_nothing_is_sent(
    server: ScriptedTagor, tagor: Tagor, clock: FakeClock, some_question: Question
):
    """A deadline that has passed ends the call before it begins."""
    late = Deadline(clock, 1)
    clock.tick(1)
    with pytest.raises(TagorUnreachable, match="no time was left") as caught:
        some_question.ask(tagor, late)
    assert not caught.value.sent
    assert server.connections == 0


def test_a_longer_answer_than_allowed_is_not_read(
    server: ScriptedTagor, connect: Callable[..., Tagor], by: Deadline
):
    """The cap is exact: at it the answer counts, one byte beyond it does not; what was sent may come back."""
    connect(server.url).callers.pin_opens(FILE, PIN, deadline=by)
    sent = server.asked[0].body
    answer = b'{"response": {"Success": true}}' + b" " * len(sent)
    server.plays("TagorService/GetVoxtronVerwByPin", http(200, answer))
    most = len(answer) - len(sent)
    assert connect(server.url, max_bytes=most).callers.pin_opens(FILE, PIN, deadline=by)
    with pytest.raises(TagorInvalidResponse, match="longer than"):
        connect(server.url, max_bytes=most - 1).callers.pin_opens(FILE, PIN, deadline=by)
