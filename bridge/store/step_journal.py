"""The journal of steps: which exits calls took, and when, for the office's reports and nothing else.

It holds no digits that anybody keyed in, no names and no amounts. A call is in it as the keyed hash by which
the other tables know it, so that its path can be read as long as the journal is kept. Its caller is in it as
a keyed hash of number and minute together: who knows both finds the call, and nobody sees which calls were
one person's.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, insert, select, true

from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.retention import delete_some, sweep_rows
from bridge.store.statement import Statement, Transaction
from bridge.store.step_tally import Mark, Tally, tally
from bridge.store.tables import EPOCH
from bridge.store.tables import steps as table

NAME_DIGITS = 16
"""How much of a call's keyed hash is its name, in the log and in lists."""

SHORT_DIGITS = 4
"""How many of these tell calls apart on one screen."""

MINUTES_AROUND = 2
"""How far from the minute that is asked for a call may have begun: clocks and memories differ."""

LONGEST_CALL = timedelta(hours=6)
"""Longest assumed call, so the tally reads six hours before the span."""

JOURNAL_DAYS = 90
"""How long steps are kept, unless the settings say otherwise."""

# Inline, because nobody asks for the number that a row is given.
_ADD = Statement(
    insert(table).inline(),
    ("call", "office", "step", "exit", "language", "at", "milliseconds", "caller"),
)
_STEPS_OF = Statement(
    select(*(table.c[name] for name in ("call", "step", "exit", "language", "at", "milliseconds")))
    .where(
        table.c.office == bindparam("office"),
        table.c.at >= bindparam("since"),
        table.c.at < bindparam("until"),
    )
    .order_by(table.c.at, table.c.id)
)

_SWEEP = delete_some(table, table.c.at <= bindparam("oldest"))


@dataclass(frozen=True, slots=True)
class TurnSteps:
    """The exits that a call took in one turn, in their order.

    `milliseconds` is how long the caller waited for the turn's answer; None when nobody waited. `caller` is
    the number of whoever began a call with this turn.
    """

    office: str
    language: str
    taken: Sequence[Mark]
    milliseconds: int | None = None
    caller: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Span:
    """What a question to the journal is about: one office, from a moment until before another."""

    office: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class SeenCall:
    """A call as a list shows it: by its name in the log, when it began, and its newest step.

    `position` is that step's in the whole journal: a later step has a greater one.
    """

    name: str
    office: str
    began: datetime
    newest: datetime
    step: str
    exit: str
    language: str
    position: int


@dataclass(frozen=True, slots=True)
class StepEntry:
    """One line of a call's path."""

    at: datetime
    step: str
    exit: str
    language: str
    milliseconds: int | None


def short_name(name: str) -> str:
    """Return the beginning of a call's name, as the demo's terminal and the console show it."""
    return name[:SHORT_DIGITS].upper()


def write_steps(transaction: Transaction, sealer: Sealer, call: str, now: datetime, turn: TurnSteps) -> None:
    """Write one turn of the call with this keyed hash, in the transaction that saves the turn."""
    caller = _caller_names(sealer, turn.caller, now)[0] if turn.caller else None
    for position, (step, way) in enumerate(turn.taken):
        _ADD.execute(
            transaction,
            call=call,
            office=turn.office,
            step=step,
            exit=way,
            language=turn.language,
            at=now,
            # Once for a turn, or a turn of several steps would count several times.
            milliseconds=None if position else turn.milliseconds,
            caller=None if position else caller,
        )


class StepJournal:
    """Reads the journal by its indexes; every method is one short transaction and may raise `StoreDown`.

    Args:
        database: where it is kept.
        sealer: what names calls.
        days: how long steps are kept.
    """

    def __init__(self, database: Database, sealer: Sealer, days: int = JOURNAL_DAYS) -> None:
        self._database, self._sealer, self._kept = database, sealer, timedelta(days=days)

    def offices(self, since: datetime, until: datetime) -> list[str]:
        """List the offices that were called."""
        called = select(table.c.office).distinct().where(table.c.at >= since, table.c.at < until)
        with self._database.reading() as connection:
            return sorted(connection.scalars(called))

    def tally(self, span: Span, meanings: Mapping[str, Collection[Mark]]) -> Tally:
        """Count what calls did in a span; `meanings` names exits by which a call is known to have done it."""
        # A call ends within hours, so one that began in the span has no step long before it.
        asked = {"office": span.office, "since": span.since - LONGEST_CALL, "until": span.until}
        with self._database.on_cursor("read") as transaction:
            rows = _STEPS_OF.execute(transaction, **asked)
            return tally(rows, (span.since - EPOCH) // timedelta(microseconds=1), meanings)

    def exits(self, span: Span) -> Counter[Mark]:
        """Count how often each exit was taken."""
        counted = select(table.c.step, table.c.exit, func.count()).where(*_within(span))
        with self._database.reading() as connection:
            rows = connection.execute(counted.group_by(table.c.step, table.c.exit))
            return Counter({(step, way): number for step, way, number in rows})

    def newest(self, span: Span, most: int, before: int | None = None) -> list[SeenCall]:
        """List the calls with the newest steps, newest first; with `before` those of earlier positions."""
        return self._seen(_within(span), most, before)

    def of_calls(self, calls: Collection[str]) -> list[SeenCall]:
        """List calls by the keyed hashes that the other tables know them by, newest step first."""
        return self._seen((table.c.call.in_(calls),), len(calls))

    def of_caller(self, number: str, moments: Collection[datetime], office: str) -> list[SeenCall]:
        """List the calls of a number (E.164) that began within two minutes of one of the moments."""
        around = [timedelta(minutes=by) for by in range(-MINUTES_AROUND, MINUTES_AROUND + 1)]
        names = {
            name for at in moments for by in around for name in _caller_names(self._sealer, number, at + by)
        }
        of_them = select(table.c.call).where(table.c.caller.in_(names), _is_at(office))
        return self._seen((table.c.call.in_(of_them),), most=50)

    def named(self, name: str, office: str, most: int = 50) -> list[SeenCall]:
        """List the calls of an office whose name in the log begins so, newest first."""
        return self._seen(_named(name, office), most)

    def path_of(self, name: str, office: str) -> list[StepEntry]:
        """Give what the call with this name in the log did at an office; nothing when it is not known."""
        return self._path(select(table).where(*_named(name, office)))

    def taken_by(self, calls: Collection[SeenCall]) -> dict[int, set[Mark]]:
        """Give by their positions which exits the listed calls took, in one query for all of them."""
        listed = table.alias()
        of_them = (
            select(listed.c.id, table.c.step, table.c.exit)
            # No index fits the office, as in `_is_at`: a call's own steps are found by its name.
            .join(listed, (table.c.call == listed.c.call) & _is_at(listed.c.office))
            .where(listed.c.id.in_([call.position for call in calls]))
            .distinct()
        )
        taken: dict[int, set[Mark]] = {call.position: set() for call in calls}
        with self._database.reading() as connection:
            for position, step, way in connection.execute(of_them):
                taken[position].add((step, way))
        return taken

    def path(self, call_id: str) -> list[StepEntry]:
        """Give what the call with this id of the provider did, in order; nothing when it is not known."""
        names = self._sealer.pseudonyms("call", call_id)
        return self._path(select(table).where(table.c.call.in_(names)))

    def sweep(self, now: datetime) -> int:
        """Delete steps that are older than they may be; gives how many."""
        return sweep_rows(self._database, _SWEEP, oldest=now - self._kept)

    def _seen(
        self, which: Sequence[ColumnElement[bool]], most: int, before: int | None = None
    ) -> list[SeenCall]:
        newest = func.max(table.c.id)
        last = (
            select(newest.label("id"), func.min(table.c.at).label("began"))
            .where(*which)
            .group_by(table.c.call)
            .having(true() if before is None else newest < before)
            .order_by(newest.desc())
            .limit(most)
            .subquery()
        )
        found = select(table, last.c.began).join(last, table.c.id == last.c.id).order_by(table.c.id.desc())
        with self._database.reading() as connection:
            return [
                SeenCall(
                    row.call[:NAME_DIGITS],
                    row.office,
                    row.began,
                    row.at,
                    row.step,
                    row.exit,
                    row.language,
                    row.id,
                )
                for row in connection.execute(found)
            ]

    def _path(self, found: Select[Any]) -> list[StepEntry]:
        with self._database.reading() as connection:
            return [
                StepEntry(row.at, row.step, row.exit, row.language, row.milliseconds)
                for row in connection.execute(found.order_by(table.c.id))
            ]


def _within(span: Span) -> tuple[ColumnElement[bool], ...]:
    return table.c.office == span.office, table.c.at >= span.since, table.c.at < span.until


def _named(name: str, office: str) -> tuple[ColumnElement[bool], ...]:
    # From the name to the first one after all that begin with it: the index finds them.
    return table.c.call >= name, table.c.call < name + "g", _is_at(office)


def _is_at(office: str | ColumnElement[str]) -> ColumnElement[bool]:
    # No index fits this: SQLite, which knows no numbers of rows, would read all of the office by its own one.
    return table.c.office.concat("") == office


def _caller_names(sealer: Sealer, number: str, at: datetime) -> tuple[str, ...]:
    """Name a number in a minute, under every hash key."""
    return sealer.pseudonyms("caller and minute", number, str((at - EPOCH) // timedelta(minutes=1)))
