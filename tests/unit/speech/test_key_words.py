"""Words that mean the same key at every menu, in each language."""

import pytest

from bridge.speech import LANGUAGES
from bridge.speech.key_words import NUMBERS, WISHES, key_spoken


@pytest.mark.parametrize(
    ("language", "utterance", "key"),
    [
        ("nl", "1", "1"),
        ("nl", "Eén.", "1"),
        ("nl", "toets twee", "2"),
        ("nl", "één alstublieft", "1"),
        ("nl", "ik kies de 2", "2"),
        ("nl", "een collega graag", "0"),
        ("nl", "nog een keer", "*"),
        ("nl", "*", "*"),
        ("fr", "numéro un s'il vous plaît", "1"),
        ("de", "ich wähle die zwei bitte", "2"),
        ("en", "I press 1 please", "1"),
        ("nl", "een medewerker", "0"),
        ("nl", "nul", "0"),
        ("nl", "kunt u dat herhalen", "*"),
        ("fr", "option trois", "3"),
        ("fr", "appuyez sur le 4", "4"),
        ("fr", "je voudrais parler à une personne", "0"),
        ("fr", "répétez s'il vous plaît", "*"),
        ("de", "Taste eins", "1"),
        ("de", "einen Mitarbeiter bitte", "0"),
        ("de", "noch einmal bitte", "*"),
        ("en", "one", "1"),
        ("en", "zero", "0"),
        ("en", "operator", "0"),
        ("en", "could you repeat that", "*"),
        ("en", "goodbye then", "9"),
        ("en", "more slowly please", "8"),
        ("en", "one moment", None),
        ("en", "repeat or operator", None),
        ("fr", "un instant", None),
        ("nl", "een plan", None),
        ("nl", "", None),
    ],
)
def test_a_caller_may_say_a_key(language: str, utterance: str, key: str | None):
    """A number counts alone, for it is an article too; two wishes at once are none."""
    assert key_spoken(utterance, language) == key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_digit_and_wish(language: str):
    """Nobody is understood less well in one language than in another."""
    assert set(NUMBERS[language]) == set("0123456789")
    assert set(WISHES[language]) == set("0*89")
    for key, words in (NUMBERS[language] | WISHES[language]).items():
        assert [key_spoken(word, language) for word in words] == [key] * len(words)
