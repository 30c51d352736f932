"""Runs the real server of the line as a process of its own: gunicorn and its workers."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

from bridge.operations.processes import children_of, send_signal
from bridge.package_files import GUNICORN_CONFIGURATION, package_file
from bridge.simulators.server_log import TurnLine, follow

START_SECONDS = 30.0
_END_SECONDS = 20.0


class LineNotReady(Exception):
    """The server ended, or did not become ready in time; the text says which."""


class LineServer:
    """A gunicorn that serves the line from `folder` while the `with` block runs.

    Args:
        folder: an empty folder to start in.
        environ: the whole environment of the server.
        tell: takes every turn that the server's log tells of; other lines of it go to standard error.
    """

    def __init__(self, folder: Path, environ: Mapping[str, str], tell: Callable[[TurnLine], None]) -> None:
        self._folder, self._environ, self._tell = folder, environ, tell

    def __enter__(self) -> Self:
        """Start it; see `wait_until_ready`."""
        # In a session of its own, so that Ctrl-C reaches this process, which then stops the server in order.
        self._server = subprocess.Popen(  # noqa: S603 - our own server
            [sys.executable, "-m", "gunicorn", "-c", str(package_file(GUNICORN_CONFIGURATION))],
            cwd=self._folder,
            env=self._environ,
            start_new_session=True,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        log = self._server.stderr
        assert log is not None  # noqa: S101 - it was asked for above
        self._reader = threading.Thread(target=follow, args=(log, self._tell, sys.stderr), daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it in order, or kill it when it does not stop; what it still logs is told."""
        if self._server.poll() is None:
            self._server.terminate()
        try:
            self._server.wait(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()
        self._reader.join(timeout=1)
        if self._server.stderr is not None and not self._reader.is_alive():
            self._server.stderr.close()

    def wait_until_ready(self, public: str) -> None:
        """Wait until the line at this address takes calls.

        Raises:
            LineNotReady: it ended, or START_SECONDS were not enough.
        """
        until = time.monotonic() + START_SECONDS
        with requests.Session() as session:
            session.trust_env = False  # a proxy of this machine's user knows nothing of us
            while time.monotonic() < until:
                if self._server.poll() is not None:
                    self._reader.join(timeout=1)
                    raise LineNotReady("the line did not start: the sentence above says why")
                with suppress(requests.RequestException):
                    if session.get(f"{public}/readyz", timeout=1).ok:
                        return
                time.sleep(0.05)
        raise LineNotReady(f"the line did not become ready within {START_SECONDS:.0f} seconds")

    def kill_worker(self) -> bool:
        """Kill one of its workers as a crash would; return whether one was found (only Linux tells them)."""
        workers = children_of(self._server.pid)
        if workers:
            send_signal(random.choice(workers), signal.SIGKILL)
        return bool(workers)
