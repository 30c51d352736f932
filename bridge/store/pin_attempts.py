"""PIN attempts: how often somebody may be wrong about a file, counted before Tagor is asked.

The budgets are those of `docs/design.md`: per file, per caller's number and per office. A lock takes only
self-service away; the caller still reaches a person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, true, update

from bridge.store.database import Database, advisory_lock
from bridge.store.encryption import Sealer
from bridge.store.retention import delete_some, sweep_rows, wipe_some
from bridge.store.tables import pin_attempts

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

KEPT = timedelta(days=5 * 365)
"""How long a failed attempt counts for a file that is not locked; a lock stays until the office lifts it."""

Reason = Literal["file_day", "file_life", "office_hour", "office_day", "number_day"]


@dataclass(frozen=True, slots=True)
class PinLimits:
    """How many failed attempts are allowed; a day is the last 24 hours, life lasts until the office unlocks.

    `silent` attempts are those on files found by the caller's number: they use a part of the file's budget
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
    """Leave to ask Tagor once; it counts as failed until it is given back.

    `repeated` tells that the same guess of the same round was counted before and that nothing came of it yet.
    """

    id: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class KnownWrong:
    """No leave: Tagor has said already that this guess of this round is wrong, and it is counted once."""


@dataclass(frozen=True, slots=True)
class BudgetExhausted:
    """No leave, and which budget is used up; never audible, for every refusal sounds like a wrong PIN."""

    reason: Reason


_Budget = tuple[Reason, int, int]
"""Which budget, how much of it is used, how much there is."""


class PinAttempts:
    """Keeps the PIN budgets of files, numbers and offices; exact however many threads and machines count.

    Every method is a durable transaction and raises `StoreDown` when it cannot be: then no PIN is checked at
    all and the caller goes to a person. Files and numbers are kept as keyed hashes only.

    Args:
        database: where they are kept.
        sealer: what names files and numbers.
        limits: the budgets.
    """

    def __init__(self, database: Database, sealer: Sealer, limits: PinLimits) -> None:
        self._database, self._sealer, self._limits = database, sealer, limits

    def count_attempt(
        self,
        office: str,
        file: str,
        *,
        caller: str | None,
        named: bool,
        now: datetime,
        guess: tuple[str, ...] = (),
        limits: PinLimits | None = None,
    ) -> PinAttempt | KnownWrong | BudgetExhausted:
        """Count one attempt on a file before Tagor is asked, if every budget allows it.

        Args:
            office: the office's key.
            file: the file's number, whose leading zeros do not matter.
            caller: the number that calls as E.164, None when withheld.
            named: False for a file that was found by the caller's number.
            now: the moment (aware).
            guess: the call, its round and the proof: the same guess on the same file in one round is one
                attempt, first silent and then named. It is kept as a keyed hash.
            limits: the budgets of this office, where they are not the usual ones.
        """
        files = self._files(office, file)
        numbers = self._sealer.pseudonyms("number", office, caller) if caller else ()
        guesses = self._sealer.pseudonyms("guess", office, *guess) if guess else ()
        allowed_here = limits or self._limits
        with self._database.writing() as connection:
            # All counts of an office happen one after the other, so that no budget is overdrawn in parallel.
            advisory_lock(connection, f"pin attempts of {office}")
            same = (pin_attempts.c.guess.in_(guesses)) & (pin_attempts.c.file.in_(files))
            before = connection.execute(select(pin_attempts).where(same)).first() if guesses else None
            others = pin_attempts.c.id != before.id if before is not None else true()
            budgets = [
                *self._of_file(connection, files, now, others, named=named),
                *self._of_office(connection, office, now, allowed_here, others),
                # A file found by the number was not named by it, so it uses nothing of that budget.
                *self._of_number(connection, numbers if named else (), files, now),
            ]
            # Every budget is looked at before anything is written: a refused attempt counts nowhere.
            for reason, used, allowed in budgets:
                if used >= allowed:
                    return BudgetExhausted(reason)
            counted = PinAttempt(token_hex(16), repeated=before is not None)
            if before is not None:
                # The new id makes this the only asker that may give the attempt back.
                again = {"id": counted.id, "named": before.named or named}
                connection.execute(update(pin_attempts).where(pin_attempts.c.id == before.id).values(again))
                return KnownWrong() if before.wrong else counted
            row = {"id": counted.id, "office": office, "file": files[0], "named": named, "attempted_at": now}
            row |= {"caller": numbers[0] if numbers else None, "guess": guesses[0] if guesses else None}
            connection.execute(insert(pin_attempts).values(row))
        return counted

    def give_back(self, attempt: PinAttempt) -> None:
        """Take an attempt out of every budget again; harmless when repeated."""
        with self._database.writing() as connection:
            connection.execute(delete(pin_attempts).where(pin_attempts.c.id == attempt.id))

    def record_wrong(self, attempt: PinAttempt) -> None:
        """Remember that Tagor said no, so that the same guess of the same round need not be asked again."""
        this = update(pin_attempts).where(pin_attempts.c.id == attempt.id)
        with self._database.writing() as connection:
            connection.execute(this.values(wrong=True))

    def reset_daily(self, office: str, file: str) -> None:
        """Begin a file's day anew after a right PIN from a number known for it; no other budget changes."""
        files = self._files(office, file)
        with self._database.writing() as connection:
            this = update(pin_attempts).where(pin_attempts.c.file.in_(files))
            connection.execute(this.values(daily_reset=True))

    def unlock(self, office: str, file: str) -> int:
        """Begin a file anew altogether, by the office's decision; gives how many attempts no longer count."""
        this = pin_attempts.c.file.in_(self._files(office, file))
        anew = update(pin_attempts).where(this, ~pin_attempts.c.unlocked)
        with self._database.writing() as connection:
            return connection.execute(anew.values(daily_reset=True, unlocked=True)).rowcount

    def unlock_office(self, office: str) -> int:
        """Begin the office's hour and day anew; gives how many attempts no longer count for it."""
        this = update(pin_attempts).where(pin_attempts.c.office == office, ~pin_attempts.c.office_reset)
        with self._database.writing() as connection:
            return connection.execute(this.values(office_reset=True)).rowcount

    def is_office_exhausted(self, office: str, now: datetime, limits: PinLimits | None = None) -> bool:
        """Tell whether the office's budget is used up, before anybody keys a PIN in vain."""
        allowed_here = limits or self._limits
        with self._database.reading() as connection:
            budgets = list(self._of_office(connection, office, now, allowed_here, true()))
        return any(used >= allowed for _, used, allowed in budgets)

    def sweep(self, now: datetime) -> int:
        """Wipe numbers and guesses after a day, delete what no budget counts; gives how many rows."""
        old = pin_attempts.c.attempted_at <= now - DAY
        guessed = wipe_some(pin_attempts, old & pin_attempts.c.guess.is_not(None), guess=None)
        numbered = wipe_some(pin_attempts, old & pin_attempts.c.caller.is_not(None), caller=None)
        unlocked = delete_some(pin_attempts, old & pin_attempts.c.unlocked)
        # A file at any of its limits for life keeps its attempts, else time alone would unlock it.
        several = select(pin_attempts.c.file).where(~pin_attempts.c.unlocked).group_by(pin_attempts.c.file)
        locked = several.having(func.count() >= self._limits.silent_life)
        worn = delete_some(
            pin_attempts, (pin_attempts.c.attempted_at <= now - KEPT) & pin_attempts.c.file.not_in(locked)
        )
        return sweep_rows(self._database, numbered, guessed, unlocked, worn)

    def _files(self, office: str, file: str) -> tuple[str, ...]:
        """Name a file by its number: leading zeros make no other file, and so no budget of its own."""
        plain = file.lstrip("0") or "0"
        names = self._sealer.pseudonyms("file", office, plain)
        # Attempts that were counted before zeros were cut off go on counting.
        return names if plain == file else (*names, *self._sealer.pseudonyms("file", office, file))

    def _of_file(
        self,
        connection: Connection,
        files: tuple[str, ...],
        now: datetime,
        others: ColumnElement[bool],
        *,
        named: bool,
    ) -> Iterator[_Budget]:
        day = (pin_attempts.c.attempted_at > now - DAY) & ~pin_attempts.c.daily_reset
        life, silent = ~pin_attempts.c.unlocked, ~pin_attempts.c.named
        counted = [func.count().filter(which) for which in (life, day, life & silent, day & silent)]
        row = connection.execute(select(*counted).where(pin_attempts.c.file.in_(files), others)).one()
        limits = self._limits
        yield "file_life", row[0], limits.file_life
        yield "file_day", row[1], limits.file_day
        if not named:
            yield "file_life", row[2], limits.silent_life
            yield "file_day", row[3], limits.silent_day

    def _of_office(
        self,
        connection: Connection,
        office: str,
        now: datetime,
        limits: PinLimits,
        others: ColumnElement[bool],
    ) -> Iterator[_Budget]:
        hour = func.count().filter(pin_attempts.c.attempted_at > now - HOUR)
        today = (pin_attempts.c.office == office) & (pin_attempts.c.attempted_at > now - DAY)
        counted = select(hour, func.count()).where(today, ~pin_attempts.c.office_reset, others)
        in_hour, in_day = connection.execute(counted).one()
        yield "office_hour", in_hour, limits.office_hour
        yield "office_day", in_day, limits.office_day

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
