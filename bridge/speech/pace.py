"""How long a voice takes to say something, roughly; good enough to find the prompt nobody can remember.

Basis: the pinned voices at normal speed say about 150 words a minute, in the four languages some 15
characters a second, blanks included. Written figures are shorter than spoken ones, so a lone figure counts
as its word (`zeven`) and a figure inside a number as its share of the words (`-negentigduizend-`). A comma
rests a quarter of a second, the end of a sentence half a second. Not yet measured on a real line.
"""

import re

_CHARACTERS_PER_SECOND = 15
_LONE_FIGURE, _FIGURE_IN_NUMBER = 5, 9
_SHORT_REST, _LONG_REST = 4, 8

_NUMBERS = re.compile(r"[0-9]+")


def spoken_characters(text: str) -> int:
    """Count the characters a voice says, with figures as words and rests in the time of characters."""
    numbers = [len(number) for number in _NUMBERS.findall(text)]
    figures = sum(_LONE_FIGURE if size == 1 else _FIGURE_IN_NUMBER * size for size in numbers)
    short_rests = sum(map(text.count, ",;:")) * _SHORT_REST
    long_rests = sum(map(text.count, ".!?")) * _LONG_REST
    return len(text) - sum(numbers) + figures + short_rests + long_rests


def seconds(text: str) -> float:
    """Estimate how many seconds a text takes; put `LONGEST[kind]` letters where a value will stand."""
    return spoken_characters(text) / _CHARACTERS_PER_SECOND
