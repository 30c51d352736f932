"""A provider and what stands behind the line, for every test of this room."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

from telephony_bridge import Bridge, Twilio


@pytest.fixture
def bridge() -> Iterator[Bridge]:
    with capture_logs() as logged:
        yield Bridge(logged)


@pytest.fixture
def twilio(bridge: Bridge) -> Twilio:
    return Twilio(bridge.opened())
