"""Reads requests from one client's connection, and puts replies and faults on it."""

import socket
import struct
from io import BufferedIOBase

from bridge.simulators.tagor.wire import HttpRequest, HttpResponse, Rejected, parse_head

LONGEST_LINE = 16 * 1024
MAX_HEADERS = 100
LARGEST_BODY = 64 * 1024 * 1024


class HttpConnection:
    """A socket with just enough HTTP on it, so that a fault can leave it in any state."""

    def __init__(self, connection: socket.socket, stream: BufferedIOBase, peer: str) -> None:
        self._connection = connection
        self._stream = stream
        self._peer = peer

    def read_head(self) -> HttpRequest | None:
        """Return the next request without its body, or None once the client has hung up; raises Rejected."""
        lines: list[bytes] = []
        while (line := self._stream.readline(LONGEST_LINE)) not in (b"\r\n", b"\n"):
            if not line:
                return None
            if not line.endswith(b"\n") or len(lines) > MAX_HEADERS:
                raise Rejected(431, "The request's headers are too large.")
            lines.append(line)
        return parse_head(lines or [b""], self._peer)

    def read_body(self, request: HttpRequest) -> HttpRequest:
        """Return the same request with its body read; raises Rejected (411, 413, 400)."""
        if "transfer-encoding" in request.headers:
            raise Rejected(411, "Send a Content-Length: chunks are not taken.")
        stated = request.headers.get("content-length", "0")
        if not (stated.isascii() and stated.isdigit()):
            raise Rejected(400, "Content-Length is no number.")
        if int(stated) > LARGEST_BODY:
            raise Rejected(413, "The request is too large.")
        if request.headers.get("expect", "").lower() == "100-continue":
            self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.body = self._stream.read(int(stated))
        return request

    def send(self, data: bytes) -> None:
        """Put these bytes on the wire."""
        self._connection.sendall(data)

    def answer(self, reply: HttpResponse) -> None:
        """Put the whole reply on the wire."""
        self._connection.sendall(reply.head() + reply.body)

    def wait(self, seconds: float) -> bool:
        """Wait so many seconds; returns False at once when the client hangs up or the stand-in stops."""
        if seconds <= 0:
            return True
        # A sleep would notice neither of the two: a socket that can be read before its time is closing.
        self._connection.settimeout(seconds)
        try:
            self._connection.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return True
        finally:
            self._connection.settimeout(None)
        return False

    def part(self) -> None:
        """Close the sending side, and read what still arrives.

        A socket that is closed with unread bytes resets the connection, and the client loses the last reply.
        """
        self._connection.shutdown(socket.SHUT_WR)
        self._connection.settimeout(1.0)
        for _ in range(1024):
            if not self._connection.recv(65536):
                return

    def reset(self) -> None:
        """Make the coming close a reset, so that the client reads an error and not an end."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
