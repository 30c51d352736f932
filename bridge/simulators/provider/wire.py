"""Carries one request to the bridge: over real HTTP, or straight into a WSGI application in this process."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, unquote, urlencode, urlsplit, urlunsplit

import requests
import urllib3
from werkzeug.test import run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

Form = Sequence[tuple[str, str]]
Reply = tuple[int, Mapping[str, str], bytes]
Post = Callable[[str, Form | None, Mapping[str, str]], Reply]
"""(absolute URL, form, headers) -> (status, headers, body); form None means GET. Raises NoAnswer."""

_WITHOUT_PREFIX = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})


class NoAnswer(Exception):
    """Nothing usable came back: `trouble` is `ct` (no connection), `rt` (too slow) or `broken`."""

    def __init__(self, trouble: str, code: int, sentence: str) -> None:
        """Remember what went wrong: Twilio's `code`, and a sentence without the URL's query."""
        super().__init__(sentence)
        self.trouble = trouble
        self.code = code


def http(session: requests.Session, connect: float, read: float, largest: int) -> Post:
    """Return a Post over `session` that waits `connect` and `read` seconds and reads `largest` + 1 bytes."""

    def post(url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        method, data = ("GET", None) if form is None else ("POST", urlencode(form).encode())
        # Redirects are followed by `Webhook.ask`, as a provider follows them: without the keys.
        waits = {"timeout": (connect, read), "allow_redirects": False, "stream": True}
        try:
            with session.request(method, url, data=data, headers=headers, **waits) as reply:  # type: ignore[arg-type]
                # One byte more than allowed is enough to know that the document is too large.
                body = reply.raw.read(largest + 1, decode_content=True)
                return reply.status_code, reply.headers, body
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise _no_answer(error, urlsplit(url).netloc) from None

    return post


def new_session() -> requests.Session:
    """Return a session that adds nothing to a request: no proxy, no netrc, no headers, no retries."""
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    return session


def wsgi(app: "WSGIApplication") -> Post:
    """Return a Post into `app` in this process, with the raw request target that a real server hands over."""

    def post(url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        body, status, replied = run_wsgi_app(app, _environ(url, form, headers), buffered=True)
        return int(status[:3]), dict(replied.items()), b"".join(body)

    return post


def _environ(url: str, form: Form | None, headers: Mapping[str, str]) -> "WSGIEnvironment":
    """Give what a server makes of a request; werkzeug's own client takes ten times as long for it."""
    parts = urlsplit(url)
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    body = b"" if form is None else _urlencoded(form)
    environ = {
        "REQUEST_METHOD": "GET" if form is None else "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path or "/", "latin-1"),
        "QUERY_STRING": parts.query,
        "RAW_URI": target,
        "REQUEST_URI": target,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or {"https": 443}.get(parts.scheme, 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": parts.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(body)),
    }
    for name, value in headers.items():
        written = name.upper().replace("-", "_")
        environ[written if written in _WITHOUT_PREFIX else f"HTTP_{written}"] = value
    return environ


def _urlencoded(form: Form) -> bytes:
    """Do as `urlencode`; nearly every name and value was in an earlier request, and is quoted only once."""
    return "&".join([f"{_quoted(name)}={_quoted(value)}" for name, value in form]).encode()


_quoted = lru_cache(maxsize=4096)(quote_plus)


def _no_answer(error: Exception, host: str) -> NoAnswer:
    # From the narrowest kind to the widest: a name that leads nowhere also counts as a failed connection.
    chain = list(_causes(error))
    if _any(chain, requests.exceptions.SSLError, urllib3.exceptions.SSLError):
        return NoAnswer("ct", 11220, f"{host}: the TLS handshake failed")
    if _any(chain, urllib3.exceptions.NameResolutionError, requests.exceptions.InvalidURL):
        return NoAnswer("ct", 11210, f"{host}: the host name leads nowhere")
    if _any(chain, urllib3.exceptions.NewConnectionError, requests.exceptions.ConnectTimeout):
        return NoAnswer("ct", 11205, f"{host}: no connection")
    if _any(chain, requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError):
        return NoAnswer("rt", 11200, f"{host}: no answer in time")
    return NoAnswer("broken", 11206, f"{host}: the connection broke before the answer was complete")


def _causes(error: object) -> Iterable[object]:
    """Yield the error and what it wraps: requests keeps urllib3's error as argument, that one its reason."""
    while isinstance(error, Exception):
        yield error
        error = getattr(error, "reason", None) or next(iter(error.args), None)


def _any(chain: list[object], *kinds: type[Exception]) -> bool:
    return any(isinstance(error, kinds) for error in chain)
