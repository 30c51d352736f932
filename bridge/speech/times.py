"""Writes times of the day so that nobody can mistake morning for evening."""

import re
from datetime import time

from bridge.speech.numbers import Forms, say_counted

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_NOON, _TWO_DIGITS = 12, 10
_FIRST_OFFICE_HOUR = 7
_FROM_TO = {"nl": "van {} tot {}", "fr": "de {} à {}", "de": "von {} bis {}", "en": "from {} to {}"}
_MIDNIGHT = {"nl": "middernacht", "fr": "minuit", "de": "Mitternacht"}
_ENGLISH_HOURS = (
    *("", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)

_HOURS: Forms = {
    "nl": {"one": "uur", "other": "uur"},
    "fr": {"one": "heure", "other": "heures"},
    "de": {"one": "Uhr", "other": "Uhr"},
}


def parse_time(text: str) -> time:
    """Read a time written `09:30`; raises ValueError for any other form."""
    if not _CLOCK.fullmatch(text):
        raise ValueError("a time is written hours:minutes, both with two figures")
    return time.fromisoformat(text)


def say_time(at: time, language: str) -> str:
    """Return a time: `9 uur 30`, `17 heures 30`, and in English `half past five`.

    Dutch, French and German count to 24 hours, as their timetables do. English counts to 12 twice, so it adds
    the part of the day, but not between 7 in the morning and 7 in the evening, where offices are open and
    each hour comes once.
    """
    if language == "en":
        return _english(at)
    hours = say_counted(at.hour, _HOURS, language)
    return f"{hours} {at.minute}" if at.minute else hours


def say_period(start: time, end: time, language: str) -> str:
    """Return a period of a day: `van 9 uur tot 12 uur`, and in English `from 9 to half past twelve`.

    An end of 00:00 is the midnight at the end of the day.
    """
    if language == "en":
        spoken = [_english(at).removesuffix(" o'clock") for at in (start, end)]
    else:
        spoken = [
            say_time(start, language),
            _MIDNIGHT[language] if end == time() else say_time(end, language),
        ]
    return _FROM_TO[language].format(*spoken)


def _english(at: time) -> str:
    # "12 o'clock" would be either of the two.
    if not at.minute and at.hour % _NOON == 0:
        return "noon" if at.hour else "midnight"
    clock = _english_clock(at.hour % _NOON or _NOON, at.minute)
    if _FIRST_OFFICE_HOUR <= at.hour < _FIRST_OFFICE_HOUR + _NOON:
        return clock
    return f"{clock} in the {'morning' if at.hour < _NOON else 'evening'}"


def _english_clock(hour: int, minute: int) -> str:
    match minute:
        case 0:
            return f"{hour} o'clock"
        case 15:
            return f"quarter past {_ENGLISH_HOURS[hour]}"
        case 30:
            return f"half past {_ENGLISH_HOURS[hour]}"
        case 45:
            return f"quarter to {_ENGLISH_HOURS[hour % _NOON + 1]}"
    return f"{hour} oh {minute}" if minute < _TWO_DIGITS else f"{hour} {minute}"
