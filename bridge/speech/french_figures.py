"""Writes French numbers in the words that Belgians use, for a voice that would read them as in France.

A voice of France reads 71 as `soixante-et-onze` and 91 as `quatre-vingt-onze`. In Belgium they are
`septante et un` and `nonante et un`; who is used to those hears 60 and 80 first.
"""

import re

_SMALL = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    *("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
_TENS = (
    *("", "dix", "vingt", "trente", "quarante"),
    *("cinquante", "soixante", "septante", "quatre-vingt", "nonante"),
)
_EIGHTY, _HUNDRED, _THOUSAND, _MILLION = 80, 100, 1_000, 1_000_000

# Leading zeros belong to references, and longer numbers to nothing that is spoken as a number.
_NUMBER = re.compile(r"(?<![\w.,])[1-9][0-9]{1,7}(?![\w])")
_READ_AS_IN_FRANCE = re.compile(r"[79][0-9](?=(?:[0-9]{3})*$)")
"""Seventy or ninety in any group of three figures."""


def in_belgian_words(text: str) -> str:
    """Return a French text in which every number that Belgians say in another way is written out."""
    return _NUMBER.sub(lambda found: _if_needed(found[0]), text)


def _if_needed(figures: str) -> str:
    return _words(int(figures)) if _READ_AS_IN_FRANCE.search(figures) else figures


def _words(number: int) -> str:
    """Return a whole number from 1 to 99,999,999 in words."""
    millions, rest = divmod(number, _MILLION)
    thousands, rest = divmod(rest, _THOUSAND)
    words = []
    if millions:
        words.append(f"{_below_thousand(millions)} million{'s' if millions > 1 else ''}")
    if thousands:
        # Before `mille` neither `cent` nor `vingt` takes its s.
        count = re.sub(r"(cent|vingt)s$", r"\1", _below_thousand(thousands))
        words.append("mille" if thousands == 1 else f"{count} mille")
    if rest:
        words.append(_below_thousand(rest))
    return " ".join(words)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, _HUNDRED)
    if not hundreds:
        return _below_hundred(rest)
    head = "cent" if hundreds == 1 else f"{_SMALL[hundreds]} cent"
    if not rest:
        return f"{head}s" if hundreds > 1 else head
    return f"{head} {_below_hundred(rest)}"


def _below_hundred(number: int) -> str:
    if number < len(_SMALL):
        return _SMALL[number]
    tens, unit = divmod(number, 10)
    if not unit:
        return f"{_TENS[tens]}s" if number == _EIGHTY else _TENS[tens]
    if unit == 1 and tens * 10 != _EIGHTY:
        return f"{_TENS[tens]} et un"
    return f"{_TENS[tens]}-{_SMALL[unit]}"
