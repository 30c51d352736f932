"""Starts each app as a real gunicorn, and measures what its processes cost."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil

from bridge.package_files import GUNICORN_CONFIGURATION, import_folder, package_file
from bridge.simulators.rehearsal.live.machine import OURS, free_port, until

WORKERS, THREADS = 2, 64
START_SECONDS = 60.0
"""Seconds in which a server gives its first answer."""
MEGABYTE = 1024 * 1024
SAMPLE_OPTIONS = (
    *("--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)),
    *("--keep-alive", "75", "--no-control-socket"),
)


class ServerFailed(RuntimeError):
    """A server gave no first answer; the text ends with its log."""


@dataclass(frozen=True, slots=True)
class Server:
    """One gunicorn that answers on `port`; `first_answer` is how many seconds after exec it began to."""

    name: str
    port: int
    process: psutil.Process
    first_answer: float

    @property
    def url(self) -> str:
        """Return its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[psutil.Process]:
        """Return the processes that answer."""
        return list(self.process.children())

    def busy(self) -> float:
        """Return the seconds of a processor that all its processes have used."""
        times = [one.cpu_times() for one in (self.process, *self.workers())]
        return sum(float(one.user + one.system) for one in times)

    def memory(self) -> float:
        """Return the megabytes of its workers: their own, and their share of what they hold with others."""
        return sum(int(one.memory_full_info().pss) for one in self.workers()) / MEGABYTE


@contextmanager
def sample(folder: Path, name: str, environ: Mapping[str, str], workers: int = WORKERS) -> Iterator[Server]:
    """Run one of `benchmarks.apps` under gunicorn's own threaded worker; raises `ServerFailed`."""
    port = free_port()
    options = [*SAMPLE_OPTIONS, "--workers", str(workers), "--bind", f"127.0.0.1:{port}"]
    with _serve(folder, name, port, [*options, f"benchmarks.apps.{name}:app"], environ) as server:
        yield server


@contextmanager
def bridge(folder: Path, name: str, environ: Mapping[str, str]) -> Iterator[Server]:
    """Run the bridge as it is deployed, on the port that its settings name; raises `ServerFailed`."""
    options = ["-c", str(package_file(GUNICORN_CONFIGURATION))]
    with _serve(folder, name, int(environ["BRIDGE_PORT"]), options, environ) as server:
        yield server


@contextmanager
def _serve(
    folder: Path, name: str, port: int, options: Sequence[str], environ: Mapping[str, str]
) -> Iterator[Server]:
    clean = {key: value for key, value in psutil.Process().environ().items() if not key.startswith(OURS)}
    log = folder / f"{name}-{port}.log"
    with log.open("ab") as out, ExitStack() as ending:
        began = time.monotonic()
        process = subprocess.Popen(  # noqa: S603 - our own servers
            [sys.executable, "-m", "gunicorn", *options],
            cwd=folder,
            env=clean | dict(environ) | {"PYTHONPATH": str(import_folder())} | _bytecode(folder),
            stdout=out,
            stderr=out,
        )
        ending.callback(_stop, process)
        if not until(lambda: _answers(port) or process.poll() is not None, START_SECONDS) or process.poll():
            raise ServerFailed(f"{name} does not answer. {log.read_text('utf-8', errors='replace')}")
        yield Server(name, port, psutil.Process(process.pid), time.monotonic() - began)


def _bytecode(folder: Path) -> dict[str, str]:
    """Let code be compiled once, as in an installed package, whatever this machine's user has set."""
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def _answers(port: int) -> bool:
    """Tell whether it answers anything: before its workers are there, the kernel lets the request wait."""
    with suppress(OSError):
        connection = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        connection.close()
        return True
    return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(START_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def settle(servers: Sequence[Server], *, seconds: float = 5.0) -> bool:
    """Wait until none of these works any more, so that the next measurement has the machine to itself."""
    return until(_quiet(servers), seconds)


def _quiet(servers: Sequence[Server]) -> Callable[[], bool]:
    def is_quiet() -> bool:
        before = sum(one.busy() for one in servers)
        time.sleep(0.1)
        return sum(one.busy() for one in servers) - before <= 0.02 * len(servers)

    return is_quiet
