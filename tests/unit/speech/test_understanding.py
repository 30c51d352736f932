"""Spoken choices: a caller's words find their key, or no key at all."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.speech import Catalogue


@pytest.mark.parametrize(
    ("language", "utterance", "key"),
    [
        ("nl", "opnieuw", "1"),
        ("nl", "Kunt u dat OPNIEUW zeggen, alstublieft?", "1"),
        ("nl", "English, please.", "4"),
        ("fr", "repeter", "1"),
        ("fr", "RÉPÉTER !", "1"),
        ("fr", "dites-le encore une fois", "1"),
        ("fr", "encore, une fois", "1"),
        ("de", "Noch einmal.", "1"),
        ("nl", "vernieuw opnieuwe", None),
        ("fr", "encore", None),
        ("nl", "opnieuw, in English", None),
        ("nl", "", None),
        ("nl", " ?!", None),
        ("nl", "1", "1"),
        ("nl", "x" * 10_000, None),
    ],
)
def test_words_find_their_key(
    language: str, utterance: str, key: str | None, write_files: Callable[..., Path]
):
    """Whole words anywhere in what was said, whatever their accents; two meanings are none."""
    catalogue = Catalogue.load(write_files())
    assert catalogue.key_for("Balance.choose", utterance, language) == key


def test_a_prompt_without_words_understands_what_every_menu_does(write_files: Callable[..., Path]):
    """Where the office gave no words, figures and the wishes of every menu still count."""
    catalogue = Catalogue.load(write_files())
    heard = ["opnieuw", "twee", "saldo"]
    assert [catalogue.key_for("Balance.tell", words, "nl") for words in heard] == ["*", "2", None]


def test_one_key_may_have_words_within_words(write_alike: Callable[..., Path]):
    """Only words of different keys can be taken for one another."""
    catalogue = Catalogue.load(write_alike('[A.b]\n1 = "press 1"\nwords = {1 = ["plan", "mijn plan"]}\n'))
    assert catalogue.key_for("A.b", "mijn plan", "nl") == "1"


def test_hints_are_the_words_of_the_keys_on_offer(write_files: Callable[..., Path]):
    """The recogniser listens for what can be chosen now, in the order of the keys."""
    catalogue = Catalogue.load(write_files())
    assert catalogue.hints("Balance.choose", "nl", ["4", "1"]) == ("english", "opnieuw", "herhaal")
    assert catalogue.hints("Balance.choose", "nl", ["1", "2"]) == ("opnieuw", "herhaal")
    assert catalogue.hints("Balance.tell", "nl", ["1"]) == ()
