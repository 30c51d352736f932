"""Clients who send half a request and wait: they hold no thread, and calls go on."""

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from shared_server import rang_the_switchboard

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.demo import Card
    from bridge.simulators.provider.phone import Phone

HALVES = {
    "body": b"POST /voice HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nCallSid=CA",
    "chunks": b"POST /voice HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nCall",
    "head": b"POST /voice HTTP/1.1\r\nHost: x\r\nX-Slow: ",
}
PING = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


def connect(card: "Card") -> socket.socket:
    address = urlsplit(card.public)
    return socket.create_connection((address.hostname, address.port), timeout=60)


@pytest.mark.parametrize("half", HALVES)
def test_200_half_requests_cost_no_turn_its_thread(
    running_demo: "Card", demo_phone: "Callable[..., Phone]", half: str
):
    """The demo has 128 threads; with 200 half requests open, twenty calls are answered to their end."""
    with ExitStack() as opened:
        for _ in range(200):
            opened.enter_context(connect(running_demo)).sendall(HALVES[half])
        for number in range(20):
            phone = demo_phone(f"+3247001{number:04}").ring()
            phone.press("2").press("9")
            assert rang_the_switchboard(phone) or (phone.faults, phone.ended_by) == ([], "hangup")


@pytest.mark.parametrize("half", HALVES)
def test_half_a_request_is_dropped_in_time(running_demo: "Card", half: str):
    """Whoever sends half a request and waits is hung up on, without an answer."""
    with connect(running_demo) as client:
        client.sendall(HALVES[half])
        assert client.recv(1000) == b""


def test_a_request_that_comes_in_pieces_is_served(running_demo: "Card"):
    """Byte by byte, and then two at once and a half: each whole one is answered on the same connection."""
    with connect(running_demo) as client:
        for at in range(len(PING)):
            client.sendall(PING[at : at + 1])
        assert b"alive" in client.recv(10_000)
        client.sendall(PING + PING + PING[:10])
        answers = b""
        while answers.count(b"alive") < 2:
            answers += client.recv(10_000)
        client.sendall(PING[10:])
        assert b"alive" in client.recv(10_000)
