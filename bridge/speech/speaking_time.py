"""Estimates how long a voice takes to say a text, well enough to find a prompt that nobody can remember.

The pinned voices say about 150 words a minute at normal speed, rests included. A figure counts as a word: as
many words as `1234` has figures are about what each of the four languages needs for it. So one rate counts
everywhere. It was not measured on a real line.
"""

import re

WORDS_A_SECOND = 2.5

_WORDS = re.compile(r"[0-9]|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")


def spoken_words(text: str) -> int:
    """Count the words that a voice says; every figure and every letter that stands alone is one."""
    return len(_WORDS.findall(text))


def speaking_seconds(text: str) -> float:
    """Estimate how many seconds a text takes; `LONGEST[kind]` words stand for an unknown value."""
    return spoken_words(text) / WORDS_A_SECOND
