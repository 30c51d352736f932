"""PIN attempts: how often somebody may be wrong about a file, counted before Tagor is asked.

The budgets are those of `docs/security.md`: per file, per caller's number and per office. A lock takes only
self-service away; the caller still reaches a person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Literal

from sqlalchemy import bindparam, delete, func, insert, literal_column, or_, select, update

from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.retention import delete_some, sweep_rows, wipe_some
from bridge.store.server_restart import again_if_cut
from bridge.store.statement import Statement, Transaction
from bridge.store.tables import pin_attempts

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

KEPT = timedelta(days=5 * 365)
"""How long a failed attempt counts for a file that is not locked; a lock stays until the office lifts it."""

# A caller waits for these: they are compiled once (see `statement`). `beside` is the attempt of the same
# guess, which is not counted against itself.
_OTHERS = pin_attempts.c.id != bindparam("beside")
_IN_DAY = pin_attempts.c.attempted_at > bindparam("day_ago")
_SINCE_RESET, _IS_SILENT = _IN_DAY & ~pin_attempts.c.daily_reset, ~pin_attempts.c.named
_SAME_GUESS = Statement(
    select(pin_attempts.c.id, pin_attempts.c.named, pin_attempts.c.wrong).where(
        pin_attempts.c.guess == bindparam("name"), pin_attempts.c.file == bindparam("of_file")
    )
)
_OF_FILE = Statement(
    select(
        func.count().filter(~pin_attempts.c.unlocked).label("life"),
        func.count().filter(_SINCE_RESET).label("day"),
        func.count().filter(~pin_attempts.c.unlocked & _IS_SILENT).label("silent_life"),
        func.count().filter(_SINCE_RESET & _IS_SILENT).label("silent_day"),
    ).where(pin_attempts.c.file == bindparam("name"), _OTHERS)
)
_OF_OFFICE = Statement(
    select(
        func.count().filter(pin_attempts.c.attempted_at > bindparam("hour_ago")).label("hour"),
        func.count().label("day"),
    ).where(pin_attempts.c.office == bindparam("name"), _IN_DAY, ~pin_attempts.c.office_reset, _OTHERS)
)
_FILES_NAMED = Statement(
    select(pin_attempts.c.file).where(
        pin_attempts.c.caller == bindparam("name"), pin_attempts.c.named, _IN_DAY
    )
)
_COUNTED = insert(pin_attempts).values(daily_reset=False, unlocked=False, office_reset=False, wrong=False)
_ADD = Statement(_COUNTED, ("id", "office", "file", "caller", "named", "attempted_at", "guess"))
_THIS = pin_attempts.c.id == bindparam("name")
_ASK_AGAIN = Statement(update(pin_attempts).where(_THIS), ("id", "named"))
_GIVE_BACK = Statement(delete(pin_attempts).where(_THIS))
_IS_WRONG = Statement(update(pin_attempts).where(_THIS).values(wrong=True))
_NEW_DAY = Statement(
    update(pin_attempts).where(pin_attempts.c.file == bindparam("name")).values(daily_reset=True)
)

PLENTY, PLENTY_LASTS = 10, timedelta(seconds=10)
"""How many attempts an office has left that may be remembered, and for how long."""

Reason = Literal["file_day", "file_life", "office_hour", "office_day", "number_day"]

_IS_OLD = pin_attempts.c.attempted_at <= bindparam("day_ago")
_WIPING = tuple(
    wipe_some(pin_attempts, _IS_OLD & column.is_not(None), **{column.name: None})
    for column in (pin_attempts.c.caller, pin_attempts.c.guess)
)
# Word for word as its partial index has it: for `unlocked = 1` SQLite would read all that is old.
_UNLOCKED = delete_some(pin_attempts, _IS_OLD & literal_column("unlocked"))
# A file at any of its limits for life keeps its attempts, else time alone would unlock it.
# They are counted for each file that has old ones: all files at once would be a scan under the lock.
_OTHER_TRIES = pin_attempts.alias("counted")
_SAME_FILE = (_OTHER_TRIES.c.file == pin_attempts.c.file) & ~_OTHER_TRIES.c.unlocked
_LIFE = select(func.count()).select_from(_OTHER_TRIES).where(_SAME_FILE).scalar_subquery()
_WORN = delete_some(
    pin_attempts,
    (pin_attempts.c.attempted_at <= bindparam("oldest")) & (bindparam("silent_life") > _LIFE),
)


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


@dataclass(frozen=True, slots=True)
class UsedUp:
    """How many files of an office take no PIN now, and how many numbers may name no further file."""

    files: int
    numbers: int


_Budget = tuple[Reason, int, int]
"""Which budget, how much of it is used, how much there is."""


@dataclass(frozen=True, slots=True)
class _Counting:
    """What the attempts that are counted together have in common; `numbers` and `guesses` are pseudonyms."""

    office: str
    named: bool
    now: datetime
    limits: PinLimits
    numbers: tuple[str, ...]
    guesses: tuple[str, ...]


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
        self._plenty_until: dict[str, datetime] = {}

    @again_if_cut("before commit")
    def count_attempts(
        self,
        office: str,
        files: Sequence[str],
        *,
        caller: str | None,
        named: bool,
        now: datetime,
        guess: tuple[str, ...] = (),
        limits: PinLimits | None = None,
    ) -> list[PinAttempt | KnownWrong | BudgetExhausted]:
        """Count one attempt on each file before Tagor is asked, where every budget allows it.

        All are counted in one transaction, each as if the ones before it had failed; one that is refused
        counts nowhere and hinders no other.

        Args:
            office: the office's key.
            files: the files' numbers, whose leading zeros do not matter.
            caller: the number that calls as E.164, None when withheld.
            named: False for files that were found by the caller's number.
            now: the moment (aware).
            guess: the call, its round and the proof: the same guess on the same file in one round is one
                attempt, first silent and then named. It is kept as a keyed hash.
            limits: the budgets of this office, where they are not the usual ones.
        """
        counting = _Counting(
            office,
            named,
            now,
            limits or self._limits,
            self._sealer.pseudonyms("number", office, caller) if caller else (),
            self._sealer.pseudonyms("guess", office, *guess) if guess else (),
        )
        names = [self._files(office, file) for file in files]
        with self._database.on_cursor("durable") as transaction:
            # All counts of an office happen one after the other, so that no budget is overdrawn in parallel.
            transaction.lock(f"pin attempts of {office}")
            return [self._count(transaction, one, counting) for one in names]

    def _count(
        self, transaction: Transaction, files: tuple[str, ...], counting: _Counting
    ) -> PinAttempt | KnownWrong | BudgetExhausted:
        """Count one attempt on a file, which is given by its names."""
        guesses = [(guess, file) for guess in counting.guesses for file in files]
        same = (_SAME_GUESS.rows(transaction, name=guess, of_file=file) for guess, file in guesses)
        before = next((rows[0] for rows in same if rows), None)
        # Every budget is looked at before anything is written: a refused attempt counts nowhere.
        for reason, used, allowed in self._budgets(transaction, files, counting, before.id if before else ""):
            if used >= allowed:
                return BudgetExhausted(reason)
        counted = PinAttempt(token_hex(16), repeated=before is not None)
        if before is not None:
            # The new id makes this the only asker that may give the attempt back.
            _ASK_AGAIN.execute(
                transaction, name=before.id, id=counted.id, named=before.named or counting.named
            )
            return KnownWrong() if before.wrong else counted
        _ADD.execute(
            transaction,
            id=counted.id,
            office=counting.office,
            file=files[0],
            caller=counting.numbers[0] if counting.numbers else None,
            named=counting.named,
            attempted_at=counting.now,
            guess=counting.guesses[0] if counting.guesses else None,
        )
        return counted

    @again_if_cut("before commit")
    def settle(
        self,
        *,
        given_back: Sequence[PinAttempt] = (),
        wrong: Sequence[PinAttempt] = (),
        fresh: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Write down in one transaction what Tagor said of attempts; harmless when repeated.

        Args:
            given_back: they leave every budget again.
            wrong: Tagor said no, so the same guess of the same round need not be asked again.
            fresh: files (office, number) whose day begins anew, after a right PIN from a number that is known
                for them; no other budget changes.
        """
        files = [name for office, file in fresh for name in self._files(office, file)]
        with self._database.on_cursor("durable") as transaction:
            for attempt in given_back:
                _GIVE_BACK.execute(transaction, name=attempt.id)
            for attempt in wrong:
                _IS_WRONG.execute(transaction, name=attempt.id)
            for name in files:
                _NEW_DAY.execute(transaction, name=name)

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
        """Tell whether the office's budget is used up."""
        with self._database.on_cursor("read") as transaction:
            budgets = self._of_office(transaction, office, now, limits or self._limits)
        if all(allowed - used >= PLENTY for _, used, allowed in budgets):
            self._plenty_until[office] = now + PLENTY_LASTS
        return any(used >= allowed for _, used, allowed in budgets)

    def used_up(self, office: str, now: datetime) -> UsedUp:
        """Count the files and numbers at this office whose own budgets are used up."""
        this, limits = pin_attempts.c.office == office, self._limits
        in_day = pin_attempts.c.attempted_at > now - DAY
        files = (
            select(pin_attempts.c.file)
            .where(this, ~pin_attempts.c.unlocked)
            .group_by(pin_attempts.c.file)
            .having(
                or_(
                    func.count() >= limits.file_life,
                    func.count().filter(in_day & ~pin_attempts.c.daily_reset) >= limits.file_day,
                )
            )
        )
        numbers = (
            select(pin_attempts.c.caller)
            .where(this, in_day, pin_attempts.c.named, pin_attempts.c.caller.is_not(None))
            .group_by(pin_attempts.c.caller)
            .having(func.count(pin_attempts.c.file.distinct()) >= limits.number_day)
        )
        with self._database.reading() as connection:
            counts = (
                connection.scalar(select(func.count()).select_from(rows.subquery()))
                for rows in (files, numbers)
            )
            return UsedUp(*(number or 0 for number in counts))

    def had_plenty(self, office: str, now: datetime) -> bool:
        """Tell whether `is_office_exhausted` found in the last ten seconds that ten attempts were left.

        Who only wants to spare callers a PIN in vain need not ask the database then: `count_attempts` is
        exact all the same.
        """
        # A clock that was set back must not let this last for an hour.
        return timedelta() < self._plenty_until.get(office, now) - now <= PLENTY_LASTS

    def sweep(self, now: datetime) -> int:
        """Wipe numbers and guesses after a day, delete what no budget counts; gives how many rows."""
        times = {"day_ago": now - DAY, "oldest": now - KEPT}
        least = self._limits.silent_life
        return sweep_rows(self._database, *_WIPING, _UNLOCKED, _WORN, **times, silent_life=least)

    def _files(self, office: str, file: str) -> tuple[str, ...]:
        """Name a file by its number: leading zeros make no other file, and so no budget of its own."""
        plain = file.lstrip("0") or "0"
        names = self._sealer.pseudonyms("file", office, plain)
        # Attempts that were counted before zeros were cut off go on counting.
        return names if plain == file else (*names, *self._sealer.pseudonyms("file", office, file))

    def _budgets(
        self, transaction: Transaction, files: tuple[str, ...], counting: _Counting, beside: str
    ) -> Iterator[_Budget]:
        """Give every budget that an attempt on a file uses, without what the attempt `beside` used of it."""
        limits, day_ago = self._limits, counting.now - DAY
        asked = {"day_ago": day_ago, "beside": beside}
        found = [row for name in files for row in _OF_FILE.rows(transaction, name=name, **asked)]
        yield "file_life", sum(row.life for row in found), limits.file_life
        yield "file_day", sum(row.day for row in found), limits.file_day
        if not counting.named:
            yield "file_life", sum(row.silent_life for row in found), limits.silent_life
            yield "file_day", sum(row.silent_day for row in found), limits.silent_day
        yield from self._of_office(transaction, counting.office, counting.now, counting.limits, beside)
        # A file found by the number was not named by it, so it uses nothing of that budget.
        named = {
            row.file
            for name in (counting.numbers if counting.named else ())
            for row in _FILES_NAMED.rows(transaction, name=name, day_ago=day_ago)
        }
        yield "number_day", len(named.difference(files)), limits.number_day

    def _of_office(
        self, transaction: Transaction, office: str, now: datetime, limits: PinLimits, beside: str = ""
    ) -> tuple[_Budget, _Budget]:
        ago = {"hour_ago": now - HOUR, "day_ago": now - DAY}
        [used] = _OF_OFFICE.rows(transaction, name=office, **ago, beside=beside)
        return ("office_hour", used.hour, limits.office_hour), ("office_day", used.day, limits.office_day)
