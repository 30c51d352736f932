"""What every test of this room needs: a day to call today, and prompt files an office could have written."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

WriteFiles = Callable[..., Path]

GOOD = {
    "nl": """
[Balance.tell]
text = "Op dit dossier staat nog {owed} open."
[Balance.choose]
1 = "Om dit opnieuw te horen, druk 1."
4 = {text = "For another language, press 4.", language = "en"}
words = {1 = ["opnieuw", "herhaal"], 4 = ["english"]}
""",
    "fr": """
[Balance.tell]
text = "Il reste {owed} à payer dans ce dossier."
[Balance.choose]
1 = "Pour réentendre ceci, tapez 1."
4 = {text = "For another language, press 4.", language = "en"}
words = {1 = ["répéter", "encore une fois"], 4 = ["english"]}
""",
    "de": """
[Balance.tell]
text = "In dieser Akte sind noch {owed} offen."
[Balance.choose]
1 = "Um dies noch einmal zu hören, drücken Sie 1."
4 = {text = "For another language, press 4.", language = "en"}
words = {1 = ["noch einmal"], 4 = ["english"]}
""",
    "en": """
[Balance.tell]
text = "On this file {owed} is still open."
[Balance.choose]
1 = "To hear this again, press 1."
4 = {text = "Voor een andere taal, druk 4.", language = "nl"}
words = {1 = ["again", "repeat"], 4 = ["nederlands"]}
""",
}


@pytest.fixture
def today() -> date:
    """Give the day the calls of these tests take place."""
    return date(2026, 2, 2)


@pytest.fixture
def chance() -> random.Random:
    """Give the same run of chance every time, and its seed to whoever must repeat it."""
    seed = 20260202
    print(f"seed {seed}")  # noqa: T201 - pytest shows it beside a failure
    return random.Random(seed)


@pytest.fixture
def write_files(tmp_path: Path) -> WriteFiles:
    """Write the four good files, those given by name replaced: with text, bytes, or None to leave one out."""

    def write(**files: str | bytes | None) -> Path:
        for language, content in (GOOD | files).items():
            if content is not None:
                raw = content.encode() if isinstance(content, str) else content
                (tmp_path / f"{language}.toml").write_bytes(raw)
        return tmp_path

    return write


@pytest.fixture
def write_alike(write_files: WriteFiles) -> Callable[..., Path]:
    """Write the same content into all four files, for mistakes that comparing languages cannot see."""

    def write(content: str, **files: str) -> Path:
        return write_files(**dict.fromkeys(GOOD, content) | files)

    return write
