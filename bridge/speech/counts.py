"""Writes whole numbers, alone or with the thing that is counted."""

import re
from collections.abc import Mapping

from bridge.speech.languages import PLURAL_CATEGORY

Forms = Mapping[str, Mapping[str, str]]
"""By language: the word for each plural form, as in `{"en": {"one": "euro", "other": "euros"}}`."""

_FIGURES = re.compile(r"[0-9]{1,4}")

_MONTHS: Forms = {
    "nl": {"one": "maand", "other": "maanden"},
    "fr": {"one": "mois", "other": "mois"},
    "de": {"one": "Monat", "other": "Monate"},
    "en": {"one": "month", "other": "months"},
}


def parse_count(text: str) -> int:
    """Read a number from 0 to 9999 written in digits; raises ValueError for anything else."""
    if not _FIGURES.fullmatch(text):
        raise ValueError("a count is 0 to 9999, in figures")
    return int(text)


def say_counted(number: int, forms: Forms, language: str) -> str:
    """Return a number with its word, as in `3 maanden`; every voice reads whole numbers right by itself."""
    return f"{number} {forms[language][PLURAL_CATEGORY[language](number)]}"


def say_months(number: int, language: str) -> str:
    """Return a number of months; in German it must not follow `in` or `mit`, which would need `Monaten`."""
    return say_counted(number, _MONTHS, language)
