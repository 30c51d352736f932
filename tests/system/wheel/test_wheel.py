"""The built wheel is a product of its own: its commands work in an empty folder, far from any checkout."""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
import requests
from shared_process import free_port, plain

ROOT = Path(__file__).parents[3]

pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("wheel")]


class Installed:
    """The wheel in a fresh environment, whose commands are run in a folder that begins empty."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.folder = folder
        self._bridge = str(binaries / "bridge")

    def run(
        self, *arguments: str, environ: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(  # noqa: S603 - our own
            [self._bridge, *arguments],
            cwd=self.folder,
            env=plain({"PYTHONPATH": ""} | dict(environ or {})),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    @contextmanager
    def running(self, *arguments: str, environ: Mapping[str, str] | None = None) -> Iterator[str]:
        """Run a command for as long as the `with` block; gives its first line, where it prints one."""
        process = subprocess.Popen(  # noqa: S603 - our own
            [self._bridge, *arguments],
            cwd=self.folder,
            env=plain({"PYTHONPATH": ""} | dict(environ or {})),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout
        try:
            yield process.stdout.readline() if environ is None else ""
        finally:
            process.terminate()
            process.wait(30)
            process.stdout.close()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Build and install the wheel; this environment lends what it depends on, so no network is needed."""
    place = tmp_path_factory.mktemp("wheel")
    run = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(run, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own
    [wheel] = place.glob("*.whl")
    fresh = place / "fresh"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(fresh)], check=True)  # noqa: S603
    python = fresh / "bin" / "python"
    install = [
        "uv",
        "pip",
        "install",
        "--quiet",
        "--offline",
        "--no-deps",
        "--python",
        str(python),
        str(wheel),
    ]
    subprocess.run([sys.executable, "-m", *install], check=True)  # noqa: S603 - as above
    [site] = fresh.glob("lib/python*/site-packages")
    # A path that a .pth file names is searched, but .pth files in it are not read: no checkout is found.
    (site / "lent.pth").write_text(sysconfig.get_path("purelib"))
    empty = place / "empty"
    empty.mkdir()
    return Installed(fresh / "bin", empty)


def test_it_checks_the_demos_own_office(installed: Installed):
    """Nothing is configured and no file is there: flows, words and the packaged office are checked."""
    done = installed.run("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "packaged/offices/demo.toml" in done.stdout
    assert str(ROOT) not in done.stdout


def test_it_draws_and_records_into_the_folder_it_is_called_in(installed: Installed):
    """The pages are those of the checkout, and are fresh afterwards."""
    for command, folder in (("draw", "flows"), ("record", "calls")):
        done = installed.run(command)
        assert done.returncode == 0, done.stderr
        written = installed.folder / "docs" / folder
        assert {path.name: path.read_text("utf-8") for path in written.iterdir()} == {
            path.name: path.read_text("utf-8") for path in (ROOT / "docs" / folder).iterdir()
        }
    again = installed.run("draw", "--check")
    assert (again.returncode, again.stdout) == (0, "")


def test_its_demo_can_be_phoned(installed: Installed):
    """The card that the demo leaves in the folder is found by `bridge call`."""
    with installed.running("demo", "--json", "--port", str(free_port())) as line:
        card = json.loads(line)
        assert requests.get(f"{card['public']}/readyz", timeout=10).ok
        root = card["web"].removesuffix("/phone")
        for page in ("/phone", "/flows/Balance", "/static/page.css", "/static/phone/phone.js"):
            assert requests.get(root + page, timeout=10).ok, page
        called = installed.run("call", "--from", "+32470000004", "--keys", "1|907351|!")
    assert called.returncode == 0, called.stderr
    assert "318 euros and 7 cents" in called.stdout


def test_it_serves_a_line(installed: Installed):
    """Migrated and served by settings alone, with the gunicorn configuration that the wheel carries."""
    port = free_port()
    [offices] = installed.folder.parent.glob("fresh/lib/python*/site-packages/bridge/packaged/offices")
    environ = {
        "BRIDGE_DEMO": "1",
        "BRIDGE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BRIDGE_SECRET": "9f2c4e71d0b35a8866e1f7c2a90d4b3e",
        "BRIDGE_ACCOUNT": "AC" + "0123456789abcdef" * 2,
        "BRIDGE_TOKENS": "5d8a0e3b7c914f26a1b0c9d8e7f60512",
        "BRIDGE_OFFICES": str(offices),
        "BRIDGE_PORT": str(port),
        "BRIDGE_WORKERS": "1",
        "TAGOR_KEY": "nobody-is-asked",
        "PATH": os.environ["PATH"],
    }
    assert installed.run("migrate", environ=environ).returncode == 0
    with installed.running("serve", environ=environ):
        for _ in range(600):
            try:
                alive = requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).ok
            except requests.RequestException:
                alive = False
            if alive:
                return
            Event().wait(0.1)
        pytest.fail("the line did not become ready")


def test_it_rehearses(installed: Installed):
    """Callers and faults on virtual time, with nothing but the wheel."""
    done = installed.run("rehearse", "--calls", "2", "--seed", "wheel")
    assert done.returncode == 0, done.stderr
    assert "longest silence" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "environ", "sentence"),
    [
        (("call", "--keys", "1"), {}, "No demo is running in this folder: start `bridge demo` here"),
        (("check",), {"BRIDGE_OFFICES": "nowhere"}, "nowhere:1: is no folder"),
        (
            ("serve",),
            {"BRIDGE_TOKEN": "x"},
            "BRIDGE_TOKEN is no setting of the bridge: did you mean BRIDGE_TOKENS?",
        ),
        (("outbox",), {}, "BRIDGE_PUBLIC_URL is missing"),
    ],
    ids=["no demo", "no folder", "old name", "no settings"],
)
def test_a_mistake_is_a_sentence(
    installed: Installed, arguments: tuple[str, ...], environ: dict[str, str], sentence: str
):
    """Outside a checkout, with a missing folder or an old name of a setting: what to do, and no traceback."""
    done = installed.run(*arguments, environ=environ)
    assert "Traceback" not in done.stdout + done.stderr
    assert sentence in done.stderr
