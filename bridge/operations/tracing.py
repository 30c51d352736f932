"""Traces the line with OpenTelemetry: what turns, questions to Tagor and work after calls did, and how long.

A span tells what the log tells: offices, places in flows, kinds, outcomes, and a call by its keyed hash. It
goes through the log's redaction, and no text of an exception is ever taken. Only this module loads the
library, and it is imported only where somebody wants spans.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import structlog
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from bridge.operations.events import OUTCOMES, TROUBLE
from bridge.operations.propagation import context_left
from bridge.operations.redaction import redact

log = structlog.get_logger(__name__)

QUEUE, BATCH = 1024, 512
"""How many spans of a process wait for the collector (the oldest go first), and how many it gets at once."""

EVERY_MS = 1000
"""How long a span waits for others."""

SECONDS = 2.0
"""How long the collector may take; only a thread that no caller waits for does."""

_NAME = "tagor-bridge"
_TOLD = {"turn": ("kind", "place", "language"), "decision_settled": ("state",)}
"""What of which events of the log stands in the span under way."""

_HEADER = TraceContextTextMapPropagator()


class Tracing:
    """Makes the spans of one process, and sends them to the collector at `endpoint` from a thread of its own.

    Make one in each worker: a thread that was there before the fork would not be there after it. A collector
    that is slow or away costs spans and nothing else.
    """

    def __init__(self, endpoint: str) -> None:
        # The library's own lines would come every second; `_Collector` says once what they say.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL + 1)
        self._collector = _Collector(endpoint)
        provider = TracerProvider(resource=_resource())
        provider.add_span_processor(
            BatchSpanProcessor(
                self._collector,
                max_queue_size=QUEUE,
                max_export_batch_size=BATCH,
                schedule_delay_millis=EVERY_MS,
            )
        )
        self.shutdown = provider.shutdown
        self._tracer = provider.get_tracer("bridge")

    @contextmanager
    def webhook(self, name: str, traceparent: str, **known: str | int) -> Iterator[None]:
        """Surround the answer to a webhook; `traceparent` is the header that it came with, "" for none.

        Whoever wrote that header decides to which trace the span belongs, so the webhook must be verified.
        """
        with self._span(name, SpanKind.SERVER, _read(traceparent), known, failed="apologised"):
            yield

    @contextmanager
    def question(self, operation: str, **known: str) -> Iterator[Mapping[str, str]]:
        """Surround a question to Tagor, and give the headers by which Tagor's own spans may follow."""
        with self._span(operation, SpanKind.CLIENT, _under_way(), known) as span:
            headers: dict[str, str] = {}
            _HEADER.inject(headers, trace.set_span_in_context(span, Context()))
            yield headers
            span.set_attributes(_attributes({"outcome": "answered"}))

    @contextmanager
    def work(self, name: str, *, left: bytes = b"", **known: str) -> Iterator[None]:
        """Surround a piece of work, as `WorkSpan` says; its span links to the one that left it."""
        with self._span(name, SpanKind.INTERNAL, _under_way(), known, links=_links(left)) as span:
            yield
            span.set_attributes(_attributes({"outcome": "done"}))

    def note(self, event: Mapping[str, object]) -> None:
        """Let the span under way know an event of the log: how the turn went, or the name of a trouble."""
        span, name = trace.get_current_span(), str(event.get("event"))
        if not span.is_recording():
            return
        if name in TROUBLE:
            span.add_event(name)
        told = {key: event[key] for key in _TOLD.get(name, ()) if key in event}
        if name == "turn":
            told["outcome"] = OUTCOMES[name]
            told["office"] = structlog.contextvars.get_contextvars().get("office")
        span.set_attributes(_attributes(told))

    @contextmanager
    def _span(
        self,
        name: str,
        kind: SpanKind,
        parent: Context,
        known: Mapping[str, object],
        *,
        links: Sequence[Link] = (),
        failed: str = "",
    ) -> Iterator[Span]:
        """Make a span, and write its names into the log's context; an error stands there as its type."""
        span = self._tracer.start_span(name, parent, kind, _attributes(known), links)
        with (
            # The library's own way to note an exception would take its text along.
            trace.use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False),
            structlog.contextvars.bound_contextvars(**_names(span)),
        ):
            try:
                yield span
            except Exception as error:
                trouble = type(error).__name__.lstrip("_")
                span.set_attributes(_attributes({"outcome": failed or trouble, "trouble": trouble}))
                # What Tagor says no to (a wrong PIN) is an answer, and no failure of anybody's.
                if not getattr(error, "answered", False):
                    span.set_status(StatusCode.ERROR)
                raise


def takes_spans(endpoint: str, seconds: float) -> bool:
    """Send the collector a message without spans, and tell whether it took it."""
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL + 1)
    exporter = _exporter(endpoint, seconds)
    try:
        return exporter.export([]) is SpanExportResult.SUCCESS
    finally:
        exporter.shutdown()  # type: ignore[no-untyped-call] # the library's


class _Collector(SpanExporter):
    """Sends spans; the log says once that the collector is away, and once that it is back."""

    def __init__(self, endpoint: str) -> None:
        self._exporter, self._is_away = _exporter(endpoint, SECONDS), False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        was_away, self._is_away = self._is_away, result is not SpanExportResult.SUCCESS
        if self._is_away and not was_away:
            log.warning("collector_away")
        elif was_away and not self._is_away:
            log.info("collector_back")
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()  # type: ignore[no-untyped-call] # the library's


def _exporter(endpoint: str, seconds: float) -> OTLPSpanExporter:
    return OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", timeout=seconds)


def _resource() -> Resource:
    """Describe this process as the environment does, by our own name where it gives none."""
    told = Resource.create()
    if str(told.attributes[SERVICE_NAME]).startswith("unknown_service"):
        return told.merge(Resource({SERVICE_NAME: _NAME}))
    return told


def _attributes(known: Mapping[str, object]) -> dict[str, str | int]:
    """Write what is known as a span has it: redacted as in the log, and under the same names."""
    kept = redact({key: value for key, value in known.items() if value is not None})
    return {f"bridge.{key}": value for key, value in kept.items() if isinstance(value, str | int)}


def _names(span: Span) -> dict[str, str]:
    """Name a span as the log does; no names where the library is switched off."""
    found = span.get_span_context()
    if not found.is_valid:
        return {}
    return {
        "trace_id": trace.format_trace_id(found.trace_id),
        "span_id": trace.format_span_id(found.span_id),
        "trace_flags": f"{found.trace_flags:02x}",
    }


def _under_way() -> Context:
    """Give the span whose names stand in the log's context, whichever thread began it."""
    return _read(str(context_left().get("trace", "")))


def _read(traceparent: str) -> Context:
    """Read a header `traceparent`; one that makes no sense is none."""
    try:
        return _HEADER.extract({"traceparent": traceparent}, Context())
    except ValueError:  # the library stumbles over flags that it does not know
        return Context()


def _links(left: bytes) -> list[Link]:
    """Give the span that left this work, if what it wrote down for it tells one."""
    try:
        told = json.loads(left or b"{}")["trace"]
    except (ValueError, KeyError, TypeError):
        return []
    found = trace.get_current_span(_read(str(told))).get_span_context()
    return [Link(found)] if found.is_valid else []
