"""Lines of every kind of office, watched; pytest's importlib mode hides a test's neighbours."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from leaks_canary import CANARY, METRICS
from leaks_world import CALLER_NUMBER, LONG_PIN, OFFICES, World, watched

if TYPE_CHECKING:
    from shared_line import Line


@pytest.fixture
def open_world(
    open_line: Callable[..., "Line"], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., World]]:
    """Open a watched line of one kind of office, as in `open_world("pin", rng)`."""
    login = {"TAGOR_CLIENT_ID": "bridge", "TAGOR_CLIENT_SECRET": "stand-in-login"}
    watched_too = {"BRIDGE_METRICS": METRICS}
    for name, value in login.items():
        monkeypatch.setenv(name, value)
    with ExitStack() as open_ones:

        def opened(kind: str, rng: Random) -> World:
            line = open_line(office=LONG_PIN | dict(OFFICES[kind]), environ=login | watched_too)
            case = replace(CANARY, further=()) if kind == CALLER_NUMBER else CANARY
            return open_ones.enter_context(watched(line, rng, case))

        yield opened
