"""What tests need that start processes of ours: a port, a clean environment, and patience."""

import os
import socket
from collections.abc import Callable, Mapping
from contextlib import closing
from threading import Event

OURS = ("BRIDGE_", "GUNICORN_", "DATABASE_URL", "TAGOR_", "PORT", "DYNO", "OTEL_")
"""How the names of our settings begin."""
PATIENCE = 60.0
"""Seconds until a condition that does not come true fails its test."""


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.create_server(("", 0))) as door:
        port: int = door.getsockname()[1]
        return port


def plain(environ: Mapping[str, str]) -> dict[str, str]:
    """The machine's environment without any setting of ours, and with those given."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | dict(environ)


def until(condition: Callable[[], object]) -> None:
    """Wait for a condition, looking again and again."""
    for _ in range(round(PATIENCE / 0.02)):
        if condition():
            return
        Event().wait(0.02)
    raise AssertionError("the condition did not come true")
