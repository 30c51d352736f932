"""Holds one sentence with places for values, each of a kind that says how it is spoken.

Values come as text from the state of the call; each is checked once more before a caller hears it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from bridge.speech.dates import parse_date, say_date, say_day
from bridge.speech.numbers import (
    parse_amount,
    parse_count,
    say_amount,
    say_digits,
    say_iban,
    say_months,
    say_ogm,
)
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


Values = Mapping[str, tuple[str, str]]
"""By placeholder: (kind, value), where the flow declares the kind and the call found the value."""

MAX_SENTENCE = 3000
"""How many characters the voices take at once (twilio.com/docs/voice/twiml/say/text-speech, Polly)."""

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
# Unicode categories of control and format characters, half characters, private use, line and paragraph ends.
_UNSPEAKABLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_MARKUP = frozenset("<>&")


@dataclass(frozen=True, slots=True)
class RecordedWords:
    """Words of a prompt as a person has read them: a WAV file with a name of its own."""

    name: str
    wav: bytes = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class SpokenText:
    """What a voice reads next: plain text without placeholders, and the language to read it in.

    `pieces` is the same with recordings in place of words; empty where there are none.
    """

    text: str
    language: str
    pieces: tuple[str | RecordedWords, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """A text with `{placeholders}`, and the language that it is spoken in."""

    text: str
    language: str

    # Cached: a sentence is split once, and a turn only puts the values in.
    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """Literal text and names of placeholders in turn; the first and the last piece are literal."""
        return tuple(_PLACEHOLDER.split(self.text))

    @cached_property
    def placeholders(self) -> frozenset[str]:
        """The names of the values that the sentence needs."""
        return frozenset(self.pieces[1::2])

    @cached_property
    def literal_words(self) -> tuple[str, ...]:
        """The words before, between and after the values, without what is only signs or blanks."""
        return tuple(piece.strip() for piece in self.pieces[::2] if _has_words(piece))

    def spoken(self, values: Values, today: date, recorded: Sequence[RecordedWords] = ()) -> SpokenText:
        """Put the values in their places; raises `Unspeakable` for one that does not fit its kind.

        `recorded` holds a recording of each of the `literal_words`, or nothing.
        """
        said = list(self.pieces)
        for place in range(1, len(said), 2):
            kind, value = values[said[place]]
            said[place] = SAYERS[kind](value, self.language, today)
        return SpokenText(
            "".join(said), self.language, tuple(self._mixed(said, recorded)) if recorded else ()
        )

    def _mixed(self, said: Sequence[str], recorded: Sequence[RecordedWords]) -> Iterator[str | RecordedWords]:
        """Put recordings in the place of literal words, and leave out signs that stand alone."""
        coming = iter(recorded)
        for place, piece in enumerate(said):
            if place % 2:
                yield piece
            elif _has_words(self.pieces[place]):
                yield next(coming)


def _has_words(literal: str) -> bool:
    return any(sign.isalnum() for sign in literal)


def faults(text: str) -> Iterator[str]:
    """Yield what keeps a text from being spoken, each as the second half of a sentence."""
    if not text.strip():
        yield "is empty: write what the caller hears"
    if len(text) > MAX_SENTENCE:
        yield f"has {len(text)} characters: a voice takes at most {MAX_SENTENCE}"
    yield from _character_faults(text)
    if any(brace in literal for literal in _PLACEHOLDER.split(text)[::2] for brace in "{}"):
        yield "has a brace that holds no placeholder: write a name of letters, digits and _, as in {owed}"


def _character_faults(text: str) -> Iterator[str]:
    for sign in sorted(set(text)):
        if unicodedata.category(sign) in _UNSPEAKABLE:
            yield f"holds an invisible control character (U+{ord(sign):04X}): remove it, keep all on one line"
        elif sign in _MARKUP:
            yield f"holds the sign {sign}, which no voice says: write a word instead"
