"""The bridge's own database, with every way in which a database can be away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from simulation_stage import Stage
from sqlalchemy import Connection

from bridge.store.database import Database
from bridge.store.errors import StoreDown

TROUBLES = ("away", "locked", "read_only", "slow", "unsure")
"""Refused at once; waits in vain; no writes; answers late; commits, and then nobody hears that it did."""


class Trouble:
    """What is wrong with the database now; empty when nothing is."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.now = ""

    def before(self, patience: float, *, write: bool) -> None:
        """Meet the trouble before a transaction; raises StoreDown."""
        if self.now == "slow":
            self._stage.sleep(patience / 2)
        elif self.now == "locked":
            self._stage.sleep(patience)
            raise StoreDown("SQLITE_BUSY")
        elif self.now == "away" or (self.now == "read_only" and write):
            raise StoreDown("SQLITE_CANTOPEN")

    def after(self) -> None:
        """Meet it after a commit; raises StoreDown."""
        if self.now == "unsure":
            raise StoreDown("SQLITE_IOERR")


class TroubledDatabase(Database):
    """The store's own, on the same file."""

    def __init__(
        self,
        trouble: Trouble,
        written: Callable[[], None],
        url: str,
        *,
        patience: float = 5.0,
        **more: Any,  # noqa: ANN401 - the store's
    ) -> None:
        """`written` is told after every durable commit."""
        self._trouble, self._written, self._patience = trouble, written, patience
        super().__init__(url, patience=patience, **more)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """As the store's."""
        self._trouble.before(self._patience, write=False)
        with super().reading() as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """As the store's."""
        self._trouble.before(self._patience, write=True)
        with super().writing(durable=durable) as connection:
            yield connection
        if durable:
            self._written()
        self._trouble.after()
