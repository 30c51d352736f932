"""The operator at the prompt: commands run in this process, or as processes of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from shared_process import OURS, PATIENCE, plain

from bridge.commands.main import main

if TYPE_CHECKING:
    from tests.conftest import Line

ROOT = Path(__file__).parents[3]


@pytest.fixture
def environ() -> dict[str, str]:
    """Settings with which a line starts."""
    return {
        "BRIDGE_PUBLIC_URL": "https://phone.kantoor.be",
        "BRIDGE_SECRET": "9f2c4e71d0b35a8866e1f7c2a90d4b3e",
        "BRIDGE_ACCOUNT": "AC" + "0123456789abcdef" * 2,
        "BRIDGE_TOKENS": "5d8a0e3b7c914f26a1b0c9d8e7f60512",
    }


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command here and now, as in `command("check", environ={...})`, with these settings only."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)

    def run(*arguments: str, environ: Mapping[str, str] | None = None, typed: str = "") -> Result:
        with monkeypatch.context() as patch:
            for name, value in (environ or {}).items():
                patch.setenv(name, value)
            result = CliRunner().invoke(main, list(arguments), input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


@pytest.fixture
def program() -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run `bridge` as a process to its end, as in `program("migrate", environ={...})`."""

    def run(
        *arguments: str, environ: Mapping[str, str] | None = None, cwd: Path = ROOT
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(  # noqa: S603 - our own
            [sys.executable, "-m", "bridge", *arguments],
            cwd=cwd,
            env=plain({"PYTHONPATH": str(cwd)} | dict(environ or {})),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


class Started:
    """A process of ours that goes on until it is told to end."""

    def __init__(
        self, module: str, arguments: tuple[str, ...], environ: Mapping[str, str], cwd: Path
    ) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, "-m", module, *arguments],
            cwd=cwd,
            env=plain({"PYTHONPATH": str(ROOT)} | dict(environ)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def line(self) -> str:
        """The next line it prints."""
        assert self.process.stdout
        return self.process.stdout.readline()

    def children(self) -> list[int]:
        """The processes it has started, such as gunicorn's workers."""
        mine = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(child) for child in mine.read_text().split()]

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to end, and give its exit status."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """Start processes that go on, as in `start("bridge", "demo", "--json")`; they end with the test."""
    started: list[Started] = []

    def begin(
        module: str, *arguments: str, environ: Mapping[str, str] | None = None, cwd: Path = tmp_path
    ) -> Started:
        started.append(Started(module, arguments, environ or {}, cwd))
        return started[-1]

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.end()
        assert one.process.stdout
        one.process.stdout.close()


@pytest.fixture
def serving(line: "Line") -> dict[str, str]:
    """Settings of a real server on the test's office, Tagor and database; its port is the test's choice."""
    return line.environ | {"BRIDGE_WORKERS": "2", "BRIDGE_THREADS": "8"}
