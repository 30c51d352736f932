"""A small office of our own behind real HTTP: hand-written documents by path, and a log of what was asked."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from bridge.simulators.provider.account import PhoneLine
from bridge.simulators.provider.phone import Phone

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ACCOUNT = "AC" + "0" * 32
TOKEN = "a token of the test account"


@dataclass
class Asked:
    """One request as it reached the office."""

    method: str
    target: str
    pairs: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The fields by name; of a repeated name the last one."""
        return dict(self.pairs)


Act = Callable[[Asked], str]


@dataclass
class Office:
    """Answers each path as the test said: a document, a whole answer, or what a function makes of it."""

    base: str
    pages: dict[str, tuple[str | bytes | Act, dict[str, object]]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    @staticmethod
    def say(text: str, **more: str) -> str:
        """A Say in the pinned Dutch voice."""
        return _tag("Say", text, {"voice": "Polly.Lisa-Neural", "language": "nl-BE", **more})

    @staticmethod
    def gather(*inside: str, action: str = "/turn/1", **more: object) -> str:
        """A Gather as the house wants it."""
        given = {"action": action, "method": "POST", "actionOnEmptyResult": "true", **more}
        return _tag("Gather", "".join(inside), given)

    @staticmethod
    def redirect(url: str = "/turn/9") -> str:
        """A Redirect as the house wants it."""
        return _tag("Redirect", url, {"method": "POST"})

    def says(self, path: str, *verbs: str, **more: object) -> None:
        """Answer `path` with these verbs."""
        self.pages[path] = ("<Response>" + "".join(verbs) + "</Response>", more)

    def answers(self, path: str, body: str | bytes = b"", **more: object) -> None:
        """Answer `path` with this body, status, headers, mimetype."""
        self.pages[path] = (body, more)

    def does(self, path: str, act: Act) -> None:
        """Answer `path` with what `act` makes of the request."""
        self.pages[path] = (act, {})

    def line(self, path: str = "/voice", **more: object) -> PhoneLine:
        """A number whose voice URL is `path` here; other URLs may be given as paths too."""
        urls = {name: self.base + url if str(url).startswith("/") else url for name, url in more.items()}
        return PhoneLine(path if "://" in path else self.base + path, ACCOUNT, TOKEN, **urls)  # type: ignore[arg-type]

    def phone(self, caller: str = "+32470000001", **more: object) -> Phone:
        """A handset that calls this office."""
        return Phone(self.line(), caller, **more)  # type: ignore[arg-type]

    @property
    def forms(self) -> list[dict[str, str]]:
        """The form of every request, in order."""
        return [asked.form for asked in self.asked]

    @property
    def targets(self) -> list[str]:
        """The target of every request, as it stood on the wire."""
        return [asked.target for asked in self.asked]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Be a WSGI application."""
        request = Request(environ)
        pairs = parse_qsl(request.get_data(as_text=True), keep_blank_values=True)
        asked = Asked(
            request.method, environ["RAW_URI"], pairs, dict(request.headers.items()), request.get_data()
        )
        self.asked.append(asked)
        body, more = self.pages.get(request.path, ("no such page", {"status": 404}))
        answer = body(asked) if callable(body) else body
        return Response(answer, **{"mimetype": "text/xml", **more})(environ, start_response)  # type: ignore[arg-type]


class Quiet(WSGIRequestHandler):
    """A handler that keeps the tests' output clean."""

    def log(self, *_args: object) -> None:
        """Say nothing."""


class Switch:
    """Hands every request to the office of the running test, so that one server serves them all."""

    office: Office

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer as the office of this test does."""
        return self.office(environ, start_response)


def _tag(name: str, inside: str, attributes: dict[str, object]) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{written}>{inside}</{name}>"


@pytest.fixture(scope="session")
def server() -> Iterator[tuple[Switch, str]]:
    switch = Switch()
    http = make_server("127.0.0.1", 0, switch, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield switch, f"http://127.0.0.1:{http.port}"
    http.shutdown()
    thread.join()
    http.server_close()


@pytest.fixture
def office(server: tuple[Switch, str]) -> Office:
    """An empty office for this test."""
    switch, base = server
    switch.office = Office(base)
    return switch.office
