"""Values in a note: as people of the office write them, and never half a value."""

from decimal import Decimal
from random import Random

import pytest

from bridge.speech import LANGUAGES, Unspeakable
from bridge.speech.written import write

POINTS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize(
    ("value", "ours", "english"),
    [
        ("0", "0,00 EUR", "0.00 EUR"),
        ("18.7", "18,70 EUR", "18.70 EUR"),
        ("1234.56", "1.234,56 EUR", "1,234.56 EUR"),
        ("1000000", "1.000.000,00 EUR", "1,000,000.00 EUR"),
        ("-18.75", "-18,75 EUR", "-18.75 EUR"),
        ("1E+3", "1.000,00 EUR", "1,000.00 EUR"),
    ],
)
def test_an_amount_is_written_as_the_language_does(value: str, ours: str, english: str):
    """Comma for the cents in Dutch, French and German, a point in English."""
    assert {write("money", value, language) for language in POINTS} == {ours}
    assert write("money", value, "en") == english


def test_every_amount_can_be_read_back(rng: Random):
    """Nothing is lost or rounded away."""
    for _ in range(300):
        amount = Decimal(rng.randrange(1_000_000_000)) / 100
        written = write("money", str(amount), "nl").removesuffix(" EUR")
        assert Decimal(written.replace(".", "").replace(",", ".")) == amount


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("date", "2026-03-04", "04/03/2026"),
        ("time", "09:05", "09:05"),
        ("months", "007", "7"),
        ("count", "12", "12"),
        ("digits", "+32470000099", "+32470000099"),
        ("iban", "BE68539007547034", "BE68539007547034"),
        ("text", "fr", "fr"),
    ],
)
def test_everything_else_is_the_same_in_every_language(language: str, kind: str, value: str, written: str):
    """Days before months, twenty-four hours, figures; what is no number as it is."""
    assert write(kind, value, language) == written


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("money", "12,50"),
        ("money", "NaN"),
        ("money", "7391 euro"),
        ("date", "04/03/2026"),
        ("date", "2026-02-30"),
        ("time", "25:00"),
        ("months", "-1"),
        ("count", "many"),
    ],
)
def test_a_value_that_does_not_fit_its_kind_is_not_written(kind: str, value: str):
    """And not repeated either, wherever the error goes."""
    with pytest.raises(Unspeakable, match=f"'{kind}'") as refused:
        write(kind, value, "nl")
    assert value not in str(refused.value)
