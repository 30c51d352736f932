"""Writes times of the day so that nobody can mistake morning for evening."""

import re
from datetime import time

from bridge.speech.counts import Forms, say_counted

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_NOON, _EVENING, _TWO_FIGURES = 12, 18, 10

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
    """Return a time: `9 uur 30`, `17 heures 30`, and in English `9 30 in the morning`.

    Dutch, French and German count to 24 hours, as their timetables do; English counts to 12 twice.
    """
    if language == "en":
        return _english(at)
    hours = say_counted(at.hour, _HOURS, language)
    return f"{hours} {at.minute}" if at.minute else hours


def _english(at: time) -> str:
    if not at.minute and at.hour % _NOON == 0:
        return "noon" if at.hour else "midnight"
    part = "morning" if at.hour < _NOON else "afternoon" if at.hour < _EVENING else "evening"
    return f"{at.hour % _NOON or _NOON} {_english_minutes(at.minute)} in the {part}"


def _english_minutes(minute: int) -> str:
    if not minute:
        return "o'clock"
    return f"oh {minute}" if minute < _TWO_FIGURES else str(minute)
