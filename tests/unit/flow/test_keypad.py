"""Keys as answers: digits as keyed, euro and cents, a day of the month; everything else is no answer."""

import re
from decimal import Decimal
from random import Random

import pytest

from bridge.flow import ask
from bridge.flow.keypad import length, read
from bridge.flow.steps import Ask

LONGEST = 4096
LENGTHS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 32, 33, 1024, LONGEST)
SYMBOLS = "0123456789ABCD*#"
STRINGS = [symbol * many for symbol in SYMBOLS for many in LENGTHS]

ACCEPTED = {"digits": r"[0-9]+", "amount": r"[0-9]+(\*[0-9]{2})?", "day": r"0*([1-9]|[12][0-9]|3[01])"}


def question(wants: str, digits: object = (1, LONGEST)) -> Ask:
    step: Ask = ask(into="x", wants=wants, digits=digits)  # type: ignore[arg-type]
    return step


def test_there_are_256_strings():
    """Sixteen tones, sixteen lengths, as the safety plan counts them."""
    assert len(STRINGS) == 256


@pytest.mark.parametrize("wants", ACCEPTED)
def test_every_string_of_tones_is_an_answer_or_none(wants: str):
    """All 256 strings give what the shape of the answer says, and never an error."""
    for keys in STRINGS:
        fits = re.fullmatch(ACCEPTED[wants], keys) is not None
        assert (read(question(wants), keys, {}) is not None) is fits, (len(keys), keys[:1])


@pytest.mark.parametrize("wants", ACCEPTED)
def test_any_mixture_of_tones_is_an_answer_or_none(wants: str, rng: Random):
    """As with one tone only."""
    for _ in range(2000):
        keys = "".join(rng.choices(SYMBOLS if rng.random() < 0.2 else "0123456789*", k=rng.randint(1, 8)))
        fits = re.fullmatch(ACCEPTED[wants], keys) is not None
        assert (read(question(wants), keys, {}) is not None) is fits, keys


@pytest.mark.parametrize(
    "keys", ["٣", "²", "\uff13", "①", "\U0001d7cf", "1 2", "+1", "1.5", "1,5", "-1", "1_0", "1e3", "?"]
)
@pytest.mark.parametrize("wants", ACCEPTED)
def test_what_no_keypad_sends_is_no_answer(wants: str, keys: str):
    """Python takes many signs for digits; a telephone has ten."""
    assert read(question(wants), keys, {}) is None


def test_digits_stay_as_they_were_keyed():
    """A PIN may begin with a zero."""
    assert read(question("digits"), "004217", {}) == "004217"


@pytest.mark.parametrize(
    ("keys", "euro"),
    [
        ("50", "50.00"),
        ("12*50", "12.50"),
        ("0*05", "0.05"),
        ("007*07", "7.07"),
        ("000", "0.00"),
        ("99999999*99", "99999999.99"),
    ],
)
def test_an_amount_is_whole_euro_or_euro_star_cents(keys: str, euro: str):
    """To the cent, as a decimal."""
    value = read(question("amount"), keys, {})
    assert value == euro
    assert Decimal(value) == Decimal(euro)


@pytest.mark.parametrize("keys", ["*50", "12*", "12*5", "12*505", "1*2*3", "**", "12*5A", "A*50"])
def test_half_an_amount_is_no_answer(keys: str):
    """Nobody guesses what twelve euro and something is."""
    assert read(question("amount"), keys, {}) is None


@pytest.mark.parametrize(("keys", "day"), [("1", "1"), ("31", "31"), ("05", "05"), ("0", None), ("32", None)])
def test_a_day_of_the_month_is_1_to_31(keys: str, day: str | None):
    """Which months have that day is the office's to say."""
    assert read(question("day", (1, 2)), keys, {}) == day


@pytest.mark.parametrize(
    ("digits", "fewest", "most"),
    [(6, 6, 6), ((1, 12), 1, 12), ("pin", 4, 8)],
    ids=["exact", "range", "office"],
)
def test_an_answer_has_as_many_keys_as_the_question_takes(digits: object, fewest: int, most: int):
    """A number, a range, or a length that the office sets."""
    office = {"pin": (4, 8)}
    assert length(digits, office) == (fewest, most)  # type: ignore[arg-type]
    for many in range(1, 15):
        fits = fewest <= many <= most
        assert (read(question("digits", digits), "7" * many, office) is not None) is fits


def test_a_length_that_the_office_does_not_set_is_an_error():
    """A flow that names one that nobody reads is a mistake, not an answer."""
    with pytest.raises(KeyError, match=r"^'pin'$"):
        length("pin", {})
