"""Writes values as real offices' Tagors do: each case has one of the ways that were seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


class Id(str):
    """An identifier of Tagor: 64 bits, sent as text or as a JSON number, never as a float."""

    __slots__ = ()


@dataclass(frozen=True)
class WireFormat:
    """Spells a reply's values for JSON; the defaults are what the vendor's own page shows."""

    ids_as_numbers: bool = False
    amounts_as_text: bool = False
    flags_as_text: bool = False
    no_date: str | None = None

    def says(self, **fields: object) -> dict[str, object]:
        """Return a service call's yes: the fields, spelled, with `Success` true and no `Error`."""
        spelled = self.spell({"Success": True, "Error": "", **fields})
        return spelled if isinstance(spelled, dict) else {}

    def rows(self, rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
        """Return a dataset's rows, spelled."""
        return [{name: self.spell(value) for name, value in row.items()} for row in rows]

    def spell(self, value: object) -> object:
        """Return the value as this office would send it, all the way down."""
        if isinstance(value, dict):
            return {name: self.spell(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.spell(inner) for inner in value]
        return self._leaf(value)

    def _leaf(self, value: object) -> object:
        spelled = value
        match value:
            case bool():
                spelled = str(value).lower() if self.flags_as_text else value
            case Id():
                spelled = int(value) if self.ids_as_numbers and value else str(value)
            case Decimal():
                spelled = f"{value:.2f}" if self.amounts_as_text else _number(value)
            case date():
                spelled = value.isoformat()
            case None:
                spelled = self.no_date
        return spelled


def _number(amount: Decimal) -> float | int:
    # A whole amount goes out without a point, as in the vendor's samples; cents survive a float's repr.
    return int(amount) if amount == amount.to_integral_value() else float(amount)


PLAIN = WireFormat()
WIRE_FORMATS = {
    "plain": PLAIN,
    "numbers": WireFormat(ids_as_numbers=True),
    "text": WireFormat(amounts_as_text=True, flags_as_text=True),
    "empty": WireFormat(no_date=""),
    "mixed": WireFormat(ids_as_numbers=True, amounts_as_text=True, flags_as_text=True, no_date=""),
}
