"""Connections that keep a call's deadline at every wait: connecting, handshake, each send, each receive.

The time-outs of requests and urllib3 begin anew with every byte that arrives, so a server that drips its
headers or its body holds a caller for ever (psf/requests#4276). Here each wait gets what is left of the call.
"""

import http.client
import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from bridge.tagor.http.deadline import Deadline

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

CONNECT_SECONDS = 2.0
"""The longest wait for one address of Tagor's host, so that a dead one leaves time for the next."""

_PIECE = 16_384  # one TLS record: a longer send would be several waits in one


@dataclass(slots=True)
class DeadlineScope:
    """One request under way: when it must be connected, when over, and whether any of it left the bridge."""

    deadline: Deadline
    connect_by: Deadline
    sent: bool = False

    def brace(self, sock: socket.socket) -> None:
        """Let the next wait on `sock` take what is left; `TimeoutError` if nothing is left."""
        _brace(sock, self.deadline.left())

    def brace_to_connect(self, sock: socket.socket, longest: float | None = None) -> None:
        """The same for a wait before anything can be sent, which may not take longer than `longest`."""
        left = self.connect_by.left()
        _brace(sock, left if longest is None else min(left, longest))


def _brace(sock: socket.socket, seconds: float) -> None:
    if not seconds:
        raise TimeoutError
    sock.settimeout(seconds)


_attempt: ContextVar[DeadlineScope] = ContextVar("attempt")


@contextmanager
def punctual(deadline: Deadline, connect_by: Deadline | None = None) -> Iterator[DeadlineScope]:
    """Hold every connection this thread uses inside the block to `deadline`, its making to `connect_by`."""
    attempt = DeadlineScope(deadline, connect_by or deadline)
    token = _attempt.set(attempt)
    try:
        yield attempt
    finally:
        _attempt.reset(token)


def under_way() -> DeadlineScope:
    """This thread's request; only inside a `punctual` block there is one."""
    return _attempt.get()


class _Reader(io.RawIOBase):
    def __init__(self, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._sock = sock
        self._raw = raw
        self._attempt = _attempt.get()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        self._attempt.brace(self._sock)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Reader(sock, self.fp.detach()))


class DeadlineConnection(HTTPConnection):
    """A plain connection that waits only inside a `punctual` block, and only as long as it allows."""

    response_class = _Response

    def send(self, data: "ReadableBuffer") -> None:  # type: ignore[override]  # the bridge sends bytes only
        """Send `data` piece by piece, each within what is left."""
        if self.sock is None:
            self.connect()
        attempt, view = _attempt.get(), memoryview(data)
        for start in range(0, len(view), _PIECE):
            attempt.brace(self.sock)
            attempt.sent = True
            super().send(view[start : start + _PIECE])

    def _new_conn(self) -> socket.socket:
        try:
            addresses = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):  # the latter for a host name that cannot be one
            addresses = []
        for family, kind, protocol, _, address in addresses:
            try:
                return self._reach(socket.socket(family, kind, protocol), address)
            except OSError:
                continue
        raise NewConnectionError(self, "no address of the host answered")

    def _reach(self, sock: socket.socket, address: Any) -> socket.socket:  # noqa: ANN401 - as the system gives it
        attempt = _attempt.get()
        try:
            for option in self.socket_options or ():
                sock.setsockopt(*option)
            attempt.brace_to_connect(sock, CONNECT_SECONDS)
            sock.connect(address)
            attempt.brace_to_connect(sock)  # for the TLS handshake
        except OSError:
            sock.close()
            raise
        return sock


class DeadlineTLSConnection(DeadlineConnection, HTTPSConnection):
    """The same over TLS; the handshake is one wait."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = DeadlineConnection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = DeadlineTLSConnection


POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _TLSPool}
"""What a urllib3 pool manager needs to make punctual connections."""
