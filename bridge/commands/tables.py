"""Writes the plain tables that `bridge report` and `bridge outbox` print."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bridge.office.hours import BRUSSELS

Row = tuple[str, ...]


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of a table; `rows` begins with the titles, and columns are as wide as need be."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def moment(at: datetime | None) -> str:
    """Write a moment (aware, any zone) as Belgian clocks show it; `-` for one that has not come."""
    return f"{at.astimezone(BRUSSELS):%Y-%m-%d %H:%M:%S}" if at else "-"
