"""`bridge console`: who may open it is written by the command itself, and it runs beside the line."""

from typing import TYPE_CHECKING

import pytest
import requests
from flask import Flask
from shared_process import free_port

from bridge.app.create import offices_of
from bridge.commands.console import console_context
from bridge.operations.metrics import Metrics, StoreMetrics, metrics_blueprint
from bridge.settings import Settings
from bridge.simulators.web_server import web_server
from bridge.web.console.users import ConsoleUsers

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from tests.shared_line import Line
    from tests.unit.commands.conftest import Started

PASSWORD = "twelve signs or more"


@pytest.fixture
def added(command: "Callable[..., Result]") -> "Callable[..., Result]":
    """Write a user, typing the password twice."""

    def add(password: str = PASSWORD) -> "Result":
        return command("console", "--add", "anna", "--role", "operate", typed=f"{password}\n{password}\n")

    return add


def test_a_user_is_written_and_can_log_in(added: "Callable[..., Result]"):
    """The line holds name, role and a hash, and not the password."""
    line = added().output.splitlines()[-1]
    assert PASSWORD not in line
    user = ConsoleUsers.read(line).check("anna", PASSWORD)
    assert user
    assert (user.name, user.role) == ("anna", "operate")


def test_a_short_password_is_refused(added: "Callable[..., Result]"):
    """In a sentence."""
    result = added("short")
    assert result.exit_code == 1
    assert "a password has at least 12 characters" in result.output


@pytest.mark.parametrize(
    ("console", "sentence"),
    [("", "BRIDGE_CONSOLE names nobody"), ("anna", "BRIDGE_CONSOLE: user 1 is not written as")],
)
def test_a_console_for_nobody_does_not_start(
    command: "Callable[..., Result]", line: "Line", console: str, sentence: str
):
    """It is off until somebody may open it."""
    result = command("console", environ=line.environ | {"BRIDGE_CONSOLE": console})
    assert result.exit_code == 1
    assert sentence in result.output


def asked(address: str) -> requests.Response:
    """Ask for a page of a console that is starting."""
    with requests.Session() as session:
        retries = requests.adapters.Retry(40, backoff_factor=0.1, backoff_max=0.5)
        session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retries))
        return session.get(address, timeout=10)


def test_the_console_runs_beside_the_line(
    start: "Callable[..., Started]", line: "Line", added: "Callable[..., Result]"
):
    """As a process of its own, on the line's database."""
    port = free_port()
    environ = line.environ | {"BRIDGE_CONSOLE": added().output.splitlines()[-1]}
    running = start("bridge", "console", "--port", str(port), environ=environ)
    assert f"http://127.0.0.1:{port}/console/" in running.line()
    answer = asked(f"http://127.0.0.1:{port}/console/?lang=en")
    assert answer.url.endswith("/console/login?lang=en")
    assert 'type="password"' in answer.text
    assert running.end() == 0


def test_the_console_asks_the_line_on_this_machine_or_where_it_is_told(line: "Line"):
    """How Tagor answers, with the token that both have; without one it asks nobody."""
    token, metrics, app = "a token for the figures", Metrics(), Flask(__name__)
    nothing = StoreMetrics({}, {}, None, [])
    app.register_blueprint(metrics_blueprint(metrics, token, lambda: nothing, line.clock.now))
    metrics.of_tagor("demo").asked("TagorService/GetSaldo", "answered", 0.2)
    with web_server(app, free_port()) as address:
        here = line.environ | {"BRIDGE_METRICS": token, "BRIDGE_PORT": address.rpartition(":")[2]}
        elsewhere = here | {"BRIDGE_PORT": str(free_port())}
        for environ, servers in ((here, ()), (elsewhere, (f"{address}/",))):
            settings = Settings.read(environ)
            tagor = console_context(settings, offices_of(settings, environ), servers).tagor
            assert tagor
            assert (tagor() or {})["demo"].answers["files"].questions == 1
    settings = Settings.read(line.environ)
    assert console_context(settings, offices_of(settings, line.environ)).tagor is None


def test_an_address_that_is_none_is_told(command: "Callable[..., Result]", line: "Line"):
    """Before the console listens."""
    environ = line.environ | {"BRIDGE_CONSOLE": "anna:see:*:$argon2id$v=19$x"}
    for wrong in ("10.0.0.2:8000", "ftp://10.0.0.2", "http://10.0.0.2:8000/metrics?a=1"):
        result = command("console", "--line", wrong, environ=environ)
        assert result.exit_code == 1
        assert "--line takes an address such as http://10.0.0.2:8000." in result.output


def test_a_reference_leads_the_console_to_its_file(line: "Line"):
    """As it leads the command; what can be no reference leads to none, and a Tagor that is away is told."""
    sheet = line.offices / "demo.toml"
    sheet.write_text(sheet.read_text().replace('way = "pin"', 'way = "reference_pin"'))
    settings = Settings.read(line.environ)
    names = console_context(settings, offices_of(settings, line.environ)).locked_names
    assert names("demo", "7700011") == {"7700011", "9000000000000000001"}
    assert names("demo", "no:reference") == {"no:reference"}
    line.tagor.fault("TagorService/GetVoxtronReferentie", "status", status=500)
    assert names("demo", "7700011") is None


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"BRIDGE_OIDC_SECRET": ""}, "needs BRIDGE_OIDC_CLIENT and BRIDGE_OIDC_SECRET"),
        ({"BRIDGE_OIDC_ROLES": "line:see"}, "BRIDGE_OIDC_ROLES: role 1 is not written as"),
    ],
)
def test_a_provider_that_cannot_be_used_is_told(
    command: "Callable[..., Result]", line: "Line", changed: dict[str, str], sentence: str
):
    """Before the console listens."""
    oidc = {
        "ISSUER": "https://login.example.be",
        "CLIENT": "console",
        "SECRET": "s" * 12,
        "ROLES": "line:see:*",
    }
    environ = line.environ | {f"BRIDGE_OIDC_{name}": value for name, value in oidc.items()} | changed
    result = command("console", environ=environ)
    assert result.exit_code == 1
    assert sentence in result.output


def test_accounts_alone_open_a_console(start: "Callable[..., Started]", line: "Line"):
    """Without anybody who has a password: there is no field for one."""
    port = free_port()
    oidc = {
        "ISSUER": "https://login.example.be",
        "CLIENT": "console",
        "SECRET": "s" * 12,
        "ROLES": "line:see:*",
    }
    environ = line.environ | {f"BRIDGE_OIDC_{name}": value for name, value in oidc.items()}
    running = start("bridge", "console", "--port", str(port), environ=environ)
    assert running.line()
    shown = asked(f"http://127.0.0.1:{port}/console/login?lang=en").text
    assert "Log in with your office" in shown
    assert 'type="password"' not in shown
    assert running.end() == 0
