"""Propagates the context of a turn to the work that it leaves: its names in the log, and its span.

`tracing` makes spans and writes their names into the log's context; nothing here loads OpenTelemetry. That
context goes along with work to other threads, so a question to Tagor finds its turn, and a log line its
trace. With work for after the call it is stored.
"""

import json
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

import structlog

_NAMES = ("call", "turn")


class WorkSpan(Protocol):
    """Surrounds a piece of work with a span of that name."""

    def __call__(self, name: str, *, left: bytes = b"", **known: str) -> AbstractContextManager[object]:
        """Surround it; `left` is what an earlier turn wrote down for it, with `context_left` in it."""
        ...


def no_span(name: str, *, left: bytes = b"", **known: str) -> AbstractContextManager[object]:  # noqa: ARG001 - as above
    """Surround work with nothing, where nobody traces."""
    return nullcontext()


def context_left() -> dict[str, object]:
    """Give what work for later keeps of the turn that leaves it, as JSON; maybe nothing.

    `log` holds the names under which the turn is logged: its call's keyed hash and its number. `trace` names
    its span, where somebody traces.
    """
    known = structlog.contextvars.get_contextvars()
    left: dict[str, object] = {}
    if "trace_id" in known:
        left["trace"] = f"00-{known['trace_id']}-{known['span_id']}-{known['trace_flags']}"
    if names := {name: known[name] for name in _NAMES if name in known}:
        left["log"] = names
    return left


def logged_as_left(left: bytes, **known: str) -> AbstractContextManager[None]:
    """Let lines carry what is known, and the names that `context_left` wrote into the work (JSON), if it did.

    What an earlier version wrote down tells none; its lines carry what is known.
    """
    try:
        told = json.loads(left)["log"]
        names = {name: told[name] for name in _NAMES if name in told}
    except (ValueError, KeyError, TypeError):
        names = {}
    return structlog.contextvars.bound_contextvars(**names, **known)
