"""Gives the bridge its own database with faults: away, locked, slow, read-only, unsure."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bridge.simulators.rehearsal.world.virtual_time import VirtualTime
from bridge.store.database import Database, Mode
from bridge.store.errors import StoreDown

DATABASE_FAULTS = ("away", "locked", "read_only", "slow", "unsure")
"""Refused at once; waits in vain; no writes; answers late; commits and then reports an error."""
UNWRITABLE = {"read_only": "SQLITE_READONLY", "full": "SQLITE_FULL"}


class DatabaseFault:
    """Says what is wrong with the database now; `now` is empty when nothing is."""

    def __init__(self, time: VirtualTime) -> None:
        self._time = time
        self.now = ""

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Suspend the fault while a worker starts: nobody waits for what it does then."""
        before, self.now = self.now, ""
        yield
        self.now = before

    def before(self, patience: float, *, write: bool = False, durable: bool = False) -> None:
        """Apply the fault before a transaction; raises StoreDown."""
        if self.now == "slow":
            self._time.sleep(patience / 2)
        elif self.now == "locked":
            self._time.sleep(patience)
            raise StoreDown("SQLITE_BUSY")
        elif self.now == "away":
            raise StoreDown("SQLITE_CANTOPEN")
        elif write and self.now in UNWRITABLE:
            raise StoreDown(UNWRITABLE[self.now])
        elif durable and self.now == "decisions_full":
            raise StoreDown("SQLITE_FULL")

    def after(self) -> None:
        """Apply the fault after a commit; raises StoreDown."""
        if self.now == "unsure":
            raise StoreDown("SQLITE_IOERR")


class FaultyDatabase(Database):
    """Is the store's own database on the same file, with faults."""

    def __init__(
        self,
        database_fault: DatabaseFault,
        on_commit: Callable[[], None],
        url: str,
        **options: Any,  # noqa: ANN401 - the store's
    ) -> None:
        """Open the database; `on_commit` is called after every durable commit."""
        self._trouble, self._on_commit = database_fault, on_commit
        super().__init__(url, **options)

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """As the store's."""
        self._trouble.before(max(self.budget.left(), 0.0))
        with super().reading() as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Any]:
        """As the store's."""
        self._trouble.before(max(self.budget.left(), 0.0), write=True, durable=durable)
        with super().writing(durable=durable) as connection:
            yield connection
        if durable:
            self._on_commit()
        self._trouble.after()

    @contextmanager
    def on_cursor(self, mode: Mode) -> Iterator[Any]:
        """As the store's; no fault strikes while the log is cut, for which nobody waits."""
        if mode == "log":
            with super().on_cursor(mode) as transaction:
                yield transaction
            return
        durable = mode == "durable"
        self._trouble.before(max(self.budget.left(), 0.0), write=mode != "read", durable=durable)
        with super().on_cursor(mode) as transaction:
            yield transaction
        if durable:
            self._on_commit()
        if mode != "read":
            self._trouble.after()
