"""A request that is still arriving: whether all of it is here, as gunicorn's own parser reads it."""

from typing import Any

from gunicorn.http.body import LengthReader
from gunicorn.http.errors import ChunkMissingTerminator, NoMoreData
from gunicorn.http.parser import RequestParser

MAX_HEAD_BYTES = 32_768
MAX_BODY_BYTES = 65_536
"""The largest body that a request may have; the webhook verifier refuses a larger one as well."""

_REFUSAL = b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class RequestTooLargeError(Exception):
    """The head or the body of a request is larger than any of ours; `answer` refuses it."""

    def __init__(self, status: bytes) -> None:
        super().__init__("the request is too large")
        self.answer = _REFUSAL % status


class IncomingRequest:
    """Collects the bytes of one request of `client`, which is gunicorn's peer address.

    Attributes:
        received: the bytes so far, of which some may belong to the next request.
        waits_for_leave: the client sends its body only after `100 Continue`.
    """

    def __init__(self, config: Any, client: Any) -> None:  # noqa: ANN401 - gunicorn's
        self._config, self._client = config, client
        self._size: int | None = None
        self.received = bytearray()
        self.waits_for_leave = False

    def add(self, received: bytes) -> bool:
        """Take more bytes, and tell whether the whole request is here.

        What gunicorn's parser refuses counts as whole: gunicorn answers it as it always does.

        Raises:
            RequestTooLargeError: the request is larger than any of ours.
        """
        self.received += received
        if self._size is None and b"\r\n\r\n" not in self.received:
            if len(self.received) > MAX_HEAD_BYTES:
                raise RequestTooLargeError(b"431 Request Header Fields Too Large")
            return False
        if self._size is None and self._is_read_whole():
            return True
        size = len(self.received) if self._size is None else self._size
        if size > MAX_HEAD_BYTES + MAX_BODY_BYTES:
            raise RequestTooLargeError(b"413 Content Too Large")
        return self._size is not None and len(self.received) >= self._size

    def _is_read_whole(self) -> bool:
        """Read the head, which tells the size, or a body in chunks, which tells its end."""
        # gunicorn's own parser decides where a request ends. A reader of our own might decide otherwise, and
        # a request that two readers end at two places is how another one is smuggled in.
        try:
            parser = RequestParser(self._config, iter([bytes(self.received)]), self._client)
            request = next(parser)
            self.waits_for_leave = ("EXPECT", "100-continue") in request.headers
            if isinstance(request.body.reader, LengthReader):
                head = len(self.received) - len(parser.unreader.take_buffered())
                self._size = head + request.body.reader.length
            # The whole body is read again each time: only when its last chunk may have arrived.
            elif b"\r\n0\r\n" in self.received:
                request.body.read()
                return True
        except (NoMoreData, ChunkMissingTerminator):
            return False
        except Exception:  # noqa: BLE001 - whatever is wrong with it, gunicorn says so
            return True
        return False
