"""`bridge worker`: a process of its own that does what calls leave to be done, and ends when it is told."""

import json
import signal
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from shared_process import until

from bridge.app.create import open_repositories
from bridge.settings import Settings
from bridge.store.job import JobState, NewJob

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Line
    from tests.unit.commands.conftest import Started

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
