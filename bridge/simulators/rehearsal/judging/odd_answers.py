"""What a careful reader takes odd values of Tagor's answers for: what Tagor told otherwise is no lie."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from string import whitespace
from typing import Any
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
UNSEEN = f"{whitespace}\u00a0\u200b\ufeff"
"""The signs around a value that are not told."""
CENT, MOST = Decimal("0.01"), Decimal(10) ** 7
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
"""The days that are days; all others stand for none."""

TOLD_FROM = {
    **dict.fromkeys(("paid", "paid_off", "Received.paid", "Received.never"), "BedragLtstBet"),
    **dict.fromkeys(("monthly", "running"), "Maandbedrag"),
    **dict.fromkeys(("arrears", "behind_by", "Payments.on_time", "Payments.behind"), "Achterstand"),
    "paid_on": "DatumLtstBet",
    "number": "Dossiernaam",
    "Court.none": "TimeStampVerschijning",
}
"""The field of an answer behind a fact (by its placeholder) or behind a claim (by its prompt)."""


class OddAnswers:
    """Holds the odd values that faults put into single fields of Tagor's answers."""

    def __init__(self) -> None:
        self._values: dict[str, set[str]] = {}

    def begin(self, fault: Mapping[str, Any]) -> None:
        """Note what a fault puts into fields, if it is one that does."""
        for field in fault.get("names", ()):
            # A field that is taken out of its answer tells nothing.
            with suppress(ValueError):
                told = str(json.loads(fault["value"])).strip(UNSEEN)
                self._values.setdefault(field, set()).add(told)

    def readings(self, told: str) -> Iterator[Decimal | date | str]:
        """Yield all that a fact may be besides the truth, as amounts, days or text."""
        for value in self._values.get(TOLD_FROM.get(told, ""), ()):
            yield value
            with suppress(ArithmeticError):
                read = abs(Decimal(value if "." in value else value.replace(",", ".")))
                if read.is_finite() and read <= MOST:
                    yield from {read.quantize(CENT, way) for way in (ROUND_HALF_EVEN, ROUND_HALF_UP)}
            yield from (day for day in _days(value) if FIRST <= day <= LAST)

    def excuse(self, claim: str) -> bool:
        """Tell whether what a prompt claims rests on a field that Tagor told otherwise."""
        return any(not isinstance(value, str) for value in self.readings(claim))


def _days(value: str) -> Iterator[date]:
    """Yield the day that is written, and the day on which its moment is by the office's clocks."""
    with suppress(ValueError):
        yield date.fromisoformat(value[:10])
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo:
            yield moment.astimezone(BRUSSELS).date()
