"""Amounts: what is spoken is what Tagor said, to the cent, in four languages."""

import random
import traceback
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from bridge.speech import LANGUAGES, SAYERS, Unspeakable
from bridge.speech.numbers import MAX_AMOUNT, say_amount

# An independent reader: what a word is worth in cents, and the numbers it may stand with.
WORDS: dict[str, dict[str, tuple[int, Callable[[int], bool]]]] = {
    "nl": {"euro": (100, lambda _: True), "cent": (1, lambda _: True)},
    "fr": {
        "euro": (100, lambda number: number < 2),
        "euros": (100, lambda number: number > 1 and number % 1_000_000 > 0),
        "d'euros": (100, lambda number: number > 1 and number % 1_000_000 == 0),
        "centime": (1, lambda number: number == 1),
        "centimes": (1, lambda number: number != 1),
    },
    "de": {"Euro": (100, lambda _: True), "Cent": (1, lambda _: True)},
    "en": {
        "euro": (100, lambda number: number == 1),
        "euros": (100, lambda number: number != 1),
        "cent": (1, lambda number: number == 1),
        "cents": (1, lambda number: number != 1),
    },
}
JOINTS = {"nl": " en ", "fr": " et ", "de": " und ", "en": " and "}


def read_back(spoken: str, language: str) -> Decimal:
    total, worth_before = 0, 1000
    for piece in spoken.split(JOINTS[language]):
        number, word = piece.split(" ")
        worth, fits = WORDS[language][word]
        assert worth < worth_before, f"euro first, then cent, each once: {spoken}"
        assert fits(int(number)), f"wrong plural: {spoken}"
        total, worth_before = total + int(number) * worth, worth
    return Decimal(total) / 100


@pytest.mark.parametrize("amounts", [5_000, pytest.param(100_000, marks=pytest.mark.rehearsal)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_amounts_are_heard_as_they_were_meant(language: str, amounts: int, chance: random.Random):
    """What the caller hears, read back as a number, is the amount to the cent."""
    top = int(MAX_AMOUNT * 100)
    for _ in range(amounts):
        amount = Decimal(chance.randrange(10 ** chance.randint(1, 9) + 1)).scaleb(-2)
        assert read_back(say_amount(amount, language), language) == amount
    for cents in (*range(302), top - 101, top - 1, top):
        amount = Decimal(cents).scaleb(-2)
        assert read_back(say_amount(amount, language), language) == amount


@pytest.mark.parametrize(
    ("amount", "spoken"),
    [
        (
            "1234.56",
            [
                "1234 euro en 56 cent",
                "1234 euros et 56 centimes",
                "1234 Euro und 56 Cent",
                "1234 euros and 56 cents",
            ],
        ),
        ("1.01", ["1 euro en 1 cent", "1 euro et 1 centime", "1 Euro und 1 Cent", "1 euro and 1 cent"]),
        ("2.00", ["2 euro", "2 euros", "2 Euro", "2 euros"]),
        (
            "2.5",
            ["2 euro en 50 cent", "2 euros et 50 centimes", "2 Euro und 50 Cent", "2 euros and 50 cents"],
        ),
        ("0.05", ["5 cent", "5 centimes", "5 Cent", "5 cents"]),
        ("0.01", ["1 cent", "1 centime", "1 Cent", "1 cent"]),
        ("0", ["0 euro", "0 euro", "0 Euro", "0 euros"]),
        ("1000000", ["1000000 euro", "1000000 d'euros", "1000000 Euro", "1000000 euros"]),
        ("1000001", ["1000001 euro", "1000001 euros", "1000001 Euro", "1000001 euros"]),
    ],
)
def test_an_amount_is_worded_as_people_say_it(amount: str, spoken: list[str]):
    """Unit words, plurals and the joint are right in each language; zero cents and zero euro are left out."""
    assert [say_amount(Decimal(amount), language) for language in LANGUAGES] == spoken


ODD_VALUES = [
    *("", " ", "-", ".", "0.005", "2.675", "1.000", "12,50", "1.234,50", "1,234.50", "1 234", "1_234"),
    *("-0.01", "-1", "-1234.56", "-10000000", "10000000.01", "10000001", "99999999999999999999"),
    *(
        *("1E+8", "1E+999", "1e400", "1E+9999999999999999999", "1E-3", "NaN", "nan", "sNaN", "Infinity"),
        "-Infinity",
    ),
    *(
        *("inf", "null", "None", "true", "€5", "5 EUR", "0x10", "\u0661\u0662", "\uff11\uff12", "²", "1."),
        *(".5", "+5", "5\n", "5\x00"),
    ),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", ODD_VALUES)
def test_an_odd_amount_is_never_spoken_nor_quoted(value: str, language: str, today: date):
    """Whatever is no amount of 0 to 10 million in whole cents is refused without repeating it."""
    with pytest.raises(Unspeakable) as refused:
        SAYERS["money"](value, language, today)
    assert refused.value.kind == "money"
    assert str(refused.value) == "a value does not fit the kind 'money': leave out its sentence"
    if len(value) > 3:
        assert value not in "".join(traceback.format_exception_only(refused.value))


@pytest.mark.parametrize(
    ("value", "spoken"),
    [
        ("-0.0", "0 euro"),
        ("1E+3", "1000 euro"),
        ("0001.50", "1 euro en 50 cent"),
        ("10000000", "10000000 euro"),
    ],
)
def test_other_spellings_of_an_amount_are_still_that_amount(value: str, spoken: str, today: date):
    """What `str(Decimal)` may write, however rare, is spoken."""
    assert SAYERS["money"](value, "nl", today) == spoken


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "-0.01", "0.001", "1E+8"])
def test_a_decimal_that_is_no_amount_is_a_value_error(amount: str):
    """Also who passes a Decimal of its own cannot have nonsense spoken; the error carries no value."""
    with pytest.raises(ValueError, match=r"^an amount is 0 to 10000000 euro, with at most two decimals$"):
        say_amount(Decimal(amount), "nl")


def test_the_traceback_of_a_refusal_holds_no_value(today: date):
    """Crash output shows what failed, not on which value; Python's own errors would quote it."""
    owed = "2026-02-31"
    with pytest.raises(Unspeakable) as refused:
        SAYERS["date"](owed, "nl", today)
    assert refused.value.__suppress_context__
    assert owed not in "".join(traceback.format_exception(refused.value))
