"""Requests on the wire of a real gunicorn: they change nothing, or are turned away; none breaks us."""

import socket
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bad_input_judge import verbs
from bad_input_requests import REFUSED, SAME, Request

if TYPE_CHECKING:
    from bridge.simulators.demo import Card

HUNG_UP = 0
NO = {HUNG_UP, 400, 403, 404, 405, 411, 413, 414, 431, 501}
"""501 is gunicorn's word for a framing it does not speak: no code of ours has seen the request."""

_calls = count(0xBAD)


def sent(request: Request) -> tuple[int, dict[str, str], bytes]:
    """What comes back for these very bytes."""
    parts = urlsplit(request.card.public)
    with socket.create_connection((str(parts.hostname), int(parts.port or 80)), timeout=10) as wire:
        answer = b""
        try:
            wire.sendall(request.raw)
            with suppress(OSError):  # who was turned away already is connected no more
                wire.shutdown(socket.SHUT_WR)
            while piece := wire.recv(65_536):
                answer += piece
        except ConnectionResetError:  # turned away while still sending: what came until then counts
            pass
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return int(first.split()[1]) if first else HUNG_UP, headers, body


def fresh(card: "Card") -> Request:
    """A webhook that begins a call of its own."""
    return Request(card, f"CA{next(_calls):032x}")


def test_11_headers_and_framings_change_nothing(running_demo: "Card"):
    """Whatever a proxy or a stranger adds, the signed address is the configured one."""
    twin = sent(fresh(running_demo).filled())
    assert verbs(twin)
    for name, spoil in SAME.items():
        status, headers, body = sent(spoil(fresh(running_demo)))
        assert (status, headers["Content-Type"], body) == (200, twin[1]["Content-Type"], twin[2]), name


def test_39_requests_are_turned_away(running_demo: "Card"):
    """Not signed, not a form, not one request: no words, no trace of it in the answer, no call begun."""
    for name, spoil in REFUSED.items():
        request = spoil(fresh(running_demo))
        status, _, body = sent(request)
        assert status in NO, (name, status)
        assert request.call.encode() not in body, name
        assert b"482193" not in body, name
        assert b"<Response" not in body, name
        later = Request(running_demo, request.call, "/voice/turn/1").filled(("Digits", "1"))
        assert verbs(sent(later)) == {"Say", "Dial", "Number", "Hangup"}, f"{name}: a call was begun"
