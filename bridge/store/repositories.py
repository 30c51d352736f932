"""The repositories of the store: calls, deferred results, PIN attempts, decisions, jobs and call-backs."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bridge.store.callbacks import PromisedCallbacks
from bridge.store.calls import Calls
from bridge.store.database import Database
from bridge.store.decisions import Decisions
from bridge.store.deferred_results import DeferredResults
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreDown
from bridge.store.keyring import Keyring
from bridge.store.outbox import Outbox
from bridge.store.pin_attempts import PinAttempts, PinLimits


@dataclass(frozen=True, slots=True)
class Unreadable:
    """How many open decisions and waiting jobs only a secret opens that is no longer configured."""

    decisions: int
    jobs: int

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.decisions or self.jobs)

    def __str__(self) -> str:
        """Say what to do about them."""
        return (
            f"{self.decisions} open decisions and {self.jobs} jobs were sealed with a secret that is no "
            "longer configured: give it as a further one until this sentence no longer comes. Decisions are "
            "settled within a quarter of an hour, jobs within four days."
        )


class Repositories:
    """Opens all repositories over one database, with one sealer and one set of hash keys.

    Raises:
        WrongSecret: none of the configured secrets opens the keys of this database. With a database that is
            away this is found out, and raised, by the first method that needs them.
    """

    def __init__(self, database: Database, sealer: Sealer) -> None:
        keyring = Keyring(database, sealer)
        # Read now, so that no turn has to wait for it later; a database that is away may come back.
        with suppress(StoreDown):
            keyring.keys()
        sealer = sealer.with_hash_keys(keyring.keys)
        self.calls = Calls(database, sealer)
        self.deferred_results = DeferredResults(database, sealer)
        self.pin_attempts = PinAttempts(database, sealer, PinLimits())
        self.decisions = Decisions(database, sealer)
        self.outbox = Outbox(database, sealer)
        self.callbacks = PromisedCallbacks(database, sealer)

    def unreadable(self) -> Unreadable:
        """Count what was sealed with a secret that is gone; raises `StoreDown`."""
        return Unreadable(self.decisions.unreadable(), self.outbox.unreadable())

    def sweep(self, now: datetime) -> int:
        """Wipe and delete in every table what nobody needs; gives how many rows. Raises `StoreDown`."""
        tables = (self.calls, self.pin_attempts, self.decisions, self.outbox, self.callbacks)
        return sum(table.sweep(now) for table in tables)
