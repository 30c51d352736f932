"""What an office is told: what callers decided, what they were promised, what is stuck; never whose."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bridge.office.hours import BRUSSELS
from bridge.store.callbacks import CallbackEntry, CallbackState
from bridge.store.decision import Entry, State
from bridge.store.job import DeadLetter, JobState

KINDS = {
    "plan": "payment plan",
    "approval": "approval of a plan",
    "text": "text message",
    "mail": "mail",
}
STATES = {
    State.READY: "confirmed, not sent yet",
    State.SENT: "sent, no answer yet",
    State.UNKNOWN: "unclear, being looked up",
    State.DONE: "done",
    State.REFUSED: "refused by Tagor",
    State.ESCALATED: "a task for an employee",
}
TITLES = ("office", "decision", "state", "confirmed", "sent", "settled")

PROMISES = {
    CallbackState.PROMISED: "not yet in the agenda",
    CallbackState.SCHEDULED: "to come",
    CallbackState.KEPT: "kept",
    CallbackState.MISSED: "missed",
}
PROMISE_TITLES = ("office", "from", "until", "state", "promised", "settled")

JOBS = {
    "note": "note on a file",
    "voicemail": "voicemail",
    "callback": "call-back",
    "delete_recording": "recording to delete at the provider",
    "check_callback": "look whether a call-back was kept",
}
LETTER_TITLES = ("id", "office", "what", "tries", "trouble", "given up")

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


def told_callbacks(entries: Sequence[CallbackEntry], days: int, now: datetime) -> Iterator[str]:
    """The lines of the report on the call-backs promised in the last `days`, those to come first."""
    if not entries:
        yield f"No call-backs were promised in the last {days} days, and none is to come."
        return
    in_order = sorted(entries, key=lambda entry: (entry.settled_at is not None, entry.starts))
    yield from _table([PROMISE_TITLES, *(_promise(entry, now) for entry in in_order)])
    counted = Counter(entry.state for entry in entries)
    yield ""
    yield (
        f"{len(entries)} in the last {days} days or to come; kept: {counted[CallbackState.KEPT]}, "
        f"missed: {counted[CallbackState.MISSED]}."
    )


def told_outbox(counts: Mapping[JobState, int], letters: Sequence[DeadLetter]) -> Iterator[str]:
    """The lines about what calls left to be done, with a table of the dead letters."""
    yield f"{counts[JobState.READY]} to be done, {len(letters)} given up."
    if letters:
        yield ""
        yield from _table([LETTER_TITLES, *map(_dead_letter, letters)])
        yield ""
        yield "Mend the trouble, then have them tried again: bridge outbox retry all"


def _promise(entry: CallbackEntry, now: datetime) -> Row:
    overdue = entry.settled_at is None and entry.ends < now
    state = "overdue" if overdue else PROMISES[entry.state]
    made, settled = _moment(entry.made_at), _moment(entry.settled_at)
    return (entry.office, _moment(entry.starts), _moment(entry.ends), state, made, settled)


def _dead_letter(letter: DeadLetter) -> Row:
    kind, died = JOBS[letter.kind], _moment(letter.died_at)
    return (letter.id[:10], letter.office, kind, str(letter.tries), letter.trouble, died)


def _row(entry: Entry) -> Row:
    moments = (entry.opened_at, entry.sent_at, entry.settled_at)
    return (entry.office, KINDS[entry.kind], STATES[entry.state], *map(_moment, moments))


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(BRUSSELS):%Y-%m-%d %H:%M:%S}" if moment else "-"


def _table(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
