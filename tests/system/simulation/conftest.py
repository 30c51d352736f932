"""A line to rehearse on."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bridge.simulators.rehearsal.rehearsal import MEMORY, Rehearsal


@pytest.fixture(scope="module")
def rehearsal() -> Iterator[Rehearsal]:
    """Lines of every kind of office, put together once: each story begins them anew."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder, closing(Rehearsal(Path(folder))) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _true_limits(real_patience: None) -> None:
    """Let every limit of the line hold: time is virtual here, so no machine can stall."""


@pytest.fixture
def own_rehearsal() -> Iterator[Rehearsal]:
    """Lines that may be broken for good."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder, closing(Rehearsal(Path(folder))) as opened:
        yield opened
