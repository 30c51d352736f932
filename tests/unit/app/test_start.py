"""What must not start says why, and stays down: gunicorn does not try again and again."""

from typing import TYPE_CHECKING

import pytest
from gunicorn.arbiter import Arbiter

from bridge.app.create import wsgi

if TYPE_CHECKING:
    from tests.conftest import Line

OTHER_SECRET = "6d1f0a7be93c42588f60d1c7a2be94f3"


def test_a_line_whose_secret_was_changed_for_good_does_not_start(
    line: "Line", monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Else locked files and open decisions would be forgotten; the sentence tells how to change a secret."""
    line.phone().ring().press("1").press("000000")
    for name, value in line.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("BRIDGE_SECRET", OTHER_SECRET)
    with pytest.raises(SystemExit) as stopped:
        wsgi()
    told = capsys.readouterr().err
    assert stopped.value.code == Arbiter.APP_LOAD_ERROR
    assert "give the former secret as a further one" in told
    assert OTHER_SECRET not in told
