"""Runs the whole line on this machine: a simulated Tagor, a fresh database and the real server."""

import http.client
import json
import os
import re
import secrets
import signal
import socket
import tempfile
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bridge.app.create import open_repositories
from bridge.package_files import DEMO_OFFICE, import_folder, package_file
from bridge.settings import Settings
from bridge.simulators.browser_phone.calls import BrowserCalls
from bridge.simulators.line_server import LineNotReady, LineServer
from bridge.simulators.provider.account import PhoneLine, Profile
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.profiles import PROFILES, SimulatedAccount, new_account
from bridge.simulators.provider.recording_store import StoreRecording
from bridge.simulators.server_log import TurnLine
from bridge.simulators.tagor import StandIn
from bridge.simulators.web_server import web_server
from bridge.store.migrate import migrate

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

Pages = Callable[[BrowserCalls, Settings], "WSGIApplication"]
"""Makes the application of the demo's pages: around the calls of browsers, and with the line's settings."""

CARD = Path("var/demo.json")
"""A running demo writes its card here, so that `bridge call` finds the line by itself."""

_URL = re.compile(r'^url = ".*"$', re.MULTILINE)


class DemoError(Exception):
    """The demo cannot start; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Card:
    """Holds what is needed to phone in: the line's addresses, the account's token, its number and its Tagor.

    `caller_id` is the account's further number, which a transfer shows to the colleague; `api` is where the
    provider keeps recordings, `web` the page of the browser phone. `signs_with` is what the simulated
    `provider` signs with; "" means the token. `settings` is the environment of a command that
    asks this demo.
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
    provider: str = "twilio"
    signs_with: str = field(default="", repr=False)
    web: str = ""
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)


@contextmanager
def demo(
    port: int,
    *,
    tagor_port: int = 0,
    environ: Mapping[str, str] = os.environ,
    provider: str = "twilio",
    pages: Pages | None = None,
    tell: Callable[[TurnLine], None] = lambda _turn: None,
) -> Iterator[Card]:
    """Run the line on `port`, as a real gunicorn with real workers, and give its card once it is ready.

    `provider` is the one that is simulated. `pages` makes the application of the browser phone; it is served
    on a port of its own. `tell` takes every turn of every call.

    Raises:
        DemoError: it did not become ready, usually because the port is taken.
        PortBusy: the stand-in's port is taken.
    """
    with ExitStack() as rooms:
        around = rooms.enter_context(_surroundings(port, tagor_port, provider))
        settings, card, listeners = around.settings, around.card, [tell]
        if pages is not None:
            # The console shows how Tagor answers, which the line counts for whoever reads it.
            settings["BRIDGE_METRICS"] = secrets.token_urlsafe(24)
        card = replace(card, settings=_of_commands(settings))

        def tell_all(turn: TurnLine) -> None:
            for listener in listeners:
                listener(turn)

        server = rooms.enter_context(
            LineServer(around.folder, _without_other_bridge(environ) | settings, tell_all)
        )
        if pages is not None:
            calls = _browser_calls(around, server, PROFILES[provider])
            listeners.append(calls.note_turn)
            web = rooms.enter_context(web_server(pages(calls, Settings.read(settings)), port + 1))
            card = replace(card, web=f"{web}/phone")
        try:
            server.wait_until_ready(card.public)
        except LineNotReady as why:
            raise DemoError(str(why)) from None
        yield card


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What a demo's line needs to run: simulators that run already, a folder, and the line's settings."""

    folder: Path
    tagor: StandIn
    api: RestApi
    settings: dict[str, str]
    card: Card


@contextmanager
def _surroundings(port: int, tagor_port: int, provider: str) -> Iterator[_Surroundings]:
    """Run a simulated Tagor and provider for a line on `port`, and make its database and its settings."""
    with ExitStack() as rooms:
        folder = Path(rooms.enter_context(tempfile.TemporaryDirectory(prefix="bridge-demo-")))
        tagor = rooms.enter_context(StandIn(tagor_port))
        _check_free(port)
        account = new_account(provider)
        settings = environment(folder, port, tagor, account)
        migrate(settings["DATABASE_URL"])
        api = rooms.enter_context(RestApi(account.account, account.token, profile=PROFILES[provider]))
        # The demo's terminal tells every turn, which the log has from this level on.
        settings |= {"BRIDGE_PROVIDER_API": api.url, "BRIDGE_LOG_LEVEL": "INFO"}
        card = replace(card_of(settings, tagor), signs_with=account.signs_with)
        _set_numbers_up(api, card, settings)
        yield _Surroundings(folder, tagor, api, settings, card)


def _without_other_bridge(environ: Mapping[str, str]) -> dict[str, str]:
    """Leave out the settings of another bridge, which would clash with the demo's own."""
    return {
        name: value
        for name, value in environ.items()
        if not name.startswith(("BRIDGE_", "GUNICORN_")) and name != "PORT"
    }


def _browser_calls(around: _Surroundings, server: LineServer, profile: Profile) -> BrowserCalls:
    """Give the calls that visitors of the phone page make to the line."""
    return BrowserCalls(
        line_of(around.card, around.api.recordings.put),
        around.tagor,
        server.kill_worker,
        profile=profile,
        log_name=open_repositories(Settings.read(around.settings)).calls.log_name,
    )


def run(
    port: int,
    tagor_port: int,
    *,
    pages: Pages,
    tell: Callable[[Card], None],
    tell_turn: Callable[[TurnLine], None],
    provider: str = "twilio",
) -> None:
    """Run the demo until it is interrupted or told to end; `tell` gets the card once it is ready."""
    if _answers(running := read_card()):
        raise DemoError(
            f"A demo runs in this folder already, at {running['public']}: end it first, or start this one in "
            "another folder."
        )
    over = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda _number, _frame: over.set())
    with demo(port, tagor_port=tagor_port, provider=provider, pages=pages, tell=tell_turn) as card:
        CARD.parent.mkdir(exist_ok=True)
        CARD.touch(mode=0o600)  # it holds the demo's secrets
        CARD.write_text(json.dumps(asdict(card)))
        try:
            tell(card)
            over.wait()
        finally:
            if read_card().get("voice") == card.voice:
                CARD.unlink(missing_ok=True)


def _answers(card: Mapping[str, Any]) -> bool:
    """Tell whether the demo of a card still runs; one that was killed leaves its card behind."""
    address = urlsplit(str(card.get("public", "")))
    if not address.port:
        return False
    way = http.client.HTTPConnection(str(address.hostname), address.port, timeout=2)
    try:
        with closing(way):
            way.request("GET", "/healthz")
            return way.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


def read_card() -> dict[str, Any]:
    """Return the card of the demo that runs in this folder; an empty one when none does."""
    if not CARD.exists():
        return {}
    card: dict[str, Any] = json.loads(CARD.read_text(encoding="utf-8"))
    return card


def _of_commands(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that a command needs to ask this demo; it finds the code by itself."""
    return {name: value for name, value in settings.items() if name != "PYTHONPATH"}


def line_of(card: Card, keep: StoreRecording) -> PhoneLine:
    """Return the number that a demo's card tells of; what callers record is handed to `keep`."""
    return PhoneLine(
        voice_url=card.voice,
        account_sid=card.account,
        auth_token=card.signs_with or card.token,
        number=card.number,
        fallback_url=card.fallback,
        status_url=card.status,
        owned=frozenset({card.caller_id}),
        keep=keep,
    )


def environment(
    folder: Path, port: int, tagor: StandIn, account: SimulatedAccount | None = None
) -> dict[str, str]:
    """Return the demo's settings: new secrets each time, and the demo's own office file in `folder`.

    Without an `account` they are those of a new one at the simulated Twilio.
    """
    offices = folder / "offices"
    offices.mkdir()
    office = package_file(DEMO_OFFICE).read_text(encoding="utf-8")
    (offices / "demo.toml").write_text(_URL.sub(f'url = "{tagor.url}"', office), encoding="utf-8")
    return {
        "BRIDGE_DEMO": "1",
        "BRIDGE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BRIDGE_SECRET": secrets.token_hex(32),
        **(account or new_account()).settings,
        "BRIDGE_OFFICES": str(offices),
        "BRIDGE_PORT": str(port),
        "BRIDGE_LOG_LEVEL": "WARNING",
        "DATABASE_URL": f"sqlite:///{folder}/bridge.db",
        # The server starts in an empty folder, from which a checkout could not be imported.
        "PYTHONPATH": str(import_folder()),
        "TAGOR_KEY": tagor.key,
    }


def _set_numbers_up(api: RestApi, card: Card, settings: Mapping[str, str]) -> None:
    """Let the provider's account have the office's numbers, led to the line as they should be."""
    for number in _office(settings)["numbers"]:
        api.own(
            number,
            voice_url=card.voice,
            voice_method="POST",
            voice_fallback_url=card.fallback,
            voice_fallback_method="POST",
            status_callback=card.status,
            status_callback_method="POST",
        )
    api.verified.add(card.caller_id)


def _office(settings: Mapping[str, str]) -> dict[str, Any]:
    text = (Path(settings["BRIDGE_OFFICES"]) / "demo.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def card_of(settings: Mapping[str, str], tagor: StandIn) -> Card:
    """Return the card of a line with these settings."""
    public = settings["BRIDGE_PUBLIC_URL"]
    office = _office(settings)
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
        provider=settings.get("BRIDGE_PROVIDER", "twilio"),
    )


def _check_free(port: int) -> None:
    """Raise DemoError when the port is taken: whoever listens there would answer and seem ready."""
    try:
        socket.create_server(("", port)).close()
    except OSError:
        raise DemoError(
            f"port {port} is taken: stop what runs there, or choose another with --port"
        ) from None
