"""Kinds: one sayer for each name a flow may declare, and an honest guess of its length."""

from datetime import date

import pytest

from bridge.speech import LANGUAGES, LONGEST, SAYERS, Unspeakable, speaking_seconds
from bridge.speech.speaking_time import spoken_characters

KINDS = {"money", "date", "day", "time", "months", "count", "digits", "iban", "ogm", "text"}

LONG_BUT_REAL = {
    "money": ["9999999.99", "1999999.99"],
    "date": [date(2027, month, day).isoformat() for month in (2, 9) for day in range(20, 29)],
    "day": [date(2027, month, day).isoformat() for month in (2, 9) for day in range(20, 29)],
    "time": ["17:55", "00:45", "23:59"],
    "months": ["120", "9999"],
    "count": ["9999"],
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
        spoken_characters(SAYERS[kind](value, language, today))
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


def test_a_text_takes_longer_by_its_words_figures_and_rests():
    """Fifteen letters are a second; figures count as words; a rest takes time."""
    assert speaking_seconds("x" * 300) == pytest.approx(20)
    assert speaking_seconds("1 2 3 4") > speaking_seconds("a b c d")
    assert speaking_seconds("9999 euro") > speaking_seconds("99 euro")
    assert speaking_seconds("Ja, goed. ") > speaking_seconds("Ja goed  ")


def test_an_unknown_language_is_a_mistake_of_the_program(today: date):
    """Languages come from the line's own list; anything else stops at once, with the name of the culprit."""
    with pytest.raises(KeyError, match="es"):
        SAYERS["money"]("5", "es", today)
