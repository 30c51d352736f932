"""Writes dates as a voice should read them: the weekday, the day, the month, and any year but this one.

The word before a date belongs to the prompt: nl `op`, fr `le`, de `am`, en `on`. A day that may be today or
tomorrow is written by `say_day`, with that word where it has one.
"""

import re
from collections.abc import Mapping
from datetime import date

from bridge.speech.languages import LANGUAGES, LOCALES

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_BEFORE = {"nl": "op", "fr": "le", "de": "am", "en": "on"}
_NEAR = {
    "nl": ("vandaag", "morgen"),
    "fr": ("aujourd'hui", "demain"),
    "de": ("heute", "morgen"),
    "en": ("today", "tomorrow"),
}

WEEKDAYS: Mapping[str, Mapping[int, str]] = {
    language: dict(LOCALES[language].days["format"]["wide"]) for language in LANGUAGES
}
"""The name of each day of the week by language, such as `maandag`; Monday is 0."""

_MONTHS = {language: dict(LOCALES[language].months["format"]["wide"]) for language in LANGUAGES}

# A voice takes the point of "3. Februar" for an ordinal or for the end of a sentence, and guesses the ending
# ("dritter", "dritten"). Written out, in the form that follows "den", the word leaves nothing to guess.
_GERMAN_ORDINALS = (  # noqa: SIM905 - one word a line would bury the module under its table
    "ersten zweiten dritten vierten fünften sechsten siebten achten neunten zehnten elften zwölften "
    "dreizehnten vierzehnten fünfzehnten sechzehnten siebzehnten achtzehnten neunzehnten zwanzigsten "
    "einundzwanzigsten zweiundzwanzigsten dreiundzwanzigsten vierundzwanzigsten fünfundzwanzigsten "
    "sechsundzwanzigsten siebenundzwanzigsten achtundzwanzigsten neunundzwanzigsten dreißigsten "
    "einunddreißigsten"
).split()


def parse_date(text: str) -> date:
    """Read a date written `2026-03-01`; raises ValueError for any other form or an impossible day."""
    if not _ISO.fullmatch(text):
        raise ValueError("a date is written year-month-day")
    return date.fromisoformat(text)


def say_date(day: date, language: str, today: date) -> str:
    """Return a date such as `maandag 3 februari`; raises ValueError outside 1900-2099, which is a mistake."""
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(f"a date lies between {_FIRST_YEAR} and {_LAST_YEAR}")
    year = "" if day.year == today.year else f" {day.year}"
    after_weekday = ", den" if language == "de" else ""
    number, month = str(day.day), _MONTHS[language][day.month]
    if language == "de":
        number = _GERMAN_ORDINALS[day.day - 1]
    elif language == "fr" and day.day == 1:
        number = "1er"  # French has an ordinal for the first of a month only
    return f"{WEEKDAYS[language][day.weekday()]}{after_weekday} {number} {month}{year}"


def say_day(day: date, language: str, today: date) -> str:
    """Return a day with the word that goes before it: `vandaag`, `morgen`, `op maandag 3 februari`."""
    if (ahead := (day - today).days) in (0, 1):
        return _NEAR[language][ahead]
    return f"{_BEFORE[language]} {say_date(day, language, today)}"
