"""The edges of what Tagor sends: the last value that is read, and the first that is not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import TypeAdapter

from bridge.tagor.schema import fields
from bridge.tagor.schema.fields import (
    OFFICE_TIME,
    read_address,
    read_count,
    read_id,
    read_language,
    read_moment,
    read_money,
    read_text,
    read_words,
    write_language,
    write_moment,
)

SUMMER = datetime(2026, 7, 1, 12, 30, 15, tzinfo=OFFICE_TIME)


@pytest.mark.parametrize(
    "text", ["0" * 12, "-" + "0" * 12, "10000000", "-10000000.00", "0,5", "1.10", "1.1000"]
)
def test_an_amount_of_up_to_twelve_digits_is_read(text: str):
    """With a dot or a comma, and as many zeros at its end as a database writes."""
    assert read_money(text) == Decimal(text.replace(",", "."))


@pytest.mark.parametrize(
    "text", ["0" * 13, "10000000.01", "-10000000.01", "1.", ".1", "1.100.", "1.123", "1.120x"]
)
def test_another_amount_is_refused(text: str):
    """One digit, one cent or one sign too many."""
    with pytest.raises(ValueError, match="an amount"):
        read_money(text)


@pytest.mark.parametrize("value", [Decimal(5), True, 5.0, b"5", "", "1" * 21, -1])
def test_an_id_is_a_whole_number_or_its_digits(value: object):
    """Nothing that only looks like one."""
    with pytest.raises(ValueError, match="an id"):
        read_id(value)
    assert read_id("1" * 20) == "1" * 20


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-01T12:30:15", SUMMER),
        ("2026-07-01T12:30:15.0", SUMMER),
        ("2026-07-01T12:30:15.123456", SUMMER.replace(microsecond=123456)),
        ("2026-07-01T10:30:15Z", SUMMER),
        ("2026-07-01T10:30:15.000Z", SUMMER),
        ("2026-07-01T08:30:15-02:00", SUMMER),
        ("2026-07-01T12:30:15+02:00", SUMMER),
    ],
)
def test_a_moment_is_on_the_offices_clocks(text: str, moment: datetime):
    """Whether it says so or not."""
    told = read_moment(text)
    assert told == moment
    assert told.tzinfo is OFFICE_TIME


@pytest.mark.parametrize("value", [None, ""])
def test_no_moment_is_none(value: object):
    """Tagor writes it in two ways."""
    assert read_moment(value) is None


@pytest.mark.parametrize(
    "value",
    [
        *("2026-07-01", "2026-07-01 12:30:15", "3026-07-01T12:30:15", "2026-07-01T12:30", "x", "XX", 0, []),
        *("2026-07-01T12:30:15.1234567", "2026-07-01T12:30:15.", "2026-07-01T12:30:15+2:00"),
        *("20261-07-01T12:30:15", "2026-007-01T12:30:15", "2026-07-001T12:30:15", "2026-07-01T012:30:15"),
        *(
            "2026-07-01T12:030:15",
            "2026-07-01T12:30:015",
            "2026-07-01T12:30:15+002:00",
            "2026-07-01T12:30:15+02:000",
        ),
        *("2026-W27-3T12:30:15", "20260701T123015", "2026-07-01T12:30:15z"),
    ],
)
def test_a_moment_written_otherwise_is_refused(value: object):
    """None of it is guessed at."""
    with pytest.raises(ValueError, match="moment"):
        read_moment(value)


def test_a_moment_is_sent_on_the_offices_clocks():
    """With thousandths that are zero; one on nobody's clock is not sent."""
    for one in (SUMMER, SUMMER.astimezone(UTC), SUMMER.astimezone(timezone(timedelta(hours=-5)))):
        assert write_moment(one) == "2026-07-01T12:30:15.000"
    with pytest.raises(ValueError, match="with its time zone"):
        write_moment(SUMMER.replace(tzinfo=None))


@pytest.mark.parametrize("reader", [read_words, read_address])
def test_what_is_longer_than_2000_signs_is_cut_or_nothing(reader: Callable[[object], str]):
    """Words are cut; an address would lose its meaning."""
    whole = "https://a.be/" + "x" * 1987
    assert reader(whole) == whole
    assert reader(whole + "y") == (whole if reader is read_words else "")


@pytest.mark.parametrize("reader", [read_words, read_text, read_address])
def test_nothing_is_empty(reader: Callable[[object], str]):
    """As is null."""
    assert reader(None) == ""
    assert reader("") == ""


def test_words_may_be_a_number():
    """They are kept as written."""
    assert read_words(17) == "17"
    assert read_words("17 \n18") == "17 18"


@pytest.mark.parametrize("value", ["http://a.be", "https://a.be"])
def test_a_web_address_is_one_a_caller_can_open(value: str):
    """No blank in it, and no other way to get there."""
    assert read_address(value) == value
    for other in (value.replace("http", "ftp"), f"{value}/a b", value[1:]):
        assert read_address(other) == ""


@pytest.mark.parametrize(
    ("value", "told"),
    [(0, 0), (Decimal(0), 0), (Decimal("7.00"), 7), (Decimal("1E+1"), 10), ("0", 0), ("9999999", 9999999)],
)
def test_a_count_may_be_a_fraction_that_is_whole(value: object, told: int):
    """Zero too."""
    assert read_count(value) == told


@pytest.mark.parametrize(
    "value",
    [
        *(Decimal("Infinity"), Decimal("-Infinity"), Decimal("1E+999999"), Decimal("1.5")),
        *(Decimal(-1), Decimal(10_000_000), Fraction(5), True, 5.0, 10_000_000, "10000000", ""),
    ],
)
def test_what_is_no_count_is_a_value_error(value: object):
    """However large it is: nobody waits for a million digits."""
    with pytest.raises(ValueError, match="a count"):
        read_count(value)


@pytest.mark.parametrize(("ours", "theirs"), [("nl", "Dut"), ("fr", "Frn"), ("de", "Ger"), ("en", "Eng")])
def test_a_language_goes_both_ways(ours: str, theirs: str):
    """The same four."""
    assert write_language(ours) == theirs
    assert read_language(theirs) == ours


@pytest.mark.parametrize("other", ["", "es", "Dut"])
def test_another_language_is_not_sent(other: str):
    """Nobody would read it."""
    with pytest.raises(ValueError, match="one of nl, fr, de and en"):
        write_language(other)


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        *(("MaybeId", none, None) for none in (None, "", "0", 0, "000")),
        *(("MaybeId", one, "10") for one in ("10", 10)),
        *(("MaybeMoney", none, None) for none in (None, "")),
        ("MaybeMoney", "1,5", Decimal("1.50")),
        *(("MaybeCount", none, None) for none in (None, "")),
        ("MaybeCount", "0", 0),
    ],
)
def test_what_may_be_missing_is_none_then(kind: str, value: object, told: object):
    """Zero is nobody's id, and somebody's count."""
    adapter: TypeAdapter[Any] = TypeAdapter(getattr(fields, kind))
    assert adapter.validate_python(value) == told


@pytest.mark.parametrize(
    ("value", "told"), [("De Proeve", "De Proeve"), (" An\u200b ", "An"), (20230118, "20230118")]
)
def test_a_name_is_its_clean_text(value: object, told: str):
    """What is nobody's business to see is gone, the rest is as it was."""
    assert fields.read_name(value) == told
