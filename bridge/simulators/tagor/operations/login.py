"""Logs in with the office's own credentials."""

import hmac

from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.envelope import Request
from bridge.simulators.tagor.registry import operation
from bridge.simulators.tagor.tagor import SimulatedTagor
from bridge.simulators.tagor.tokens import LIFE
from bridge.simulators.tagor.wire import Rejected


@operation("Login/Token")
def token(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return a token for an hour; every second one says so in text, as some offices' Tagor does."""
    if request.text("grant_type") != "client_credentials":
        raise _denied("unsupported_grant_type")
    # Compared in one: a second comparison would tell by its time that the id was right.
    given = f"{request.text('client_id')}\n{request.text('client_secret')}"
    if not hmac.compare_digest(given.encode(), "\n".join(tagor.client).encode()):
        raise _denied("invalid_client")
    issued, number = tagor.tokens.issue()
    seconds = int(LIFE.total_seconds())
    return _answer(issued, seconds if number % 2 else str(seconds), "")


def _answer(issued: str, seconds: object, error: str) -> dict[str, object]:
    return {"token_type": "Tgr", "expires_in": seconds, "token": issued, "error": error}


def _denied(error: str) -> Rejected:
    return Rejected(400, error, {"response": _answer("", 0, error)})
