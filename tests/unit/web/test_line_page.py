"""What people change while the line runs: who may, what fits, and what is written down of it."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from web_visitor import Visitor

from bridge.speech import LANGUAGES, speaking_seconds
from bridge.store.live_settings import OfficeSettings
from bridge.store.repositories import Repositories
from bridge.web.console.line_views import LONGEST_SECONDS, LONGEST_TEXT
from bridge.web.page_words import page_words

if TYPE_CHECKING:
    from tests.shared_line import Line

As = Callable[[str], Visitor]
OWN = {"words-nl": "Vandaag  gesloten.\n", "words-fr": "Fermé aujourd'hui."}
TONIGHT = "2026-03-04T18:00"


def announce(visitor: Visitor, **form: str) -> Any:  # noqa: ANN401 - Flask's
    return visitor.post("/line", shown="/line", **{"office": "demo", "until": TONIGHT, **OWN, **form})


def test_an_announcement_is_put_up_and_taken_down(logged_in: As, store: Repositories, line: "Line"):
    """In every language of the office, on one line; until then the page shows it, and afterwards not."""
    otto = logged_in("otto")
    assert announce(otto).status_code == 302
    announcement = store.live_settings.read()["demo"].announcement
    assert announcement
    assert announcement.words == {"nl": "Vandaag gesloten.", "fr": "Fermé aujourd'hui."}
    assert announcement.until == datetime.fromisoformat(f"{TONIGHT}+01:00")
    assert "Vandaag gesloten." in otto.get("/line").text
    line.clock.move(hours=8)
    assert "Vandaag gesloten." not in logged_in("otto").get("/line").text
    assert otto.post("/line/demo/announcement/end", shown="/login").status_code == 302
    assert store.live_settings.read() == {}
    assert [entry.what for entry in store.audit.newest(9)][:3] == [
        "took the announcement down",
        "logged in",
        "announced",
    ]


def test_a_ready_sentence_is_there_in_every_language(logged_in: As, store: Repositories):
    """It counts in place of what was typed."""
    assert announce(logged_in("otto"), ready="closed_today").status_code == 302
    announcement = store.live_settings.read()["demo"].announcement
    assert announcement
    assert announcement.words == {one: page_words(one)["ready"]["closed_today"] for one in ("nl", "fr")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_ready_sentences_can_be_announced(language: str):
    """They fit the limits that hold for typed ones."""
    for text in page_words(language)["ready"].values():
        assert text.isprintable()
        assert len(text) <= LONGEST_TEXT
        assert speaking_seconds(text) <= LONGEST_SECONDS


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"until": ""}, "Choose a moment"),
        ({"until": "tomorrow"}, "Choose a moment"),
        ({"until": "2026-03-04T09:00"}, "Choose a moment"),
        ({"until": "2026-05-04T09:00"}, "Choose a moment"),
        ({"until": "2026-03-04T18:00+14:00"}, "Choose a moment"),
        ({"words-fr": " "}, "Fill in the words"),
        ({"ready": "no such sentence", "words-fr": ""}, "Fill in the words"),
        ({"words-fr": "Ferm\u202e\u00e9"}, "without invisible ones"),
        ({"words-fr": "Ferm\u00e9 \x07"}, "without invisible ones"),
        ({"words-nl": "x" * 201}, "at most 200 characters"),
        ({"words-nl": "ja " * 31}, "12 seconds at most"),
    ],
)
def test_what_does_not_fit_is_told_and_not_announced(
    logged_in: As, store: Repositories, form: dict[str, str], told: str
):
    """In a sentence, and what was typed is still there."""
    otto = logged_in("otto")
    token = {"csrf_token": otto.token("/line")}
    wanted = {"office": "demo", "until": TONIGHT, **OWN, **form, **token}
    answer = otto.client.post("/console/line?lang=en", data=wanted, headers={"Origin": "http://localhost"})
    assert answer.status_code == 400
    assert told in answer.text
    assert "Fermé aujourd&#39;hui." in answer.text or "words-fr" in form
    assert store.live_settings.read() == {}


def test_words_are_text_and_no_page(logged_in: As):
    """Whatever is announced stands on the page as it was typed."""
    otto = logged_in("otto")
    assert announce(otto, **{"words-nl": "<script>alert(1)</script>"}).status_code == 302
    for shown in (otto.get("/line").text, logged_in("anna").get("/audit").text):
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)" in shown


def test_an_option_is_switched_off_and_on(logged_in: As, store: Repositories):
    """Its button then says the other; both are written down."""
    otto = logged_in("otto")
    assert otto.post("/line/demo/services/trust/off", shown="/line").status_code == 302
    assert store.live_settings.read() == {"demo": OfficeSettings(None, frozenset({"trust"}))}
    assert "/line/demo/services/trust/on" in otto.get("/line").text
    assert otto.post("/line/demo/services/trust/on", shown="/line").status_code == 302
    assert store.live_settings.read() == {}
    told = [(entry.who, entry.what, entry.whom) for entry in store.audit.newest(2)]
    assert told == [("otto", "switched on", "demo trust"), ("otto", "switched off", "demo trust")]


@pytest.mark.parametrize(
    "address",
    [
        "/line/demo/services/plans/off",  # not in the office's file
        "/line/demo/services/trust/away",
        "/line/demo/services/..%2f..%2faudit/off",
        "/line/gent/services/trust/off",
        "/line/gent/announcement/end",
    ],
)
def test_what_an_office_does_not_have_cannot_be_changed(logged_in: As, store: Repositories, address: str):
    """Nothing is written, neither into the settings nor into the list."""
    otto = logged_in("otto")
    assert otto.post(address, shown="/line").status_code == 404
    assert store.live_settings.read() == {}
    assert store.audit.newest(1)[0].what == "logged in"


@pytest.mark.parametrize(("who", "status"), [("sara", 403), ("hugo", 404)])
def test_only_who_operates_an_office_changes_its_line(
    logged_in: As, store: Repositories, who: str, status: int
):
    """Neither who may only see it, nor who administers another one; and no button is shown to them."""
    visitor = logged_in(who)
    assert announce_from(visitor).status_code == status
    for address in ("/line/demo/announcement/end", "/line/demo/services/post/off"):
        assert visitor.post(address, shown="/work").status_code == status
    assert store.live_settings.read() == {}
    assert "/line/demo" not in visitor.get("/line").text


def announce_from(visitor: Visitor) -> Any:  # noqa: ANN401 - Flask's
    """Send the form although the page may not show it."""
    return visitor.post("/line", shown="/work", office="demo", until=TONIGHT, **OWN)


def test_an_office_sees_its_own_line_only(logged_in: As):
    """Also in the list of who did what."""
    announce(logged_in("otto"))
    hugo = logged_in("hugo")
    assert "Vandaag gesloten." not in hugo.get("/line").text
    shown = hugo.get("/audit").text
    assert "announced" not in shown
    assert "hugo" in shown


def test_the_language_of_the_page_stays(visitor: Visitor):
    """Through the login, a button and a link, until another one is chosen."""
    form = {"csrf_token": visitor.token("/login"), "name": "otto", "password": "twelve signs or more"}
    answer = visitor.client.post(
        "/console/login?lang=de", data=form, headers={"Origin": "http://localhost"}, follow_redirects=True
    )
    assert '<html lang="de">' in answer.text
    assert 'href="/console/line?lang=de"' in answer.text
    answer = visitor.get("/?lang=de&day=2026-03-03&week=1")
    assert "?lang=fr&amp;day=2026-03-03&amp;week=1" in answer.text
