"""Speaks to a provider's REST API: one request at a time, cut off when its time is up."""

import http.client
import json
import re
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from urllib3 import encode_multipart_formdata

_API = re.compile(
    r"https://[a-z0-9.-]+(?::[1-9][0-9]{0,4})?|http://(?:127\.0\.0\.1|localhost):[1-9][0-9]{0,4}"
)


Form = Mapping[str, str | Sequence[str]]
"""The fields of a form; one with several values is sent once for each."""

File = tuple[str, str, bytes, str]
"""A file that goes with a form: the field's name, the file's name, its content and its type."""


class NoRestAnswer(Exception):
    """The provider gave no usable answer within the time; the text is the name of what went wrong."""


@dataclass(frozen=True, slots=True)
class RestResponse:
    """What the provider answered."""

    status: int
    body: bytes = field(repr=False)


def is_api(address: str) -> bool:
    """Tell whether an address can be a provider's: encrypted, or on this machine, and a plain host."""
    return _API.fullmatch(address) is not None


class RestClient:
    """One account's way to its provider's API at the address `api`.

    No proxy is used, no redirect followed, no request made twice. A connection that is still open after
    `seconds` is cut, however slowly bytes still arrive. The token goes alone if it is a `bearer`'s.
    """

    def __init__(
        self, api: str, account: str, token: str, *, bearer: bool, seconds: float, ca_file: str | None
    ) -> None:
        self._api, self._ca_file, self._seconds = urlsplit(api), ca_file, seconds
        basic = b64encode(f"{account}:{token}".encode()).decode()
        self._credential = f"Bearer {token}" if bearer else f"Basic {basic}"

    @property
    def place(self) -> tuple[str, str | None, int | None]:
        """Give scheme, host and port of the API."""
        return self._api.scheme, self._api.hostname, self._api.port

    def request(
        self,
        method: str,
        path: str,
        max_bytes: int,
        *,
        elsewhere: SplitResult | None = None,
        form: Form | None = None,
        file: File | None = None,
        json_fields: Mapping[str, str] | None = None,
    ) -> RestResponse:
        """Make one request, and read one byte more than `max_bytes` at most.

        A request `elsewhere` carries no token: whoever has the address may read what is there. A `file` goes
        with a form; `json_fields` are sent as JSON.

        Raises:
            NoRestAnswer: no usable answer came within the time.
        """
        headers = {} if elsewhere else {"Authorization": self._credential}
        body = None
        if form is not None:
            body, headers["Content-Type"] = _encoded(form, file)
        elif json_fields is not None:
            body, headers["Content-Type"] = json.dumps(json_fields).encode(), "application/json"
        try:
            with self._connection_with_deadline(elsewhere or self._api) as connection:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                content = answer.read(max_bytes + 1)
                # A body that breaks off raises nothing by itself when it is read up to a length.
                if answer.length and len(content) <= max_bytes:
                    raise http.client.IncompleteRead(content, answer.length)
        except (OSError, http.client.HTTPException) as error:
            raise NoRestAnswer(type(error).__name__) from None
        return RestResponse(answer.status, content)

    @contextmanager
    def _connection_with_deadline(self, place: SplitResult) -> Iterator[http.client.HTTPConnection]:
        """Open a connection that is shut down when its time is up, even while somebody reads from it."""
        until = time.monotonic() + self._seconds
        with closing(self._new_connection(place)) as connection:
            connection.connect()
            cut = Timer(until - time.monotonic(), _shut_down, (connection.sock,))
            cut.daemon = True
            cut.start()
            try:
                yield connection
            finally:
                cut.cancel()
        if time.monotonic() >= until:  # what was read may be only a part
            raise TimeoutError

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Read the certificates of all authorities with the first request: a start would wait for it."""
        return ssl.create_default_context(cafile=self._ca_file)

    def _new_connection(self, place: SplitResult) -> http.client.HTTPConnection:
        host, port = str(place.hostname), place.port
        if place.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self._seconds)
        return http.client.HTTPSConnection(host, port, timeout=self._seconds, context=self._tls)


def _encoded(form: Form, file: File | None) -> tuple[bytes, str]:
    """Write a form as the body of a request, and give the body's type."""
    if file is None:
        return urlencode(form, doseq=True).encode(), "application/x-www-form-urlencoded"
    name, *content = file
    fields: dict[str, Any] = {**form, name: tuple(content)}
    return encode_multipart_formdata(fields)


def _shut_down(sock: socket.socket) -> None:
    """Wake the reader of this socket; the TLS shutdown would take the session from under the reader."""
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
