"""Estimates how long a voice takes to say a text, well enough to find a prompt that nobody can remember.

The pinned voices say about 150 words a minute at normal speed; in the four languages that is about 15
characters a second, blanks included. Written digits are shorter than spoken ones, so a lone digit counts as
its word (`zeven`) and a digit inside a number as its share of the words (`-negentigduizend-`). A comma rests
a quarter of a second, the end of a sentence half a second. None of this has been measured on a real line.
"""

import re

_CHARACTERS_PER_SECOND = 15
_LONE_FIGURE, _FIGURE_IN_NUMBER = 5, 9
_SHORT_REST, _LONG_REST = 4, 8

_NUMBERS = re.compile(r"[0-9]+")


def spoken_characters(text: str) -> int:
    """Count the characters that a voice says, with digits as words and rests as characters."""
    numbers = [len(number) for number in _NUMBERS.findall(text)]
    figures = sum(_LONE_FIGURE if size == 1 else _FIGURE_IN_NUMBER * size for size in numbers)
    short_rests = sum(map(text.count, ",;:")) * _SHORT_REST
    long_rests = sum(map(text.count, ".!?")) * _LONG_REST
    return len(text) - sum(numbers) + figures + short_rests + long_rests


def speaking_seconds(text: str) -> float:
    """Estimate how many seconds a text takes; `LONGEST[kind]` letters stand for an unknown value."""
    return spoken_characters(text) / _CHARACTERS_PER_SECOND
