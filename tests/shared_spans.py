"""A stand-in for whoever traces: it notes what was surrounded, with what the log knew at that moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog


class Spans:
    """Surrounds work as `WorkSpan` says; `made` holds each piece of it in order."""

    def __init__(self) -> None:
        self.made: list[dict[str, Any]] = []

    @contextmanager
    def __call__(self, name: str, *, left: bytes = b"", **known: str) -> Iterator[None]:
        span: dict[str, Any] = {"name": name, "left": left, **known}
        self.made.append(span | {"log": structlog.contextvars.get_contextvars()})
        try:
            yield
        except Exception as error:
            self.made[-1]["error"] = type(error).__name__
            raise
