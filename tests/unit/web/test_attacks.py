"""Attacks on the console: each of them fails, and leaves the store as it was."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from web_visitor import ORIGIN, PASSWORD, Visitor

from bridge.store.repositories import Repositories
from bridge.web.console.users import ROLES

if TYPE_CHECKING:
    from werkzeug.routing import Rule
    from werkzeug.test import TestResponse

As = Callable[[str], Visitor]
OWN, FOREIGN = "aalst", "demo"
GUESSES = {
    "office": FOREIGN,
    "service": "post",
    "state": "off",
    "letter": "0" * 64,
    "name": "0" * 16,
    "voicemail": "0" * 64,
}
"""What stands in an address for each of its parts."""


def rules(app: Flask) -> Iterator["Rule"]:
    """All pages and buttons of the console but the login."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("console.") and rule.endpoint != "console.login":
            yield rule


def asked(visitor: Visitor, rule: "Rule", shown: str) -> "TestResponse":
    """Ask for a page, or press a button with the right token and origin."""
    address = rule.rule.replace("<", "{").replace(">", "}").format(**GUESSES).removeprefix("/console")
    if "POST" in (rule.methods or ()):
        answer: TestResponse = visitor.post(address, shown=shown, office=FOREIGN)
    else:
        answer = visitor.get(address)
    return answer


def test_no_page_and_no_button_is_open(app: Flask, visitor: Visitor, store: Repositories):
    """Whoever has not logged in is led to the login, also by a button's exact address."""
    every = list(rules(app))
    assert len(every) > 14
    for rule in every:
        answer = asked(visitor, rule, "/login")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/console/login"), rule
    assert store.audit.newest(1) == []


@pytest.mark.parametrize("who", ["sara", "otto"])
def test_no_role_does_what_a_higher_one_may(app: Flask, logged_in: As, who: str, store: Repositories):
    """What the list of roles says of each page is what happens."""
    visitor = logged_in(who)
    own = {"sara": "see", "otto": "operate"}[who]
    above = {
        "see": {"retry", "unlock", "unlock_file", "audit", "announce", "take_down", "switch", "sound"},
        "operate": {"unlock", "unlock_file", "audit"},
    }
    assert ROLES == ("see", "operate", "administer")
    for rule in rules(app):
        if rule.endpoint.partition(".")[2] in above[own]:
            assert asked(visitor, rule, "/work").status_code == 403, rule
    assert {entry.what for entry in store.audit.newest(9)} == {"logged in"}


def test_another_office_is_not_there(app: Flask, logged_in: As, store: Repositories):
    """Not by its exact address, not for its administrator's button, not in a form."""
    hugo = logged_in("hugo")
    for rule in rules(app):
        if "<" in rule.rule or rule.endpoint == "console.announce":
            assert asked(hugo, rule, "/work").status_code == 404, rule
    for address in ("/", "/report", "/report.csv", "/report.json", "/work", "/line", "/audit"):
        assert FOREIGN not in hugo.get(address).text.replace("console.demo", ""), address
    assert store.live_settings.read() == {}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://localhost"},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Origin": "http://localhost:8080"},
        {"Referer": "http://localhost/console/work"},
    ],
)
def test_a_button_is_pressed_on_our_own_page_only(
    logged_in: As, store: Repositories, headers: dict[str, str]
):
    """With the right token, from anywhere else."""
    otto = logged_in("otto")
    form = {"csrf_token": otto.token("/line")}
    answer = otto.client.post("/console/line/demo/services/post/off", data=form, headers=headers)
    assert answer.status_code == 403
    assert store.live_settings.read() == {}


def test_a_token_is_good_in_its_own_session_only(logged_in: As, store: Repositories):
    """Neither somebody else's, nor one of the time before the login, nor as JSON."""
    otto, anna = logged_in("otto"), logged_in("anna")
    address = "/console/line/demo/services/post/off"
    for given in (
        {"data": {"csrf_token": anna.token("/line")}},
        {"json": {"csrf_token": otto.token("/line")}},
    ):
        assert otto.client.post(address, headers=ORIGIN, **given).status_code == 400
    assert store.live_settings.read() == {}


@pytest.mark.parametrize(
    "cookie", ["", "anna", "console:anna", "../../anna", "0" * 43, "{'_user_id': 'anna'}"]
)
def test_a_made_up_session_is_none(visitor: Visitor, cookie: str):
    """Whatever stands in the cookie is only a name for what the server holds."""
    visitor.client.set_cookie("console", cookie)
    assert visitor.get("/").status_code == 302


@pytest.mark.parametrize(
    "more",
    [{"role": "administer"}, {"offices": "*"}, {"_user_id": "anna"}, {"remember": "1"}, {"user": "anna"}],
)
def test_a_login_gives_no_more_than_the_list_says(visitor: Visitor, more: dict[str, str]):
    """Fields that no form has change nothing."""
    assert visitor.post("/login", shown="/login", name="sara", password=PASSWORD, **more).status_code == 302
    assert visitor.get("/audit").status_code == 403
    assert visitor.client.get_cookie("remember_token") is None


def test_a_made_up_sender_does_not_begin_the_count_anew(visitor: Visitor):
    """Tries count by the address that the connection comes from, whatever a header says."""
    for number in range(11):
        form = {"csrf_token": visitor.token("/login"), "name": f"name{number}", "password": "wrong"}
        headers = ORIGIN | {"X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": f"192.0.2.{number}"}
        answer = visitor.client.post("/console/login", data=form, headers=headers)
    assert answer.status_code == 429


@pytest.mark.parametrize(
    "address",
    [
        "/?lang=//elsewhere.example",
        "/?lang=nl%0d%0aSet-Cookie:%20a=b",
        "//elsewhere.example/",
        "/%2f%2felsewhere.example",
        "/console?next=//elsewhere.example",
        "/console/?next=https://elsewhere.example",
    ],
)
def test_no_address_leads_elsewhere(visitor: Visitor, address: str):
    """A link to this console stays in it."""
    answer = visitor.client.get(address)
    location = answer.headers.get("Location", "/")
    assert "elsewhere" not in location.partition("?")[0].replace("http://localhost", "")
    assert "a=b" not in str(answer.headers.get_all("Set-Cookie"))


@pytest.mark.parametrize(
    "address",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/console/users.py",
        "/static//etc/passwd",
        "/flows/..%2f..%2fetc%2fpasswd",
        "/console/calls/demo/..%2f..%2faudit",
        "/console/report.py",
    ],
)
def test_no_address_leads_out_of_the_pages(logged_in: As, address: str):
    """A path with dots or slashes finds nothing."""
    answer = logged_in("anna").client.get(address, follow_redirects=True)
    assert answer.status_code == 404
    assert "import" not in answer.text


@pytest.mark.parametrize(
    "address", ["/?day=<script>alert(1)</script>", "/report?day='onload=alert(1)", "/line?lang=<b>"]
)
def test_what_stands_in_an_address_is_not_written_into_the_page(logged_in: As, address: str):
    """At least never as anything but text."""
    shown = logged_in("sara").get(address).text
    assert "<script>alert" not in shown
    assert "'onload" not in shown
    assert "<b>" not in shown


def test_a_get_changes_nothing(app: Flask, logged_in: As, store: Repositories):
    """A link, a picture or a header that means another method press no button."""
    anna = logged_in("anna")
    for rule in rules(app):
        if "POST" in (rule.methods or ()) and rule.endpoint not in {"console.announce", "console.look_up"}:
            address = rule.rule.replace("<", "{").replace(">", "}").format(**GUESSES)
            answer = anna.client.get(address, headers={"X-HTTP-Method-Override": "POST"})
            assert answer.status_code == 405, rule
    assert {entry.what for entry in store.audit.newest(9)} == {"logged in"}
    assert anna.get("/").status_code == 200


def test_no_other_site_frames_a_page(logged_in: As, visitor: Visitor):
    """So that nobody presses a button that they do not see; and nothing of it is kept in a cache."""
    for answer in (visitor.get("/login"), logged_in("anna").get("/line")):
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-cache"


def test_a_form_is_short(logged_in: As):
    """Nobody fills the server's memory."""
    otto = logged_in("otto")
    form = {"csrf_token": otto.token("/line"), "words-nl": "x" * 20_000}
    assert otto.client.post("/console/line", data=form, headers=ORIGIN).status_code == 413
