"""`bridge check` and `bridge draw`: whatever is wrong is told with file and line, and by the exit status."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import voice_flows

if TYPE_CHECKING:
    from subprocess import CompletedProcess

    from click.testing import Result

    from tests.conftest import Line

ROOT = Path(__file__).parents[3]
Program = Callable[..., "CompletedProcess[str]"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the project that may be broken."""
    copy = tmp_path / "project"
    for folder in ("bridge", "voice_flows", "offices", "docs"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "README.md", copy)
    return copy


def change(file: Path, old: str, new: str) -> int:
    """Write something else into a file of the copy; gives the line it stands on."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_all_is_well(command: "Callable[..., Result]"):
    """Status 0, and what was checked; without settings the demo's own office is."""
    result = command("check")
    assert result.exit_code == 0, result.stderr
    assert "no BRIDGE_ setting is in the environment" in result.output
    assert "1 offices" in result.output


def test_the_operators_own_office_is_checked(command: "Callable[..., Result]", line: "Line"):
    """With settings, it is the folder they name."""
    change(line.offices / "demo.toml", "pin_digits = 6", "pin_digits = 5")
    result = command("check", environ=line.environ)
    assert result.exit_code == 0
    assert f"{line.offices}/demo.toml:" in result.output
    assert "pin_digits is under 6" in result.output


def test_wrong_settings_do_not_hide_a_wrong_office_file(command: "Callable[..., Result]", line: "Line"):
    """All mistakes of both are told at once."""
    at = change(line.offices / "demo.toml", "pin_digits = 6", "pin_digits = 3")
    result = command("check", environ=line.environ | {"BRIDGE_PUBLIC_URL": "x", "BRIDGE_SECRT": "x"})
    assert result.exit_code == 1
    misspelt, setting, office = result.stderr.splitlines()
    assert misspelt.startswith("BRIDGE_SECRT is no setting of the bridge")
    assert setting.startswith("BRIDGE_PUBLIC_URL is no address")
    assert office.startswith(f"{line.offices}/demo.toml:{at}: identification.pin_digits ")


def test_an_office_file_that_cannot_be_read(command: "Callable[..., Result]", line: "Line"):
    """File, line, and what to do."""
    (line.offices / "demo.toml").write_bytes(b'naam = "Kantoor"')
    result = command("check", environ=line.environ)
    assert result.exit_code == 1
    assert "demo.toml:1: naam is unknown: did you mean name?" in result.stderr


def test_a_broken_prompt(command: "Callable[..., Result]", tree: Path, monkeypatch: pytest.MonkeyPatch):
    """Which file of words, which line, and what is wrong there."""
    words = tree / "voice_flows" / "prompts"
    line = change(words / "fr.toml", "[ByPin.ask_pin]", "[ByPin.ask_pni]")
    monkeypatch.setattr(voice_flows, "PROMPTS", words)
    result = command("check")
    assert result.exit_code == 1
    assert f"fr.toml:{line}: [ByPin.ask_pni] is in no other language" in result.stderr


@pytest.mark.parametrize(
    ("files", "new", "sentence"),
    [
        ("nl.toml", '"look.owde"', "Balance.look.owed: has no sentence here"),
        (
            "*.toml",
            '"look.gone" = "Nothing."\n"look.owed"',
            "Balance.look.gone: no step of a flow has this exit",
        ),
    ],
    ids=["misspelt", "of what cannot happen"],
)
def test_a_broken_note(
    command: "Callable[..., Result]",
    tree: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    files: str,
    new: str,
    sentence: str,
):
    """What employees read is checked as what callers hear: each file by itself, and against the flows."""
    notes = tree / "voice_flows" / "notes"
    for file in notes.glob(files):
        change(file, '"look.owed"', new)
    monkeypatch.setattr(voice_flows, "NOTES", notes)
    result = command("check")
    assert result.exit_code == 1
    told = [row for row in result.stderr.splitlines() if f"{notes}/nl.toml:" in row and sentence in row]
    assert len(told) == 1, result.stderr


def test_a_broken_flow(program: Program, tree: Path):
    """A way on which a stranger would hear a balance is named with file and line, and without a traceback."""
    balance = tree / "voice_flows" / "balance.py"
    change(balance, 'known="look", person="person"', 'known="look", person="payments"')
    done = program("check", cwd=tree)
    assert done.returncode == 1
    assert "stranger can reach" in done.stderr
    assert "balance.py:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_stale_drawing_is_found_and_redrawn(
    command: "Callable[..., Result]", tree: Path, monkeypatch: pytest.MonkeyPatch
):
    """Changed, missing, and of a flow that is gone: named with --check, set right without."""
    monkeypatch.setattr("bridge.package_files.project_folder", lambda: tree)
    pages = tree / "docs" / "flows"
    change(pages / "Balance.md", "flowchart", "flowchat")
    (pages / "Office.md").unlink()
    (pages / "Gone.md").write_text("a flow of last year")
    stale = {"docs/flows/Balance.md", "docs/flows/Office.md", "docs/flows/Gone.md"}
    found = command("draw", "--check")
    assert found.exit_code == 1
    assert set(found.output.splitlines()) == {f"{page}: is stale: run `bridge draw`" for page in stale}
    redrawn = command("draw")
    assert redrawn.exit_code == 0
    assert set(redrawn.output.splitlines()) == {f"{page}: redrawn" for page in stale}
    assert command("draw", "--check").output == ""
    assert not (pages / "Gone.md").exists()
