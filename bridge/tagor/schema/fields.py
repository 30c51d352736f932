"""The kinds of value that Tagor sends, each read tolerantly in form and strictly in meaning.

Every reader raises `ValueError` for a value whose meaning is not certain; none of them guesses. `answer`
decides what that costs. JSON numbers arrive here as `int` or `Decimal`, never as `float` (see `answer`).
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from types import NoneType
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, PlainValidator

T = TypeVar("T")

Content = dict[str, object]
"""The fields inside the envelope of an answer, with numbers as `int` or `Decimal`."""

MAX_MONEY = Decimal(10_000_000)
"""Euro; an amount beyond it, owed or in credit, is a mistake and no answer."""

MAX_SPOKEN = 200
"""Characters a spoken text may have."""

MAX_ADDRESS = 2000
"""Characters of a web address, which loses its meaning when it is cut short."""

MAX_WORDS = 2000
"""Characters of a text that employees read and that is searched for what the bridge wrote."""

MAX_TEXT = 20_000
"""Characters of a text of many lines, such as the details of a debt."""

OFFICE_TIME = ZoneInfo("Europe/Brussels")
"""The time on the office's clocks, in which Tagor writes a moment without saying so."""

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
"""Days outside are placeholders (0001-01-01, 1899-12-30, 9999-12-31), or too old to be told."""

_CENT = Decimal("0.01")
_NOISE = Decimal("0.001")  # euro; what a calculation with floats leaves is far smaller
# `[0-9]` throughout, because `\d` also takes the digits of other scripts.
_ID = re.compile(r"[0-9]{1,20}")
# Three decimals in a text may be thousands, so "1.234" and "1.500" are refused rather than read a thousand
# times too small. A third decimal of 0 after another digit, as in "318.070", is taken for cents; after four
# digits, or after a leading 0, three decimals cannot be thousands.
_AMOUNT = re.compile(
    r"-?(?:[0-9]{1,12}(?:[.,](?:[0-9]{1,2}|[0-9][1-9]0|[0-9]{4,20}))?|(?:0|[0-9]{4,12})[.,][0-9]{3})"
)
# A day with a time that no clock shows is refused: 24:00 is midnight of the day after.
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_DAY = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:[T ]{_TIME}(?::[0-5][0-9](?:\.[0-9]{{1,6}})?)?)?")
_MOMENT = re.compile(
    rf"[12][0-9]{{3}}-[0-9]{{2}}-[0-9]{{2}}[T ]{_TIME}:[0-5][0-9]"
    r"(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
_COUNT = re.compile(r"[0-9]{1,7}")
_UNSPEAKABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = re.compile(r"\s+")
_LANGUAGES = {"Dut": "nl", "Frn": "fr", "Ger": "de", "Eng": "en"}


def _stripped(value: object) -> object:
    """Return a text without the blanks around it, any other value as it is."""
    return value.strip() if isinstance(value, str) else value


def read_id(value: object) -> str:
    """Return an id as its digits; a fraction is refused, because 64 bits do not fit into a float."""
    value = _stripped(value)
    # By `type`, not `isinstance`: to Python a boolean is an int, and `true` would be the id 1.
    digits = str(value) if type(value) is int else value
    if isinstance(digits, str) and _ID.fullmatch(digits):
        return digits
    raise ValueError("an id has 1 to 20 digits")


def read_money(value: object) -> Decimal:
    """Return euro with two decimals from a number, or from text with a dot or a comma.

    The rest that calculating with floats leaves, below a tenth of a cent, is dropped.
    """
    amount = _amount(value)
    cents = amount.quantize(_CENT)
    if abs(amount - cents) >= _NOISE:
        raise ValueError("an amount has at most two decimals")
    return cents + 0  # an amount of minus zero would be spoken as a credit


def read_instalment(value: object) -> Decimal:
    """Return euro a month, rounded to the cent: it may be a balance divided by a number of months."""
    return _amount(value).quantize(_CENT, ROUND_HALF_UP) + 0


def _amount(value: object) -> Decimal:
    value = _stripped(value)
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        value = Decimal(value.replace(",", "."))
    elif type(value) is int:
        value = Decimal(value)
    if isinstance(value, Decimal) and -MAX_MONEY <= value <= MAX_MONEY:
        return value
    raise ValueError("an amount is a number within ten million euro, with at most one dot or comma")


def read_date(value: object) -> date | None:
    """Return a day, also from a moment; null, an empty text and a placeholder are no day."""
    value = _stripped(value)
    if value in (None, "", "0000-00-00"):
        return None
    if isinstance(value, str) and (written := _DAY.fullmatch(value)):
        day: date | None = date.fromisoformat(written[1])
    else:
        # A moment with a zone may be on another day by the office's clocks.
        moment = read_moment(value)
        day = moment.date() if moment else None
    return day if day and FIRST_DAY <= day <= LAST_DAY else None


def read_moment(value: object) -> datetime | None:
    """Return a moment on the office's clocks; null, an empty text and a placeholder are none."""
    value = _stripped(value)
    if value is None or value == "":
        return None
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        read = datetime.fromisoformat(value)
        read = read.astimezone(OFFICE_TIME) if read.tzinfo else read.replace(tzinfo=OFFICE_TIME)
        return read if FIRST_DAY <= read.date() <= LAST_DAY else None
    raise ValueError("a moment is written as year-month-dayThour:minute:second")


def write_moment(moment: datetime) -> str:
    """Return a moment as Tagor writes it; raises `ValueError` for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("The moment cannot be sent to Tagor: give it with its time zone.")
    return f"{moment.astimezone(OFFICE_TIME):%Y-%m-%dT%H:%M:%S}.000"


def read_bool(value: object) -> bool:
    """Return a yes or no, also from text in any letter case; a number is neither."""
    if isinstance(value, bool):
        return value
    written = value.strip().lower() if isinstance(value, str) else ""
    if written in ("true", "false"):
        return written == "true"
    raise ValueError("a yes or no is true or false")


def read_text(value: object, longest: int = MAX_SPOKEN) -> str:
    """Return clean text; numbers are kept as written, null is empty (see `clean_text`)."""
    if value is None:
        return ""
    if isinstance(value, str) or type(value) is int:
        return clean_text(str(value), longest)
    raise ValueError("a text is text or a whole number")


def read_words(value: object) -> str:
    """Return clean text of at most `MAX_WORDS`, otherwise as `read_text`."""
    return read_text(value, MAX_WORDS)


def clean_text(text: str, longest: int = MAX_SPOKEN) -> str:
    """Return `text` in NFC, without controls (bidi, XML-illegal, lone surrogates), at most `longest` long.

    Runs of white space become one space; cleaning a cleaned text changes nothing.
    """
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip()[:longest].rstrip()  # nearly all texts: nothing else to clean
    # White space first: line breaks and tabs are controls too, but they separate words.
    spaced = _SPACES.sub(" ", text)
    kept = "".join(sign for sign in spaced if unicodedata.category(sign) not in _UNSPEAKABLE)
    # Without its controls a text may have two spaces in a row, and NFC can make one sign of two.
    return _SPACES.sub(" ", unicodedata.normalize("NFC", kept)).strip()[:longest].rstrip()


def read_lines(value: object) -> tuple[str, ...]:
    """Return a text as its lines, each clean, without empty ones."""
    if not isinstance(value, (str, NoneType)):
        raise ValueError("lines are text")  # noqa: TRY004 - pydantic passes a TypeError on
    lines = map(clean_text, (value or "")[:MAX_TEXT].splitlines())
    return tuple(line for line in lines if line)


def read_name(value: object) -> str:
    """Return clean text of at least one character."""
    if text := read_text(value):
        return text
    raise ValueError("a name has at least one character")


def read_address(value: object) -> str:
    """Return a web address, or nothing when it is not one that a caller could open."""
    address = read_text(value, MAX_ADDRESS + 1)
    fits = address.startswith(("https://", "http://")) and len(address) <= MAX_ADDRESS
    return address if fits and " " not in address else ""


def read_count(value: object) -> int:
    """Return a whole number of at most 7 digits, also from text or from a fraction that is whole."""
    value = _stripped(value)
    if isinstance(value, Decimal) and 0 <= value <= MAX_MONEY and value == int(value):
        value = int(value)
    digits = str(value) if type(value) is int else value
    if isinstance(digits, str) and _COUNT.fullmatch(digits):
        return int(digits)
    raise ValueError("a count is a whole number of at most 7 digits")


def read_language(value: object) -> str | None:
    """Return `nl`, `fr`, `de` or `en`; any other language is unknown: the office's own is spoken then."""
    return _LANGUAGES.get(value.strip().capitalize()) if isinstance(value, str) else None


def write_language(language: str) -> str:
    """Return Tagor's word for `nl`, `fr`, `de` or `en`; raises `ValueError` for any other language."""
    for written, ours in _LANGUAGES.items():
        if ours == language:
            return written
    raise ValueError("The language cannot be sent to Tagor: it is one of nl, fr, de and en.")


def _unless_zero(identity: str | None) -> str | None:
    return identity if identity and identity.strip("0") else None


def _unless_empty(read: Callable[[object], T]) -> Callable[[object], T | None]:
    return lambda value: None if _stripped(value) in (None, "") else read(value)


TagorId = Annotated[str, PlainValidator(read_id)]
# Zero is nobody's id.
MaybeId = Annotated[str | None, PlainValidator(_unless_empty(read_id)), AfterValidator(_unless_zero)]
Money = Annotated[Decimal, PlainValidator(read_money)]
MaybeMoney = Annotated[Decimal | None, PlainValidator(_unless_empty(read_money))]
Instalment = Annotated[Decimal, PlainValidator(read_instalment)]
MaybeInstalment = Annotated[Decimal | None, PlainValidator(_unless_empty(read_instalment))]
Day = Annotated[date | None, PlainValidator(read_date)]
Moment = Annotated[datetime | None, PlainValidator(read_moment)]
Flag = Annotated[bool, PlainValidator(read_bool)]
MaybeFlag = Annotated[bool | None, PlainValidator(_unless_empty(read_bool))]
Text = Annotated[str, PlainValidator(read_text)]
# For a text whose absence must not be taken for an empty one.
MaybeText = Annotated[str | None, PlainValidator(read_text)]
Words = Annotated[str, PlainValidator(read_words)]
Name = Annotated[str, PlainValidator(read_name)]
WebAddress = Annotated[str, PlainValidator(read_address)]
Count = Annotated[int, PlainValidator(read_count)]
MaybeCount = Annotated[int | None, PlainValidator(_unless_empty(read_count))]
Language = Annotated[str | None, PlainValidator(read_language)]
