"""Counts: whole numbers, and months with the right word."""

from datetime import date

import pytest

from bridge.speech import LANGUAGES, SAYERS, Unspeakable


@pytest.mark.parametrize(
    ("value", "spoken"),
    [
        ("0", ["0 maanden", "0 mois", "0 Monate", "0 months"]),
        ("1", ["1 maand", "1 mois", "1 Monat", "1 month"]),
        ("2", ["2 maanden", "2 mois", "2 Monate", "2 months"]),
        ("24", ["24 maanden", "24 mois", "24 Monate", "24 months"]),
    ],
)
def test_months_take_the_right_plural(value: str, spoken: list[str], today: date):
    """One month is one month, in every language."""
    assert [SAYERS["months"](value, language, today) for language in LANGUAGES] == spoken


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_count_is_said_as_its_number(language: str, today: date):
    """A count has no word of its own, so nothing can be added to it."""
    for number in range(10_000):
        assert SAYERS["count"](str(number), language, today) == str(number)
        assert SAYERS["months"](str(number), language, today).split()[0] == str(number)


@pytest.mark.parametrize("kind", ["count", "months"])
@pytest.mark.parametrize(
    "value", ["", "-1", "1.5", "1.0", "10000", "three", "٣", "³", " 3", "3\n", "1_0", "1e3"]
)
def test_what_is_no_count_is_never_spoken(kind: str, value: str, today: date):
    """Anything but 0 to 9999 in plain figures is refused."""
    with pytest.raises(Unspeakable) as refused:
        SAYERS[kind](value, "fr", today)
    assert refused.value.kind == kind
