"""Lets the tests of this folder find their neighbours, and lays one fresh Debian down for all of them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours
sys.path.insert(0, str(Path(__file__).parents[2] / "unit" / "telephony"))

from fresh_office import Office, office_of_claes
from fresh_root import fresh_debian


@pytest.fixture(scope="session")
def debian() -> Iterator[Path]:
    """A Debian as debootstrap leaves it; a test works in a copy."""
    with fresh_debian() as root:
        yield root


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office that has a Tagor and an account at a provider already."""
    with office_of_claes(tmp_path) as running:
        yield running
