"""A provider and what stands behind the line, for every test of this room."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

from telephony_bridge import Bridge, Twilio


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    # A logger that was used before an application was opened in this process keeps its old processors.
    monkeypatch.setattr("bridge.telephony.webhooks.log", structlog.get_logger())
    with capture_logs() as logged:
        yield Bridge(logged)


@pytest.fixture
def twilio(bridge: Bridge) -> Twilio:
    return Twilio(bridge.opened())
