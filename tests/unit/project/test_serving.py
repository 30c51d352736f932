"""The line as a platform runs it: a real gunicorn that reads gunicorn.conf.py by itself."""

import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from gunicorn.config import KNOWN_SETTINGS
from shared_process import free_port

ROOT = Path(__file__).parents[3]
ENVIRON = {
    "PATH": os.environ["PATH"],
    "BRIDGE_PUBLIC_URL": "https://phone.kantoor.be",
    "BRIDGE_SECRET": "9f2c4e71d0b35a8866e1f7c2a90d4b3e",
    "BRIDGE_ACCOUNT": "AC" + "0123456789abcdef" * 2,
    "BRIDGE_TOKENS": "5d8a0e3b7c914f26a1b0c9d8e7f60512",
    "BRIDGE_WORKERS": "2",
    "BRIDGE_THREADS": "4",
}
APP = """
import socket
from pathlib import Path
from flask import Flask
from bridge.operations.health import health_blueprint


def app(port):
    line = Flask("line")
    line.register_blueprint(health_blueprint({"store": lambda: None}))

    @line.get("/slow")
    def slow():
        with socket.create_connection(("127.0.0.1", port)) as gate:
            gate.recv(1)
        return "drained"

    @line.get("/wrong")
    def wrong():
        raise ValueError("Annelies 0470918273")

    return line
"""


class Line:
    """A running gunicorn; `gate` is where a slow turn waits until it is let through."""

    def __init__(self, folder: Path) -> None:
        (folder / "line.py").write_text(APP)
        self.gate = socket.create_server(("127.0.0.1", 0))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "gunicorn", "--pythonpath", f"{folder},{ROOT}"]
        self.process = subprocess.Popen(  # noqa: S603 - our own
            [*command, f"line:app({self.gate.getsockname()[1]})"],
            cwd=ROOT,
            env=ENVIRON | {"BRIDGE_PORT": str(self.port)},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self.read_until("serving")

    def read_until(self, event: str) -> None:
        """Wait for a log line with this event."""
        assert self.process.stderr
        for line in self.process.stderr:
            self.lines.append(line)
            if json.loads(line)["event"] == event:
                return
        raise AssertionError("".join(self.lines))

    def stop(self) -> None:
        """End it, and read what it still has to say."""
        assert self.process.stderr
        if self.process.stderr.closed:
            return
        self.process.send_signal(signal.SIGTERM)
        self.lines += self.process.stderr.readlines()
        self.process.wait(20)
        self.process.stderr.close()
        self.gate.close()


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    running = Line(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def conf(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The file as gunicorn reads it."""
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORT", "5123")
    return runpy.run_path(str(ROOT / "gunicorn.conf.py"))


def test_gunicorn_knows_every_setting(conf: dict[str, object]) -> None:
    """A misspelt name would be ignored without a word."""
    known = {setting.name for setting in KNOWN_SETTINGS}
    own = {
        name for name, value in conf.items() if not name.startswith("_") and not hasattr(value, "__spec__")
    }
    imported = {"Any", "Settings", "SettingsError", "catch_uncaught", "start_logging", "trial"}
    assert own - imported <= known
    assert {"wsgi_app", "bind", "workers", "threads", "worker_class", "control_socket_disable"} <= own


def test_the_platforms_port_and_the_settings_decide(conf: dict[str, object]) -> None:
    """One place says how big the line is: the environment."""
    assert (conf["bind"], conf["workers"], conf["threads"]) == ("0.0.0.0:5123", 2, 4)


def test_the_procfile_starts_this() -> None:
    """The line, a worker beside it, and a migration before each release are all a platform is told."""
    told = "web: gunicorn\nworker: bridge worker\nrelease: bridge migrate\n"
    assert (ROOT / "Procfile").read_text() == told


def test_a_started_line_answers_and_says_so(line: Line) -> None:
    """It is healthy, and its first own log line names port, workers and threads."""
    assert requests.get(f"{line.url}/healthz", timeout=10).json() == {"alive": True}
    assert requests.get(f"{line.url}/readyz", timeout=10).status_code == 200
    serving = json.loads(line.lines[-1])
    assert (serving["port"], serving["workers"], serving["threads"]) == (line.port, 2, 4)


def test_a_turn_in_hand_is_finished_before_the_line_stops(line: Line) -> None:
    """A new version is put in place without cutting a caller off."""
    with ThreadPoolExecutor(1) as caller:
        turn = caller.submit(requests.get, f"{line.url}/slow", timeout=30)
        gate, _ = line.gate.accept()
        line.process.send_signal(signal.SIGTERM)
        line.read_until("Handling signal: term")
        with gate:
            gate.send(b"x")
        assert turn.result().text == "drained"


def test_what_goes_wrong_is_logged_without_its_words(line: Line) -> None:
    """Master, workers and application write JSON lines only, and none repeats a caller's data."""
    secret = "0470918273"
    assert requests.get(f"{line.url}/wrong", params={"From": secret}, timeout=10).status_code == 500
    with socket.create_connection(("127.0.0.1", line.port)) as raw:
        raw.sendall(f"GET /{secret} HTTP/9.9\r\n\r\n".encode())
        assert b"400" in raw.recv(4096)
    line.stop()
    entries = [json.loads(text) for text in line.lines]
    assert any(entry.get("exception") for entry in entries)
    assert secret not in "".join(line.lines)
    assert "Annelies" not in "".join(line.lines)


def run(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gunicorn"]
    return subprocess.run(  # noqa: S603 - our own
        command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_line_without_settings_does_not_start() -> None:
    """Every missing setting in a sentence, no traceback, and the exit status that means configuration."""
    done = run({"PATH": os.environ["PATH"]})
    assert done.returncode == 78
    assert [text.split()[0] for text in done.stderr.splitlines()] == [
        "BRIDGE_PUBLIC_URL",
        "BRIDGE_SECRET",
        "BRIDGE_ACCOUNT",
        "BRIDGE_TOKENS",
    ]


def test_a_busy_port_is_told_in_a_sentence() -> None:
    """With the setting that changes it."""
    with socket.create_server(("", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(ENVIRON | {"BRIDGE_PORT": str(port)})
    assert done.returncode == 1
    assert done.stderr == f"Port {port} cannot be had (Address already in use): set BRIDGE_PORT to another.\n"
