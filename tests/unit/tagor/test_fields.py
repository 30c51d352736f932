"""Each kind of value Tagor sends, read strictly: no amount a cent apart, no id a digit apart."""

import json
import random
from datetime import date
from decimal import Decimal

import pytest

from bridge.tagor.http.response import Reply
from bridge.tagor.schema import fields

SEED = 20261122


def as_received(text: str) -> object:
    """Read one JSON value as an answer of Tagor is read."""
    body = b'{"response": {"value": %s}}' % text.encode()
    return Reply("Some/Operation", 200, body).content()["value"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0", "0.00"),
        ("1234.5", "1234.50"),
        ("1234.56", "1234.56"),
        ("12.500000", "12.50"),
        ("1.200", "1.20"),
        ("-0.0", "0.00"),
        ("-0", "0.00"),
        ("-12.50", "-12.50"),
        ("1e2", "100.00"),
        ("10000000", "10000000.00"),
        ("-10000000.00", "-10000000.00"),
        ('"12,50"', "12.50"),
        ('"12.5"', "12.50"),
        ('"1234"', "1234.00"),
        ('"-7,05"', "-7.05"),
        ('"12.5000"', "12.50"),
        ('"0012,50"', "12.50"),
    ],
)
def test_an_amount_is_read_to_the_cent(text: str, told: str):
    """Numbers and text, dot and comma: the same euro."""
    amount = fields.read_money(as_received(text))
    assert isinstance(amount, Decimal)
    assert str(amount) == told


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "true",
        "[]",
        "{}",
        '""',
        '" "',
        '"-"',
        '"NaN"',
        '"Infinity"',
        '"1e3"',
        '"1.234"',
        '"1,234"',
        '"1.200"',
        '"1.234,56"',
        '"1,234.56"',
        '"1 234,56"',
        '"12,50 EUR"',
        '"+12"',
        '"12."',
        '",50"',
        '"12.345678"',
        '"12\\n"',
        '"\u0661\u0662"',
        "0.005",
        "2.675",
        "1e-400",
        "1e400",
        "1e999999999",
        "-1e999999999",
        "10000000.01",
        "-10000000.01",
        '"10000000,01"',
        '"9999999999999"',
    ],
)
def test_an_amount_that_could_be_misread_is_refused(text: str):
    """No guess about money: not its thousands, not its cents, not its size."""
    with pytest.raises(ValueError, match="an amount"):
        fields.read_money(as_received(text))


def test_every_amount_to_the_cent_survives_in_all_its_spellings():
    """Ten thousand amounts, as number, with dot and with comma: never a cent apart."""
    draw = random.Random(SEED)
    for _ in range(10_000):
        cents = draw.randint(-1_000_000_000, 1_000_000_000)
        amount = Decimal(cents).scaleb(-2)
        for text in (f"{amount:f}", f'"{amount:f}"', f'"{amount:f}"'.replace(".", ",")):
            assert fields.read_money(as_received(text)) == amount


def test_every_id_stays_what_it_was():
    """Ten thousand ids of 1 to 20 digits, as text and as number: unaltered; as a fraction: refused."""
    draw = random.Random(SEED)
    for _ in range(10_000):
        digits = str(draw.randint(0, 10 ** draw.randint(1, 20) - 1))
        assert fields.read_id(as_received(digits)) == digits
        assert fields.read_id(as_received(json.dumps(digits))) == digits
        with pytest.raises(ValueError, match="an id"):
            fields.read_id(as_received(f"{digits}.0"))


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "true",
        '""',
        '"?"',
        '"1.0"',
        '"1|2"',
        '"1:2"',
        '"1\\r\\n"',
        '" 1"',
        "-1",
        '"-1"',
        '"\u0661"',
        "[1]",
        "1e3",
        '"' + "9" * 21 + '"',
        "9" * 21,
    ],
)
def test_what_is_no_id_is_refused(text: str):
    """1 to 20 plain digits, nothing else."""
    with pytest.raises(ValueError, match="an id"):
        fields.read_id(as_received(text))


def test_leading_zeros_of_an_id_stay():
    """An id is text, not a number."""
    assert fields.read_id("007") == "007"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("9999-12-31", date(9999, 12, 31)),
        (None, None),
        ("", None),
        ("0000-00-00", None),
    ],
)
def test_a_date_is_read_and_no_date_is_none(value: str | None, told: date | None):
    """Offices send null, an empty text or zeros where there is no date."""
    assert fields.read_date(value) == told


@pytest.mark.parametrize(
    "value",
    [
        "2023-02-29",
        "2024-13-01",
        "0000-01-01",
        "20240229",
        "2024-W01-1",
        "01/12/2026",
        "2024-02-29T00:00",
        20240229,
        False,
        0,
        [],
        " ",
        "\u0662024-01-01",
    ],
)
def test_a_date_written_otherwise_is_refused(value: object):
    """One way to write a date, so that day and month are never swapped."""
    with pytest.raises(ValueError):  # noqa: PT011 - Python's own words for a day that is none
        fields.read_date(value)


@pytest.mark.parametrize(("value", "told"), [(True, True), (False, False), ("true", True), ("false", False)])
def test_a_yes_or_no_may_be_text(*, value: object, told: bool):
    """Booleans come as `true` or as "true"."""
    assert fields.read_bool(value) is told


@pytest.mark.parametrize("value", [0, 1, "", "True", "yes", "1", None, [], Decimal(1)])
def test_what_looks_like_a_yes_is_none(value: object):
    """A number is neither yes nor no."""
    with pytest.raises(ValueError, match="yes or no"):
        fields.read_bool(value)


@pytest.mark.parametrize(("value", "told"), [("Dut", "nl"), ("Frn", "fr"), ("Ger", "de"), ("Eng", "en")])
def test_a_language_of_tagor_is_one_of_ours(value: str, told: str):
    """Tagor's four are ours."""
    assert fields.read_language(value) == told


@pytest.mark.parametrize("value", ["", "dut", "Ned", None, 7, [], {}])
def test_an_unknown_language_is_none(value: object):
    """The office's own language is spoken then; a caller is never turned away for it."""
    assert fields.read_language(value) is None


@pytest.mark.parametrize(
    ("value", "told"), [(3, 3), (0, 0), ("12", 12), (Decimal("2.0"), 2), (Decimal("1e2"), 100)]
)
def test_a_count_is_a_whole_number(value: object, told: int):
    """Also as text, also as a fraction that is whole."""
    assert fields.read_count(value) == told


@pytest.mark.parametrize(
    "value",
    [-1, Decimal("1.5"), Decimal("1e99"), Decimal(-1), True, None, "", "1.0", 10_000_000, "\u0661", []],
)
def test_what_is_no_count_is_refused(value: object):
    """A defendant is not half and not minus one."""
    with pytest.raises(ValueError, match="a count"):
        fields.read_count(value)


@pytest.mark.parametrize(("value", "told"), [(None, ""), ("", ""), (38206300, "38206300"), (" Jan\n", "Jan")])
def test_text_may_be_a_number_or_nothing(value: object, told: str):
    """A phone number comes as JSON number, an unknown name as null."""
    assert fields.read_text(value) == told


@pytest.mark.parametrize("value", [True, Decimal("1.5"), [], {}, ["a"]])
def test_what_is_no_text_is_refused(value: object):
    """A list is no name."""
    with pytest.raises(ValueError, match="a text"):
        fields.read_text(value)


@pytest.mark.parametrize("value", ["", None, " ", "\u200b\x00"])
def test_a_name_says_something(value: object):
    """A file without a name cannot be asked for."""
    with pytest.raises(ValueError, match="a name"):
        fields.read_name(value)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("https://faq.example.be/nl?a=1", "https://faq.example.be/nl?a=1"),
        ("http://faq.example.be", "http://faq.example.be"),
        ("javascript:alert(1)", ""),
        ("https://faq.example.be/ sms", ""),
        ("faq", ""),
        (None, ""),
        ("https://x.example/" + "a" * 1982, "https://x.example/" + "a" * 1982),
        ("https://x.example/" + "a" * 1983, ""),
    ],
)
def test_an_address_is_whole_or_nothing(value: object, told: str):
    """A link that was cut short or is none is not sent to anybody."""
    assert fields.read_address(value) == told
