"""A small collector of spans over real HTTP: it reads what OpenTelemetry sends, or is out of order."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Collected:
    """One span as it came: ids in hex, `parent` and `links` too; `kind` and `status` by their numbers."""

    name: str
    trace: str
    id: str
    parent: str
    kind: int
    status: int
    told: dict[str, Any]
    events: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    service: str
    took: int


class Collector:
    """Listens on any free port of this machine; `hangs` lets it take everything and answer nothing."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.status = 200
        self.hangs = False
        self.over = Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def spans(self, name: str = "") -> list[Collected]:
        """Every span so far, or those of one name."""
        found = [span for body in list(self.bodies) for span in _read(body)]
        return [span for span in found if name in ("", span.name)]

    @contextmanager
    def running(self) -> Iterator["Collector"]:
        """Answer while the block runs."""
        thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def _handler(collector: Collector) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            body = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
            status = collector.status if self.path == "/v1/traces" else 404
            collector.headers.append(dict(self.headers))
            collector.bodies.append(body)
            if collector.hangs:
                collector.over.wait()
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def _read(body: bytes) -> Iterator[Collected]:
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        service = _told(resource.resource.attributes)["service.name"]
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield Collected(
                    name=span.name,
                    trace=span.trace_id.hex(),
                    id=span.span_id.hex(),
                    parent=span.parent_span_id.hex(),
                    kind=span.kind,
                    status=span.status.code,
                    told=_told(span.attributes),
                    events=tuple(event.name for event in span.events),
                    links=tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
                    service=service,
                    took=span.end_time_unix_nano - span.start_time_unix_nano,
                )


def _told(attributes: Any) -> dict[str, Any]:  # noqa: ANN401 - protobuf's
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}
