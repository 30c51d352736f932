"""The conversation with all its real parts, and handles to hold on to them."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

from conversation_decisions import AtOnce, Makes

from bridge.app.create import Bridge
from bridge.app.overrides import Overrides, Speech
from bridge.clock import Clock
from bridge.conversation.at_most_once.reconciler import Reconciler
from bridge.conversation.at_most_once.sender import DecisionSender
from bridge.settings import Settings

if TYPE_CHECKING:
    from bridge.conversation.turns import Conversation
    from tests.conftest import Line


class Inside:
    """What `create_app` puts together, laid open: the conversation, its branch and its store."""

    def __init__(self, line: "Line", speech: Speech) -> None:
        self.settings = Settings.read(line.environ)
        self.clock = line.clock
        clock = Clock(line.clock.now, line.clock.monotonic, self._sleep)
        bridge = Bridge(self.settings, clock, line.environ, Overrides(speech=speech))
        self.database, self.books = bridge.database, bridge.repositories
        self.calls = self.books.calls
        [self.branch] = bridge.contexts.values()
        self.conversation: Conversation = bridge.conversation
        self.waits: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None

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
def inside(line: "Line", speech: Speech) -> Iterator[Inside]:
    opened = Inside(line, speech)
    yield opened
    opened.database.close()
    opened.branch.tagor.close()
    opened.branch.executor.shutdown()


@pytest.fixture
def passed() -> list[str]:
    """The steps of the protocol that were passed."""
    return []


@pytest.fixture
def makes(inside: "Inside", passed: list[str]) -> Makes:
    """A sender on the line's own books, as each worker has one."""

    def make(senders: Executor | None = None) -> DecisionSender:
        clock = inside.clock
        return DecisionSender(
            inside.books.decisions,
            clock=Clock(clock.now, clock.monotonic, clock.sleep, passed.append),
            senders=senders or AtOnce(),
        )

    return make


@pytest.fixture
def reconciler(inside: "Inside") -> Reconciler:
    branches = {inside.branch.office.key: inside.branch}
    return Reconciler(inside.books, branches, clock=inside.clock)
