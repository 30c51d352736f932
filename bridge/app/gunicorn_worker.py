"""A gunicorn worker that gives a request a thread only once all of it has arrived.

gunicorn's own threaded worker reads requests in its threads: whoever sends half a request, which needs no
signature, holds a thread for as long as they like, and some hundred of them silence the line. Here one loop
reads all connections at once. A thread serves whole requests only, and half a one is dropped in time.
"""

import selectors
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from socket import socket
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import TConn, ThreadWorker

from bridge.app.incoming_request import IncomingRequest, RequestTooLargeError

REQUEST_SECONDS = 5.0
"""How long a request may take from its first byte to its last; a provider needs some milliseconds."""

MAX_UNFINISHED = 500
"""How many unfinished requests a process holds; the oldest one goes when another comes."""

_CHUNK = 65_536


@dataclass(slots=True, eq=False)
class _Unfinished:
    """A connection whose next request is still arriving, and until when (by the monotonic clock) it may."""

    connection: TConn
    request: IncomingRequest
    until: float


class BufferingWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """Reads requests in its loop, and hands whole ones to the threads of gunicorn's own worker."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - gunicorn's
        super().__init__(*arguments, **options)
        self._unfinished: dict[TConn, _Unfinished] = {}

    def enqueue_req(self, conn: TConn) -> None:
        """Wait in the loop for the connection's next request; gunicorn calls this for new and kept ones."""
        if len(self._unfinished) >= MAX_UNFINISHED:
            self._drop(next(iter(self._unfinished.values())))
        # One loop reads all connections, so none of them may make it wait.
        conn.sock.setblocking(False)  # noqa: FBT003 - the socket's own signature
        # A connection that is opened ahead and still silent costs nothing: it is kept as long as an idle one.
        until = time.monotonic() + self.cfg.keepalive
        unfinished = _Unfinished(conn, IncomingRequest(self.cfg, conn.client), until)
        self._unfinished[conn] = unfinished
        self.poller.register(conn.sock, selectors.EVENT_READ, self._reader_of(unfinished))
        # A client may have sent its next request right behind the last one; nothing more may ever arrive.
        if conn.parser is not None and (left_over := conn.parser.unreader.take_buffered()):
            self._take(unfinished, left_over)

    def murder_pending(self) -> None:
        """Drop the requests that took too long to arrive; the loop calls this at least every second."""
        now = time.monotonic()
        for unfinished in [one for one in self._unfinished.values() if one.until <= now]:
            self._drop(unfinished)
        super().murder_pending()

    def _cap_keepalive(self, deadline: float) -> None:
        """Let silent connections go by `deadline`, because the worker is stopping."""
        for unfinished in self._unfinished.values():
            unfinished.until = min(unfinished.until, deadline)
        super()._cap_keepalive(deadline)

    def _reader_of(self, unfinished: _Unfinished) -> Callable[[socket], None]:
        """Make what the loop calls when the connection has something to read."""

        def read(sock: socket) -> None:
            try:
                received = sock.recv(_CHUNK)
            except BlockingIOError:
                return
            except OSError:
                received = b""
            if received:
                self._take(unfinished, received)
            else:
                self._drop(unfinished)

        return read

    def _take(self, unfinished: _Unfinished, received: bytes) -> None:
        """Add what arrived, and hand the request to a thread if that was the rest of it."""
        connection, request = unfinished.connection, unfinished.request
        if not request.received:
            unfinished.until = time.monotonic() + REQUEST_SECONDS
        waited = request.waits_for_leave
        try:
            whole = request.add(received)
        except RequestTooLargeError as error:
            self._answer(connection, error.answer)
            self._drop(unfinished)
            return
        if whole:
            self._hand_over(unfinished)
        # Once only: the next bytes are the body, and a second `100 Continue` would stand inside the answer.
        elif request.waits_for_leave and not waited:
            self._answer(connection, b"HTTP/1.1 100 Continue\r\n\r\n")

    def _hand_over(self, unfinished: _Unfinished) -> None:
        """Give the request a thread, whose parser finds all bytes already read."""
        self._forget(unfinished)
        connection = unfinished.connection
        # A kept connection keeps its parser, which counts its requests.
        if connection.parser is None:
            connection.parser = http.get_parser(self.cfg, connection.sock, connection.client)
        connection.parser.unreader.unread(bytes(unfinished.request.received))
        connection.data_ready = True
        super().enqueue_req(connection)

    def _answer(self, connection: TConn, answer: bytes) -> None:
        with suppress(OSError):  # a client that does not even read is dropped all the same
            connection.sock.send(answer)

    def _drop(self, unfinished: _Unfinished) -> None:
        self._forget(unfinished)
        # gunicorn counts its connections by hand, and accepts no more once the count is at its limit.
        self.nr_conns -= 1
        unfinished.connection.close()

    def _forget(self, unfinished: _Unfinished) -> None:
        del self._unfinished[unfinished.connection]
        with suppress(OSError, KeyError, ValueError):  # its socket may be closed already
            self.poller.unregister(unfinished.connection.sock)
