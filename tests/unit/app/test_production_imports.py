"""What runs in production loads nothing that only rehearses or demonstrates it."""

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from shared_process import plain

if TYPE_CHECKING:
    from shared_line import Line

LOADED = "import json, sys; print(json.dumps(list(sys.modules)))"
WEB = "import bridge.app.create, bridge.app.gunicorn_worker"
COMMANDS = "import bridge.commands.main, bridge.commands.line, bridge.settings, bridge.package_files"
ONLY_COMMANDS = {"alembic", "mako", "twilio.rest", "twilio.request_validator", "sqlalchemy.orm", "yaml"}


def test_production_loads_no_simulator_and_a_web_worker_nothing_that_only_commands_need():
    """Migrations, the provider's REST client: each module here would be memory and time of every start.

    One interpreter becomes a web worker first, then what `bridge worker` and `bridge serve` are.
    """
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", f"{WEB}\n{LOADED}\n{COMMANDS}\n{LOADED}"],
        capture_output=True,
        text=True,
        check=True,
        env=plain({}),
    )
    web, commands = ({*json.loads(loaded)} for loaded in done.stdout.splitlines())
    assert "bridge.telephony.webhooks" in web
    assert web & ONLY_COMMANDS == set()
    assert {"bridge.commands.main", "bridge.app.outbox", "bridge.package_files"} <= commands
    assert [name for name in commands if name.startswith("bridge.simulators")] == []


@pytest.mark.parametrize("collector", ["", "http://127.0.0.1:4318"])
def test_tracing_is_loaded_where_somebody_wants_spans_and_nowhere_else(line: "Line", collector: str):
    """Off it costs neither memory nor time of a start, and on it is there."""
    started = "from bridge.app.trial import main\nassert main() == 0"
    environ = plain(line.environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": collector})
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", f"{started}\n{LOADED}"],
        capture_output=True,
        text=True,
        check=True,
        env=environ,
    )
    ours, theirs = {"bridge.app.tracing", "bridge.operations.tracing"}, ("opentelemetry", "google.protobuf")
    loaded = {name for name in json.loads(done.stdout) if name in ours or name.startswith(theirs)}
    assert bool(loaded) == bool(collector)
    assert collector == "" or ours <= loaded
