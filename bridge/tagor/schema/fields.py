"""The kinds of value Tagor sends, as real offices send them, each read strictly into one Python type.

Every reader raises `ValueError` for what it does not know; none of them guesses. JSON numbers arrive here
as `int` or `Decimal`, never as `float` (see `reply`).
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, PlainValidator

from bridge.tagor.schema.sanitize import clean_text

T = TypeVar("T")

MAX_MONEY = Decimal(10_000_000)
"""Euro; an amount beyond it, owed or in credit, is a mistake and no answer."""

LONGEST_ADDRESS = 2000
"""Characters of a web address, which loses its meaning when it is cut short."""

LONGEST_WORDS = 2000
"""Characters of what is read by employees, and looked through for what the bridge wrote."""

OFFICE_TIME = ZoneInfo("Europe/Brussels")
"""The time on the office's clocks, in which Tagor writes a moment without saying so."""

_CENT = Decimal("0.01")
_ID = re.compile(r"[0-9]{1,20}")
# Three decimals in a string may be thousands: "1.234" is refused rather than read a thousandfold wrong.
_AMOUNT = re.compile(r"-?[0-9]{1,12}(?:[.,](?:[0-9]{1,2}|[0-9]{2}0{2,}))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
_COUNT = re.compile(r"[0-9]{1,7}")
_NO_DATES = ("", "0000-00-00")
_LANGUAGES = {"Dut": "nl", "Frn": "fr", "Ger": "de", "Eng": "en"}


def read_id(value: object) -> str:
    """Return an id as its digits; a fraction is refused, for 64 bits do not fit into a float."""
    digits = str(value) if type(value) is int else value
    if isinstance(digits, str) and _ID.fullmatch(digits):
        return digits
    raise ValueError("an id has 1 to 20 digits")


def read_money(value: object) -> Decimal:
    """Return euro with two decimals from a number, or from text with a dot or a comma."""
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        value = value.replace(",", ".")
    elif type(value) not in (int, Decimal):
        raise ValueError("an amount is a number, or digits with at most one dot or comma")
    amount = Decimal(value)  # type: ignore[arg-type]  # both branches leave int, Decimal or str
    if not -MAX_MONEY <= amount <= MAX_MONEY:
        raise ValueError("an amount lies within ten million euro")
    cents = amount.quantize(_CENT)
    if cents != amount:
        raise ValueError("an amount has at most two decimals")
    return cents + 0  # no caller owes minus zero


def read_date(value: object) -> date | None:
    """Return a date; null, an empty text and a date of zeros are no date."""
    if value is None or value in _NO_DATES:
        return None
    if isinstance(value, str) and _DATE.fullmatch(value):
        return date.fromisoformat(value)
    raise ValueError("a date is written as year-month-day")


def read_moment(value: object) -> datetime | None:
    """Return a moment on the office's clocks; null and an empty text are none."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        told = datetime.fromisoformat(value)
        return told.astimezone(OFFICE_TIME) if told.tzinfo else told.replace(tzinfo=OFFICE_TIME)
    raise ValueError("a moment is written as year-month-dayThour:minute:second")


def write_moment(moment: datetime) -> str:
    """Return a moment as Tagor writes it; raises `ValueError` where nobody knows whose clock it is on."""
    if moment.tzinfo is None:
        raise ValueError("The moment cannot be sent to Tagor: give it with its time zone.")
    return f"{moment.astimezone(OFFICE_TIME):%Y-%m-%dT%H:%M:%S}.000"


def read_bool(value: object) -> bool:
    """Return a yes or no, also when it is written as text; a number is neither."""
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise ValueError("a yes or no is true or false")


def read_text(value: object) -> str:
    """Return clean text; numbers are kept as written, null is empty (see `clean.clean_text`)."""
    return "" if value is None else clean_text(_written(value))


def read_words(value: object) -> str:
    """Return clean text of at most `LONGEST_WORDS`, otherwise as `read_text`."""
    return "" if value is None else clean_text(_written(value), LONGEST_WORDS)


def read_name(value: object) -> str:
    """Return clean text that says something; an empty one is refused."""
    if text := read_text(value):
        return text
    raise ValueError("a name has at least one character")


def read_address(value: object) -> str:
    """Return a web address, or nothing when it is not one a caller could open."""
    address = "" if value is None else clean_text(_written(value), LONGEST_ADDRESS + 1)
    fits = address.startswith(("https://", "http://")) and len(address) <= LONGEST_ADDRESS
    return address if fits and " " not in address else ""


def read_count(value: object) -> int:
    """Return a whole number of at most 7 digits, also from text or from a fraction that is whole."""
    if isinstance(value, Decimal) and 0 <= value <= MAX_MONEY and value == int(value):
        value = int(value)
    digits = str(value) if type(value) is int else value
    if isinstance(digits, str) and _COUNT.fullmatch(digits):
        return int(digits)
    raise ValueError("a count is a whole number of at most 7 digits")


def read_language(value: object) -> str | None:
    """Return `nl`, `fr`, `de` or `en`; any other language is unknown: the office's own is spoken then."""
    return _LANGUAGES.get(value) if isinstance(value, str) else None


def write_language(language: str) -> str:
    """Return what Tagor calls `nl`, `fr`, `de` or `en`; raises `ValueError` for any other language."""
    for written, ours in _LANGUAGES.items():
        if ours == language:
            return written
    raise ValueError("The language cannot be sent to Tagor: it is one of nl, fr, de and en.")


def _unless_zero(identity: str | None) -> str | None:
    return identity if identity and identity.strip("0") else None


def _written(value: object) -> str:
    if isinstance(value, str) or type(value) is int:
        return str(value)
    raise ValueError("a text is text or a whole number")


def _unless_empty(read: Callable[[object], T]) -> Callable[[object], T | None]:
    return lambda value: None if value in (None, "") else read(value)


TagorId = Annotated[str, PlainValidator(read_id)]
# Zero is nobody's id.
MaybeId = Annotated[str | None, PlainValidator(_unless_empty(read_id)), AfterValidator(_unless_zero)]
Money = Annotated[Decimal, PlainValidator(read_money)]
MaybeMoney = Annotated[Decimal | None, PlainValidator(_unless_empty(read_money))]
LooseDate = Annotated[date | None, PlainValidator(read_date)]
LooseMoment = Annotated[datetime | None, PlainValidator(read_moment)]
LooseBool = Annotated[bool, PlainValidator(read_bool)]
Text = Annotated[str, PlainValidator(read_text)]
Words = Annotated[str, PlainValidator(read_words)]
Name = Annotated[str, PlainValidator(read_name)]
WebAddress = Annotated[str, PlainValidator(read_address)]
Count = Annotated[int, PlainValidator(read_count)]
MaybeCount = Annotated[int | None, PlainValidator(_unless_empty(read_count))]
Language = Annotated[str | None, PlainValidator(read_language)]
