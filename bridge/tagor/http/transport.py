"""Posts requests to one office's Tagor: pooled connections, TLS always verified, one deadline per request."""

import ipaddress
import logging
import ssl
import zlib
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util import Retry

from bridge.tagor.errors import TagorError, TagorInvalidResponse, TagorUnreachable
from bridge.tagor.http.deadline import CONNECT_SECONDS, POOLS, Deadline, DeadlineTLSSocket, within_deadline
from bridge.tagor.schema.answer import OK, Reply

# Without `Accept` Tagor's errors come as HTML. `identity`: a short packed body may unpack to any length.
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "tagor-bridge"}
_NO_HEADERS: Mapping[str, str] = {}
_PACKED = ("gzip", "x-gzip", "deflate")
_FOREIGN = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)
_UNANSWERED = (OSError, urllib3.exceptions.TimeoutError)

Adapters = Callable[[ssl.SSLContext | None, int], HTTPAdapter]
"""Makes the adapter that carries requests, from the TLS context and how many connections to keep open."""

# Its warnings quote headers and certificates as they came from outside.
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)


class HttpTransport:
    """Posts requests to one Tagor; make one per worker process, any thread may use it.

    Args:
        base_url: the office's own, as in `https://tagor.example.be/v1/web`.
        ca_file: a PEM file with the only authority to trust, or None for the public ones.
        pool: connections kept open; as many as there are threads.
        allow_http: whether `http:` is allowed to this machine itself.
        max_bytes: the longest answer that is read, beyond what was sent: Tagor may repeat that.
        adapters: what carries requests, in place of sockets.

    Raises:
        ValueError: the address or the file cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        *,
        ca_file: str | None,
        pool: int,
        allow_http: bool,
        max_bytes: int,
        adapters: Adapters | None = None,
    ) -> None:
        self._base = _checked_base(base_url, allow_http=allow_http)
        self._max_bytes = max_bytes
        self._trust = _trust(ca_file) if self._base.startswith("https:") else None
        self._adapters = adapters or _Adapter
        self._adapter = self._adapters(self._trust, pool)
        self._templates: dict[str, requests.PreparedRequest] = {}

    def post(
        self,
        path: str,
        body: bytes,
        *,
        deadline: Deadline,
        content_type: str,
        authorization: str | None = None,
        headers: Mapping[str, str] = _NO_HEADERS,
        once: bool = False,
    ) -> Reply:
        """Send one request; unless `once`, once more if it never left the bridge and time is left.

        It carries `headers` besides the usual ones.

        With `once`, for a change, the request gets a connection of its own that was never used before: a kept
        connection may break off and hide whether the request was sent. Connecting may then take
        `CONNECT_SECONDS` in all, so that the answer has time to come.

        Raises:
            TagorUnreachable: no usable answer came by `deadline`.
            TagorInvalidResponse: the answer is no HTTP, is packed, or is longer than allowed.
        """
        request = self._prepared(path, body, content_type)
        request.headers.update(headers)
        if authorization:
            request.headers["Authorization"] = authorization
        if once:
            with closing(self._adapters(self._trust, 1)) as adapter:
                return self._attempt(adapter, path, request, deadline, deadline.at_most(CONNECT_SECONDS))
        try:
            return self._attempt(self._adapter, path, request, deadline)
        except TagorUnreachable as error:
            if error.sent or not deadline.left():
                raise
        return self._attempt(self._adapter, path, request, deadline)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._adapter.close()

    def _prepared(self, path: str, body: bytes, content_type: str) -> requests.PreparedRequest:
        """Fill in a request that is prepared once for each operation: preparing costs as much as sending."""
        template = self._templates.get(path)
        # No lock: two threads at the same first question make the same template.
        if template is None:
            headers = {**_HEADERS, "Content-Type": content_type}
            template = requests.Request("POST", f"{self._base}/{path}", headers=headers).prepare()
            self._templates[path] = template
        request = template.copy()
        request.body = body
        request.headers["Content-Length"] = str(len(body))
        return request

    def _attempt(
        self,
        adapter: HTTPAdapter,
        path: str,
        request: requests.PreparedRequest,
        deadline: Deadline,
        connect_by: Deadline | None = None,
    ) -> Reply:
        left = deadline.left()
        if not left:
            raise TagorUnreachable(path, "no time was left to ask: ask again later.", sent=False)
        with within_deadline(deadline, connect_by) as scope:
            try:
                return self._exchange(adapter, path, request, left)
            except _FOREIGN as error:
                trouble = _as_tagor_error(path, error, sent=scope.sent)
        raise trouble  # here, not above: foreign errors quote addresses and answers

    def _exchange(
        self, adapter: HTTPAdapter, path: str, request: requests.PreparedRequest, seconds: float
    ) -> Reply:
        # A session of requests would follow redirects, and so carry the credential and a caller's PIN to
        # another host; it would keep one defendant's cookie for the next, and obey .netrc and proxies.
        # `stream`, because requests would otherwise read a body of any length before we see it.
        with adapter.send(request, stream=True, timeout=seconds) as response:
            if response.status_code != OK:
                return Reply(path, response.status_code, b"")
            packed = response.headers.get("Content-Encoding", "identity").strip().lower()
            # A dataset call answers with what it was sent, be it a recording of some megabytes.
            longest = self._max_bytes + len(request.body or b"")
            content, raw = bytearray(), response.raw
            # Until nothing comes: only then urllib3 notices that a body broke off.
            while (left := longest + 1 - len(content)) and (piece := raw.read(left, decode_content=False)):
                content += piece
        if len(content) > longest:
            raise TagorInvalidResponse(path, f"Tagor's answer is longer than {longest} bytes.")
        if packed not in ("", "identity"):
            return Reply(path, OK, _unpack(path, packed, content, longest))
        return Reply(path, OK, bytes(content))


def _unpack(path: str, packed: str, content: bytearray, longest: int) -> bytes:
    """Unpack a body that a proxy packed unasked; the limit of bytes also holds for the unpacked body."""
    if packed not in _PACKED:
        raise TagorInvalidResponse(path, "Tagor's answer is packed in a way that nobody asked for.")
    reader = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, as its first bytes say
    try:
        plain = reader.decompress(content, longest + 1)
    except zlib.error:
        plain = b""
    if len(plain) > longest:
        raise TagorInvalidResponse(path, f"Tagor's answer is longer than {longest} bytes.")
    # A stream that breaks off must not pass for a whole answer; nothing at all is refused as no JSON.
    return plain if reader.eof else b""


class _Adapter(HTTPAdapter):
    def __init__(self, context: ssl.SSLContext | None, pool: int) -> None:
        self._context = context
        self._pool: Any = None
        # urllib3 would also sleep as long as a `Retry-After` says, up to six hours, in the middle of a call.
        never = Retry(0, read=False, respect_retry_after_header=False)
        super().__init__(pool_connections=1, pool_maxsize=pool, max_retries=never)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: Any,  # noqa: ANN401 - nothing of it is used: the context decides
        proxies: Any = None,  # noqa: ANN401 - as above: no request goes through a proxy
        cert: Any = None,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - urllib3's pool
        """Give the pool of connections, which is looked up once: all requests go to one Tagor."""
        if self._pool is None:
            self._pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
        return self._pool

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:  # noqa: ANN401 - urllib3's
        """Give the answer without what requests would make of it: no cookie is kept, no text decoded."""
        response = requests.Response()
        response.request, response.raw, response.connection = req, resp, self
        response.status_code, response.headers = resp.status, resp.headers
        return response

    def close(self) -> None:
        """Close the pool with its connections; a later request opens another."""
        self._pool = None
        super().close()

    def cert_verify(self, *args: Any) -> None:  # noqa: ANN401 - nothing of it is used
        """Leave verifying to the TLS context: requests would read the bundle again for every connection."""


def _as_tagor_error(path: str, error: Exception, *, sent: bool) -> TagorError:
    cause = _innermost(error)
    if isinstance(cause, ssl.SSLError) and not sent:
        return TagorUnreachable(path, "Tagor's TLS certificate was not accepted: check ca_file.", sent=False)
    if isinstance(cause, _UNANSWERED):
        return TagorUnreachable(path, "Tagor gave no answer in time: ask again later.", sent=sent)
    return TagorInvalidResponse(
        path, "Tagor's answer breaks off or is no HTTP: check its address and its log."
    )


def _innermost(error: BaseException) -> BaseException:
    """Return the first cause of an error: requests and urllib3 keep it as `reason` or as last argument."""
    inner = getattr(error, "reason", None) or (error.args[-1] if error.args else None)
    return _innermost(inner) if isinstance(inner, BaseException) else error


def _checked_base(base_url: str, *, allow_http: bool) -> str:
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.username is not None or parts.query or parts.fragment:
        raise ValueError("Tagor's address must look like https://tagor.example.be/v1/web, with nothing more.")
    if parts.scheme != "https" and not (parts.scheme == "http" and allow_http and _is_this_machine(host)):
        raise ValueError("Tagor's address must begin with https: (http: only to this machine, in demo mode).")
    return base_url.rstrip("/")


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _trust(ca_file: str | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file or DEFAULT_CA_BUNDLE_PATH)
    except OSError:
        trouble = ValueError(
            "ca_file cannot be read: it must name a PEM file with Tagor's certificate authority."
        )
    else:
        context.sslsocket_class = DeadlineTLSSocket
        return context
    raise trouble
