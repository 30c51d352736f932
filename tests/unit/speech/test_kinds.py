"""Kinds: one sayer for each name a flow may declare, and an honest guess of its length."""

from datetime import date

import pytest

from bridge.speech import LANGUAGES, LONGEST, SAYERS, Unspeakable, speaking_seconds
from bridge.speech.speaking_time import spoken_words

KINDS = {"money", "date", "day", "time", "months", "count", "digits", "iban", "ogm", "text"}

LONG_BUT_REAL = {
    "money": ["9999.99", "1999.99"],
    "date": [date(2027, month, day).isoformat() for month in (2, 9) for day in range(20, 29)],
    "day": [date(2027, month, day).isoformat() for month in (2, 9) for day in range(20, 29)],
    "time": ["17:55", "00:45", "23:59"],
    "months": ["12", "36"],
    "count": ["365"],
    "digits": ["+32 470 12 34 56", "2023/0118/1234", "123456789012"],
    "iban": ["BE68 5390 0754 7034"],
    "ogm": ["+++090/9337/55493+++"],
    "text": ["Intercommunale voor Waterbedeling van Midden-Brabant"],
}


def test_every_kind_has_a_sayer_and_a_length():
    """A flow may declare these ten kinds, and no other."""
    assert SAYERS.keys() == LONGEST.keys() == KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_real_value_is_longer_than_was_reckoned_with(kind: str, today: date):
    """The check for prompts nobody can remember errs on the long side, but not by half."""
    lengths = [
        spoken_words(SAYERS[kind](value, language, today))
        for language in LANGUAGES
        for value in LONG_BUT_REAL[kind]
    ]
    assert max(lengths) <= LONGEST[kind] <= 1.5 * max(lengths)


def test_a_name_is_passed_on_as_it_is(today: date):
    """Names were cleaned at Tagor's door; nothing is done to them here."""
    assert SAYERS["text"]("Électricité & Gaz d'Eupen", "fr", today) == "Électricité & Gaz d'Eupen"


@pytest.mark.parametrize("value", ["", "  ", "x" * 501])
def test_a_name_that_is_none_is_never_spoken(value: str, today: date):
    """Nothing, or a flood of letters, is refused."""
    with pytest.raises(Unspeakable) as refused:
        SAYERS["text"](value, "nl", today)
    assert refused.value.kind == "text"


def test_a_text_takes_as_long_as_its_words_and_figures():
    """A hundred and fifty words are a minute; a figure and a letter alone are words, signs are none."""
    assert speaking_seconds("word " * 150) == pytest.approx(60)
    assert spoken_words("B E 6 8, 5 3 9 0.") == spoken_words("eight words as long as figures are, too") == 8
    assert spoken_words("1234 euro en 56 cent") == 9
    assert spoken_words("l'étude n'est pas l\u2019étude - sous-directeur : oui !") == 6
    assert spoken_words("... - ?") == 0


def test_an_unknown_language_is_a_mistake_of_the_program(today: date):
    """Languages come from the line's own list; anything else stops at once, with the name of the culprit."""
    with pytest.raises(KeyError, match="es"):
        SAYERS["money"]("5", "es", today)
