"""Defines facts: values told by actions or keyed in by the caller, each with the way it is spoken."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

Value = str | int | Decimal | date | time
Note = str | int | bool | None | list[str]

SAMPLES: dict[str, str] = {
    "money": "9876543.21",
    "date": "2028-09-23",
    "day": "2028-09-23",
    "time": "17:30",
    "months": "24",
    "count": "10",
    "digits": "012345678901",
    "iban": "BE68539007547034",
    "ogm": "+++090/9337/55493+++",
    "text": "Gerechtsdeurwaarders Vandenbroucke en Vennoten",
}
"""The kinds of fact there are, each with a long example (for checks, walks and drawings)."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A value as plain text, with its kind; it is `private` when it comes from a file."""

    kind: str
    value: str
    private: bool = False
