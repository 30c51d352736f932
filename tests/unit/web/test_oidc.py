"""Logging in with the accounts of the office: a real provider over HTTP, and who tries without one."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from joserfc.jwk import RSAKey
from shared_oidc import CLIENT, SECRET, OidcSite
from web_visitor import OFFICES, Visitor

import voice_flows
from bridge.app.overrides import Speech
from bridge.store.repositories import Repositories
from bridge.web.app import create_web
from bridge.web.console.context import ConsoleContext
from bridge.web.console.oidc import OidcProvider
from bridge.web.console.oidc_settings import OidcSettings
from bridge.web.console.oidc_views import OidcViews
from bridge.web.console.users import ConsoleUsers, UserError
from bridge.web.console.views import Console

if TYPE_CHECKING:
    from tests.shared_line import Line

ROLES = "boss:administer:* line:operate:demo line:see:* other:see:aalst"
BACK = "/console/oidc/back"


@pytest.fixture
def site(line: "Line") -> Iterator[OidcSite]:
    with OidcSite(lambda: line.clock.now().timestamp()).running() as site:
        yield site


@pytest.fixture
def app(users: ConsoleUsers, store: Repositories, speech: Speech, line: "Line", site: OidcSite) -> Flask:
    settings = OidcSettings.read(site.issuer, client=CLIENT, secret=SECRET, claim="groups", roles=ROLES)
    assert settings
    context = ConsoleContext(store, voice_flows.CALL, OFFICES, line.clock)
    console = Console(users, context, OidcViews(OidcProvider(settings, line.clock), context))
    return create_web(voice_flows.CALL, *speech, console=console)


def sent(visitor: Visitor) -> str:
    """Press the button, and give where the provider's page is."""
    answer = visitor.get("/oidc")
    assert answer.status_code == 302
    location: str = answer.headers["Location"]
    return location


def came_back(visitor: Visitor, site: OidcSite) -> Any:  # noqa: ANN401 - Flask's
    """Go to the provider and come back, as a browser does."""
    _, headers, _ = site.get(sent(visitor).removeprefix(site.issuer))
    return visitor.client.get(headers["Location"])


def test_whoever_the_provider_knows_is_in(visitor: Visitor, site: OidcSite, store: Repositories):
    """With the first role that is written for them, its offices alone, and a name in the audit list."""
    entered = came_back(visitor, site)
    assert (entered.status_code, entered.headers["Refresh"]) == (200, "0; url=/console/")
    assert "anna@office.example" in visitor.get("/").text
    assert visitor.post("/line/demo/services/post/off", shown="/line").status_code == 302
    assert visitor.post("/line/aalst/services/post/off", shown="/line").status_code == 404
    assert visitor.get("/audit").status_code == 403
    assert {entry.who for entry in store.audit.newest(9)} == {"anna@office.example (f3a1)"}
    assert visitor.post("/logout").status_code == 302
    assert visitor.get("/").status_code == 302


def test_nothing_of_a_login_lies_in_the_browser_or_the_address(visitor: Visitor, site: OidcSite):
    """The address carries a challenge and never its verifier; the cookie is a name, gone once it was used."""
    address = sent(visitor)
    assert "code_challenge_method=S256" in address
    assert "verifier" not in address
    cookie = visitor.client.get_cookie("console-login")
    assert cookie
    assert (cookie.http_only, cookie.same_site, cookie.max_age) == (True, "Lax", 600)
    came_back(visitor, site)
    assert visitor.client.get_cookie("console-login") is None


def test_a_login_begins_a_new_session(visitor: Visitor, site: OidcSite):
    """Whoever planted a session in somebody's browser holds nothing afterwards."""
    visitor.token("/login")
    planted = visitor.client.get_cookie("console")
    came_back(visitor, site)
    stranger = Visitor(visitor.client.application)
    assert planted
    stranger.client.set_cookie("console", planted.value)
    assert stranger.get("/").status_code == 302


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param({"iss": "https://elsewhere.example"}, id="foreign issuer"),
        pytest.param({"aud": "another program"}, id="wrong audience"),
        pytest.param({"aud": ["another program"]}, id="wrong audiences"),
        pytest.param({"aud": [CLIENT, "another"], "azp": "another"}, id="for another party"),
        pytest.param({"exp": 1}, id="expired"),
        pytest.param({"exp": None}, id="never expires"),
        pytest.param({"iat": 9999999999}, id="of tomorrow"),
        pytest.param({"nonce": "another"}, id="of another login"),
        pytest.param({"nonce": None, "nonce_supported": False}, id="of no login"),
        pytest.param({"sub": None}, id="nobody"),
        pytest.param({"groups": ["lines", "LINE"]}, id="no role"),
        pytest.param({"groups": "line boss"}, id="roles in one text"),
        pytest.param({"groups": {"line": True}}, id="roles of a strange shape"),
        pytest.param({"groups": None, "role": "administer"}, id="a claim that is not asked"),
    ],
)
def test_a_token_that_says_something_else_lets_nobody_in(
    visitor: Visitor, site: OidcSite, store: Repositories, lie: dict[str, object]
):
    """However well it is signed."""
    site.lie = lambda claims: {name: value for name, value in (claims | lie).items() if value is not None}
    assert came_back(visitor, site).status_code == 401
    assert visitor.get("/").status_code == 302
    assert [(entry.who, entry.what) for entry in store.audit.newest(9)] == [("somebody", "was refused")]


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param(lambda site: site.unsigned, id="alg none"),
        pytest.param(lambda site: site.signed_by_public_key, id="the public key as a secret"),
        pytest.param(
            lambda site: lambda claims: site.signed(claims, key=RSAKey.generate_key(2048, {"kid": "first"})),
            id="another key",
        ),
        pytest.param(lambda site: lambda claims: site.signed(claims)[:-8] + "AAAAAAAA", id="damaged"),
        pytest.param(lambda _site: lambda _claims: "no token", id="no token"),
    ],
)
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    visitor: Visitor, site: OidcSite, sign: Callable[[OidcSite], Any]
):
    """Also where the provider says that it would do so."""
    site.sign = sign(site)
    assert came_back(visitor, site).status_code == 401
    assert visitor.get("/").status_code == 302


def test_nobody_comes_back_who_was_not_sent(visitor: Visitor, site: OidcSite):
    """Neither without a login, nor with a made up or another one's state or code, nor a second time."""
    _, headers, _ = site.get(sent(Visitor(visitor.client.application)).removeprefix(site.issuer))
    theirs = headers["Location"].partition("?")[2]
    assert visitor.client.get(f"{BACK}?{theirs}").status_code == 401
    for given in (theirs, "code=code0&state=made-up", "code=code0", "error=access_denied", ""):
        sent(visitor)
        assert visitor.client.get(f"{BACK}?{given}").status_code == 401, given
    _, headers, _ = site.get(sent(visitor).removeprefix(site.issuer))
    address = headers["Location"]
    assert visitor.client.get(address.replace("code=code1", "code=made-up")).status_code == 401
    assert visitor.client.get(address).status_code == 401
    assert visitor.get("/").status_code == 302


def test_another_providers_answer_is_refused(visitor: Visitor, site: OidcSite):
    """A provider that answers for another one (mix-up) is found out before it hears the code."""
    _, headers, _ = site.get(sent(visitor).removeprefix(site.issuer))
    address, _, _ = headers["Location"].partition("&iss=")
    before = len(site.asked)
    assert visitor.client.get(f"{address}&iss=https%3A%2F%2Felsewhere.example").status_code == 401
    assert len(site.asked) == before


def test_the_way_after_the_login_is_the_consoles_own(visitor: Visitor, site: OidcSite):
    """Whatever stands in the address of either step."""
    begun = visitor.get("/oidc?lang=fr&next=https://elsewhere.example&redirect_uri=https://elsewhere.example")
    assert "elsewhere" not in begun.headers["Location"]
    _, headers, _ = site.get(begun.headers["Location"].removeprefix(site.issuer))
    entered = visitor.client.get(headers["Location"] + "&next=https://elsewhere.example")
    assert entered.headers["Refresh"] == "0; url=/console/?lang=fr"


@pytest.mark.parametrize("trouble", ["down", "another issuer", "gone"])
def test_a_provider_that_is_away_is_told(visitor: Visitor, site: OidcSite, trouble: str):
    """In words; passwords open the console meanwhile."""
    if trouble == "down":
        site.status = 503
    if trouble == "another issuer":
        site.issuer_told = "https://elsewhere.example"
    if trouble == "gone":
        site.stop()
    answer = visitor.get("/oidc?lang=en")
    assert answer.status_code == 503
    assert "cannot be reached" in answer.text
    assert visitor.log_in("sara").status_code == 302


def test_without_a_provider_there_is_no_such_page(speech: Speech, users: ConsoleUsers, store: Repositories):
    """And no button for it; without people who have a password there is no field for one."""
    context = ConsoleContext(store, voice_flows.CALL, OFFICES)
    plain = create_web(voice_flows.CALL, *speech, console=Console(users, context)).test_client()
    assert plain.get("/console/oidc").status_code == 404
    assert "/console/oidc" not in plain.get("/console/login").text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"issuer": "http://login.example.be"}, "BRIDGE_OIDC_ISSUER must start with https"),
        ({"client": ""}, "needs BRIDGE_OIDC_CLIENT"),
        ({"secret": ""}, "BRIDGE_OIDC_SECRET"),
        ({"roles": ""}, "lets nobody in"),
        ({"roles": "line:see:* line"}, "role 2 is not written as"),
        ({"roles": "line:rule:*"}, "role 1 names none of see, operate, administer"),
    ],
)
def test_what_cannot_be_used_is_told(changed: dict[str, str], told: str):
    """By its name and place; never with the secret."""
    given = {"issuer": "https://login.example.be", "client": CLIENT, "secret": SECRET, "claim": "groups"}
    given = given | {"roles": ROLES} | changed
    with pytest.raises(UserError, match=told) as refused:
        OidcSettings.read(given.pop("issuer"), **given)
    assert SECRET not in str(refused.value)


def test_many_logins_of_one_address_are_stopped(visitor: Visitor):
    """Nobody makes the console ask the provider without end."""
    tries = [visitor.get("/oidc").status_code for _ in range(21)]
    assert tries == [302] * 20 + [429]
