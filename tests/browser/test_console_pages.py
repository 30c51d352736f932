"""Every page of the console, each with rows on it, and each as it is when something went wrong."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import render_template
from playwright.sync_api import Page, expect
from shared_guard import Guard

import voice_flows
from benchmarks.filled_store import OFFICES, NewestCall, fill
from bridge.app.overrides import Speech
from bridge.office.hours import BRUSSELS
from bridge.operations.line_metrics import OfficeTagor, TagorAnswers
from bridge.simulators.web_server import web_server
from bridge.store.claim import OpenTurn
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreDown
from bridge.store.live_settings import Announcement
from bridge.store.migrate import migrate
from bridge.store.repositories import Repositories
from bridge.store.step_journal import TurnSteps
from bridge.web.app import create_web
from bridge.web.console.context import TYPED_MOMENT, ConsoleContext, ConsoleOffice
from bridge.web.console.users import ConsoleUsers
from bridge.web.console.views import Console

NAME, PASSWORD = "anna", "a password of the tests"
LANGUAGES = ("nl", "fr")
LOCKED = "20230118"
CALLS, WAITING = 90, 2
"""How many calls there were, and how much of each kind of work waits at each office.

More rows of a kind say no more about a page, and axe-core looks at each of them.
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, guard: Guard) -> tuple[Path, NewestCall]:  # noqa: ARG001 - guarded before anything runs
    """Fill a store once, and give its folder with the newest of the calls that the pages tell of.

    Beside them work waits, and much is set up.
    """
    folder, now = tmp_path_factory.mktemp("filled"), datetime.now(UTC)
    migrate(url_in(folder))
    database = Database(url_in(folder))
    store = repositories(database)
    newest = fill(database, store, calls=CALLS, now=now, waiting=WAITING)
    store.live_settings.announce(
        OFFICES[0],
        Announcement(dict.fromkeys(LANGUAGES, "Wij sluiten om drie uur."), now + timedelta(hours=1)),
    )
    store.live_settings.switch(OFFICES[1], "post", on=False)
    for _ in range(5):
        store.pin_attempts.count_attempts(OFFICES[0], [LOCKED], caller=None, named=True, now=now)
    store.audit.add(now, NAME, "switched off", f"{OFFICES[1]} post")
    database.close()
    return folder, newest


@pytest.fixture
def newest(filled: tuple[Path, NewestCall]) -> NewestCall:
    return filled[1]


@pytest.fixture
def store(filled: tuple[Path, NewestCall], tmp_path: Path) -> Iterator[Repositories]:
    """Open a copy of the filled store, which a test may change."""
    folder = shutil.copytree(filled[0], tmp_path / "store")
    database = Database(url_in(folder))
    yield repositories(database)
    database.close()


def url_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'bridge.db'}"


def repositories(database: Database) -> Repositories:
    return Repositories(database, Sealer(["a secret of the tests"]))


@pytest.fixture
def root(store: Repositories, speech: Speech) -> Iterator[str]:
    offices = [ConsoleOffice(key, LANGUAGES, ("post", "trust"), {"nl": f"Kantoor {key}"}) for key in OFFICES]
    answers = {"files": TagorAnswers(questions=9, failed=1, refused=1, half=0.1, most=0.5, left_alone=True)}
    context = ConsoleContext(
        store,
        voice_flows.CALL,
        offices,
        sound=lambda _payload: b"",
        tagor=lambda: {key: OfficeTagor(left_alone=False, answers=answers) for key in OFFICES},
    )
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    users = ConsoleUsers.read(f"{NAME}:administer:*:{hashed}")
    app = create_web(voice_flows.CALL, *speech, console=Console(users, context))
    # Only an account of the office's own leads to this page, which goes on by itself.
    app.add_url_rule("/entered", view_func=lambda: render_template("console/entered.html"))
    with web_server(app, 0) as address:
        yield address


@pytest.fixture
def console(page: Page, root: str) -> Page:
    """Log in."""
    page.goto(f"{root}/console/login?lang=en")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    return page


@pytest.fixture
def fit(
    console: Page, accessible: Callable[[], None], complaints: list[str]
) -> Iterator[Callable[[str], None]]:
    """Check that what is shown now is fit for everybody, and refuses nothing; something must be there.

    The browser complains of pages that are errors, and of nothing else.
    """

    def check(there: str) -> None:
        expect(console.locator(there).first).to_be_visible()
        accessible()
        assert console.evaluate("() => window.refused") == []

    yield check
    complaints[:] = [one for one in complaints if not one.startswith("Failed to load resource")]


@pytest.mark.timeout(400)  # it looks at many pages, on a machine that may be busy otherwise
def test_every_page_with_rows_is_fit_for_everybody(
    console: Page, root: str, newest: NewestCall, fit: Callable[[str], None]
):
    """Each once, as whoever administers two offices sees it."""
    table = "tbody tr"
    for address, there in {
        "": table,
        "?week=1": ".figures",
        f"calls/{newest.office}/{newest.name}": table,
        "report": "svg",
        "work": "tbody audio",
        "line": ".up",
        "audit": table,
    }.items():
        console.goto(f"{root}/console/{address}")
        fit(there)
    for address in ("/flows", "/flows/Office", "/entered"):
        console.goto(root + address)
        fit("h1")


def test_what_is_found_is_fit_for_everybody(
    console: Page, root: str, store: Repositories, newest: NewestCall, fit: Callable[[str], None]
):
    """Several calls, none, and an error."""
    opened = store.calls.read("another call", 0, newest.began)
    assert isinstance(opened, OpenTurn)
    store.calls.save_reply(
        opened, 0, state=b"-", reply=b"-", next_turn=1, now=newest.began, office=OFFICES[1],
        steps=TurnSteps(OFFICES[1], "fr", [("Defendant.main", "3")], 30, caller=newest.caller),
    )  # fmt: skip
    minute = newest.began.astimezone(BRUSSELS).strftime(TYPED_MOMENT)
    for number, there in (
        (newest.caller, "tbody tr"),
        ("+32499999999", "[role=alert]"),
        ("1", "[role=alert]"),
    ):
        console.goto(f"{root}/console/calls?lang=en")
        console.get_by_label("Number", exact=True).fill(number)
        console.get_by_label("When the call began").fill(minute)
        console.get_by_role("button", name="Show").first.click()
        fit(there)
    console.goto(f"{root}/console/calls?call=1")
    fit("[role=alert]")


def test_what_goes_wrong_is_told_fit_for_everybody(
    console: Page, root: str, fit: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
):
    """An announcement without words, a file nobody tried, a page that is not there, a store that is away."""
    console.goto(f"{root}/console/line?lang=en")
    console.get_by_text("Put an announcement up").first.click()
    until = console.get_by_label("Until when").first
    until.fill(until.get_attribute("max") or "")
    console.get_by_role("button", name="Put up", exact=True).first.click()
    fit("[role=alert]")
    console.goto(f"{root}/console/work?lang=en")
    console.get_by_label("Number of a file").first.fill("1")
    console.get_by_role("button", name="Unlock this file").first.click()
    fit("[role=alert]")
    console.goto(f"{root}/console/nothing")
    fit("h1")

    def away(*_: object) -> None:
        raise StoreDown("away")

    monkeypatch.setattr("bridge.store.step_journal.StepJournal.tally", away)
    console.goto(f"{root}/console/")
    fit("h1")


def test_the_login_that_is_refused_is_fit_for_everybody(console: Page, root: str, fit: Callable[[str], None]):
    """With the words that say so."""
    console.get_by_role("button", name="Log out").click()
    console.goto(f"{root}/console/login?lang=en")
    console.get_by_label("Name").fill(NAME)
    console.get_by_label("Password").fill("a wrong one")
    console.get_by_role("button", name="Log in").click()
    fit("[role=alert]")
