"""A real gunicorn that serves the application as it was when the rehearsal began; it tells who was killed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

import requests

from bridge.store.migrate import migrate

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent.relative_to(ROOT)
CODE = ("bridge", "voice_flows", "offices", HERE)
APP = "plans_killing_app:wsgi()"
START_SECONDS = 60.0
POLL = 0.1

PORTS = count(20_000 + os.getpid() % 10_000)
"""Below those that connections are given, so that no connection takes one before the server does."""


def wait_for(happened: Callable[[], object], seconds: float) -> bool:
    """Wait until something has happened; False if it has not by then."""
    until = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > until:
            return False
        time.sleep(POLL)
    return True


def free_port() -> int:
    """A port on which nobody listens, and which is given once."""
    for port in PORTS:
        with suppress(OSError):
            socket.create_server(("", port)).close()
            return port
    raise AssertionError("there is always a next one")


class Stage:
    """What every line of a rehearsal begins with: empty books, and the code as it is now.

    A worker that comes back after its death reads the code again: an edit meanwhile must change nothing.
    """

    def __init__(self, folder: Path) -> None:
        self.books, self.code = folder / "books.db", folder / "code"
        migrate(f"sqlite:///{self.books}")
        for part in CODE:
            shutil.copytree(ROOT / part, self.code / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "gunicorn.conf.py", self.code)


class Server:
    """Serves `ready` and the rest as the environment says, from the folder that it runs and logs in.

    Raises:
        AssertionError: it does not become ready; with what it told.
    """

    def __init__(self, folder: Path, stage: Stage, environ: Mapping[str, str], ready: str) -> None:
        self._told, self._url = folder / "log", ready
        self._output = self._told.open("ab")
        ours = ("BRIDGE_", "GUNICORN_", "DATABASE_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self._process = subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, "-m", "gunicorn", "-c", stage.code / "gunicorn.conf.py", APP],
            cwd=folder,
            env={**inherited, **environ, "PYTHONPATH": f"{stage.code}:{stage.code / HERE}"},
            stderr=self._output,
        )
        if not wait_for(lambda: self._is_ready() or not self.is_up, START_SECONDS) or not self.is_up:
            self.stop()
            raise AssertionError(f"the server did not start: {self.log}")

    @property
    def is_up(self) -> bool:
        """Whether the server itself, which nobody kills, still runs."""
        return self._process.poll() is None

    @property
    def log(self) -> str:
        """What it has told."""
        return self._told.read_text()

    @property
    def kills(self) -> int:
        """How many of its workers were killed so far, as it tells it."""
        return self.log.count("was sent %s! Perhaps out of memory?")

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()

    def _is_ready(self) -> bool:
        with suppress(requests.RequestException), requests.Session() as session:
            session.trust_env = False
            return session.get(self._url, timeout=5).ok
        return False
