"""`bridge worker`: a process of its own that does what calls leave to be done, and ends when it is told."""

import json
import signal
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import requests
from shared_process import PATIENCE, free_port, until

from bridge.app.create import open_repositories
from bridge.settings import Settings
from bridge.store.job import JobState, NewJob

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import CompletedProcess

    from tests.conftest import Line
    from tests.unit.commands.conftest import Started

TOKEN = "a token for the figures"
FILE, FILE_ID = "20230118", "9000000000000000001"
NOTE = {"file": FILE_ID, "day": "2026-03-04", "entries": [], "ending": "lost"}


def leave(line: "Line", name: str) -> None:
    """Leave a note to be written."""
    box = open_repositories(Settings.read(line.environ)).outbox
    box.add(NewJob(name, "demo", "note", json.dumps(NOTE).encode(), datetime.now(UTC)))


def done(line: "Line") -> int:
    return open_repositories(Settings.read(line.environ)).outbox.counts()[JobState.DONE]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_it_works_until_it_is_told_to_end(line: "Line", start: "Callable[..., Started]", how: signal.Signals):
    """What waits is done, and what comes meanwhile; then it ends with status 0."""
    leave(line, "before")
    worker = start("bridge", "worker", environ=line.environ)
    assert worker.line() == "The worker is doing the work that calls leave behind.\n"
    until(lambda: done(line) == 1)
    leave(line, "meanwhile")
    until(lambda: done(line) == 2)
    assert len(line.tagor.records.info_lines(FILE)) == 2
    assert worker.end(how) == 0


def page(port: int, path: str, token: str = TOKEN) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"http://127.0.0.1:{port}{path}", headers=headers, timeout=PATIENCE)


def test_it_shows_metrics_of_its_own(line: "Line", start: "Callable[..., Started]"):
    """What it asked of Tagor, at its own port, to whoever has the token; no other page is there."""
    port = free_port()
    settings = {"BRIDGE_METRICS": TOKEN, "BRIDGE_WORKER_PORT": str(port), "BRIDGE_HOST": "127.0.0.1"}
    leave(line, "before")
    assert start("bridge", "worker", environ=line.environ | settings).line()
    until(lambda: done(line) == 1)
    shown = page(port, "/metrics")
    labels = 'office="demo",operation="Dossier/CreateInfoLine",outcome="answered"'
    assert shown.status_code == 200
    assert {f"bridge_tagor_seconds_count{{{labels}}} 1.0", "bridge_store_up 1.0"} <= set(
        shown.text.splitlines()
    )
    assert FILE_ID not in shown.text
    assert page(port, "/metrics", "another token").status_code == 404
    assert page(port, "/readyz").status_code == 404


def test_its_metrics_stay_at_their_port_when_it_takes_files_anew(
    line: "Line", start: "Callable[..., Started]"
):
    """The process that takes its place gets the port from it, also while somebody keeps a connection open."""
    port = free_port()
    settings = {"BRIDGE_METRICS": TOKEN, "BRIDGE_WORKER_PORT": str(port), "BRIDGE_HOST": "127.0.0.1"}
    worker = start("bridge", "worker", environ=line.environ | settings)
    assert worker.line()
    with socket.create_connection(("127.0.0.1", port)):
        worker.process.send_signal(signal.SIGHUP)
        assert worker.line() == "The worker is doing the work that calls leave behind.\n"
    assert page(port, "/metrics").status_code == 200


def test_a_port_that_is_taken_is_told(line: "Line", program: "Callable[..., CompletedProcess[str]]"):
    """In a sentence, and no work is begun."""
    leave(line, "before")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = {"BRIDGE_METRICS": TOKEN, "BRIDGE_WORKER_PORT": str(port), "BRIDGE_HOST": "127.0.0.1"}
        ended = program("worker", environ=line.environ | settings)
    assert ended.returncode == 1
    assert f"Port {port} cannot be had" in ended.stderr
    assert "set BRIDGE_WORKER_PORT to another" in ended.stderr
    assert done(line) == 0
