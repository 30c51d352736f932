"""A line whose log is kept, and a Tagor whose answers are respelled on their way out."""

import io
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

from bad_input_spoiler import Spoiler

from bridge.simulators.tagor import StandIn
from bridge.tagor import ClientLogin, Tagor

if TYPE_CHECKING:
    from tests.conftest import Line


@pytest.fixture
def log() -> io.StringIO:
    """Where the line of `told_line` writes."""
    return io.StringIO()


@pytest.fixture
def told_line(open_line: Callable[..., "Line"], log: io.StringIO) -> "Line":
    """The demo's office, telling everything it has to tell."""
    line = open_line(environ={"BRIDGE_LOG_LEVEL": "DEBUG"})
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(log)
    return line


@pytest.fixture
def spoiler(tagor: StandIn) -> Spoiler:
    """The hand that respells what Tagor answers."""
    return Spoiler(tagor)


@pytest.fixture
def client(tagor: StandIn) -> Iterator[Tagor]:
    """The bridge's client, logged in to that Tagor."""
    login = ClientLogin(*tagor.tagor.client)
    with closing(Tagor(tagor.url, login, allow_http=True, pool=1)) as asking:
        yield asking
