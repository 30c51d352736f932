"""Runs one machine of the line: a gunicorn whose workers can be killed, reloaded and replaced."""

import os
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

from bridge.operations.processes import children_of
from bridge.simulators.provider.wire import new_session
from bridge.simulators.rehearsal.live.release import Release

PATIENCE = 60.0
"""Seconds in which a machine gets ready, or ends."""
OURS = ("BRIDGE_", "GUNICORN_", "DATABASE_URL", "TAGOR_", "PORT", "DYNO")
PORTS = count(20_000 + os.getpid() % 10_000)
"""Below those that connections are given, so that none takes a machine's port while it is restarted."""


class MachineNotReady(RuntimeError):
    """A machine did not start, or a worker did not come; the text ends with the machine's log."""


def until(happened: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until something has happened; return False if it has not by then."""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def free_port() -> int:
    """Return a port on which nobody listens; each is given only once."""
    for port in PORTS:
        with suppress(OSError):
            socket.create_server(("", port)).close()
            return port
    raise AssertionError("there is always a next one")


class Machine:
    """Serves a release on a port, as the environment says; its log goes to a file in `folder`.

    It runs from `start` on. `application` is what gunicorn serves in place of the release's own, if anything.
    """

    def __init__(
        self, folder: Path, port: int, release: Release, environ: Mapping[str, str], application: str = ""
    ) -> None:
        self.port, self.release = port, release
        self._application = [application] if application else []
        self._told = folder / f"machine-{port}.log"
        clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self._environ = clean | dict(environ) | {"BRIDGE_PORT": str(port)}
        self._workers = int(self._environ["BRIDGE_WORKERS"])
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Return the address where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        """Return the address of its database."""
        return self._environ["DATABASE_URL"]

    @property
    def log(self) -> str:
        """Return its log so far."""
        return self._told.read_text("utf-8", errors="replace")

    def start(self) -> None:
        """Start it and wait until it is ready to take calls; raises `MachineNotReady`."""
        with self._told.open("ab") as told:
            self._process = subprocess.Popen(  # noqa: S603 - our own server
                [sys.executable, "-m", "gunicorn", "-c", str(self.release.configuration), *self._application],
                cwd=self.release.folder,
                env=self._environ | {"PYTHONPATH": str(self.release.folder)},
                stdout=told,
                stderr=told,
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until it has all its workers and one of them answers; raises `MachineNotReady`."""
        self._expect(lambda: self._is_ready() and len(self.workers()) == self._workers)

    def stop(self) -> None:
        """Ask it to end, as a platform does, and wait for it; a machine that does not end is killed."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def restart(self, release: Release | None = None) -> None:
        """End it and start it again, with this release from now on; raises `MachineNotReady`."""
        self.stop()
        self.release = release or self.release
        self.start()

    def reload(self) -> None:
        """Have all its workers replaced by new ones while it goes on; raises `MachineNotReady`."""
        before = set(self.workers())
        os.kill(self._master(), signal.SIGHUP)
        self._expect(lambda: len(self.workers()) == self._workers and not before & set(self.workers()))

    def workers(self) -> list[int]:
        """Return the ids of the processes that answer calls, oldest first."""
        return children_of(self._master())

    def busy(self) -> float:
        """Return the processor seconds that its workers have used since they began; 0 while it is away."""
        ticks = 0
        for worker in self.workers() if self._process else ():
            with suppress(OSError):
                fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])  # utime and stime, see proc(5)
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill_worker(self, which: int) -> None:
        """End a worker where it stands, as kill -9 does."""
        with suppress(ProcessLookupError):
            os.kill(which, signal.SIGKILL)

    def replaced(self, which: int) -> None:
        """Wait until another worker stands in the place of one that was killed; raises `MachineNotReady`."""
        self._expect(lambda: which not in self.workers() and len(self.workers()) == self._workers)

    def _master(self) -> int:
        if self._process is None or self._process.poll() is not None:
            raise MachineNotReady(f"The machine on port {self.port} does not run. {self.log}")
        return self._process.pid

    def _expect(self, happened: Callable[[], bool]) -> None:
        if not until(happened):
            raise MachineNotReady(f"The machine on port {self.port} is not ready. {self.log}")

    def _is_ready(self) -> bool:
        self._master()
        with suppress(requests.RequestException), new_session() as session:
            return session.get(f"{self.address}/readyz", timeout=5).ok
        return False
