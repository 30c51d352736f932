"""A running stand-in, and a client of it that speaks plain HTTP and knows nothing of either side's code."""

import base64
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bridge.simulators.tagor import StandIn

LOGIN = "stand-in-login"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def response(self) -> dict[str, Any]:
        return self.json["response"]

    def rows(self, name: str, inner: str = "") -> list[dict[str, Any]]:
        """The rows of a dataset; `inner` where it nests under another name than its own."""
        return self.response[f"ds{name}"][f"ds{inner or name}"].get(f"tt{inner or name}", [])


def dataset(name: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """A dataset nested twice, as Tagor wants it."""
    return {f"ds{name}": {f"ds{name}": {f"tt{name}": list(rows)}}}


class Client:
    """Asks one stand-in, over a connection of its own for each request."""

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.standin.port, timeout=10)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            reply = connection.getresponse()
            return Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    def ask(self, operation: str, fields: dict[str, Any] | None = None, **options: str) -> Answer:
        """Ask as the office does, with its key; `authorization` and `accept` may be replaced."""
        headers = {"Authorization": f"Tgr {self.standin.key}", "Accept": "application/json"}
        headers |= {name.capitalize(): value for name, value in options.items()}
        body = json.dumps({"request": fields or {}}).encode()
        return self.send("POST", f"/v1/web/{operation}", body, **headers)

    def look(self, operation: str, context: dict[str, Any], *datasets: tuple[str, dict[str, Any]]) -> Answer:
        """Ask in the dataset dialect: context keys and values, then datasets of one row each."""
        fields = dataset(
            "WebContext", *({"ContextKey": key, "ContextValue": value} for key, value in context.items())
        )
        for name, row in datasets:
            fields |= dataset(name, row)
        return self.ask(operation, fields)

    def login(self, secret: str = LOGIN, grant: str = "client_credentials") -> Answer:
        form = f"grant_type={grant}&client_id=bridge&client_secret={secret}".encode()
        return self.send("POST", "/v1/web/Login/Token", form, Accept="application/json")

    def control(self, method: str, path: str, wanted: object = None) -> Answer:
        return self.send(method, path, json.dumps(wanted).encode() if wanted is not None else b"")

    def request_bytes(self, operation: str, fields: dict[str, Any] | None = None) -> bytes:
        """The same request as raw bytes, for tests that look at the socket itself."""
        body = json.dumps({"request": fields or {}}).encode()
        head = f"POST /v1/web/{operation} HTTP/1.1\r\nHost: x\r\nAuthorization: Tgr {self.standin.key}\r\n"
        return f"{head}Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    @staticmethod
    def as_defendant(file: str, pin: str) -> str:
        """The authorisation a defendant has with the PIN of the letter."""
        return "Pin " + base64.b64encode(f"{file}:{pin}".encode()).decode()

    @staticmethod
    def until(condition: Callable[[], object]) -> None:
        """Wait for something another thread does, ten seconds at most."""
        pause = threading.Event()
        for _ in range(2000):
            if condition():
                return
            pause.wait(0.005)
        raise AssertionError("It did not happen within ten seconds.")

    def plug(self) -> socket.socket:
        """A raw connection to the stand-in."""
        return socket.create_connection(("127.0.0.1", self.standin.port), timeout=10)


class FakeClock:
    """A clock that stands still until it is moved: Wednesday 5 March 2025, 10:00 in Belgium."""

    def __init__(self) -> None:
        self.now = datetime(2025, 3, 5, 10, 0, tzinfo=ZoneInfo("Europe/Brussels"))

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def standin(clock: FakeClock) -> Iterator[StandIn]:
    with StandIn(clock=clock) as running:
        yield running


@pytest.fixture
def client(standin: StandIn) -> Client:
    return Client(standin)


@pytest.fixture
def older(clock: FakeClock) -> Iterator[Client]:
    """A client of an office that still runs generation 1.08."""
    with StandIn(generation="1.08", clock=clock) as running:
        yield Client(running)
