"""The journal of steps: which exits calls took, and when, for the office's reports and nothing else.

It holds no digits that anybody keyed in, no names and no amounts. A call is in it as the keyed hash by which
the other tables know it, so that its path can be read as long as the journal is kept.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, or_, select

from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.retention import delete_some, sweep_rows
from bridge.store.statement import Statement, Transaction
from bridge.store.tables import steps as table

Mark = tuple[str, str]
"""One way out of one step: (`Flow.step`, exit)."""

NAME_DIGITS = 16
"""How much of a call's keyed hash is its name, in the log and in lists."""

LONGEST_CALL = timedelta(hours=6)
"""No call lasts longer: after two hours without a turn its rows are gone."""

JOURNAL_DAYS = 90
"""How long steps are kept, unless the settings say otherwise."""

# Inline, because nobody asks for the number that a row is given.
_ADD = Statement(insert(table).inline(), ("call", "office", "step", "exit", "language", "at", "milliseconds"))


@dataclass(frozen=True, slots=True)
class TurnSteps:
    """The exits that a call took in one turn, in their order.

    `milliseconds` is how long the caller waited for the turn's answer; None when nobody waited.
    """

    office: str
    language: str
    taken: Sequence[Mark]
    milliseconds: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """What a question to the journal is about: one office, from a moment until before another."""

    office: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class SeenCall:
    """A call as a list shows it: by its name in the log, when it began, and its newest step."""

    name: str
    office: str
    began: datetime
    newest: datetime
    step: str
    exit: str
    language: str


@dataclass(frozen=True, slots=True)
class StepEntry:
    """One line of a call's path."""

    at: datetime
    step: str
    exit: str
    language: str
    milliseconds: int | None


def write_steps(transaction: Transaction, call: str, now: datetime, turn: TurnSteps) -> None:
    """Write one turn of the call with this keyed hash, in the transaction that saves the turn."""
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

    def calls(self, span: Span, marks: Collection[Mark] | None = None) -> int:
        """Count the calls; with `marks` those that took one of these exits at least."""
        which = () if marks is None else (_any_of(marks),)
        counted = select(func.count(table.c.call.distinct())).where(*_within(span), *which)
        with self._database.reading() as connection:
            return int(connection.scalar(counted) or 0)

    def begun(self, span: Span) -> int:
        """Count the calls of which the first step is in this span: each call begins once."""
        first = select(func.min(table.c.at).label("at")).where(table.c.office == span.office)
        # A call ends within hours, so one that began in the span has no step long before it.
        near = first.where(table.c.at >= span.since - LONGEST_CALL, table.c.at < span.until)
        begun = near.group_by(table.c.call).having(func.min(table.c.at) >= span.since).subquery()
        with self._database.reading() as connection:
            return int(connection.scalar(select(func.count()).select_from(begun)) or 0)

    def counts(self, span: Span) -> Counter[Mark]:
        """Count how often each exit was taken."""
        counted = select(table.c.step, table.c.exit, func.count()).where(*_within(span))
        return self._counter(counted.group_by(table.c.step, table.c.exit))

    def endings(self, span: Span) -> Counter[Mark]:
        """Count how calls ended: the last exit of each."""
        last = select(func.max(table.c.id)).where(*_within(span)).group_by(table.c.call)
        ended = select(table.c.step, table.c.exit, func.count()).where(table.c.id.in_(last))
        return self._counter(ended.group_by(table.c.step, table.c.exit))

    def languages(self, span: Span) -> Counter[str]:
        """Count the calls by the language that they ended in."""
        last = select(func.max(table.c.id)).where(*_within(span)).group_by(table.c.call)
        spoken = select(table.c.language, func.count()).where(table.c.id.in_(last)).group_by(table.c.language)
        with self._database.reading() as connection:
            return Counter({row[0]: row[1] for row in connection.execute(spoken)})

    def waits(self, span: Span, share: float) -> int:
        """Give the milliseconds within which this share of all turns was answered (0 without any turn)."""
        timed = (*_within(span), table.c.milliseconds.is_not(None))
        with self._database.reading() as connection:
            turns = int(connection.scalar(select(func.count()).select_from(table).where(*timed)) or 0)
            at = min(int(turns * share), max(turns - 1, 0))
            ordered = select(table.c.milliseconds).where(*timed).order_by(table.c.milliseconds)
            return int(connection.scalar(ordered.offset(at).limit(1)) or 0)

    def newest(self, span: Span, most: int) -> list[SeenCall]:
        """List the calls with the newest steps, newest first."""
        last = (
            select(func.max(table.c.id).label("id"), func.min(table.c.at).label("began"))
            .where(*_within(span))
            .group_by(table.c.call)
            .order_by(func.max(table.c.id).desc())
            .limit(most)
            .subquery()
        )
        found = select(table, last.c.began).join(last, table.c.id == last.c.id).order_by(table.c.id.desc())
        with self._database.reading() as connection:
            return [
                SeenCall(
                    row.call[:NAME_DIGITS], row.office, row.began, row.at, row.step, row.exit, row.language
                )
                for row in connection.execute(found)
            ]

    def path_of(self, name: str, office: str) -> list[StepEntry]:
        """Give what the call with this name in the log did at an office; nothing when it is not known."""
        # From the name to the first one after all that begin with it: the index finds them.
        these = (table.c.call >= name, table.c.call < name + "g", table.c.office == office)
        return self._path(select(table).where(*these))

    def path(self, call_id: str) -> list[StepEntry]:
        """Give what the call with this id of the provider did, in order; nothing when it is not known."""
        names = self._sealer.pseudonyms("call", call_id)
        return self._path(select(table).where(table.c.call.in_(names)))

    def sweep(self, now: datetime) -> int:
        """Delete steps that are older than they may be; gives how many."""
        return sweep_rows(self._database, delete_some(table, table.c.at <= now - self._kept))

    def _path(self, found: Select[Any]) -> list[StepEntry]:
        with self._database.reading() as connection:
            return [
                StepEntry(row.at, row.step, row.exit, row.language, row.milliseconds)
                for row in connection.execute(found.order_by(table.c.id))
            ]

    def _counter(self, counted: Select[Any]) -> Counter[Mark]:
        with self._database.reading() as connection:
            return Counter({(row[0], row[1]): row[2] for row in connection.execute(counted)})


def _within(span: Span) -> tuple[ColumnElement[bool], ...]:
    return table.c.office == span.office, table.c.at >= span.since, table.c.at < span.until


def _any_of(marks: Collection[Mark]) -> ColumnElement[bool]:
    return or_(False, *(and_(table.c.step == step, table.c.exit == way) for step, way in sorted(marks)))  # noqa: FBT003 - for no mark at all
