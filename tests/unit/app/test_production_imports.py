"""What runs in production loads nothing that only rehearses or demonstrates it."""

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from shared_process import plain

if TYPE_CHECKING:
    from shared_line import Line

LOADED = "import json, sys; print(json.dumps(list(sys.modules)))"


COMMANDS = "import bridge.commands.main, bridge.commands.line, bridge.settings"


@pytest.mark.parametrize(
    ("program", "needed"),
    [
        pytest.param(
            "import bridge.app.create, bridge.app.gunicorn_worker", "bridge.telephony.webhooks", id="gunicorn"
        ),
        pytest.param(f"{COMMANDS}, bridge.app.create", "bridge.app.outbox", id="bridge worker"),
        pytest.param(f"{COMMANDS}, bridge.package_files", "bridge.package_files", id="bridge serve"),
    ],
)
def test_no_module_of_the_simulators_is_loaded(program: str, needed: str):
    """The line does not depend on them, and a worker's memory is not spent on them."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BRIDGE_")}
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", f"{program}\n{LOADED}"], capture_output=True, text=True, check=True, env=clean
    )
    loaded = json.loads(done.stdout)
    assert needed in loaded
    assert [name for name in loaded if name.startswith("bridge.simulators")] == []


def test_a_web_worker_loads_nothing_that_only_commands_need():
    """Migrations, the provider's REST client: each module here would be memory and time of every start."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", f"import bridge.app.create, bridge.app.gunicorn_worker\n{LOADED}"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(json.loads(done.stdout))
    assert (
        loaded & {"alembic", "mako", "twilio.rest", "twilio.request_validator", "sqlalchemy.orm", "yaml"}
        == set()
    )


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
