"""The conversation with all its real parts, and handles to hold on to them."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

from conversation_decisions import AtOnce, Makes

import bridge.app.create
import voice_flows
from bridge.clock import Clock
from bridge.conversation.decisions.reconciler import Reconciler
from bridge.conversation.decisions.sender import DecisionSender
from bridge.conversation.outbox_writer import OutboxWriter
from bridge.conversation.phrasing import Phrasing
from bridge.flow.engine import Engine
from bridge.settings import Settings
from bridge.speech import Catalogue
from bridge.store.database import Database
from bridge.store.repositories import Repositories

if TYPE_CHECKING:
    from bridge.conversation.office_context import OfficeContext
    from bridge.conversation.turns import Conversation
    from tests.conftest import Line


class Inside:
    """What `create_app` puts together, laid open: the conversation, its branch and its store."""

    def __init__(self, line: "Line", words: Catalogue) -> None:
        self.settings = Settings.read(line.environ)
        self.database = Database(line.environ["DATABASE_URL"])
        self.books = Repositories(self.database, bridge.app.create._seal(self.settings))
        self.calls = self.books.calls
        [office] = bridge.app.create.offices_of(self.settings)
        self.branch: OfficeContext = bridge.app.create._branch(office, self.settings)
        self.waits: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None
        self.clock = line.clock
        self.conversation: Conversation = bridge.app.create._conversation(
            self.settings,
            Clock(line.clock.now, line.clock.ticks, self._sleep),
            self.books,
            engine=Engine(voice_flows.CALL),
            phrasing=Phrasing(words),
            aftermath=OutboxWriter(self.books, [office.key], line.clock.now),
            branch_of=dict.fromkeys(office.numbers, self.branch).get,
        )

    def _sleep(self, seconds: float) -> None:
        """A wait is leapt over, and something may happen in it."""
        self.waits.append(seconds)
        self.clock.sleep(seconds)
        self.meanwhile()


@pytest.fixture
def office() -> dict[str, str]:
    """What is written in place of what in the office's file; a test may ask for another."""
    return {}


@pytest.fixture
def line(open_line: Callable[..., "Line"], office: dict[str, str]) -> "Line":
    return open_line(office=office)


@pytest.fixture
def inside(line: "Line", words: Catalogue) -> Iterator[Inside]:
    opened = Inside(line, words)
    yield opened
    opened.database.close()
    opened.branch.tagor.close()
    opened.branch.pool.shutdown()


@pytest.fixture
def passed() -> list[str]:
    """The steps of the protocol that were passed."""
    return []


@pytest.fixture
def made(inside: "Inside", passed: list[str]) -> Makes:
    """A decider on the line's own books, as each worker has one."""

    def make(senders: Executor | None = None) -> DecisionSender:
        clock = inside.clock
        return DecisionSender(
            inside.books.decisions,
            now=clock.now,
            ticks=clock.ticks,
            sleep=clock.sleep,
            boundary=passed.append,
            senders=senders or AtOnce(),
        )

    return make


@pytest.fixture
def settler(inside: "Inside") -> Reconciler:
    branches = {inside.branch.office.key: inside.branch}
    return Reconciler(inside.books, branches, now=inside.clock.now, ticks=inside.clock.ticks)
