"""Runs the whole line on this machine: a simulated Tagor, a fresh database and the real server."""

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import requests

from bridge.package_files import DEMO_OFFICE, GUNICORN_CONFIGURATION, import_folder, package_file
from bridge.simulators.provider.api import RestApi
from bridge.simulators.tagor import StandIn
from bridge.store.migrate import migrate

CARD = Path("var/demo.json")
"""A running demo writes its card here, so that `bridge call` finds the line by itself."""

START_SECONDS = 30.0
_URL = re.compile(r'^url = ".*"$', re.MULTILINE)


class DemoError(Exception):
    """The demo cannot start; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Card:
    """Holds what is needed to phone in: the line's addresses, the account's token, its number and its Tagor.

    `caller_id` is the account's further number, which a transfer shows to the colleague; `api` is where the
    provider keeps recordings.
    """

    voice: str
    fallback: str
    status: str
    public: str
    account: str
    token: str = field(repr=False)
    number: str
    caller_id: str
    tagor: str
    tagor_key: str = field(repr=False)
    api: str = ""


@contextmanager
def demo(port: int, *, tagor_port: int = 0, environ: Mapping[str, str] = os.environ) -> Iterator[Card]:
    """Run the line on `port`, as a real gunicorn with real workers, and give its card once it is ready.

    Raises:
        DemoError: it did not become ready, usually because the port is taken.
        PortBusy: the stand-in's port is taken.
    """
    with ExitStack() as rooms:
        folder = rooms.enter_context(tempfile.TemporaryDirectory(prefix="bridge-demo-"))
        tagor = rooms.enter_context(StandIn(tagor_port))
        _check_free(port)
        settings = environment(Path(folder), port, tagor)
        migrate(settings["DATABASE_URL"])
        api = RestApi(settings["BRIDGE_ACCOUNT"], settings["BRIDGE_TOKENS"])
        rooms.enter_context(api)
        settings["BRIDGE_PROVIDER_API"] = api.url
        card = card_of(settings, tagor)
        server = subprocess.Popen(  # noqa: S603 - our own server
            [sys.executable, "-m", "gunicorn", "-c", str(package_file(GUNICORN_CONFIGURATION))],
            cwd=folder,
            env={**_without_bridge(environ), **settings},
            start_new_session=True,
        )
        try:
            _wait_until_ready(card.public, server)
            yield card
        finally:
            _stop(server)


def run(port: int, tagor_port: int, *, tell: Callable[[Card], None]) -> None:
    """Run the demo until it is interrupted or told to end; `tell` gets the card once it is ready."""
    over = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda _number, _frame: over.set())
    with demo(port, tagor_port=tagor_port) as card:
        CARD.parent.mkdir(exist_ok=True)
        CARD.write_text(json.dumps(asdict(card)))
        try:
            tell(card)
            over.wait()
        finally:
            CARD.unlink(missing_ok=True)


def environment(folder: Path, port: int, tagor: StandIn) -> dict[str, str]:
    """Return the demo's settings: new secrets each time, and the demo's own office file in `folder`."""
    offices = folder / "offices"
    offices.mkdir()
    office = package_file(DEMO_OFFICE).read_text(encoding="utf-8")
    (offices / "demo.toml").write_text(_URL.sub(f'url = "{tagor.url}"', office), encoding="utf-8")
    return {
        "BRIDGE_DEMO": "1",
        "BRIDGE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BRIDGE_SECRET": secrets.token_hex(32),
        "BRIDGE_ACCOUNT": f"AC{secrets.token_hex(16)}",
        "BRIDGE_TOKENS": secrets.token_hex(16),
        "BRIDGE_OFFICES": str(offices),
        "BRIDGE_PORT": str(port),
        "BRIDGE_LOG_LEVEL": "WARNING",
        "DATABASE_URL": f"sqlite:///{folder}/bridge.db",
        "PYTHONPATH": str(import_folder()),
        "TAGOR_KEY": tagor.key,
    }


def card_of(settings: Mapping[str, str], tagor: StandIn) -> Card:
    """Return the card of a line with these settings."""
    public = settings["BRIDGE_PUBLIC_URL"]
    office = tomllib.loads((Path(settings["BRIDGE_OFFICES"]) / "demo.toml").read_text(encoding="utf-8"))
    return Card(
        voice=f"{public}/voice",
        fallback=f"{public}/voice/fallback",
        status=f"{public}/voice/status",
        public=public,
        account=settings["BRIDGE_ACCOUNT"],
        token=settings["BRIDGE_TOKENS"],
        number=office["numbers"][0],
        caller_id=office["caller_id"],
        tagor=tagor.url,
        tagor_key=tagor.key,
        api=settings.get("BRIDGE_PROVIDER_API", ""),
    )


def _without_bridge(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without the settings of another bridge, which would clash with the demo's."""
    ours = ("BRIDGE_", "GUNICORN_")
    return {name: value for name, value in environ.items() if not name.startswith(ours) and name != "PORT"}


def _check_free(port: int) -> None:
    """Raise DemoError when the port is taken: whoever listens there would answer and seem ready."""
    try:
        socket.create_server(("", port)).close()
    except OSError:
        raise DemoError(
            f"port {port} is taken: stop what runs there, or choose another with --port"
        ) from None


def _wait_until_ready(public: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    with requests.Session() as session:
        session.trust_env = False  # a proxy of this machine's user knows nothing of us
        while time.monotonic() < until:
            if server.poll() is not None:
                raise DemoError("the line did not start: the sentence above says why")
            with suppress(requests.RequestException):
                if session.get(f"{public}/readyz", timeout=1).ok:
                    return
            time.sleep(0.05)
    raise DemoError(f"the line did not become ready within {START_SECONDS:.0f} seconds")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
