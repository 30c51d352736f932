"""The span under way, as code knows it that never loads OpenTelemetry: names in the log's context.

`tracing` makes spans and writes their names there. The log's context goes along with work to other threads,
so a question to Tagor finds its turn, and a log line its trace.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

import structlog


class WorkSpan(Protocol):
    """Surrounds a piece of work with a span of that name."""

    def __call__(self, name: str, *, left: bytes = b"", **known: str) -> AbstractContextManager[object]:
        """Surround it; `left` is what an earlier turn wrote down for it, with `trace_left` in it."""
        ...


def no_span(name: str, *, left: bytes = b"", **known: str) -> AbstractContextManager[object]:  # noqa: ARG001 - as above
    """Surround work with nothing, where nobody traces."""
    return nullcontext()


def trace_left() -> dict[str, str]:
    """Give what work for later keeps of the span that leaves it, as JSON; nothing where nobody traces."""
    known = structlog.contextvars.get_contextvars()
    if "trace_id" not in known:
        return {}
    return {"trace": f"00-{known['trace_id']}-{known['span_id']}-{known['trace_flags']}"}
