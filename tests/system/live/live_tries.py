"""Many callers who try wrong PINs at the same time; Tagor is asked when, and only when, a try was granted."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier, Condition

from sqlalchemy import select

from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreDown
from bridge.store.pin_attempts import PinAttempt, PinAttempts, PinLimits
from bridge.store.tables import pin_attempts

CALLER = "+32470000001"
OFFICE = "gent"
LONGEST = 60.0


class Race:
    """One office's tries on one store; `asked` are the files Tagor was asked about, one entry per question.

    `done` counts tries with an outcome, `refused` those that could not be counted: nothing was asked then.
    """

    def __init__(self, database: Database, limits: PinLimits, now: datetime) -> None:
        self._database, self._seal, self._now = database, Sealer(["a secret of the tests"]), now
        self._tries = PinAttempts(database, self._seal, limits)
        self._changed = Condition()
        self.asked: list[str] = []
        self.asked_ids: list[str] = []
        self.done = self.refused = 0
        self.over = False

    def run(
        self,
        *,
        threads: int,
        tries: int,
        files: Sequence[str],
        named: bool = True,
        caller: str | None = CALLER,
    ) -> None:
        """Try so often by so many callers who begin at the same moment.

        Each keyed-in PIN is tried on one of the files in turn, on all of them if they are not `named`.
        """
        together = Barrier(threads)

        def one_caller(first: int) -> None:
            together.wait(LONGEST)
            for number in range(first, tries, threads):
                for file in [files[number % len(files)]] if named else files:
                    self._try(file, named=named, caller=caller)

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one_caller, range(threads)))
        with self._changed:
            self.over = True
            self._changed.notify_all()

    def use_up(self, files: Sequence[str]) -> None:
        """Try on until nothing is left of any file's budget."""
        for file in files:
            while isinstance(
                self._tries.count_attempts(OFFICE, [file], caller=CALLER, named=False, now=self._now)[0],
                PinAttempt,
            ):
                pass

    def counted(self) -> dict[str, str]:
        """Every try in the books, with its file."""
        names = {self._seal.pseudonyms("file", OFFICE, str(file))[0]: str(file) for file in range(64)}
        with self._database.reading() as connection:
            rows = connection.execute(select(pin_attempts.c.id, pin_attempts.c.file))
            return {row.id: names[row.file] for row in rows}

    def wait(self, happened: Callable[[], bool]) -> None:
        """Wait until something has happened in the race."""
        with self._changed:
            assert self._changed.wait_for(happened, LONGEST), "the race stands still"

    def _try(self, file: str, *, named: bool, caller: str | None) -> None:
        try:
            outcome = self._tries.count_attempts(OFFICE, [file], caller=caller, named=named, now=self._now)[0]
        except StoreDown:
            outcome = None
        with self._changed:
            self.done += 1
            if isinstance(outcome, PinAttempt):
                self.asked.append(file)
                self.asked_ids.append(outcome.id)
            self.refused += outcome is None
            self._changed.notify_all()
