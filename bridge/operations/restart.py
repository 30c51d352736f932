"""Replaces the running server by a new one on the same port, without a caller noticing.

    old master ── USR2 ──> new master          both take calls, on the same sockets
                           its workers load code, offices and words
    /readyz is answered by the new one ──> TERM to the old one, which finishes its turns and ends
    it is not, in time                 ──> the new one is ended, and the old one goes on as if nothing was

gunicorn itself starts the new master and hands it the sockets. It does not look whether the new one is any
good, and in the foreground it cannot take its workers back: that is done here.
"""

import http.client
import json
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from bridge.operations.processes import children_of, is_alive, pid_in, send_signal

READY_SECONDS = 60.0
"""How long a new server may take until it answers."""

STOP_SECONDS = 30.0
"""How long a server may take to finish its turns and end; more than gunicorn's own limit."""

EXEC_SECONDS = 5.0
"""How long a second master may take from its fork until it can be told from a worker."""

_POLL = 0.1
_PROBES = 8
"""How many answers are asked for at a time: old and new server answer in no order."""


class RestartError(Exception):
    """The server was not replaced; the sentence says why, and that the old one goes on, where it does."""


def restart(
    pid_file: Path, port: int, *, ready_seconds: float = READY_SECONDS, stop_seconds: float = STOP_SECONDS
) -> tuple[int, int]:
    """Replace the server whose master's id stands in `pid_file`; give the ids of the old and the new master.

    Raises:
        RestartError: there is no such server, another restart is under way, or the new one is no good.
    """
    old = pid_in(pid_file)
    if old is None or not is_alive(old):
        raise RestartError(f"No server is running: {pid_file} names none. Start it with `bridge serve`.")
    next_file = pid_file.with_name(f"{pid_file.name}.2")  # where gunicorn writes the id of a second master
    other = pid_in(next_file)
    if other is not None and is_alive(other):
        raise RestartError("A restart is under way already: wait until it is over.")
    next_file.unlink(missing_ok=True)
    os.kill(old, signal.SIGUSR2)
    new = _started(next_file, old, ready_seconds)
    if not _becomes(lambda: not is_alive(new) or _answers(port, new), ready_seconds) or not is_alive(new):
        end_all(new, stop_seconds)
        raise RestartError(
            "The new server did not become ready: its log says why. It was ended, and the old one goes on."
        )
    _tell_systemd(new)
    os.kill(old, signal.SIGTERM)
    if not _becomes(lambda: not is_alive(old), stop_seconds):
        end_all(old, 0.0)
    # Until the new master has noticed that it is alone, the file has the old one's name.
    _becomes(lambda: pid_in(pid_file) == new, stop_seconds)
    return old, new


def end_all(master: int, seconds: float) -> None:
    """End a master and its workers: in order within so many seconds, else by force; none is left behind."""
    workers = children_of(master)
    if seconds:
        send_signal(master, signal.SIGTERM)
        _becomes(lambda: not is_alive(master), seconds)
    # A master that is killed leaves its workers; they go first, or it would start others.
    send_signal(master, signal.SIGSTOP)
    for pid in {*workers, *children_of(master), master}:
        send_signal(pid, signal.SIGKILL)
    _becomes(lambda: not is_alive(master), STOP_SECONDS)


def _started(next_file: Path, old: int, seconds: float) -> int:
    """Wait until the second master has written down its id."""
    if not _becomes(lambda: pid_in(next_file) is not None or not is_alive(old), seconds):
        # One that hangs before it can say who it is is still the old one's child. One that was only just
        # forked looks like a worker until it loads gunicorn, so it is looked for a little longer.
        _becomes(lambda: pid_in(next_file) is not None or bool(_second_masters(old)), EXEC_SECONDS)
        for pid in _second_masters(old):
            end_all(pid, 0.0)
    new = pid_in(next_file)
    if new is None:
        raise RestartError("No new server was started: the log says why. The old one goes on.")
    return new


def _second_masters(old: int) -> list[int]:
    """Give the children of the old master that are masters: gunicorn tells them who the old one is."""
    # A master that once was a second one itself hands its own former master's id down to its workers.
    told, found = f"GUNICORN_PID={old}".encode(), []
    for pid in children_of(old):
        with suppress(OSError):
            if told in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                found.append(pid)
    return found


def _answers(port: int, master: int) -> bool:
    """Ask whether the line is ready, some times, until this master's worker says so."""
    return any(_ready_by(port) == master for _ in range(_PROBES))


def _ready_by(port: int) -> int | None:
    """Give the master whose worker answers that it can take calls; None when it cannot, or nobody answers."""
    with suppress(OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("GET", "/readyz", headers={"Connection": "close"})
            page = json.loads(connection.getresponse().read())
        return int(page["states"]["master"]) if page["ready"] else None
    return None


def _tell_systemd(master: int) -> None:
    """Tell systemd, where it runs the line, which process it is to watch from now on."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        place = f"\0{address[1:]}" if address.startswith("@") else address
        with suppress(OSError), closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as notified:
            notified.sendto(f"MAINPID={master}\n".encode(), place)


def _becomes(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= until:
            return False
        time.sleep(_POLL)
    return True
