"""The repositories of the store: calls, PIN attempts, decisions, jobs, call-backs, steps, and the others."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from bridge.store.audit import AuditList
from bridge.store.callbacks import PromisedCallbacks
from bridge.store.calls import Calls
from bridge.store.database import Database
from bridge.store.decisions import Decisions
from bridge.store.deferred_results import DeferredResults
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreDown
from bridge.store.keyring import Keyring
from bridge.store.live_settings import LiveSettings
from bridge.store.outbox import Outbox
from bridge.store.pin_attempts import PinAttempts, PinLimits
from bridge.store.statement import Statement, absent_insert
from bridge.store.step_journal import JOURNAL_DAYS, StepJournal
from bridge.store.tables import leases
from bridge.store.time_limits import Lease, is_over

SWEEP_LEASE = 55.0
"""Seconds in which no other process sweeps: a little less than the minute after which each one asks again."""

_ADD_LEASE = Statement(absent_insert(leases), ("name", "held_until"))
_TAKE_LEASE = Statement(
    update(leases).where(leases.c.name == "sweep", is_over(leases.c.held_until)), ("held_until",)
)


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

    def __init__(self, database: Database, sealer: Sealer, *, journal_days: int = JOURNAL_DAYS) -> None:
        sealer = sealer.with_hash_keys(Keyring(database, sealer).keys)
        # They are read with the first pseudonym: now, so that no turn has to wait for them later. A database
        # that is away may come back.
        with suppress(StoreDown):
            sealer.pseudonyms()
        self._database, self._sweeping = database, Lease(SWEEP_LEASE)
        self.calls = Calls(database, sealer)
        self.deferred_results = DeferredResults(database, sealer)
        self.pin_attempts = PinAttempts(database, sealer, PinLimits())
        self.decisions = Decisions(database, sealer)
        self.outbox = Outbox(database, sealer)
        self.callbacks = PromisedCallbacks(database, sealer)
        self.steps = StepJournal(database, sealer, journal_days)
        self.audit = AuditList(database)
        self.live_settings = LiveSettings(database, sealer)

    def unreadable(self) -> Unreadable:
        """Count what was sealed with a secret that is gone; raises `StoreDown`."""
        return Unreadable(self.decisions.unreadable(), self.outbox.unreadable())

    def sweep_in_turn(self, now: datetime) -> int:
        """Do as `sweep` does, unless another process has just done so; gives how many rows."""
        until, too_far = self._sweeping.until(now), self._sweeping.too_far(now)
        with self._database.on_cursor("turn") as transaction:
            _ADD_LEASE.execute(transaction, name="sweep", held_until=now)
            taking = _TAKE_LEASE.execute(transaction, held_until=until, now=now, too_far=too_far)
        return self.sweep(now) if taking.rowcount else 0

    def sweep(self, now: datetime) -> int:
        """Wipe and delete in every table what nobody needs; gives how many rows. Raises `StoreDown`."""
        tables = (
            self.calls,
            self.pin_attempts,
            self.decisions,
            self.outbox,
            self.callbacks,
            self.steps,
            self.live_settings,
            self.audit,  # last: by a clock far ahead of the database's it deletes nothing and raises
        )
        return sum(table.sweep(now) for table in tables)
