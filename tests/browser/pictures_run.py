# ruff: noqa: E402 - a script finds the project by itself
"""Draws the demo's pages into docs/pictures/, as a visitor sees them: `make pictures`."""

import sys
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from shared_process import free_port
from shared_programs import needed

from bridge.commands.demo import CONSOLE_NAME, demo_pages
from bridge.simulators.demo import demo, line_of
from bridge.simulators.provider.account import PhoneLine
from bridge.simulators.provider.recording_store import discard_recording
from bridge.simulators.provider.script import play

PICTURES = ROOT / "docs" / "pictures"
PASSWORD = "a password of the pictures"
SARAH, PIN = "+32470000004", "907351"
LISTENS = "() => /^listening/.test(document.getElementById('state').dataset.state)"
AT_BALANCE = """() => document.querySelector('#flow [aria-current]')?.dataset.place === 'Balance.choose'
    && document.getElementById('seconds').textContent === '4'"""


def main() -> None:
    """Run the demo, phone it, and keep what the browser shows."""
    with (
        demo(free_port(), pages=partial(demo_pages, password=PASSWORD)) as card,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=needed("chromium", "chromium"), args=["--no-sandbox"]
        )
        context = browser.new_context(viewport={"width": 1200, "height": 900})
        context.add_init_script((ROOT / "tests" / "browser" / "fake_voices.js").read_text("utf-8"))
        page = context.new_page()
        phone(page, card.web)
        root = card.web.removesuffix("/phone")
        flow(page, root)
        console(page, root, line_of(card, discard_recording))
        browser.close()


def phone(page: Page, address: str) -> None:
    """The phone while a caller hears what can be done after the balance."""
    page.goto(f"{address}?lang=en")
    page.locator("#person").select_option(SARAH)
    page.locator("#call").click()
    page.wait_for_function(LISTENS)
    page.locator('[data-key="1"]').click()
    page.locator("#step").filter(has_text="ask_pin").wait_for()
    page.wait_for_function(LISTENS)
    for key in PIN:
        page.locator(f'[data-key="{key}"]').click()
    page.wait_for_function(AT_BALANCE)
    page.screenshot(
        path=PICTURES / "phone.png", clip={"x": 0, "y": 0, "width": 1200, "height": 960}, full_page=True
    )
    page.locator("#hang-up").click()


def console(page: Page, root: str, line: PhoneLine) -> None:
    """The console and its report: two heard their balance, one rang off, one asked for a person."""
    for caller, keys in (
        ("+32470000001", "1|482193|9"),
        ("+32470000002", "1|150937|9"),
        ("+32470000003", "1|!"),
        ("+32470000001", "0"),
    ):
        play(line, caller, keys)
    page.goto(f"{root}/console/login?lang=en")
    page.get_by_label("Name").fill(CONSOLE_NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", level=1).wait_for()
    page.goto(f"{root}/console/?lang=en")
    page.screenshot(path=PICTURES / "console.png", full_page=True)
    page.goto(f"{root}/console/report?lang=en")
    page.screenshot(path=PICTURES / "report.png", full_page=True)


def flow(page: Page, root: str) -> None:
    """The flow of the balance, with the way to prove who one is opened in its place."""
    page.goto(f"{root}/flows/Balance?lang=en&words=en#identify-Identify-way")
    page.locator("details[open]").first.wait_for()
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(
        path=PICTURES / "flow.png", clip={"x": 0, "y": 0, "width": 1200, "height": 1500}, full_page=True
    )


if __name__ == "__main__":
    main()
