"""`bridge record`: the conversations in docs/calls are what callers hear today."""

import shutil
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bridge.checks import recorded_calls
from bridge.speech import LANGUAGES, Catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    Command = Callable[..., Result]

CALLS = Path(__file__).parents[3] / "docs" / "calls"
PLAN = [
    "Defendant.welcome",
    "ByPin.ask_pin",
    "Terms.choose",
    "StartDate.choose",
    "Agreement.read_back",
    "Confirmation.by_sms",
    "Defendant.goodbye",
]
BALANCE = ["Defendant.welcome", "ByPin.ask_pin", "Balance.tell", "Payments.which", "Defendant.goodbye"]

pytestmark = pytest.mark.usefixtures("open_line")
"""Whatever the recorded line opens is closed afterwards."""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own that holds one recorded talk."""
    few = [talk for talk in recorded_calls.CALL_PLANS if talk.name == "balance"]
    monkeypatch.setattr(recorded_calls, "CALL_PLANS", few)
    monkeypatch.setattr("bridge.package_files.project_folder", lambda: tmp_path)
    folder = tmp_path / "docs" / "calls"
    folder.mkdir(parents=True)
    for name, language in product((talk.name for talk in few), LANGUAGES):
        shutil.copy(CALLS / f"{name}-{language}.md", folder)
    return folder


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("page", "prompts"), [("payment-plan", PLAN), ("balance", BALANCE)])
def test_a_recorded_call_goes_all_the_way(words: Catalogue, page: str, prompts: list[str], language: str):
    """From ring to goodbye, a plan by way of the confirmation by text message, in each language."""
    text = (CALLS / f"{page}-{language}.md").read_text("utf-8")
    at = -1
    for prompt in prompts:
        parts = words.prompts(language)[prompt].parts
        said = (parts["text"] if "text" in parts else parts["1"]).pieces[0]
        assert (at := text.find(said, at + 1)) >= 0, (prompt, said)


def test_a_stale_call_is_found_and_recorded_anew(command: "Command", tree: Path):
    """Other words, a missing page, one of a talk that is gone: named with --check, set right without."""
    changed, missing, gone = tree / "balance-en.md", tree / "balance-nl.md", tree / "gossip-fr.md"
    true = changed.read_text("utf-8")
    changed.write_text(true.replace("318 euros", "317 euros"), "utf-8")
    missing.unlink()
    gone.write_text("a talk of last year", "utf-8")
    names = [f"docs/calls/{path.name}" for path in (changed, missing, gone)]
    found = command("record", "--check")
    assert found.exit_code == 1
    assert sorted(found.output.splitlines()) == sorted(
        f"{name}: is stale: run `bridge record`" for name in names
    )
    again = command("record")
    assert again.exit_code == 0
    assert sorted(again.output.splitlines()) == sorted(f"{name}: recorded" for name in names)
    assert changed.read_text("utf-8") == true
    assert missing.read_text("utf-8") == (CALLS / missing.name).read_text("utf-8")
    assert not gone.exists()
