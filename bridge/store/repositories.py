"""The books of the line, all in one database: calls, late outcomes, PIN tries, decisions, jobs, promises."""

from datetime import datetime

from bridge.store.callbacks import PromisedCallbacks
from bridge.store.calls import Calls
from bridge.store.database import Database
from bridge.store.decisions import Decisions
from bridge.store.deferred_results import DeferredResults
from bridge.store.encryption import Sealer
from bridge.store.outbox import Outbox
from bridge.store.pin_attempts import PinAttempts, PinLimits


class Repositories:
    """Opens the books over one database, sealed with one seal."""

    def __init__(self, database: Database, seal: Sealer) -> None:
        self.calls = Calls(database, seal)
        self.deferred_results = DeferredResults(database, seal)
        self.pin_attempts = PinAttempts(database, seal, PinLimits())
        self.decisions = Decisions(database, seal)
        self.outbox = Outbox(database, seal)
        self.callbacks = PromisedCallbacks(database, seal)

    def sweep(self, now: datetime) -> int:
        """Wipe what nobody needs any more in any of them; gives how many rows. May raise `StoreDown`."""
        books = (self.calls, self.pin_attempts, self.decisions, self.outbox, self.callbacks)
        return sum(book.sweep(now) for book in books)
