"""Knows the ten Belgian public holidays: seven have fixed dates, and three move with Easter."""

from datetime import date, timedelta
from functools import cache

_FIXED = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER = (1, 39, 50)  # days: Easter Monday, Ascension, Whit Monday


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year (1900 to 2199), by the law of 4 January 1974 and its decree."""
    moving = {easter(year) + timedelta(days=days) for days in _AFTER_EASTER}
    return frozenset(moving | {date(year, month, day) for month, day in _FIXED})


def easter(year: int) -> date:
    """Return Easter Sunday of a year (1900 to 2199): the Sunday after the first full moon of spring."""
    # Gauss' rule: the calendar's own moon repeats every 19 years. In the two of them in which it would be
    # latest, the rule takes one day off.
    moon = (19 * (year % 19) + 24) % 30
    latest = moon >= 28  # noqa: PLR2004 - days after 21 March
    full = date(year, 3, 21) + timedelta(days=moon - latest)
    return full + timedelta(days=7 - full.isoweekday() % 7)
