"""The total deadline of a question to Tagor, and connections that keep it at every wait.

The time-outs of requests and urllib3 begin anew with every byte that arrives, so a server that drips its
headers or its body holds a caller for ever (psf/requests#4276). Here each wait gets only the seconds that
are left of the deadline.
"""

import math
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from bridge.clock import Clock

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

CONNECT_SECONDS = 2.0
"""The longest wait for one address of Tagor's host, so that a dead address leaves time for the next one."""

_PIECE = 16_384  # one TLS record: a longer send would be several waits in one


class Deadline:
    """A fixed moment, `seconds` from now on `clock`; several questions to Tagor may share one.

    It holds for connecting, the handshake, sending and every receive. It does not hold while the system
    looks up a host name: who may not wait for that runs the question on a thread of its own.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._end = clock.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left, 0 when the moment has passed."""
        return max(0.0, self._end - self._clock.monotonic())

    def at_most(self, seconds: float) -> "Deadline":
        """Return the moment `seconds` from now, or this one if it comes first."""
        return Deadline(self._clock, min(seconds, self.left()))


@dataclass(slots=True)
class DeadlineScope:
    """One request under way: its deadlines, and whether any of it has left the bridge."""

    deadline: Deadline
    connect_by: Deadline
    sent: bool = False

    def apply_timeout(
        self, sock: socket.socket, longest: float = math.inf, *, connecting: bool = False
    ) -> None:
        """Let the next wait on `sock` take the seconds that are left, but at most `longest`.

        Before anything can be sent, that is while `connecting`, less time is left.

        Raises:
            TimeoutError: no time is left.
        """
        seconds = min((self.connect_by if connecting else self.deadline).left(), longest)
        if not seconds:  # a time-out of 0 would make the socket non-blocking
            raise TimeoutError
        sock.settimeout(seconds)


# urllib3 makes the connections itself and hands nothing of a request on to them.
_scope: ContextVar[DeadlineScope] = ContextVar("scope")


@contextmanager
def within_deadline(deadline: Deadline, connect_by: Deadline | None = None) -> Iterator[DeadlineScope]:
    """Hold every connection that this thread uses inside the block to these deadlines.

    `deadline` is for the whole request, `connect_by` for making a connection.
    """
    scope = DeadlineScope(deadline, connect_by or deadline)
    token = _scope.set(scope)
    try:
        yield scope
    finally:
        _scope.reset(token)


def current_scope() -> DeadlineScope:
    """Return this thread's request; raises `LookupError` outside a `within_deadline` block."""
    return _scope.get()


class _DeadlineSocket(socket.socket):
    # `http.client` reads the headers by this as well, before requests could cut anything off.
    def recv_into(self, *args: Any) -> int:  # noqa: ANN401 - passed through
        _scope.get().apply_timeout(self)
        return super().recv_into(*args)


class DeadlineTLSSocket(_DeadlineSocket, ssl.SSLSocket):
    """What a TLS context must make of a plain socket, so that each receive keeps the deadline too."""


class DeadlineConnection(HTTPConnection):
    """A plain connection that waits only inside a `within_deadline` block, and only as long as it allows."""

    def send(self, data: "ReadableBuffer") -> None:  # type: ignore[override]  # the bridge sends bytes only
        """Send `data` piece by piece, each within the seconds that are left."""
        if self.sock is None:
            self.connect()
        scope, view = _scope.get(), memoryview(data)
        for start in range(0, len(view), _PIECE):
            scope.apply_timeout(self.sock)
            scope.sent = True
            super().send(view[start : start + _PIECE])

    def _new_conn(self) -> socket.socket:
        # urllib3's own gives each address the whole time-out, so one dead address would use the deadline up.
        try:
            addresses = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):  # the latter for a host name that cannot be one
            addresses = []
        for family, kind, protocol, _, address in addresses:
            try:
                return self._connect(_DeadlineSocket(family, kind, protocol), address)
            except OSError:
                continue
        raise NewConnectionError(self, "no address of the host answered")

    def _connect(self, sock: socket.socket, address: Any) -> socket.socket:  # noqa: ANN401 - as the system gives it
        scope = _scope.get()
        try:
            for option in self.socket_options or ():
                sock.setsockopt(*option)
            scope.apply_timeout(sock, CONNECT_SECONDS, connecting=True)
            sock.connect(address)
            scope.apply_timeout(sock, connecting=True)  # for the TLS handshake
        except OSError:
            sock.close()
            raise
        return sock


class DeadlineTLSConnection(DeadlineConnection, HTTPSConnection):
    """The same connection over TLS; the handshake is one wait."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = DeadlineConnection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = DeadlineTLSConnection


POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _TLSPool}
"""The pools, by scheme, with which a urllib3 pool manager makes connections that keep a deadline."""
