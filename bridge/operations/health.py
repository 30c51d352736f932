"""Serves two pages for the platform that runs the line: whether it lives, and whether it can take calls."""

from collections.abc import Callable, Mapping

import structlog
from flask import Blueprint, Response, jsonify

log = structlog.get_logger(__name__)

Check = Callable[[], object]


def health_blueprint(
    checks: Mapping[str, Check], states: Mapping[str, Callable[[], str]] | None = None
) -> Blueprint:
    """Make the pages `/healthz` and `/readyz`.

    `/healthz` answers 200 while the process lives. `/readyz` answers 200 when every check passes, else 503
    with the names of those that fail; a check fails by raising an error. `states` are shown and decide
    nothing: with Tagor down the line still answers calls, so it stays ready.
    """
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def alive() -> Response:
        return _page({"alive": True}, 200)

    @health.get("/readyz")
    def ready() -> Response:
        failing = [name for name, check in checks.items() if not _passes(name, check)]
        shown = {name: state() for name, state in (states or {}).items()}
        return _page({"ready": not failing, "failing": failing, "states": shown}, 503 if failing else 200)

    return health


def _passes(name: str, check: Check) -> bool:
    try:
        check()
    except Exception:  # a check may raise anything; all of it means that the line is not ready
        log.exception("check_failed", check=name)
        return False
    return True


def _page(content: Mapping[str, object], status: int) -> Response:
    page = jsonify(content)
    page.status_code = status
    page.headers["Cache-Control"] = "no-store"
    return page
