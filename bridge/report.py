"""What an office is told about its decisions: of which kind, where each stands, since when; never whose."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bridge.office.hours import BRUSSELS
from bridge.store.decision import Entry, State

KINDS = {"plan": "payment plan", "approval": "approval of a plan"}
STATES = {
    State.READY: "confirmed, not sent yet",
    State.SENT: "sent, no answer yet",
    State.UNKNOWN: "unclear, being looked up",
    State.DONE: "done",
    State.REFUSED: "refused by Tagor",
    State.HANDED: "a task for an employee",
}
TITLES = ("office", "decision", "state", "confirmed", "sent", "settled")

Row = tuple[str, ...]


def told_decisions(entries: Sequence[Entry], days: int) -> Iterator[str]:
    """The lines of the report on the last `days`: a table, what is unsettled first, and a sentence."""
    unsettled = sum(entry.settled_at is None for entry in entries)
    if not entries:
        yield f"No decisions in the last {days} days, and none unsettled."
        return
    in_order = sorted(entries, key=lambda entry: (entry.settled_at is not None, entry.opened_at))
    yield from _table([TITLES, *map(_row, in_order)])
    yield ""
    yield f"{len(entries)} in the last {days} days or unsettled; unsettled: {unsettled}."


def _row(entry: Entry) -> Row:
    moments = (entry.opened_at, entry.sent_at, entry.settled_at)
    return (entry.office, KINDS[entry.kind], STATES[entry.state], *map(_moment, moments))


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(BRUSSELS):%Y-%m-%d %H:%M:%S}" if moment else "-"


def _table(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
