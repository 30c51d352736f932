"""What an operator is told whose settings are wrong: a sentence and a status, never a traceback."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import CompletedProcess

    from click.testing import Result

COMMANDS = [("migrate",), ("serve",), ("worker",), ("unlock", "20230118", "--office", "demo")]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_missing_settings_are_all_named(command: "Callable[..., Result]", arguments: tuple[str, ...]):
    """With what each is for, and the status that means configuration."""
    result = command(*arguments)
    assert result.exit_code == 78
    assert [line.split()[0] for line in result.stderr.splitlines()] == [
        "BRIDGE_PUBLIC_URL",
        "BRIDGE_SECRET",
        "BRIDGE_ACCOUNT",
        "BRIDGE_TOKENS",
    ]


def test_a_wrong_setting_is_told_in_a_sentence(command: "Callable[..., Result]", environ: dict[str, str]):
    """Which one, and what to do; its value is not repeated."""
    result = command("migrate", environ=environ | {"DATABASE_URL": "mysql://x"})
    told = "DATABASE_URL must start with sqlite:/// or postgresql://.\n"
    assert (result.exit_code, result.stderr) == (78, told)


def test_the_status_reaches_the_shell(program: "Callable[..., CompletedProcess[str]]"):
    """As a process of its own, `bridge` ends with it."""
    done = program("migrate")
    assert done.returncode == 78
    assert "Traceback" not in done.stderr


def test_serve_hands_over_to_gunicorn(
    command: "Callable[..., Result]", environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    """With the configuration beside the code, from whatever folder."""
    ran: list[list[str]] = []
    monkeypatch.setattr("os.execv", lambda _path, arguments: ran.append(arguments))
    assert command("serve", environ=environ).exit_code == 0
    [[_, *arguments]] = ran
    assert arguments[:3] == ["-m", "gunicorn", "-c"]
    assert arguments[3].endswith("/gunicorn.conf.py")
