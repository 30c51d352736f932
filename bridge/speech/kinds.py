"""Maps each kind of value that a flow declares to the function that writes it for a voice.

Values come as text from the state of the call; each is checked once more before a caller hears it.
"""

from collections.abc import Callable, Mapping
from datetime import date

from bridge.speech.accounts import say_iban, say_ogm
from bridge.speech.counts import parse_count, say_months
from bridge.speech.dates import parse_date, say_date, say_day
from bridge.speech.digits import say_digits
from bridge.speech.money import parse_amount, say_amount
from bridge.speech.times import parse_time, say_time

Sayer = Callable[[str, str, date], str]
"""Takes (value, language, today) and returns what the voice reads; raises `Unspeakable`."""

_LONGEST_TEXT = 500


class Unspeakable(ValueError):
    """A value does not fit its kind, so its sentence cannot be spoken; the error never holds the value."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"a value does not fit the kind {kind!r}: leave out its sentence")
        self.kind = kind


def _strict(kind: str, say: Sayer) -> Sayer:
    def sayer(value: str, language: str, today: date) -> str:
        try:
            return say(value, language, today)
        except ValueError:
            # "From None" drops the first error, which may quote the value.
            raise Unspeakable(kind) from None

    return sayer


def _text(value: str, _language: str, _today: date) -> str:
    if not value.strip() or len(value) > _LONGEST_TEXT:
        raise ValueError("a name or another free text is neither empty nor endless")
    return value


_BY_KIND: Mapping[str, Sayer] = {
    "money": lambda value, language, _: say_amount(parse_amount(value), language),
    "date": lambda value, language, today: say_date(parse_date(value), language, today),
    "day": lambda value, language, today: say_day(parse_date(value), language, today),
    "time": lambda value, language, _: say_time(parse_time(value), language),
    "months": lambda value, language, _: say_months(parse_count(value), language),
    "count": lambda value, _language, _today: str(parse_count(value)),
    "digits": lambda value, _language, _today: say_digits(value),
    "iban": lambda value, _language, _today: say_iban(value),
    "ogm": lambda value, _language, _today: say_ogm(value),
    "text": _text,
}

SAYERS: Mapping[str, Sayer] = {kind: _strict(kind, say) for kind, say in _BY_KIND.items()}
"""`money` ("1234.56"), `date` ("2026-03-01"), `day` (the same, spoken with its `on` or as `today`), `time`
("09:30"), `months` and `count` ("3"), `digits` (a reference, file or phone number), `iban`, `ogm`, `text` (a
name, already cleaned; at most 500 characters)."""

LONGEST: Mapping[str, int] = {
    "money": 9,
    "date": 8,
    "day": 10,
    "time": 7,
    "months": 3,
    "count": 3,
    "digits": 13,
    "iban": 16,
    "ogm": 12,
    "text": 7,
}
"""How many words (see `speaking_time`) a long but real value of each kind takes: an amount below ten
thousand, a reference of twelve signs, a Belgian account, a company's name."""


def plural_number(kind: str, value: str) -> int:
    """Return the number that decides a plural form, from a `count` or `months`; raises `Unspeakable`."""
    try:
        return parse_count(value)
    except ValueError:
        raise Unspeakable(kind) from None
