"""A real server of the line as a process of its own, with its log in a file: what a deployment runs."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import requests
from shared_process import free_port, plain, until

from bridge.package_files import GUNICORN_CONFIGURATION, package_file
from bridge.simulators.demo import Card, card_of, environment, line_of
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.recording_store import discard_recording
from bridge.simulators.provider.wire import Post
from bridge.simulators.rehearsal.world.offices import SWITCHBOARD
from bridge.simulators.tagor import Case, StandIn
from bridge.store.migrate import migrate


def rang_the_switchboard(phone: Phone) -> bool:
    """Whether the line was too busy to wait for its database, and put the caller through to a person instead.

    That is what it promises on a machine at its limit: a test that is not about speed accepts it as an end.
    """
    return phone.dialled == [SWITCHBOARD] and phone.faults == []


@dataclass(frozen=True)
class Server:
    """A running line: what is needed to phone it, its settings, its process and the file of its log."""

    card: Card
    environ: Mapping[str, str]
    process: "subprocess.Popen[bytes]"
    log: Path
    folder: Path

    @property
    def logged(self) -> str:
        """Everything that it has logged so far."""
        return self.log.read_text(encoding="utf-8")

    def phone(
        self, caller: str, post: Post | None = None, elapse: Callable[[float], object] = lambda _seconds: None
    ) -> Phone:
        """Make a handset that calls it over real HTTP, or by way of `post`; it does not ring yet.

        `elapse` lets as many seconds pass as something takes that is heard to its end.
        """
        return Phone(line_of(self.card, discard_recording), caller, post=post, elapse=elapse)


@contextmanager
def real_server(
    settings: Mapping[str, str] | None = None, *, port: int = 0, public: str = "", cases: Iterable[Case] = ()
) -> Iterator[Server]:
    """Run gunicorn on `port` (0 is any free one) with the demo's office and these settings besides.

    `public` is the address that the provider posts to, when it is another than the server's own; Tagor knows
    these `cases` besides the documented ones.
    """
    port = port or free_port()
    with ExitStack() as rooms:
        folder = Path(rooms.enter_context(tempfile.TemporaryDirectory(prefix="bridge-server-")))
        tagor = rooms.enter_context(StandIn(0))
        for case in cases:
            tagor.controls.add_case(case)
        told = environment(folder, port, tagor) | dict(settings or {})
        told |= {"BRIDGE_PUBLIC_URL": public} if public else {}
        migrate(told["DATABASE_URL"])
        log = folder / "log"
        process = start(told, folder, log)
        rooms.callback(end, process)
        yield Server(card_of(told, tagor), told, process, log, folder)


def start(environ: Mapping[str, str], folder: Path, log: Path) -> "subprocess.Popen[bytes]":
    """Start a server with these settings, whose log is added to a file; returns when it takes calls."""
    with log.open("ab") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own server
            [sys.executable, "-m", "gunicorn", "-c", str(package_file(GUNICORN_CONFIGURATION))],
            cwd=folder,
            env=plain(environ),
            start_new_session=True,
            stderr=errors,
        )
    try:
        until(lambda: is_ready(int(environ["BRIDGE_PORT"])) or process.poll() is not None)
        assert process.poll() is None, log.read_text()
    except AssertionError:
        end(process)
        raise
    return process


def is_ready(port: int) -> bool:
    """Tell whether a line on this machine takes calls."""
    with suppress(requests.RequestException):
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=2).ok
    return False


def end(process: "subprocess.Popen[bytes]") -> None:
    """Leave nothing behind: the server, whatever replaced it, and their workers are of one session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    process.wait(timeout=30)
    until(lambda: not members(process.pid))


def members(group: int) -> set[int]:
    """Find the processes of a server's session that still run: masters and workers."""
    found = set()
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, its_group = place.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                found.add(int(place.parent.name))
    return found
