"""Writes a week of opening hours as one sentence."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from itertools import groupby

from bridge.speech.dates import say_weekday
from bridge.speech.times import say_time

Openings = Sequence[tuple[time, time]]
"""The periods of one day in which the office is open: each from and to."""

_MONDAY = date(2024, 1, 1)
_RANGE = {
    "nl": "van {} tot {}",
    "fr": "du {} au {}",
    "de": "von {} bis {}",
    "en": "{} to {}",
}
_PAIR = {"nl": "op {} en {}", "fr": "le {} et le {}", "de": "am {} und am {}", "en": "on {} and {}"}
_DAY = {"nl": "op {}", "fr": "le {}", "de": "am {}", "en": "on {}"}
_FROM_TO = {"nl": "van {} tot {}", "fr": "de {} à {}", "de": "von {} bis {}", "en": "from {} to {}"}
_AND = {"nl": "en", "fr": "et", "de": "und", "en": "and"}


def say_hours(week: Sequence[Openings], language: str) -> str:
    """Return the hours of Monday to Sunday, as in `van maandag tot vrijdag van 9 uur tot 12 uur`.

    Days in a row with the same hours are said together, and closed days are left out. A week without hours
    gives "".
    """
    said = [f"{_days(days, language)} {_openings(openings, language)}" for days, openings in _rows(week)]
    if len(said) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(said)
    return f"{', '.join(said[:-1])}, {_AND[language]} {said[-1]}"


def _rows(week: Sequence[Openings]) -> Iterator[tuple[list[int], Openings]]:
    for openings, days in groupby(range(len(week)), key=lambda day: tuple(week[day])):
        if openings:
            yield list(days), openings


def _days(days: Sequence[int], language: str) -> str:
    names = [say_weekday(_MONDAY + timedelta(days=day), language) for day in days]
    match names:
        case [name]:
            return _DAY[language].format(name)
        case [first, second]:
            return _PAIR[language].format(first, second)
        case _:
            return _RANGE[language].format(names[0], names[-1])


def _openings(openings: Openings, language: str) -> str:
    said = [_FROM_TO[language].format(*(say_time(at, language) for at in opening)) for opening in openings]
    return f" {_AND[language]} ".join(said)
