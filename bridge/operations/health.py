"""Is the line alive, and can it take calls: two pages for the platform that keeps it running."""

from collections.abc import Callable, Mapping

import structlog
from flask import Blueprint, Response, jsonify

log = structlog.get_logger(__name__)

Check = Callable[[], object]


def health_blueprint(
    checks: Mapping[str, Check], states: Mapping[str, Callable[[], str]] | None = None
) -> Blueprint:
    """`/healthz`: the process answers. `/readyz`: 200 when every check passes, else 503 and which fail.

    A check fails by raising. `states` are shown only: with Tagor down the line stays ready, it still answers.
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
    except Exception:  # whatever it raises means one thing: not ready
        log.exception("check_failed", check=name)
        return False
    return True


def _page(content: Mapping[str, object], status: int) -> Response:
    page = jsonify(content)
    page.status_code = status
    page.headers["Cache-Control"] = "no-store"
    return page
