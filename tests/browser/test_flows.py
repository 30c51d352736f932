"""The flow pages: a reader opens sub-flows in place, follows exits, and prints them."""

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import voice_flows

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Shown


@pytest.fixture
def root(shown: "Shown") -> str:
    return shown.card.web.removesuffix("/phone")


def test_flow_pages_are_fit_for_everybody(
    page: "Page",
    root: str,
    accessible: "Callable[[], None]",
    sample: "Callable[..., Collection[str]]",
):
    """The list and the flows, other ones each time, on a small screen, which nothing is wider than."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{root}/flows?lang=en")
    accessible()
    for name in sample(voice_flows.CALL.flows, 5):
        page.goto(f"{root}/flows/{name}?lang=en&words=de")
        accessible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name


def test_a_flow_is_found_and_read(page: "Page", root: str):
    """From the list to a flow, into a sub-flow in place, along an exit, to the words in another language."""
    page.goto(f"{root}/flows?lang=en")
    page.get_by_role("link", name="Balance", exact=True).click()
    sub = page.locator("#identify-Identify-way")
    expect(sub).to_be_hidden()
    page.get_by_text("Open the flow Identification", exact=True).click()
    expect(sub).to_be_visible()
    page.locator("#Balance-look").get_by_role("link", name="tell", exact=True).click()
    expect(page.locator("#Balance-tell")).to_be_in_viewport()
    page.get_by_role("link", name="Français").last.click()
    expect(page.locator("#Balance-tell dd")).to_have_attribute("lang", "fr")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_link_into_a_sub_flow_opens_it(page: "Page", root: str):
    """Whoever follows it sees the step, however deep it lies."""
    page.goto(f"{root}/flows/Balance?lang=en#identify-by_pin-ByPin-ask_pin")
    expect(page.locator("#identify-by_pin-ByPin-ask_pin")).to_be_in_viewport()


def test_on_paper_everything_is_open(page: "Page", root: str):
    """Printing opens what is folded, and closes it again; menus of the page stay away."""
    page.goto(f"{root}/flows/Balance?lang=en")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("#identify-by_pin-ByPin-ask_pin")).to_be_visible()
    expect(page.locator("header")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#identify-Identify-way")).to_be_hidden()


def test_a_page_that_is_not_there_says_so(chromium: "Browser", root: str):
    """In words, with the way back to the pages that are."""
    page = chromium.new_page()  # not the strict one: the browser itself tells a missing page as an error
    answer = page.goto(f"{root}/flows/None?lang=en")
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page.")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("link", name="Flows").click()
    expect(page.get_by_role("link", name="Balance", exact=True)).to_be_visible()
    page.close()
