"""PIN tries: how often somebody may be wrong about a file, counted before Tagor is asked.

Budgets are those of `docs/design.md`: per file, per caller's number, per office. A lock only ever takes
self-service away; the caller still reaches a person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from bridge.store.database import Database, advisory_lock
from bridge.store.encryption import Sealer
from bridge.store.tables import pin_attempts

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

Reason = Literal["file_day", "file_life", "office_hour", "office_day", "number_day"]


@dataclass(frozen=True, slots=True)
class PinLimits:
    """How many failed tries are allowed; a day is the last 24 hours, life lasts until the office unlocks.

    `silent` tries are those on files found by the caller's number: they use a part of the file's budget
    only, so that nobody can lock a file without naming it. `number_day` counts the different files that one
    number names.
    """

    file_day: int = 5
    file_life: int = 10
    silent_day: int = 3
    silent_life: int = 5
    office_hour: int = 20
    office_day: int = 100
    number_day: int = 10


@dataclass(frozen=True, slots=True)
class PinAttempt:
    """Leave to ask Tagor once; counted as failed until it is given back."""

    id: str


@dataclass(frozen=True, slots=True)
class BudgetExhausted:
    """No leave: the budget that is used up. Never audible: every refusal sounds like a wrong PIN."""

    reason: Reason


_Budget = tuple[Reason, int, int]
"""Which budget, how much of it is used, how much there is."""


class PinAttempts:
    """The PIN budgets of every file, number and office; exact however many callers, threads and machines try.

    Every method is one durable write transaction and raises `StoreDown` when it cannot be: then no PIN is
    checked at all and the caller goes to a person. Files and numbers are kept as keyed hashes only.
    """

    def __init__(self, database: Database, seal: Sealer, limits: PinLimits) -> None:
        self._database = database
        self._seal = seal
        self._limits = limits

    def count_attempt(
        self, office: str, file: str, *, caller: str | None, named: bool, now: datetime
    ) -> PinAttempt | BudgetExhausted:
        """Count one try on a file before Tagor is asked, if every budget allows it.

        `caller` is the number as E.164, None when withheld; `named` is False for a file found by that number.
        """
        files = self._seal.pseudonyms("file", office, file)
        numbers = self._seal.pseudonyms("number", office, caller) if caller else ()
        with self._database.writing() as connection:
            advisory_lock(connection, f"pin tries of {office}")
            budgets = [
                *self._of_file(connection, files, now, named=named),
                *self._of_office(connection, office, now),
                *self._of_number(connection, numbers if named else (), files, now),
            ]
            for reason, used, most in budgets:
                if used >= most:
                    return BudgetExhausted(reason)
            one = PinAttempt(token_hex(16))
            row = {"id": one.id, "office": office, "file": files[0], "named": named, "attempted_at": now}
            connection.execute(insert(pin_attempts).values(row | {"caller": numbers[0] if numbers else None}))
        return one

    def give_back(self, one: PinAttempt) -> None:
        """Take a try out of every budget again, because the PIN was right; harmless when repeated."""
        with self._database.writing() as connection:
            connection.execute(delete(pin_attempts).where(pin_attempts.c.id == one.id))

    def reset_daily(self, office: str, file: str) -> None:
        """Start a file's day anew after a right PIN from a number known for it; no other budget changes."""
        files = self._seal.pseudonyms("file", office, file)
        with self._database.writing() as connection:
            connection.execute(
                update(pin_attempts).where(pin_attempts.c.file.in_(files)).values(daily_reset=True)
            )

    def unlock(self, office: str, file: str) -> int:
        """Start a file anew altogether, by the office's decision; gives how many tries were taken off it."""
        locked = (
            pin_attempts.c.file.in_(self._seal.pseudonyms("file", office, file)) & ~pin_attempts.c.unlocked
        )
        anew = {"daily_reset": True, "unlocked": True}
        with self._database.writing() as connection:
            return connection.execute(update(pin_attempts).where(locked).values(anew)).rowcount

    def sweep(self, now: datetime) -> int:
        """Wipe what no budget counts any more: numbers after a day, unlocked tries; gives how many rows."""
        old = pin_attempts.c.attempted_at <= now - DAY
        with self._database.writing() as connection:
            unlocked = connection.execute(delete(pin_attempts).where(old, pin_attempts.c.unlocked))
            numbered = update(pin_attempts).where(old, pin_attempts.c.caller.is_not(None))
            return unlocked.rowcount + connection.execute(numbered.values(caller=None)).rowcount

    def _of_file(
        self, connection: Connection, files: tuple[str, ...], now: datetime, *, named: bool
    ) -> Iterator[_Budget]:
        day = (pin_attempts.c.attempted_at > now - DAY) & ~pin_attempts.c.daily_reset
        life, silent = ~pin_attempts.c.unlocked, ~pin_attempts.c.named
        counted = [func.count().filter(which) for which in (life, day, life & silent, day & silent)]
        row = connection.execute(select(*counted).where(pin_attempts.c.file.in_(files))).one()
        limits = self._limits
        yield "file_life", row[0], limits.file_life
        yield "file_day", row[1], limits.file_day
        if not named:
            yield "file_life", row[2], limits.silent_life
            yield "file_day", row[3], limits.silent_day

    def _of_office(self, connection: Connection, office: str, now: datetime) -> Iterator[_Budget]:
        hour = func.count().filter(pin_attempts.c.attempted_at > now - HOUR)
        today = (pin_attempts.c.office == office) & (pin_attempts.c.attempted_at > now - DAY)
        in_hour, in_day = connection.execute(select(hour, func.count()).where(today)).one()
        yield "office_hour", in_hour, self._limits.office_hour
        yield "office_day", in_day, self._limits.office_day

    def _of_number(
        self, connection: Connection, numbers: tuple[str, ...], files: tuple[str, ...], now: datetime
    ) -> Iterator[_Budget]:
        others = select(func.count(pin_attempts.c.file.distinct())).where(
            pin_attempts.c.caller.in_(numbers),
            pin_attempts.c.named,
            pin_attempts.c.attempted_at > now - DAY,
            pin_attempts.c.file.not_in(files),
        )
        yield "number_day", connection.scalar(others) or 0, self._limits.number_day
