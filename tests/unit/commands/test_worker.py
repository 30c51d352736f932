"""`bridge worker`: a process of its own that does what calls leave to be done, and ends when it is told."""

import json
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bridge.app.create import open_repositories
from bridge.settings import Settings
from bridge.store.job import JobState, NewJob

if TYPE_CHECKING:
    from subprocess import CompletedProcess

    from tests.cli.conftest import Started

    from tests.conftest import Line

FILE, FILE_ID = "20230118", "9000000000000000001"
NOTE = {"file": FILE_ID, "day": "2026-03-04", "entries": [], "ending": "lost"}


def leave(line: "Line", name: str) -> None:
    """Leave a note to be written."""
    box = open_repositories(Settings.read(line.environ)).outbox
    box.add(NewJob(name, "demo", "note", json.dumps(NOTE).encode(), datetime.now(UTC)))


def done(line: "Line") -> int:
    return open_repositories(Settings.read(line.environ)).outbox.counts()[JobState.DONE]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_it_works_until_it_is_told_to_end(
    line: "Line", start: "Callable[..., Started]", until: Callable[..., None], how: signal.Signals
):
    """What waits is done, and what comes meanwhile; then it ends with status 0."""
    leave(line, "before")
    worker = start("bridge", "worker", environ=line.environ)
    assert worker.line() == "The worker is doing the work that calls leave behind.\n"
    until(lambda: done(line) == 1)
    leave(line, "meanwhile")
    until(lambda: done(line) == 2)
    assert len(line.tagor.records.info_lines(FILE)) == 2
    assert worker.end(how) == 0


def test_two_workers_share_the_work(
    line: "Line", start: "Callable[..., Started]", until: Callable[..., None]
):
    """Each note is written once, and one worker goes on when the other is killed."""
    first, second = (start("bridge", "worker", environ=line.environ) for _ in range(2))
    assert first.line() == second.line() != ""
    for number in range(6):
        leave(line, f"note {number}")
    until(lambda: done(line) == 6)
    first.end(signal.SIGKILL)
    leave(line, "after")
    until(lambda: done(line) == 7)
    assert len(line.tagor.records.info_lines(FILE)) == 7
    assert second.end() == 0


def test_it_does_not_start_without_its_tables(
    program: "Callable[..., CompletedProcess[str]]", line: "Line", tmp_path: Path
):
    """A sentence that says what to run, no traceback, and status 1."""
    ended = program("worker", environ=line.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.db"})
    assert ended.returncode == 1
    assert "bridge migrate" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_it_does_not_start_without_settings(program: "Callable[..., CompletedProcess[str]]"):
    """The status that means configuration."""
    ended = program("worker")
    assert ended.returncode == 78
    assert ended.stderr.startswith("BRIDGE_PUBLIC_URL is missing")
