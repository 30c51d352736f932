"""Writes a week of opening hours as one sentence."""

from collections.abc import Iterable, Sequence
from datetime import time

from bridge.speech.dates import WEEKDAYS
from bridge.speech.times import say_period

Openings = Sequence[tuple[time, time]]
"""The periods of one day in which the office is open: each from and to."""

_RANGE = {"nl": "van {} tot {}", "fr": "du {} au {}", "de": "von {} bis {}", "en": "{} to {}"}
_ON = {"nl": "op", "fr": "le", "de": "am", "en": "on"}
_AND = {"nl": "en", "fr": "et", "de": "und", "en": "and"}
_MIN_RANGE = 3
"""From how many days in a row on they are said as a range: `van maandag tot dinsdag` would be an odd way."""


def say_hours(week: Sequence[Openings], language: str) -> str:
    """Return the hours of Monday to Sunday, as in `van maandag tot vrijdag van 9 uur tot 12 uur`.

    Days with the same hours are said together, also when another day lies between them, in the order of their
    first day. Closed days are left out; a week without hours gives "".
    """
    days: dict[tuple[tuple[time, time], ...], list[int]] = {}
    for day, openings in enumerate(week):
        if openings:
            days.setdefault(tuple(openings), []).append(day)
    said = [
        f"{_days(same, language)} {_joined((say_period(*one, language) for one in openings), language)}"
        for openings, same in days.items()
    ]
    if len(said) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(said)
    return f"{', '.join(said[:-1])}, {_AND[language]} {said[-1]}"


def _days(days: Sequence[int], language: str) -> str:
    names = [WEEKDAYS[language][day] for day in days]
    if len(days) >= _MIN_RANGE and days[-1] - days[0] == len(days) - 1:
        return _RANGE[language].format(names[0], names[-1])
    if language == "fr":  # every day has its own article
        return _joined((f"le {name}" for name in names), language)
    return f"{_ON[language]} {_joined(names, language)}"


def _joined(words: Iterable[str], language: str) -> str:
    *first, last = words
    return f"{', '.join(first)} {_AND[language]} {last}" if first else last
