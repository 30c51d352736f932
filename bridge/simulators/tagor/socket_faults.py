"""Plays faults on the connection itself: late, slow, cut or missing replies."""

from collections.abc import Callable

from bridge.simulators.tagor.faults import Fault
from bridge.simulators.tagor.http_connection import HttpConnection
from bridge.simulators.tagor.wire import HttpResponse


def _delay(line: HttpConnection, reply: HttpResponse, fault: Fault) -> bool:
    if not line.wait(fault.seconds):
        return False
    line.answer(reply)
    return True


def _drip_headers(line: HttpConnection, reply: HttpResponse, fault: Fault) -> bool:
    if not _drip(line, reply.head(), fault.seconds):
        return False
    line.send(reply.body)
    return True


def _drip_body(line: HttpConnection, reply: HttpResponse, fault: Fault) -> bool:
    line.send(reply.head())
    return _drip(line, reply.body, fault.seconds)


def _drip(line: HttpConnection, data: bytes, pause: float) -> bool:
    for position in range(len(data)):
        line.send(data[position : position + 1])
        if not line.wait(pause):
            return False
    return True


def _reset(line: HttpConnection, _reply: HttpResponse, _fault: Fault) -> bool:
    line.reset()
    return False


def _no_reply(line: HttpConnection, _reply: HttpResponse, fault: Fault) -> bool:
    line.wait(fault.seconds)
    return False


def _truncated(line: HttpConnection, reply: HttpResponse, _fault: Fault) -> bool:
    line.send(reply.head() + reply.body[: len(reply.body) // 2])
    return False


# Each plays its part and says whether the connection can carry a further request.
TROUBLE: dict[str, Callable[[HttpConnection, HttpResponse, Fault], bool]] = {
    "delay": _delay,
    "drip_headers": _drip_headers,
    "drip_body": _drip_body,
    "refuse": _reset,
    "reset_before": _reset,
    "reset_after": _reset,
    "no_reply": _no_reply,
    "truncated": _truncated,
}
