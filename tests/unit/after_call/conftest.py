"""What deliveries need: a bridge whose calls are over, its Tagor, and a provider with recordings."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

from after_call_bench import FAULTS, KILLS, LOSSES, Bench
from shared_line import Line

from bridge.simulators.provider.api import RestApi


@pytest.fixture
def provider() -> Iterator[RestApi]:
    """The provider's recordings, over HTTP."""
    with RestApi(Line.account, Line.token) as api:
        yield api


@pytest.fixture
def open_bench(open_line: Callable[..., Line], provider: RestApi) -> Callable[..., Bench]:
    """A bench at an office with changes to its file, as in `open_bench({"old": "new"})`."""

    def opened(office: dict[str, str] | None = None) -> Bench:
        return Bench(open_line(office=office, environ={"BRIDGE_PROVIDER_API": provider.url}), provider)

    return opened


@pytest.fixture
def bench(open_bench: Callable[..., Bench]) -> Bench:
    return open_bench()


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest) -> dict[str, object]:
    return dict(FAULTS[request.param])


@pytest.fixture(params=LOSSES)
def loss(request: pytest.FixtureRequest) -> dict[str, object]:
    return dict(FAULTS[request.param])


@pytest.fixture(params=KILLS)
def kill(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name
