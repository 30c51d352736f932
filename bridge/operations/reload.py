"""Lets a running server take office files, words and code anew, but only what a server can start with.

A new start is tried first, in a process of its own, because a worker that cannot start makes gunicorn end the
whole server. Only then do new workers take the place of the old ones, which finish their turns: whichever
worker gets the next turn of a call goes on with it.
"""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

from bridge.operations.processes import children_of, is_alive, pid_in

TRIAL_SECONDS = 60.0
"""How long a start may take until it counts as failed."""

TAKEN_OVER_SECONDS = 60.0
"""How long new workers may take until they answer and the old ones have finished their turns."""

_POLL = 0.1


class ReloadError(Exception):
    """Nothing was taken over, or nobody knows whether it was; the sentence says why."""


def trial(environ: Mapping[str, str] = os.environ) -> str:
    """Start the line's application in another process, and end it; give what is wrong, "" if it can start."""
    command = [sys.executable, "-m", "bridge.app.trial"]
    # It would count among the processes whose figures are shown.
    alone = {name: value for name, value in environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
    try:
        tried = subprocess.run(  # noqa: S603 - our own program
            command, env=alone, capture_output=True, text=True, timeout=TRIAL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"A start took longer than {TRIAL_SECONDS:.0f} seconds."
    return "" if tried.returncode == 0 else tried.stderr.strip() or "A start fails without saying why."


def reload(pid_file: Path, port: int, *, seconds: float = TAKEN_OVER_SECONDS) -> int:
    """Let the server whose master's id stands in `pid_file` take everything anew; give the master's id.

    Raises:
        ReloadError: there is no such server, no server could start so, or the workers were not replaced.
    """
    master = pid_in(pid_file)
    if master is None or not is_alive(master):
        raise ReloadError(f"No server is running: {pid_file} names none. Start it with `bridge serve`.")
    if wrong := trial():
        raise ReloadError(f"{wrong}\nNothing was taken over: the line goes on as it was.")
    before = set(children_of(master))
    os.kill(master, signal.SIGHUP)
    until = time.monotonic() + seconds
    while before & set(children_of(master)) or not _is_ready(port):
        if time.monotonic() >= until or not is_alive(master):
            raise ReloadError("The workers were not replaced: the server's log says why.")
        time.sleep(_POLL)
    return master


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError, http.client.HTTPException), closing(connection):
        connection.request("GET", "/readyz", headers={"Connection": "close"})
        return connection.getresponse().status == http.HTTPStatus.OK
    return False
