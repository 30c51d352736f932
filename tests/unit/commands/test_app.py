"""The application as gunicorn loads it: what must not start says why, in sentences, and stays down."""

from typing import TYPE_CHECKING

import pytest

from bridge.app.create import APP_LOAD_ERROR, wsgi
from bridge.conversation.at_most_once.reconciler import Reconciler

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Line


@pytest.fixture
def environ(line: "Line", monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Settings in the environment with which it starts; the background work is not begun."""
    for name, value in line.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Reconciler, "start", lambda _settler: None)
    return line.environ


@pytest.mark.usefixtures("environ")
def test_what_is_right_starts():
    """An application that is alive and ready."""
    app = wsgi().test_client()
    assert app.get("/healthz").json == {"alive": True}
    assert app.get("/readyz").status_code == 200


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    """What it says when it does not start; gunicorn's master must not try again."""
    with pytest.raises(SystemExit) as ended:
        wsgi()
    assert ended.value.code == APP_LOAD_ERROR
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


def test_a_wrong_setting(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Its sentence."""
    monkeypatch.setenv("BRIDGE_ACCOUNT", environ["BRIDGE_ACCOUNT"][:-1])
    assert refused(capsys).startswith("BRIDGE_ACCOUNT must be the account's SID")


@pytest.mark.usefixtures("environ")
def test_a_wrong_office_file(line: "Line", capsys: pytest.CaptureFixture[str]):
    """File and line."""
    (line.offices / "demo.toml").write_text("naam = 'Kantoor'")
    assert "demo.toml:1: naam is unknown: did you mean name?" in refused(capsys)


@pytest.mark.usefixtures("environ")
def test_a_tagor_without_its_key(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """The variable that the office file names and the environment lacks."""
    monkeypatch.delenv("TAGOR_KEY")
    assert "points to TAGOR_KEY, which the environment does not hold" in refused(capsys)


@pytest.mark.usefixtures("environ")
def test_a_database_that_was_never_migrated(
    tmp_path: "Path", monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """The command that helps."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    assert "run `bridge migrate`" in refused(capsys)
