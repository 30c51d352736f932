"""Days of the calendar with their weekday, the month as a word, the year only when it is another one.

What goes before a date belongs to the prompt: nl `op`, fr `le`, de `am`, en `on`.
"""

import re
from datetime import date

from bridge.speech.languages import LANGUAGES, LOCALES

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2099

_WEEKDAYS = {language: dict(LOCALES[language].days["format"]["wide"]) for language in LANGUAGES}
_MONTHS = {language: dict(LOCALES[language].months["format"]["wide"]) for language in LANGUAGES}

# A voice takes the point of "3. Februar" for an ordinal or for the end of a sentence, and guesses its
# ending ("dritter", "dritten"). Written out in the form that follows "den", nothing is left to guess.
_GERMAN_ORDINALS = (  # noqa: SIM905 - one word a line would bury the module under its table
    "ersten zweiten dritten vierten fünften sechsten siebten achten neunten zehnten elften zwölften "
    "dreizehnten vierzehnten fünfzehnten sechzehnten siebzehnten achtzehnten neunzehnten zwanzigsten "
    "einundzwanzigsten zweiundzwanzigsten dreiundzwanzigsten vierundzwanzigsten fünfundzwanzigsten "
    "sechsundzwanzigsten siebenundzwanzigsten achtundzwanzigsten neunundzwanzigsten dreißigsten "
    "einunddreißigsten"
).split()


def parse_date(text: str) -> date:
    """Read a day written `2026-03-01`; ValueError for any other form and for days that do not exist."""
    if not _ISO.fullmatch(text):
        raise ValueError("a date is written year-month-day")
    return date.fromisoformat(text)


def say_date(day: date, language: str, today: date) -> str:
    """Say a day, as in `maandag 3 februari`; ValueError outside 1900-2099, where no office means it."""
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(f"a date lies between {_FIRST_YEAR} and {_LAST_YEAR}")
    year = "" if day.year == today.year else f" {day.year}"
    after_weekday = ", den" if language == "de" else ""
    month = _MONTHS[language][day.month]
    return f"{say_weekday(day, language)}{after_weekday} {_day_of_month(day.day, language)} {month}{year}"


def say_weekday(day: date, language: str) -> str:
    """Say which day of the week a day is, as in `maandag`."""
    return str(_WEEKDAYS[language][day.weekday()])


def _day_of_month(number: int, language: str) -> str:
    if language == "de":
        return _GERMAN_ORDINALS[number - 1]
    return "1er" if language == "fr" and number == 1 else str(number)
