"""Writes the figures of a week: as a table to read, as CSV for a spreadsheet, as JSON for a program."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bridge.call_statistics import CallStatistics, as_csv, as_json

if TYPE_CHECKING:
    from bridge.commands.tables import Row

_SHOWN = 8
_PERCENT = 100


def as_text(offices: Sequence[CallStatistics]) -> str:
    """Return one part for each office; of endings only the most frequent ones."""
    return "\n\n".join("\n".join(_lines(one)) for one in offices) or "Nobody called in the last seven days."


WRITTEN: Mapping[str, Callable[[Sequence[CallStatistics]], str]] = {
    "text": as_text,
    "csv": as_csv,
    "json": as_json,
}


def _lines(one: CallStatistics) -> Iterator[str]:
    from bridge.commands.tables import table

    endings = {f"{step}: {way}": number for (step, way), number in one.endings.items()}
    decided = {step: number for step, number in one.decided.items() if number}
    yield f"{one.office}: {one.total} calls from {one.first} to {one.last}"
    for title, rows in (
        (("day", "calls"), [(f"{day:%A} {day}", str(number)) for day, number in one.calls.items()]),
        (("calls that", "number", "share"), _shares(one.calls_that, one.total)),
        (("calls in", "number", "share"), _shares(one.languages, one.total)),
        (("done for callers", "number"), [(step, str(number)) for step, number in decided.items()]),
        (("calls that ended at", "number", "share"), _shares(endings, one.total)[:_SHOWN]),
        (("troubles", "number"), [(what, str(number)) for what, number in one.troubles.items()]),
    ):
        if rows:
            yield ""
            yield from table([title, *rows])
    yield ""
    yield f"Half of all turns were answered within {one.wait[0]} ms, 19 of 20 within {one.wait[1]} ms."


def _shares(counted: Mapping[str, int], total: int) -> "list[Row]":
    """Return a row for each, with its share of all calls in whole percent."""
    return [
        (what, str(number), f"{round(_PERCENT * number / total)} %" if total else "")
        for what, number in counted.items()
    ]
