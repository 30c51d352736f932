"""Holds one sentence with places for values, and finds what is wrong with it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bridge.speech.kinds import SAYERS

Values = Mapping[str, tuple[str, str]]
"""By placeholder: (kind, value), where the flow declares the kind and the call found the value."""

MAX_SENTENCE = 3000
"""How many characters the voices take at once (twilio.com/docs/voice/twiml/say/text-speech, Polly)."""

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
# Unicode categories of control and format characters, half characters, private use, line and paragraph ends.
_UNSPEAKABLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_MARKUP = frozenset("<>&")


@dataclass(frozen=True, slots=True)
class SpokenText:
    """What a voice reads next: plain text without placeholders, and the language to read it in."""

    text: str
    language: str


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

    def spoken(self, values: Values, today: date) -> SpokenText:
        """Put the values in their places; raises `Unspeakable` for one that does not fit its kind."""
        said = list(self.pieces)
        for place in range(1, len(said), 2):
            kind, value = values[said[place]]
            said[place] = SAYERS[kind](value, self.language, today)
        return SpokenText("".join(said), self.language)


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
