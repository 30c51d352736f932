"""A real browser before the demo: Debian's Chromium, with a voice that notes what it is given."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from shared_guard import Guard
from shared_process import free_port
from shared_programs import needed

import voice_flows
from bridge.commands.demo import demo_pages
from bridge.flow.steps import Menu
from bridge.simulators.demo import Card, demo
from bridge.simulators.server_log import TurnLine

PASSWORD = "a password of the tests"
SECONDS = 20_000
VOICES = (Path(__file__).parent / "fake_voices.js").read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def chromium(guard: Guard) -> Iterator[Browser]:  # noqa: ARG001 - guarded before anything runs
    program = needed("chromium", "chromium")
    expect.set_options(timeout=SECONDS)
    # Its event loop belongs to the thread: it must end before tests of other files, which may need their own.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--mute-audio"]
        )
        yield browser
        browser.close()


@dataclass
class Shown:
    """A demo with its pages, and the turns that its terminal told."""

    card: Card
    turns: list[TurnLine]


@pytest.fixture(scope="session")
def shown(guard: Guard) -> Iterator[Shown]:  # noqa: ARG001 - as above
    turns: list[TurnLine] = []
    with demo(free_port(), pages=partial(demo_pages, password=PASSWORD), tell=turns.append) as card:
        yield Shown(card, turns)


@pytest.fixture(scope="session")
def console_password() -> str:
    return PASSWORD


class PhonePage:
    """A visitor of the phone page, by mouse or by keyboard alone."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def open(self, language: str = "en") -> "PhonePage":
        self.page.goto(f"{self.address}?lang={language}")
        return self

    @property
    def captions(self) -> Locator:
        """What was heard so far, one element for each sentence."""
        return self.page.locator("#captions .caption")

    @property
    def state(self) -> Locator:
        return self.page.locator("#state")

    def is_at(self, state: str) -> None:
        """Wait until the phone shows this state."""
        expect(self.page.locator(f'#state[data-state="{state}"]')).to_be_visible()

    def call(self, number: str) -> None:
        self.page.locator("#person").select_option(number)
        self.page.locator("#call").click()

    def press(self, keys: str) -> None:
        for key in keys:
            self.page.locator(f'#keypad [data-key="{key}"]').click()

    def hears(self, text: str) -> None:
        expect(self.captions.filter(has_text=text).first).to_be_visible()

    def asked(self, step: str) -> None:
        """Wait until the page shows that the call is at this step, and the line listens."""
        expect(self.page.locator("#step")).to_contain_text(f"{step} (")
        self.listens()

    def choose(self, keys: str) -> None:
        """Press each key once the line listens for it, as a caller who hears every menu does."""
        for key in keys:
            self.listens()
            before = self.captions.count()
            self.press(key)
            expect(self.captions.nth(before + 1)).to_be_visible()  # after the dot for the key

    def listens(self) -> None:
        """Wait until everything was said and the line waits for the caller."""
        self.page.wait_for_function("() => /^listening/.test(document.getElementById('state').dataset.state)")

    def spoken(self) -> list[dict[str, Any]]:
        """Return what the browser's voice was given: lang, text and rate, in order."""
        return list(self.page.evaluate("() => window.spoken"))


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complains of; a test that provokes one takes it out again."""
    return []


@pytest.fixture
def page(chromium: Browser, complaints: list[str]) -> Iterator[Page]:
    """A page that fails its test by any console error, refused script or style, or failed request."""
    context = chromium.new_context()
    context.add_init_script(VOICES)
    opened = context.new_page()
    opened.set_default_timeout(SECONDS)
    opened.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    refused = opened.evaluate("() => window.refused ?? []")
    context.close()
    assert complaints == []
    assert refused == []


@pytest.fixture
def phone(page: Page, shown: Shown) -> PhonePage:
    return PhonePage(page, shown.card.web)


@pytest.fixture
def accessible(page: Page) -> Callable[[], None]:
    """Check that axe-core finds nothing wrong with what the page shows now."""

    def check() -> None:
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()

    return check


@pytest.fixture(scope="session")
def keys_to() -> Callable[..., str]:
    """Find the keys that lead from a flow's beginning into another, as in `keys_to("Balance")`."""

    def keys(wanted: str, *, since: str = voice_flows.CALL.root.name) -> str:
        graph = voice_flows.CALL
        todo = deque((place, "") for place in graph.edges if place[-1] == (since, graph.flows[since].first))
        seen = set()
        while todo:
            place, pressed = todo.popleft()
            if any(flow == wanted for flow, _ in place):
                return pressed
            if place in seen:
                continue
            seen.add(place)
            menu = isinstance(graph.step(place), Menu)
            for edge in graph.edges[place]:
                if not menu or edge.exit.isdigit():
                    todo.append((edge.end, pressed + (edge.exit if menu else "")))
        raise AssertionError(wanted)

    return keys
