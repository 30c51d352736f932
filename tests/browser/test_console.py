"""The console in a browser: whoever phoned a minute ago is found there, and everybody can use the pages."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests
from playwright.sync_api import expect
from shared_process import until

from bridge.commands.demo import CONSOLE_NAME
from bridge.office.hours import BRUSSELS
from bridge.simulators.demo import line_of
from bridge.simulators.provider.recording_store import discard_recording
from bridge.simulators.provider.script import play
from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from playwright.sync_api import Page

    from tests.browser.conftest import PhonePage, Shown


@pytest.fixture
def root(shown: "Shown") -> str:
    return shown.card.web.removesuffix("/phone")


@pytest.fixture(scope="session")
def cookies() -> "list[Any]":
    """Those with which the tests of this file are logged in; none before the first of them."""
    return []


@pytest.fixture
def console(page: "Page", root: str, console_password: str, cookies: "list[Any]") -> "Page":
    """Be logged in, the first time by typing a name and a password: eleven logins a minute are refused."""
    page.context.add_cookies(cookies)
    page.goto(f"{root}/console/{'' if cookies else 'login'}?lang=en")
    if not cookies:
        page.get_by_label("Name").fill(CONSOLE_NAME)
        page.get_by_label("Password").fill(console_password)
        page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name=re.compile("Log out|Afmelden"))).to_be_visible()
    cookies[:] = page.context.cookies()
    return page


def test_a_call_is_found_in_the_console(
    console: "Page", phone: "PhonePage", root: str, shown: "Shown", accessible: "Callable[[], None]"
):
    """It is in today's list under the name that the terminal told, and its path is read step by step."""
    phone.open().call("+32470000004")
    phone.listens()
    phone.page.locator("#hang-up").click()
    phone.is_at("over")
    console.goto(f"{root}/console/?lang=en")
    row = console.locator("tbody tr").filter(has_text="Main menu").filter(has_text="hung up")
    row.get_by_role("link", name=shown.turns[-1].name, exact=True).first.click()
    accessible()
    expect(console.locator("tbody tr").last).to_contain_text("hung up")
    console.get_by_role("link", name="The call: Main menu").last.click()
    expect(console.locator("#Defendant-main")).to_be_in_viewport()


def test_the_very_call_is_found_by_its_number_and_minute(
    console: "Page", phone: "PhonePage", root: str, keys_to: "Callable[..., str]"
):
    """A balance that was heard a moment ago: its path tells how, and never whose it was."""
    an, number = CASES[0], "+32499876543"
    phone.open()
    phone.page.locator("#person").select_option("")
    phone.page.locator("#number").fill(number)
    phone.page.locator("#call").click()
    phone.choose(keys_to("Balance"))
    phone.asked("ask_pin")
    phone.press(an.pin)
    phone.asked("ask_file")
    phone.press(f"{an.file}#")
    phone.asked("choose")
    phone.page.locator("#hang-up").click()
    phone.is_at("over")
    console.goto(f"{root}/console/calls?lang=en")
    console.get_by_label("Number", exact=True).fill("0499 87 65 43")
    minute = console.get_by_label("When the call began")
    minute.fill(f"{datetime.now(BRUSSELS):%Y-%m-%dT%H:%M}")
    console.get_by_role("button", name="Show").first.click()
    expect(console.get_by_role("heading", level=1)).to_have_text(re.compile("Call [0-9A-F]{4}"))
    steps = console.locator("tbody tr td:nth-child(3) small").all_inner_texts()
    taken = [step.partition(":")[0] for step in steps]
    assert taken[0] == "Defendant.recognise"
    assert "Balance.look" in taken
    assert taken[-1] == "Balance.choose"
    expect(console.locator("tbody tr").last).to_contain_text("hung up")
    shown = console.locator("body").inner_text()
    assert not [told for told in (number[4:], an.file, an.pin, "56 cent") if told in shown]


def test_the_page_of_today_follows_the_line(console: "Page", root: str, shown: "Shown"):
    """Whoever leaves it open sees the next call without asking for it."""
    console.goto(f"{root}/console/?lang=en")
    figure = console.locator(".figures dd").first
    before = int(figure.inner_text())
    play(line_of(shown.card, discard_recording), "+32470000002", "!")
    expect(figure).to_have_text(str(before + 1))
    expect(console.get_by_role("region", name="Newest calls")).to_be_visible()


def test_figures_that_cannot_be_read_any_more_are_told(
    console: "Page", root: str, complaints: list[str], accessible: "Callable[[], None]"
):
    """The page says that what it shows may be old, and takes that back once it reads them again."""
    console.goto(f"{root}/console/?lang=en")
    alert = console.get_by_role("alert").filter(has_text="The figures cannot be read at the moment")
    expect(alert).to_be_hidden()
    console.route("**/console/?part=1*", lambda asked: asked.fulfill(status=503, body="away"))
    expect(alert).to_be_visible()
    expect(console.locator(".figures").first).to_be_visible()
    accessible()
    console.unroute("**/console/?part=1*")
    expect(alert).to_be_hidden()
    assert complaints
    assert {"503" in one for one in complaints} == {True}
    complaints.clear()


def test_a_dead_letter_is_tried_again(console: "Page", root: str, shown: "Shown"):
    """A voicemail whose recording the provider has lost: it is listed, tried again, and written down."""
    office = shown.card.tagor.partition("/v1")[0]
    requests.post(f"{office}/_hours", json={"state": "closed"}, timeout=5).raise_for_status()
    play(line_of(shown.card, discard_recording), "+32470000001", "0|2|{voicemail 12}")
    requests.post(f"{office}/_hours", json={"state": "clock"}, timeout=5).raise_for_status()
    again = console.get_by_role("button", name="Try again").first

    def is_listed() -> bool:
        console.goto(f"{root}/console/work?lang=en")
        return again.is_visible()

    until(is_listed)
    again.click()
    expect(console.get_by_role("status")).to_have_text("It will be tried again now.")
    console.goto(f"{root}/console/audit?lang=en")
    expect(console.get_by_role("cell", name="tried again")).to_be_visible()


def calls_until(phone: "PhonePage", heard: str, *, gone: bool = False) -> None:
    """Call again and again until the greeting says this, or no longer: the line looks twice a second."""
    for _ in range(20):
        phone.open("nl").call("+32470000001")
        phone.listens()
        said = " ".join(phone.captions.all_inner_texts())
        phone.page.locator("#hang-up").click()
        phone.is_at("over")
        if (heard in said) != gone:
            return
    raise AssertionError(said)


def test_an_announcement_is_put_up_and_heard(
    console: "Page", phone: "PhonePage", root: str, accessible: "Callable[[], None]"
):
    """A ready sentence, until this evening, in the caller's language; taken down, it is heard no more."""
    console.goto(f"{root}/console/line?lang=en")
    console.get_by_text("Put an announcement up").click()
    until = console.get_by_label("Until when")
    until.fill(until.get_attribute("max") or "")
    console.get_by_label("A ready sentence").select_option(label="Our office is closed today.")
    accessible()
    console.get_by_role("button", name="Put up").click()
    expect(console.get_by_role("status")).to_have_text("The announcement is up.")
    accessible()
    calls_until(phone, "Ons kantoor is vandaag gesloten.")
    console.goto(f"{root}/console/line?lang=en")
    console.get_by_role("button", name="Take the announcement down").click()
    expect(console.get_by_role("status")).to_have_text("The announcement is down.")
    calls_until(phone, "Ons kantoor is vandaag gesloten.", gone=True)


def test_an_option_is_switched_off_and_gone(console: "Page", phone: "PhonePage", root: str):
    """The next caller is not offered it; switched on, it is offered again."""
    offered = "Om te betalen of een brief te controleren"
    console.goto(f"{root}/console/line?lang=en")
    console.get_by_role("button", name="Switch off: Checking a letter").click()
    expect(console.get_by_role("status")).to_have_text("That option is no longer offered.")
    calls_until(phone, offered, gone=True)
    console.goto(f"{root}/console/line?lang=en")
    console.get_by_role("button", name="Switch on: Checking a letter").click()
    expect(console.get_by_role("status")).to_have_text("That option is offered again.")
    calls_until(phone, offered)


def test_one_file_is_unlocked(console: "Page", root: str, shown: "Shown", accessible: "Callable[[], None]"):
    """After a wrong PIN, by its number; the list of who did what tells it without."""
    case = CASES[0]
    play(line_of(shown.card, discard_recording), case.phone or "", f"1|{int(case.pin) % 999_999 + 1:06}|!")
    console.goto(f"{root}/console/work?lang=en")
    console.get_by_label("Number of a file").fill(case.file)
    accessible()
    console.get_by_role("button", name="Unlock this file").click()
    expect(console.get_by_role("status")).to_have_text("PINs can be tried on that file again.")
    console.goto(f"{root}/console/audit?lang=en")
    expect(console.get_by_role("cell", name="unlocked a file")).to_be_visible()
    expect(console.locator("main")).not_to_contain_text(case.file)


def test_how_tagor_answers_is_shown(
    console: "Page", root: str, shown: "Shown", accessible: "Callable[[], None]"
):
    """The line's own figures, once somebody has called."""
    play(line_of(shown.card, discard_recording), "+32470000002", "!")
    console.goto(f"{root}/console/line?lang=en")
    row = console.get_by_role("region", name="How Tagor answers").locator("tbody tr")
    expect(row.filter(has_text="Who is calling")).to_contain_text("at most")
    accessible()


def test_every_page_of_the_console_is_fit_for_everybody(
    console: "Page",
    root: str,
    accessible: "Callable[[], None]",
    sample: "Callable[..., Collection[str]]",
):
    """On a screen of 360 pixels, in each language; axe looks at each page in one of them, drawn each time."""
    console.set_viewport_size({"width": 360, "height": 740})
    languages = ("nl", "fr", "de", "en")
    for address in ("", "calls", "report", "work", "line", "audit"):
        looked_at = sample(languages, 1)
        for language in languages:
            console.goto(f"{root}/console/{address}?lang={language}")
            if language in looked_at:
                accessible()
            assert console.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_whoever_logs_out_is_out(
    console: "Page", root: str, accessible: "Callable[[], None]", cookies: "list[Any]"
):
    """The pages ask for the name again."""
    cookies.clear()  # whoever comes next logs in
    console.get_by_role("button", name=re.compile("Log out|Afmelden")).click()
    console.goto(f"{root}/console/work?lang=en")
    expect(console.get_by_label("Password")).to_be_visible()
    accessible()
