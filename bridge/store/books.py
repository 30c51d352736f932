"""The books of the line, all in one database: calls, counted PIN tries, decisions."""

from datetime import datetime

from bridge.store.calls import Calls
from bridge.store.database import Database
from bridge.store.decisions import Decisions
from bridge.store.pin_tries import PinLimits, PinTries
from bridge.store.seal import Seal


class Books:
    """Opens the books over one database, sealed with one seal."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self.calls = Calls(database, seal)
        self.tries = PinTries(database, seal, PinLimits())
        self.decisions = Decisions(database, seal)

    def sweep(self, now: datetime) -> int:
        """Wipe what nobody needs any more in any of them; gives how many rows. May raise `StoreDown`."""
        return sum(book.sweep(now) for book in (self.calls, self.tries, self.decisions))
