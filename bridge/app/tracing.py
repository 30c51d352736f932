"""Traces the calls of a bridge: each webhook, once it is verified, is a span."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from flask import request as webhook

from bridge.conversation.reply import Whisper
from bridge.flow.inbound import CallEvent, FallbackRequest, Ring
from bridge.settings import SettingsError
from bridge.store.errors import StoreError
from bridge.telephony.call_handler import CallHandler

if TYPE_CHECKING:
    from bridge.operations.tracing import Tracing

T = TypeVar("T")


def start_tracing(endpoint: str) -> "Tracing":
    """Make what sends spans to the collector at `endpoint`.

    Raises:
        SettingsError: the library is not installed, or cannot use its own settings.
    """

    def start() -> "Tracing":
        from bridge.operations.tracing import Tracing  # noqa: PLC0415 - it loads the library

        return Tracing(endpoint)

    return _with_library(start)


def collector_answers(endpoint: str, seconds: float) -> bool:
    """Tell whether a collector takes spans there.

    Raises:
        SettingsError: as `start_tracing`.
    """

    def ask() -> bool:
        from bridge.operations.tracing import takes_spans  # noqa: PLC0415 - it loads the library

        return takes_spans(endpoint, seconds)

    return _with_library(ask)


def _with_library(use: Callable[[], T]) -> T:
    try:
        return use()
    except ImportError:
        told = "needs more packages: install tagor-bridge[otel], or take it out."
    except ValueError:  # its text would quote the value
        told = "is right, but another setting that begins with OTEL_ has a value that cannot be used."
    raise SettingsError((f"OTEL_EXPORTER_OTLP_ENDPOINT {told}",))


class TracedCallHandler(CallHandler):
    """Makes a span of everything that another handler is asked.

    A handler is asked about verified webhooks only. So a refused one makes no span, and only a verified one
    says by its header `traceparent` to which trace it belongs. What is answered with stored bytes is
    `repeated`; the log tells of everything else how it ended.
    """

    def __init__(
        self, handler: CallHandler, tracing: "Tracing", *, provider: str, log_name: Callable[[str], str]
    ) -> None:
        self._handler, self._tracing = handler, tracing
        self._provider, self._log_name = provider, log_name

    def admit(self, ring: CallEvent) -> bool:
        """Tell whether a new call may begin; `take` makes the span of one that may."""
        admitted = self._handler.admit(ring)
        if not admitted:
            with self._span("ring", ring.call, turn=ring.turn, outcome="shed"):
                pass
        return admitted

    def take(self, event: CallEvent) -> bytes:
        """Answer one event of a call."""
        name = "ring" if isinstance(event.event, Ring) else "turn"
        with self._span(name, event.call, turn=event.turn, outcome="repeated"):
            return self._handler.take(event)

    def fallback(self, request: FallbackRequest) -> bytes:
        """Bring a caller back after the provider could not use a reply."""
        with self._span("fallback", request.ring.call, outcome="repeated"):
            return self._handler.fallback(request)

    def ended(self, call_id: str) -> None:
        """Clean up after a call that is over."""
        with self._span("status", call_id):
            self._handler.ended(call_id)

    def recorded(self, call_id: str, status: str) -> None:
        """Learn what became of a recording of the call."""
        with self._span("recording", call_id):
            self._handler.recorded(call_id, status)

    def whisper(self, whisper: Whisper) -> bytes:
        """Render what a colleague hears."""
        with self._span("whisper", "", office=whisper.office):
            return self._handler.whisper(whisper)

    @contextmanager
    def _span(self, name: str, call_id: str, **known: str | int) -> Iterator[None]:
        """Surround the answer to the webhook in hand."""
        if call_id:
            with suppress(StoreError):  # as in the log: its keys are in the database
                known["call"] = self._log_name(call_id)
        parent = webhook.headers.get("traceparent", "")
        with self._tracing.webhook(name, parent, provider=self._provider, **known):
            yield
