"""Flows and words are proved before the first call: what is broken is not imported, or does not start."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.flow import FlowError
from bridge.flow_proof import problems, prove
from bridge.speech import LANGUAGES, Catalogue, NoteBook
from voice_flows import CALL, NOTES, PROMPTS

ROOT = Path(__file__).parents[3]


@pytest.fixture
def import_flows(tmp_path: Path) -> Callable[[str, str, str], subprocess.CompletedProcess[str]]:
    """Import a copy of the real flows in a new process, with one thing written differently."""

    def import_flows(name: str, old: str, new: str) -> subprocess.CompletedProcess[str]:
        shutil.copytree(ROOT / "voice_flows", tmp_path / "voice_flows")
        table = tmp_path / "voice_flows" / name
        text = table.read_text("utf-8")
        assert text.count(old) == 1
        table.write_text(text.replace(old, new), "utf-8")
        return subprocess.run(
            [sys.executable, "-c", "import voice_flows; print(voice_flows.__file__)"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
            capture_output=True,
            text=True,
            check=False,
        )

    return import_flows


def test_tables_that_are_sound_alone_but_not_together_are_not_imported(
    import_flows: Callable[..., subprocess.CompletedProcess[str]],
):
    """The joined graph is checked at import too."""
    done = import_flows("defendant.py", '"0": "colleague"', '"0": "goodbye"')
    assert done.returncode == 1
    assert "is where key 0 leads, and no person can be reached from here" in done.stderr


@pytest.fixture
def rewritten(tmp_path: Path) -> Callable[[str, str], Catalogue]:
    """Read the real words with one sentence written differently in every language."""

    def rewritten(table: str, text: str) -> Catalogue:
        for language in LANGUAGES:
            before, head, after = (PROMPTS / f"{language}.toml").read_text("utf-8").partition(f"[{table}]\n")
            assert head
            _, _, rest = after.partition("\n")
            (tmp_path / f"{language}.toml").write_text(f"{before}{head}{text}\n{rest}", "utf-8")
        return Catalogue.load(tmp_path)

    return rewritten


def test_the_real_flows_and_words_are_proved(catalogue: Catalogue):
    """Nothing unsaid, nothing too long, nothing leaked."""
    assert problems(CALL, catalogue) == []
    prove(CALL, catalogue, NoteBook.load(NOTES))


def test_private_words_before_a_proof_refuse_to_start(rewritten: Callable[[str, str], Catalogue]):
    """Every language is proved; one sentence is told once."""
    with pytest.raises(FlowError) as refused:
        prove(CALL, rewritten("ByPin.sorry", 'text = "Niets meer."\nprivate = true'), NoteBook.load(NOTES))
    where = CALL.flows["ByPin"].steps["sorry"].where
    assert str(refused.value) == (
        f"{where.file}:{where.line}: ByPin.sorry: a stranger can reach it, and its words are marked private"
    )


def test_words_that_take_too_long_are_told_in_every_language(rewritten: Callable[[str, str], Catalogue]):
    """Values count with the longest they may become."""
    told = [
        str(problem) for problem in problems(CALL, rewritten("Office.hours", f'text = "{"{hours} " * 6}."'))
    ]
    assert len(told) == len(LANGUAGES)
    assert all("Office.hours: 'text' takes about " in sentence for sentence in told)
    assert all(f"{language}.toml:" in sentence for language, sentence in zip(LANGUAGES, told, strict=True))


def test_a_value_that_a_caller_cannot_have_told_yet_refuses_to_start(
    rewritten: Callable[[str, str], Catalogue],
):
    """Its words would break in the middle of a call."""
    told = [problem.sentence for problem in problems(CALL, rewritten("Defendant.welcome", 'text = "{owed}"'))]
    assert told == [
        *["Defendant.welcome: mentions {owed}, which is not known on every way to this step"],
        *["Defendant.welcome: a stranger can reach it, and its words tell owed from a file"],
        *["Defendant.welcome: mentions {owed}, which is not known on every way to this step"] * 3,
    ]
