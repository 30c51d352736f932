"""Writes values as an employee reads them in a note."""

from collections.abc import Callable, Mapping

from bridge.speech.dates import parse_date
from bridge.speech.numbers import parse_amount, parse_count
from bridge.speech.times import parse_time
from bridge.speech.wording import Unspeakable

# Dutch, French and German write 1.234,56 where English writes 1,234.56.
_TURNED = str.maketrans(",.", ".,")


def _amount(value: str, language: str) -> str:
    plain = f"{parse_amount(value):,.2f} EUR"
    return plain if language == "en" else plain.translate(_TURNED)


def _as_it_is(value: str, _language: str) -> str:
    return value


_WRITERS: Mapping[str, Callable[[str, str], str]] = {
    "money": _amount,
    "date": lambda value, _: f"{parse_date(value):%d/%m/%Y}",
    "day": lambda value, _: f"{parse_date(value):%d/%m/%Y}",
    "time": lambda value, _: f"{parse_time(value):%H:%M}",
    "months": lambda value, _: str(parse_count(value)),
    "count": lambda value, _: str(parse_count(value)),
}


def write(kind: str, value: str, language: str) -> str:
    """Return a value of a kind (see `wording`) as readers of `language` write it; texts stay as they are.

    Raises:
        Unspeakable: the value does not fit its kind.
    """
    try:
        return _WRITERS.get(kind, _as_it_is)(value, language)
    except ValueError:
        raise Unspeakable(kind) from None  # the first error may quote the value
