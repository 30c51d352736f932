"""Carries requests from the bridge to Tagor without sockets: the same bytes and faults, in virtual time.

What a server does to a connection (`socket_faults.py` of the simulated Tagor) is raised here as the client's
library raises it.
"""

import ssl
from collections.abc import Callable
from http.client import RemoteDisconnected
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import (
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

from bridge.simulators.rehearsal.world.virtual_time import VirtualTime
from bridge.simulators.tagor import StandIn
from bridge.simulators.tagor.faults import Fault
from bridge.simulators.tagor.wire import HttpRequest, HttpResponse
from bridge.tagor.http.deadline import CONNECT_SECONDS, current_scope

THERE, BACK = 0.02, 0.02
"""Seconds a request takes to Tagor, and the answer back."""
RESOLVER_SECONDS = 5.0

NO_FAULT = Fault("*", "delay", seconds=0.0)


class TransportObserver(Protocol):
    """Observes what reaches Tagor."""

    def request_arrives(self, operation: str) -> None:
        """An operation is about to be asked."""

    def request_handled(self, asked: bytes = b"", answered: bytes = b"") -> None:
        """A request is in Tagor's journal: its body and the answer's; an effect may follow later."""


class VirtualTimeEffects:
    """Lets the simulated Tagor's late effects happen in virtual time."""

    def __init__(self, transport: "InProcessTransport") -> None:
        self._transport = transport

    def plan(self, seconds: float, work: Callable[[], None]) -> None:
        """Do the work after that many seconds."""

        def act() -> None:
            self._transport.time.sleep(seconds)
            work()
            self._transport.observer.request_handled()

        self._transport.time.start_thread(None, act)


class InProcessTransport:
    """Carries requests to one simulated Tagor: `down` while it is away, `slow` for what its answers take.

    `unreachable` says why operations (`*` for all) get no connection: `refused`, `silent` (no answer),
    `unknown` (its name is), `tls` (a false certificate), `flaps` (every other time).
    """

    observer: TransportObserver

    def __init__(self, time: VirtualTime, tagor: StandIn) -> None:
        self.time, self.tagor = time, tagor
        self.down, self.slow = False, 0.0
        self.unreachable: dict[str, str] = {}
        self._asked = 0
        tagor.handler.delayed_effects = VirtualTimeEffects(self)  # type: ignore[assignment]  # its own lives in real time

    def carry(self, request: requests.PreparedRequest, left: float) -> tuple[HttpResponse, bytes]:
        """Carry a request to Tagor within `left` seconds; return its answer and the bytes that arrive.

        Raises what requests would.
        """
        until = self.time.seconds + left
        heard = _heard(request)
        endpoint = self.tagor.handler.endpoint(heard)
        self._connect(endpoint, until)
        current_scope().sent = True
        self._pass(THERE, until)
        self.observer.request_arrives(endpoint)
        fault = self.tagor.fault_book.take(endpoint) or NO_FAULT
        if fault.fault == "refuse":
            self.tagor.handler.unheard(endpoint, fault)
            raise _reset()
        reply = self.tagor.handler.answer(heard, fault if fault is not NO_FAULT else None)
        self.observer.request_handled(heard.body, reply.body)
        body = self._troubled(reply, fault, until)
        self._pass(BACK + self.slow, until)
        return reply, body

    def _connect(self, endpoint: str, until: float) -> None:
        """Get a connection; raises what urllib3 makes of it when there is none."""
        self._asked += 1
        database_fault = self.unreachable.get(endpoint) or self.unreachable.get("*", "")
        if self.down or database_fault == "refused" or (database_fault == "flaps" and self._asked % 2):
            raise _unconnected("refused")
        match database_fault:
            case "silent":
                self.time.sleep(min(CONNECT_SECONDS, until - self.time.seconds))
                raise _unconnected("timed out")
            case "unknown":
                self.time.sleep(RESOLVER_SECONDS)  # no deadline cuts a name lookup
                raise _unconnected("Name or service not known")
            case "tls":
                self._pass(2 * THERE, until)
                refused = SSLError(ssl.SSLCertVerificationError(1, "certificate verify failed"))
                raise requests.exceptions.SSLError(MaxRetryError(None, endpoint, refused))  # type: ignore[arg-type]

    def _troubled(self, reply: HttpResponse, fault: Fault, until: float) -> bytes:
        match fault.fault:
            case "delay":
                self._pass(fault.seconds, until)
            case "drip_headers":
                self._pass(fault.seconds * len(reply.head()), until)
            case "drip_body":
                self._pass(fault.seconds * len(reply.body), until)
            case "reset_before" | "reset_after":
                raise _reset()
            case "no_reply":
                self._pass(fault.seconds, until)
                raise _broken(RemoteDisconnected("Remote end closed connection without response"))
            case "truncated":
                return reply.body[: len(reply.body) // 2]
        return reply.body

    def _pass(self, seconds: float, until: float) -> None:
        """Let time pass; raises what a time-out raises when less is left."""
        left = until - self.time.seconds
        self.time.sleep(min(seconds, left))
        if seconds >= left:
            raise requests.ReadTimeout(ReadTimeoutError(None, "", "timed out"))  # type: ignore[arg-type]


class InProcessAdapter(HTTPAdapter):
    """Replaces the adapter with sockets."""

    def __init__(self, transport: InProcessTransport) -> None:
        self._transport = transport

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]  # noqa: ANN401 - as requests hands them on
        """Send a request and give the answer, or raise what the adapter with sockets would."""
        reply, body = self._transport.carry(request, options["timeout"])
        told = {"Content-Length": str(len(reply.body)), "Content-Type": reply.content_type, **reply.headers}
        raw = HTTPResponse(BytesIO(body), told, reply.status, preload_content=False, request_method="POST")
        return self.build_response(request, raw)

    def close(self) -> None:
        """Close nothing: there are no connections."""


def _unconnected(why: str) -> requests.ConnectionError:
    return requests.ConnectionError(NewConnectionError(None, why))  # type: ignore[arg-type]  # as urllib3 says it


def _heard(request: requests.PreparedRequest) -> HttpRequest:
    body = request.body if isinstance(request.body, bytes) else b""
    headers = {name.lower(): str(value) for name, value in request.headers.items()}
    return HttpRequest(str(request.method), urlsplit(str(request.url)).path, headers, body=body)


def _reset() -> requests.ConnectionError:
    return _broken(ConnectionResetError(104, "Connection reset by peer"))


def _broken(cause: Exception) -> requests.ConnectionError:
    return requests.ConnectionError(ProtocolError("Connection aborted.", cause))
