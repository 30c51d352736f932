"""Serves a bridge's metrics at `/metrics`, and times what its callers wait for."""

import re
import threading
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

from flask import Flask

from bridge.clock import Clock
from bridge.conversation.services.identification import pin_limits
from bridge.office.reading import Offices
from bridge.operations.metrics import Metrics, StoreMetrics, metrics_blueprint
from bridge.store.repositories import Repositories

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_SPOKEN = re.compile(r"/voice(?:/turn/[0-9]+(?:/on)?|/fallback)?")
"""The addresses whose answer a caller waits for."""


def serve_metrics(
    app: Flask, metrics: Metrics, token: str, *, store: Repositories, offices: Offices, clock: Clock
) -> None:
    """Serve `/metrics` to whoever shows `token`, and time the answers of `app`."""
    app.register_blueprint(
        metrics_blueprint(metrics, token, lambda: _of_store(store, offices, clock), clock.now)
    )
    app.wsgi_app = _timed(app.wsgi_app, metrics, clock)  # type: ignore[assignment, method-assign]  # as Flask advises


def start_metrics_server(app: "WSGIApplication", host: str, port: int) -> None:
    """Serve `/metrics` of `app`, and none of its other pages, in a thread while the process lives.

    It is for a process that no gunicorn serves. It answers one request at a time, as a scrape needs.

    Raises:
        OSError: the port cannot be had.
    """

    def metrics_only(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        if environ["PATH_INFO"] == "/metrics":
            return app(environ, start_response)
        start_response("404 Not Found", [("Content-Length", "0")])
        return []

    server = make_server(host, port, metrics_only, handler_class=_ScrapeHandler)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


class _ScrapeHandler(WSGIRequestHandler):
    timeout = 5  # seconds: whoever connects and says nothing must not keep Prometheus waiting for long

    def log_message(self, *_told: object) -> None:
        """Log nothing: standard error is for sentences to the operator."""


def _of_store(store: Repositories, offices: Offices, clock: Clock) -> StoreMetrics:
    now = clock.now()
    locked = [
        office.key
        for office in offices
        if store.pin_attempts.is_office_exhausted(office.key, now, pin_limits(office))
    ]
    return StoreMetrics(
        {str(state): number for state, number in store.outbox.counts().items()},
        {str(state): number for state, number in store.decisions.counts().items()},
        store.outbox.oldest_due(now),
        locked,
    )


def _timed(inner: "WSGIApplication", metrics: Metrics, clock: Clock) -> "WSGIApplication":
    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        begun = clock.monotonic()
        try:
            return inner(environ, start_response)
        finally:
            if _SPOKEN.fullmatch(environ["PATH_INFO"]):
                metrics.heard_nothing(clock.monotonic() - begun)

    return answer
