"""Carries one request to the bridge: over real HTTP, or straight into a WSGI application in this process."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlencode, urlsplit, urlunsplit

import requests
import urllib3
from werkzeug.test import Client

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Form = Sequence[tuple[str, str]]
Reply = tuple[int, Mapping[str, str], bytes]
Post = Callable[[str, Form | None, Mapping[str, str]], Reply]
"""(absolute URL, form, headers) -> (status, headers, body); form None means GET. Raises NoAnswer."""


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
    client = Client(app, use_cookies=False)

    def post(url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        parts = urlsplit(url)
        reply = client.open(
            urlunsplit(("", "", parts.path or "/", parts.query, "")),
            base_url=f"{parts.scheme}://{parts.netloc}/",
            method="GET" if form is None else "POST",
            headers=list(headers.items()),
            data=None if form is None else _urlencoded(form),
        )
        return reply.status_code, dict(reply.headers.items()), reply.get_data()

    return post


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
