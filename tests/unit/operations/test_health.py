"""What the platform asks: is the process alive, and may calls be sent to it."""

import io
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bridge.operations.health import health_blueprint


def client(**checks: Callable[[], object]) -> FlaskClient:
    app = Flask("line")
    app.register_blueprint(health_blueprint(checks, {"tagor": lambda: "down"}))
    return app.test_client()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[], None]:
    """A real write to a real database; it fails once the table is gone."""
    file = tmp_path / "store.db"

    def write() -> None:
        with sqlite3.connect(file) as connection:
            connection.execute("INSERT INTO write_probe VALUES (1)")
        connection.close()

    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE write_probe (token)")
    connection.close()
    return write


def test_a_process_that_answers_is_alive() -> None:
    """Alive asks nothing of the database, so that a sick one does not restart the line in a loop."""

    def broken() -> None:
        raise AssertionError

    page = client(store=broken).get("/healthz")
    assert (page.status_code, page.json) == (200, {"alive": True})
    assert page.headers["Cache-Control"] == "no-store"


def test_a_store_that_takes_a_write_is_ready(write: Callable[[], None]) -> None:
    """And Tagor being down is shown, but does not take the phone away."""
    page = client(store=write).get("/readyz")
    assert (page.status_code, page.json) == (200, {"ready": True, "failing": [], "states": {"tagor": "down"}})


def test_a_store_that_takes_no_write_is_not_ready(
    write: Callable[[], None], tmp_path: Path, log_stream: io.StringIO
) -> None:
    """The page names what fails; why is in the log, and nowhere else."""
    connection = sqlite3.connect(tmp_path / "store.db")
    connection.execute("DROP TABLE write_probe")
    connection.close()
    page = client(store=write, disk=lambda: True).get("/readyz")
    assert (page.status_code, page.json["failing"]) == (503, ["store"])
    assert "write_probe" not in page.text
    assert '"event": "check_failed"' in log_stream.getvalue()
    assert "OperationalError" in log_stream.getvalue()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_read_only(path: str) -> None:
    """Nobody can post to it."""
    assert client().post(path).status_code == 405
