"""Plain text made fit for a voice: nothing unspeakable, slow where asked, never longer than a voice takes."""

import re
from collections.abc import Iterator

MAX_IN_ONE = 3000
"""Characters of one prompt that every voice of every provider speaks (Polly's limit, the smallest)."""

_SENTENCE_END = re.compile(r"[.!?]\s")
_WORDS_PER_BREATH = 3


def clean(text: str) -> str:
    """Keep what can be spoken and written as XML: no control or bidi characters, single spaces."""
    if not text.isprintable():
        text = "".join(one if one.isprintable() else " " if one.isspace() else "" for one in text)
    return " ".join(text.split())


def slowed(text: str) -> str:
    """Make any voice pause after every third word, by commas: for providers that take no speaking rate."""
    words = text.split(" ")
    for at in range(_WORDS_PER_BREATH - 1, len(words) - 1, _WORDS_PER_BREATH):
        words[at] += "" if words[at][-1] in ",.;:!?" else ","
    return " ".join(words)


def pieces(text: str, most: int = MAX_IN_ONE) -> Iterator[str]:
    """Cut text into parts of at most `most` characters: after a sentence, else between words, else inside."""
    while len(text) > most:
        end = _end(text[:most])
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text


def _end(head: str) -> int:
    ends = [found.end() for found in _SENTENCE_END.finditer(head)]
    return ends[-1] if ends else max(head.rfind(" "), 0) or len(head)
