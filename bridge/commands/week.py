"""Writes the figures of a week: tables to read, CSV for spreadsheets, JSON for programs, a page to print."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bridge.call_statistics import CallStatistics, as_csv, as_json, week_until

if TYPE_CHECKING:
    from datetime import datetime

    from bridge.commands.tables import Row
    from bridge.settings import Settings

_SHOWN = 8
_PERCENT = 100


def as_text(offices: Sequence[CallStatistics]) -> str:
    """Return one part for each office; of endings only the most frequent ones."""
    return "\n\n".join("\n".join(_lines(one)) for one in offices) or "Nobody called in the last seven days."


def as_page(offices: Sequence[CallStatistics], settings: "Settings", now: "datetime", language: str) -> str:
    """Return the console's report of the week that ends now, as a page that stands alone."""
    import voice_flows
    from bridge.app.create import offices_of
    from bridge.commands.console import console_offices
    from bridge.web.week_report import printed_report

    names = {one.key: one.names for one in console_offices(offices_of(settings))}
    days = week_until(now)
    return printed_report(offices, voice_flows.CALL, days=days, names=names, language=language)


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
        (("call-backs", "number"), [(what, str(number)) for what, number in one.callbacks.items()]),
        (("calls that ended at", "number", "share"), _shares(_with_others(endings), one.total)),
        (("troubles", "number"), [(what, str(number)) for what, number in one.troubles.items()]),
    ):
        if rows:
            yield ""
            yield from table([title, *rows])
    yield ""
    yield f"Half of all turns were answered within {one.wait[0]} ms, 19 of 20 within {one.wait[1]} ms."


def _with_others(endings: Mapping[str, int]) -> dict[str, int]:
    """Keep the most frequent endings, and the sum of the others."""
    shown = dict(list(endings.items())[:_SHOWN])
    rest = sum(endings.values()) - sum(shown.values())
    return shown | ({"others": rest} if rest else {})


def _shares(counted: Mapping[str, int], total: int) -> "list[Row]":
    """Return a row for each, with its share of all calls in whole percent."""
    return [
        (what, str(number), f"{round(_PERCENT * number / total)} %" if total else "")
        for what, number in counted.items()
    ]
