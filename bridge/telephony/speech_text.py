"""Makes plain text fit for a voice: only what can be spoken, slow where asked, in parts a voice takes."""

import re
from collections.abc import Iterator

MAX_SAY_CHARACTERS = 3000
"""How many characters of one prompt every voice of every provider speaks (Polly's limit, the smallest)."""

_SENTENCE_END = re.compile(r"[.!?]\s")
_WORDS_BETWEEN_PAUSES = 3


def clean(text: str) -> str:
    """Keep what can be spoken and written as XML: no control or bidi characters, single spaces."""
    if not text.isprintable():
        text = "".join(one if one.isprintable() else " " if one.isspace() else "" for one in text)
    return " ".join(text.split())


def slow_down(text: str) -> str:
    """Make any voice pause after every third word, by commas, for providers that take no speaking rate."""
    words = text.split(" ")
    for at in range(_WORDS_BETWEEN_PAUSES - 1, len(words) - 1, _WORDS_BETWEEN_PAUSES):
        words[at] += "" if words[at][-1] in ",.;:!?" else ","
    return " ".join(words)


def split(text: str, max_length: int = MAX_SAY_CHARACTERS) -> Iterator[str]:
    """Cut text into parts of at most `max_length`: after a sentence, else between words, else anywhere."""
    while len(text) > max_length:
        head = text[:max_length]
        sentence_ends = [found.end() for found in _SENTENCE_END.finditer(head)]
        end = sentence_ends[-1] if sentence_ends else max(head.rfind(" "), 0) or len(head)
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text
