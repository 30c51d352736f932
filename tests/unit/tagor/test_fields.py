"""Each kind of value that Tagor sends: no amount a cent apart, no id a digit apart, no day a month apart."""

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import TypeAdapter

from bridge.tagor.schema import fields
from bridge.tagor.schema.answer import Reply
from bridge.tagor.schema.fields import MAX_SPOKEN, OFFICE_TIME, clean_text

SEED = 20261122
SUMMER = datetime(2026, 7, 1, 12, 30, 15, tzinfo=OFFICE_TIME)


def as_received(text: str) -> object:
    """Read one JSON value as an answer of Tagor is read."""
    body = b'{"response": {"value": %s}}' % text.encode()
    return Reply("Some/Operation", 200, body).content()["value"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0", "0.00"),
        ("1234.5", "1234.50"),
        ("12.500000", "12.50"),
        ("1.200", "1.20"),
        ("-0.0", "0.00"),
        ("-12.50", "-12.50"),
        ("1e2", "100.00"),
        ("10000000", "10000000.00"),
        ("-10000000.00", "-10000000.00"),
        ("318.07000000000005", "318.07"),
        ("318.06999999999994", "318.07"),
        ("1e-400", "0.00"),
        ('"12,50"', "12.50"),
        ('"12.5"', "12.50"),
        ('"1234"', "1234.00"),
        ('"-7,05"', "-7.05"),
        ('"12.5000"', "12.50"),
        ('"0012,50"', "12.50"),
        ('" 318.07\\u00a0"', "318.07"),
        ('"318.070"', "318.07"),
        ('"0.500"', "0.50"),
        ('"1318.500"', "1318.50"),
        ('"318.07000000000005"', "318.07"),
        ('"000000000000"', "0.00"),
    ],
)
def test_an_amount_is_read_to_the_cent(text: str, told: str):
    """Numbers and text, dot and comma, blanks and the noise of floats: the same euro."""
    assert str(fields.read_money(as_received(text))) == told


@pytest.mark.parametrize(
    "text",
    [
        *(
            "null",
            "NaN",
            "-Infinity",
            "true",
            "[]",
            "{}",
            '""',
            '" "',
            '"-"',
            '"NaN"',
            '"Infinity"',
            '"1e3"',
            '"+12"',
            '"12."',
        ),
        *('"1.234"', '"1,234"', '"1.200"', '"1.500"', '"318.500"', '"1.234,56"', '"1,234.56"', '"1 234,56"'),
        *('"12,50 EUR"', '",50"', '"12.345678"', '"1 2"', '"\u0661\u0662"', '"1.100."', '"1.120x"'),
        *("0.005", "2.675", "0.001", "1e400", "1e999999999", "-1e999999999", "10000000.01", "-10000000.01"),
        *('"10000000,01"', '"9999999999999"', '"1.000000000000000000000"'),
    ],
)
def test_an_amount_that_could_be_misread_is_refused(text: str):
    """No guess about money: not its thousands, not its cents, not its size."""
    with pytest.raises(ValueError, match="an amount"):
        fields.read_money(as_received(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("83.33333", "83.33"),
        ('"83.335"', None),
        ("83.335", "83.34"),
        ('"1083.335"', "1083.34"),
        ("50", "50.00"),
    ],
)
def test_an_instalment_is_rounded_to_the_cent(text: str, told: str | None):
    """It may be a balance divided by months; a text that may be thousands stays refused."""
    if told is None:
        with pytest.raises(ValueError, match="an amount"):
            fields.read_instalment(as_received(text))
    else:
        assert str(fields.read_instalment(as_received(text))) == told


def test_every_amount_to_the_cent_survives_in_all_its_spellings():
    """Two thousand amounts, as number, with dot and with comma: never a cent apart."""
    draw = random.Random(SEED)
    for _ in range(2_000):
        amount = Decimal(draw.randint(-1_000_000_000, 1_000_000_000)).scaleb(-2)
        for text in (f"{amount:f}", f'"{amount:f}"', f'"{amount:f}"'.replace(".", ",")):
            assert fields.read_money(as_received(text)) == amount


def test_every_id_stays_what_it_was():
    """Two thousand ids of 1 to 20 digits, as text and as number: unaltered; as a fraction: refused."""
    draw = random.Random(SEED)
    for _ in range(2_000):
        digits = str(draw.randint(0, 10 ** draw.randint(1, 20) - 1))
        assert fields.read_id(as_received(digits)) == digits
        assert fields.read_id(as_received(json.dumps(f" {digits} "))) == digits
        with pytest.raises(ValueError, match="an id"):
            fields.read_id(as_received(f"{digits}.0"))
    assert fields.read_id("007") == "007"  # an id is text, not a number


@pytest.mark.parametrize(
    "text",
    [
        *("null", "true", '""', '"?"', '"1.0"', '"1|2"', '"1:2"', '"1 2"', "-1", '"-1"', '"\u0661"', "[1]"),
        *("1e3", '"' + "9" * 21 + '"', "9" * 21),
    ],
)
def test_what_is_no_id_is_refused(text: str):
    """1 to 20 plain digits, nothing else."""
    with pytest.raises(ValueError, match="an id"):
        fields.read_id(as_received(text))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        (" 2024-02-29 ", date(2024, 2, 29)),
        ("2024-02-29T00:00", date(2024, 2, 29)),
        ("2024-02-29 23:59:59.999", date(2024, 2, 29)),
        ("2024-02-28T23:30:00Z", date(2024, 2, 29)),
        ("2000-01-01", date(2000, 1, 1)),
        ("2099-12-31", date(2099, 12, 31)),
        *((none, None) for none in (None, "", " ", "0000-00-00")),
        *((none, None) for none in ("0001-01-01", "1899-12-30", "1999-12-31", "2100-01-01", "9999-12-31")),
    ],
)
def test_a_day_is_read_and_a_placeholder_is_none(value: str | None, told: date | None):
    """Offices send null, an empty text, zeros or the ends of a calendar where there is no date."""
    assert fields.read_date(value) == told


@pytest.mark.parametrize(
    "value",
    [
        *("2023-02-29", "2024-13-01", "0000-01-01", "20240229", "2024-W01-1", "01/12/2026", "14-03-2025"),
        *("2024-02-29T", "9999-12-31T23:30:00-05:00", 20240229, False, 0, [], "\u0662024-01-01"),
        *("2024-02-28T24:00:00", "2024-02-28T25:61:00", "2024-02-28 10:60", "2024-02-28T24:00:00Z"),
    ],
)
def test_a_day_written_otherwise_is_refused(value: object):
    """One order of its parts, so that day and month are never swapped."""
    with pytest.raises(ValueError):  # noqa: PT011 - Python's own words for a day that is none
        fields.read_date(value)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-01T12:30:15", SUMMER),
        ("2026-07-01 12:30:15.0", SUMMER),
        ("2026-07-01T12:30:15.123456", SUMMER.replace(microsecond=123456)),
        ("2026-07-01T10:30:15.000Z", SUMMER),
        ("2026-07-01T08:30:15-02:00", SUMMER),
        (None, None),
        ("", None),
        ("1899-12-30T00:00:00", None),
        ("2999-12-31T00:00:00", None),
    ],
)
def test_a_moment_is_on_the_offices_clocks(text: str | None, moment: datetime | None):
    """Whether it says so or not."""
    told = fields.read_moment(text)
    assert told == moment
    assert told is None or told.tzinfo is OFFICE_TIME


@pytest.mark.parametrize(
    "value",
    [
        *("2026-07-01", "3026-07-01T12:30:15", "2026-07-01T12:30", "x", "XX", 0, [], "2026-07-01T12:30:15."),
        *("2026-07-01T12:30:15.1234567", "2026-07-01T12:30:15+2:00", "20261-07-01T12:30:15"),
        *("2026-007-01T12:30:15", "2026-07-001T12:30:15", "2026-07-01T012:30:15", "2026-07-01T12:030:15"),
        *("2026-07-01T12:30:015", "2026-07-01T12:30:15+002:00", "2026-07-01T12:30:15+02:000"),
        *("2026-W27-3T12:30:15", "20260701T123015", "2026-07-01T12:30:15z"),
    ],
)
def test_a_moment_written_otherwise_is_refused(value: object):
    """None of it is guessed at."""
    with pytest.raises(ValueError, match="moment"):
        fields.read_moment(value)


def test_a_moment_is_sent_on_the_offices_clocks():
    """With thousandths that are zero; one on nobody's clock is not sent."""
    for one in (SUMMER, SUMMER.astimezone(UTC), SUMMER.astimezone(timezone(timedelta(hours=-5)))):
        assert fields.write_moment(one) == "2026-07-01T12:30:15.000"
    with pytest.raises(ValueError, match="with its time zone"):
        fields.write_moment(SUMMER.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("value", "told"), [(True, True), (False, False), ("true", True), ("True", True), (" FALSE ", False)]
)
def test_a_yes_or_no_may_be_text(*, value: object, told: bool):
    """In any letter case."""
    assert fields.read_bool(value) is told


@pytest.mark.parametrize("value", [0, 1, "", "yes", "ja", "1", None, [], {}, Decimal(1)])
def test_what_looks_like_a_yes_is_none(value: object):
    """A number is neither yes nor no."""
    with pytest.raises(ValueError, match="yes or no"):
        fields.read_bool(value)


@pytest.mark.parametrize(("ours", "theirs"), [("nl", "Dut"), ("fr", "Frn"), ("de", "Ger"), ("en", "Eng")])
def test_a_language_goes_both_ways(ours: str, theirs: str):
    """Tagor's four are ours, in any letter case; any other one is unknown, and is not sent."""
    assert fields.write_language(ours) == theirs
    assert {fields.read_language(spelled) for spelled in (theirs, theirs.lower(), f" {theirs} ")} == {ours}
    assert {fields.read_language(other) for other in ("", "Ned", None, 7)} == {None}
    for other in ("", "es", "Dut"):
        with pytest.raises(ValueError, match="one of nl, fr, de and en"):
            fields.write_language(other)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (3, 3),
        (0, 0),
        ("12", 12),
        (" 12 ", 12),
        (Decimal("2.0"), 2),
        (Decimal("1E+1"), 10),
        ("9999999", 9999999),
    ],
)
def test_a_count_is_a_whole_number(value: object, told: int):
    """Also as text, also as a fraction that is whole."""
    assert fields.read_count(value) == told


@pytest.mark.parametrize(
    "value",
    [
        *(-1, Decimal("1.5"), Decimal("1e99"), Decimal(-1), True, None, "", "1.0", 10_000_000, "\u0661", []),
        *(Decimal("Infinity"), Decimal("1E+999999"), Decimal(10_000_000), Fraction(5), 5.0, "10000000"),
    ],
)
def test_what_is_no_count_is_refused(value: object):
    """A defendant is not half and not minus one; nobody waits for a million digits."""
    with pytest.raises(ValueError, match="a count"):
        fields.read_count(value)


@pytest.mark.parametrize("read", [fields.read_text, fields.read_words])
def test_text_may_be_a_number_or_nothing(read: Callable[[object], str]):
    """A phone number comes as JSON number, an unknown name as null; a list is no name."""
    assert [read(value) for value in (None, "", 38206300, " Jan\n")] == ["", "", "38206300", "Jan"]
    for value in (True, Decimal("1.5"), [], {}, ["a"]):
        with pytest.raises(ValueError, match="a text"):
            read(value)


def test_a_name_says_something():
    """A file without a name cannot be asked for."""
    assert [fields.read_name(name) for name in ("De Proeve", " An\u200b ", 20230118)] == [
        "De Proeve",
        "An",
        "20230118",
    ]
    for value in ("", None, " ", "\u200b\x00"):
        with pytest.raises(ValueError, match="a name"):
            fields.read_name(value)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("https://faq.example.be/nl?a=1", "https://faq.example.be/nl?a=1"),
        ("http://faq.example.be", "http://faq.example.be"),
        *((other, "") for other in ("javascript:alert(1)", "https://faq.example.be/ sms", "faq", None)),
        ("https://x.example/" + "a" * 1982, "https://x.example/" + "a" * 1982),
        ("https://x.example/" + "a" * 1983, ""),
    ],
)
def test_an_address_is_whole_or_nothing(value: object, told: str):
    """A link that was cut short or is none is not sent to anybody; words may be cut."""
    assert fields.read_address(value) == told
    assert len(fields.read_words("x" * 3000)) == 2000


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        *(("MaybeId", none, None) for none in (None, "", " ", "0", 0, "000")),
        *(("MaybeId", one, "10") for one in ("10", 10)),
        *((kind, none, None) for kind in ("MaybeMoney", "MaybeCount", "MaybeFlag") for none in (None, "")),
        ("MaybeMoney", "1,5", Decimal("1.50")),
        ("MaybeCount", "0", 0),
        ("MaybeFlag", "False", False),
    ],
)
def test_what_may_be_missing_is_none_then(kind: str, value: object, told: object):
    """Zero is nobody's id, and somebody's count."""
    adapter: TypeAdapter[Any] = TypeAdapter(getattr(fields, kind))
    assert adapter.validate_python(value) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Jan Janssens", "Jan Janssens"),
        ("  Jan \t\r\n Janssens ", "Jan Janssens"),
        ("Jan\x00\x1b\x7f\x85Janssens", "Jan Janssens"),
        ("a\x00b", "ab"),
        ("a \x00 b", "a b"),
        ("Rene\u0301e", "Ren\u00e9e"),
        ("\u202eJan\u202c \u2066x\u2069", "Jan x"),
        ("x\ud800y\udfff", "xy"),
        ("\ufffe\uffff\ue000", ""),
        ("&<>\"'", "&<>\"'"),
        ("</Say><Dial>0900</Dial>", "</Say><Dial>0900</Dial>"),
        ("Caf\u00e9 \U0001f600", "Caf\u00e9 \U0001f600"),
        ("a\u00a0b\u2028c\u3000d", "a b c d"),
        ("\u00ad\u200b\ufeff", ""),
        ("", ""),
    ],
)
def test_text_is_made_fit_to_be_spoken(text: str, told: str):
    """Controls go, letters stay, markup stays text."""
    assert clean_text(text) == told


def test_a_long_text_is_cut_where_it_stands():
    """200 characters, and no space left hanging at the cut."""
    assert clean_text("x" * 100_000) == "x" * MAX_SPOKEN
    assert clean_text("x" * (MAX_SPOKEN - 1) + " yz") == "x" * (MAX_SPOKEN - 1)
