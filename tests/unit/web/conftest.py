"""The console of two offices, and browsers in which somebody may have logged in."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from flask import Flask

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

from web_visitor import OFFICES, PASSWORD, PEOPLE, Visitor

import voice_flows
from bridge.app.create import open_repositories
from bridge.app.outbox import voicemail_sounds
from bridge.app.overrides import Speech
from bridge.settings import Settings
from bridge.store.repositories import Repositories
from bridge.web.app import create_web
from bridge.web.console.context import ConsoleContext
from bridge.web.console.users import ConsoleUsers
from bridge.web.console.views import Console

if TYPE_CHECKING:
    from bridge.web.console.context import LockedNames, TagorNow
    from tests.shared_line import Line


@pytest.fixture(scope="session")
def users() -> ConsoleUsers:
    """Hashed with little work: each hash says how much, and it is checked with as much."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    return ConsoleUsers.read(" ".join(f"{name}:{role}:{own}:{cheap}" for name, (role, own) in PEOPLE.items()))


@pytest.fixture
def store(line: "Line") -> Repositories:
    return open_repositories(Settings.read(line.environ))


@pytest.fixture
def tagor_now() -> "TagorNow | None":
    """How the console asks the line how Tagor answers it; it does not, unless a test says otherwise."""
    return None


@pytest.fixture
def locked_names() -> "LockedNames":
    """Under which names wrong PINs of a file are counted: its number."""
    return lambda _office, number: {number}


@pytest.fixture
def context(
    store: Repositories, line: "Line", tagor_now: "TagorNow | None", locked_names: "LockedNames"
) -> ConsoleContext:
    sound = voicemail_sounds(Settings.read(line.environ))
    return ConsoleContext(
        store, voice_flows.CALL, OFFICES, line.clock, sound, tagor=tagor_now, locked_names=locked_names
    )


@pytest.fixture
def app(users: ConsoleUsers, context: ConsoleContext, speech: Speech) -> Flask:
    return create_web(voice_flows.CALL, *speech, console=Console(users, context))


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


@pytest.fixture
def logged_in(app: Flask) -> Callable[[str], Visitor]:
    """Log somebody in, each in a browser of their own."""

    def as_somebody(name: str) -> Visitor:
        visitor = Visitor(app)
        assert visitor.log_in(name).status_code == 302
        return visitor

    return as_somebody
