"""Posts requests to one office's Tagor: pooled connections, TLS always verified, one deadline per request."""

import ipaddress
import logging
import ssl
import zlib
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util import Retry

from bridge.tagor.errors import TagorError, TagorInvalidResponse, TagorUnreachable
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.http.deadline_connection import CONNECT_SECONDS, POOLS, within_deadline
from bridge.tagor.http.response import OK, Reply

_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "tagor-bridge"}
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
        self._session = _Session(self._adapters(self._trust, pool))

    def post(
        self,
        path: str,
        body: bytes,
        *,
        deadline: Deadline,
        content_type: str,
        authorization: str | None = None,
        once: bool = False,
    ) -> Reply:
        """Send one request; unless `once`, once more if it never left the bridge and time is left.

        With `once`, for a change, the request gets a connection of its own that was never used before: a kept
        connection may break off and hide whether the request was sent. Connecting may then take
        `CONNECT_SECONDS` in all, so that the answer has time to come.

        Raises:
            TagorUnreachable: no usable answer came by `deadline`.
            TagorInvalidResponse: the answer is no HTTP, is packed, or is longer than allowed.
        """
        headers = {"Content-Type": content_type}
        if authorization:
            headers["Authorization"] = authorization
        request = _Request(path, body, headers)
        if once:
            with _Session(self._adapters(self._trust, 1)) as session:
                return self._attempt(session, request, deadline, deadline.at_most(CONNECT_SECONDS))
        try:
            return self._attempt(self._session, request, deadline)
        except TagorUnreachable as error:
            if error.sent or not deadline.left():
                raise
        return self._attempt(self._session, request, deadline)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._session.close()

    def _attempt(
        self, session: "_Session", request: "_Request", deadline: Deadline, connect_by: Deadline | None = None
    ) -> Reply:
        left = deadline.left()
        if not left:
            raise TagorUnreachable(request.path, "no time was left to ask: ask again later.", sent=False)
        with within_deadline(deadline, connect_by) as scope:
            try:
                return self._exchange(session, request, left)
            except _FOREIGN as error:
                trouble = _as_tagor_error(request.path, error, sent=scope.sent)
        raise trouble  # here, not above: foreign errors quote addresses and answers

    def _exchange(self, session: "_Session", request: "_Request", left: float) -> Reply:
        path, body, headers = request
        url = f"{self._base}/{path}"
        with session.post(url, data=body, headers=headers, timeout=left, stream=True) as response:
            if response.status_code != OK:
                return Reply(path, response.status_code, b"")
            packed = response.headers.get("Content-Encoding", "identity").strip().lower()
            longest = self._max_bytes + len(body)  # a dataset call answers with what it was sent
            content = _read(response.raw, longest + 1)
        if len(content) > longest:
            raise TagorInvalidResponse(path, f"Tagor's answer is longer than {longest} bytes.")
        if packed not in ("", "identity"):
            content = _unpack(path, packed, content, longest)
        return Reply(path, OK, content)


class _Request(NamedTuple):
    path: str
    body: bytes
    headers: dict[str, str]


def _read(raw: urllib3.BaseHTTPResponse, longest: int) -> bytes:
    content = bytearray()
    # Until nothing comes: only then urllib3 notices that a body broke off.
    while len(content) < longest and (piece := raw.read(longest - len(content), decode_content=False)):
        content += piece
    return bytes(content)


def _unpack(path: str, packed: str, content: bytes, longest: int) -> bytes:
    """Unpack a body that a proxy packed although nobody asked for it; what is unpacked is limited, too."""
    if packed not in _PACKED:
        raise TagorInvalidResponse(path, "Tagor's answer is packed in a way that nobody asked for.")
    reader = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, as its first bytes say
    try:
        plain = reader.decompress(content, longest + 1)
    except zlib.error:
        plain = b""
    if len(plain) > longest:
        raise TagorInvalidResponse(path, f"Tagor's answer is longer than {longest} bytes.")
    return plain if reader.eof else b""


class _Session(requests.Session):
    def __init__(self, adapter: HTTPAdapter) -> None:
        super().__init__()
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        self.trust_env = False  # else .netrc replaces the Authorization header, and a proxy hears it
        self.headers = requests.structures.CaseInsensitiveDict(_HEADERS)
        # One jar for all callers: a cookie would mix one defendant's session with another's.
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 - wherever it points
        return None


class _Adapter(HTTPAdapter):
    def __init__(self, context: ssl.SSLContext | None, pool: int) -> None:
        self._context = context
        never = Retry(0, read=False, respect_retry_after_header=False)
        super().__init__(pool_connections=1, pool_maxsize=pool, max_retries=never)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

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
        return ssl.create_default_context(cafile=ca_file or DEFAULT_CA_BUNDLE_PATH)
    except OSError:
        trouble = ValueError(
            "ca_file cannot be read: it must name a PEM file with Tagor's certificate authority."
        )
    raise trouble
