"""Logging in with the accounts of the office in a browser, for which the provider is another site."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from shared_oidc import CLIENT, SECRET, OidcSite
from werkzeug.serving import make_server

import voice_flows
from bridge.app.overrides import Speech
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.migrate import migrate
from bridge.store.repositories import Repositories
from bridge.web.app import create_web
from bridge.web.console.context import ConsoleContext, ConsoleOffice
from bridge.web.console.oidc import OidcProvider
from bridge.web.console.oidc_settings import OidcSettings
from bridge.web.console.oidc_views import OidcViews
from bridge.web.console.users import ConsoleUsers
from bridge.web.console.views import Console

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


@pytest.fixture
def site() -> Iterator[OidcSite]:
    with OidcSite(time.time).running() as site:
        yield site


@pytest.fixture
def root(site: OidcSite, speech: Speech, tmp_path: Path) -> Iterator[str]:
    """A console for accounts alone; the provider stands at 127.0.0.1, which is no neighbour of localhost."""
    url = f"sqlite:///{tmp_path / 'bridge.db'}"
    migrate(url)
    database = Database(url)
    store = Repositories(database, Sealer(["a secret of the tests"]))
    context = ConsoleContext(store, voice_flows.CALL, [ConsoleOffice("demo", ("nl",), ())])
    roles = {"claim": "groups", "roles": "line:see:*"}
    settings = OidcSettings.read(site.issuer, client=CLIENT, secret=SECRET, **roles)
    assert settings
    console = Console(ConsoleUsers([]), context, OidcViews(OidcProvider(settings), context))
    server = make_server(
        "127.0.0.1", 0, create_web(voice_flows.CALL, *speech, console=console), threaded=True
    )
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    database.close()


def test_an_account_opens_the_console(page: "Page", root: str, accessible: "Callable[[], None]"):
    """By one link, in the language of the page; the provider's site in between costs no cookie."""
    page.goto(f"{root}/console/?lang=de")
    accessible()
    page.get_by_role("link", name="Mit dem Konto Ihres Büros anmelden").click()
    expect(page.get_by_role("heading", name="Neueste Anrufe")).to_be_visible()
    expect(page.get_by_text("anna@office.example")).to_be_visible()
    page.goto(f"{root}/console/work?lang=en")
    expect(page.get_by_role("heading", name="To do", exact=True)).to_be_visible()
