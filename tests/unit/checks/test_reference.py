"""docs/reference: nothing is left out, nothing is without words, and no page is stale."""

from pathlib import Path

import pytest

import voice_flows
from bridge.checks.reference import FOLDER, every_command, reference
from bridge.commands.main import COMMANDS, main
from bridge.office.options import options
from bridge.operations.metrics import Metrics
from bridge.settings import Settings
from bridge.speech import LANGUAGES, Catalogue

ROOT = Path(__file__).parents[3]
PAGES = {path.name: text for path, text in reference(ROOT, main).items()}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_stale(name: str):
    """What stands there is what the program says of itself; `bridge draw` writes it."""
    assert (ROOT / FOLDER / name).read_text("utf-8") == PAGES[name]


def test_every_command_is_told_with_all_its_options():
    """Also those of groups; none is without words."""
    told = dict(every_command(main))
    assert {name.split()[1] for name in told} == set(COMMANDS)
    for name, command in told.items():
        assert f"## `{name}`\n\n{(command.help or '?').strip()[:20]}" in PAGES["commands.md"]
        for option in command.params:
            if option.param_type_name == "option":
                assert getattr(option, "help", None), f"{name} {option.name} has no help"
                assert f"`{option.opts[0]}" in PAGES["commands.md"].partition(f"## `{name}`")[2]


def test_every_setting_is_told():
    """With what it is for."""
    for name, meaning in Settings.names().items():
        assert meaning, name
        assert f"| `{name}` | {meaning} |" in PAGES["settings.md"]


def test_every_office_option_is_told():
    """With what it is for, how it is written, and what counts without it."""
    for option in options():
        assert option.description, option.path
        assert f"| `{option.path}` | {option.description} | " in PAGES["office.md"]


def test_every_metric_is_told():
    """Those of the page /metrics, by their names in a query, here and in the words about watching."""
    shown = Metrics().page(lambda: (_ for _ in ()).throw(OSError), lambda: None)  # type: ignore[arg-type,return-value]
    names = {row.split()[2] for row in shown.decode().splitlines() if row.startswith("# TYPE")}
    names -= {name for name in names if name.endswith("_created")}
    figures = {figure.name for figure in Metrics().figures()}
    assert names <= figures
    watching = (ROOT / "docs" / "operations.md").read_text("utf-8")
    for name in figures:
        assert f"| `{name}` |" in PAGES["metrics.md"]
        assert name in watching, f"{name} is not in docs/operations.md"


def test_every_prompt_is_told():
    """Each with its place, its values and its words: whoever heard a sentence finds it by any part of it."""
    catalogue, page = Catalogue.load(voice_flows.PROMPTS), PAGES["prompts.md"]
    assert "Step `tell` (`say`), after `look` (`owed`). Filled in: `{owed}` (money)." in page
    assert "Step `colleague`" not in page, "a flow that is run says nothing itself"
    for language in LANGUAGES:
        for key, prompt in catalogue.prompts(language).items():
            told = page.partition(f"\n### `{key}`\n")[2].partition("\n### ")[0]
            for sentence in (*prompt.parts.values(), *prompt.plurals.values()):
                assert f"| {sentence.text} |" in told.replace("\\", ""), key
            assert all(f"`{{{value}}}` (" in told for value in prompt.placeholders), key


def test_no_secret_has_a_default_to_be_told():
    """What must be set says so."""
    for name in ("BRIDGE_SECRET", "BRIDGE_TOKENS", "BRIDGE_ACCOUNT", "BRIDGE_PUBLIC_URL"):
        [row] = [row for row in PAGES["settings.md"].splitlines() if row.startswith(f"| `{name}` |")]
        assert row.endswith("| must be set |")
