"""Office files are taken anew by a running server: no call is broken, and a wrong file changes nothing."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shared_process import plain, until
from shared_server import Server, members, real_server

from bridge.operations.processes import children_of
from bridge.operations.reload import ReloadError, reload
from bridge.simulators.tagor import CASES

AN = next(case for case in CASES if case.name == "An Peeters")
OLD, NEW = "De Proeve", "De Nieuwe Naam"
"""The office's name before and after it is changed in its file."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that all tests reload in turn."""
    pid = tmp_path_factory.mktemp("reload") / "pid"
    settings = {"BRIDGE_PID_FILE": str(pid), "BRIDGE_METRICS": "a token for the figures"}
    with real_server({**settings, "BRIDGE_WORKERS": "2"}) as started:
        yield started


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    """That server once both of its workers are at work; its office file is as it was in the end."""
    until(lambda: [has_read_its_files(worker) for worker in children_of(running.process.pid)] == [True] * 2)
    file = office_file(running)
    before = file.read_bytes()
    yield running
    file.write_bytes(before)


def has_read_its_files(worker: int) -> bool:
    """Tell whether a worker does its background work: a file that is changed earlier is read as it starts."""
    return len(list(Path(f"/proc/{worker}/task").glob("*"))) > 3


@pytest.fixture
def taken_over(server: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Run `bridge reload` in this process, with the server's settings."""
    for name, value in server.environ.items():
        monkeypatch.setenv(name, value)
    return lambda: reload(Path(server.environ["BRIDGE_PID_FILE"]), int(server.environ["BRIDGE_PORT"]))


def office_file(server: Server) -> Path:
    return Path(server.environ["BRIDGE_OFFICES"]) / "demo.toml"


def edit(server: Server, old: str, new: str) -> None:
    """Change every such text in the office file."""
    file = office_file(server)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_calls_go_on_with_the_files_of_now(server: Server, taken_over: Callable[[], int]):
    """Who was asked for the PIN hears the amount from a new worker, and the next caller the new name."""
    phone = server.phone(AN.phone or "").ring().press("1")
    before = children_of(server.process.pid)
    edit(server, OLD, NEW)
    assert taken_over() == server.process.pid
    assert not set(before) & set(children_of(server.process.pid))
    phone.press(str(AN.pin))
    assert any("euro" in heard.text for heard in phone.heard)
    assert phone.faults == []
    greeted = " ".join(heard.text for heard in server.phone(AN.phone or "").ring().heard)
    assert (NEW in greeted, OLD in greeted) == (True, False)


def test_a_wrong_file_changes_nothing(server: Server, taken_over: Callable[[], int]):
    """The sentence names the mistake, the same workers go on, and so does the call."""
    phone = server.phone(AN.phone or "").ring().press("1")
    before = members(server.process.pid)
    edit(server, "pin_digits = 6", "pin_digits = 3")
    with pytest.raises(ReloadError, match=r"identification\.pin_digits[^$]*goes on as it was"):
        taken_over()
    assert members(server.process.pid) == before
    assert phone.press(str(AN.pin)).state == "listening"


def test_a_signal_is_checked_in_the_same_way(server: Server):
    """Whoever sends SIGHUP by hand ends no server by a wrong file; the log says what is wrong with it."""
    before, logged = members(server.process.pid), len(server.logged)
    edit(server, "pin_digits = 6", "pin_digits = 3")
    server.process.send_signal(signal.SIGHUP)
    until(lambda: "reload_refused" in server.logged[logged:])
    assert "identification.pin_digits" in server.logged[logged:]
    assert members(server.process.pid) == before
    edit(server, "pin_digits = 3", "pin_digits = 6")
    server.process.send_signal(signal.SIGHUP)
    until(lambda: not (before - {server.process.pid}) & members(server.process.pid))
    until(lambda: len(children_of(server.process.pid)) == 2)


def test_without_a_server_nothing_is_taken_over(tmp_path: Path):
    """And it says how to start one."""
    with pytest.raises(ReloadError, match="No server is running"):
        reload(tmp_path / "pid", 1)


def test_the_worker_takes_files_anew_as_well(server: Server, tmp_path: Path):
    """It becomes itself again with the new ones, and stays as it was where they are wrong."""
    log = tmp_path / "worker"
    with log.open("wb") as out:
        worker = subprocess.Popen(
            [sys.executable, "-m", "bridge", "worker"], env=plain(server.environ), stdout=out, stderr=out
        )
    try:
        until(lambda: log.read_text().count("is doing the work") == 1)
        worker.send_signal(signal.SIGHUP)
        until(lambda: log.read_text().count("is doing the work") == 2)
        edit(server, "pin_digits = 6", "pin_digits = 3")
        worker.send_signal(signal.SIGHUP)
        until(lambda: "the worker goes on as it was" in log.read_text())
        assert worker.poll() is None
    finally:
        worker.terminate()
    assert worker.wait(timeout=30) == 0
