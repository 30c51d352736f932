"""The guard around all tests: it holds, and it remembers who tried."""

import socket
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Guard


@pytest.fixture
def caught(guard: "Guard") -> "Iterator[list[str]]":
    """The hosts that were tried; forgiven afterwards, as trying is what these tests are for."""
    yield guard.strays
    guard.strays.clear()


@pytest.mark.parametrize("host", ["192.0.2.1", "0.0.0.0", "example.be"])  # noqa: S104 - must not be reached
def test_nobody_is_reached_outside_this_machine(caught: list[str], host: str):
    """Refused before anything is sent, and held against the test."""
    with socket.socket() as one, pytest.raises(OSError, match="this machine only"):
        one.connect((host, 80))
    with pytest.raises(OSError, match="this machine only"):
        socket.create_connection((host, 80), timeout=1)
    assert caught == [host, host]


def test_a_name_that_leads_nowhere_may_be_looked_up(caught: list[str]):
    """Without asking anybody."""
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("tagor.invalid", 443)
    assert caught == []


def test_this_machine_is_reached(caught: list[str]):
    """By number and by name."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        for host in ("127.0.0.1", "localhost"):
            socket.create_connection((host, door.getsockname()[1]), timeout=5).close()
    assert caught == []
