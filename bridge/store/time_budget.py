"""A time budget: how long a webhook, and each transaction in it, may wait for the database.

A transaction may take its patience. All transactions of one webhook together may take the webhook's budget,
so that a database which locks or freezes in the middle of a turn cannot use up the patience several times.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bridge.clock import Clock

# Contexts and not arguments: SQLAlchemy and its pool stand between whoever sets a limit and whoever waits.
_WEBHOOK: ContextVar[float | None] = ContextVar("webhook", default=None)
_TRANSACTION: ContextVar[tuple[float, Clock] | None] = ContextVar("transaction", default=None)


class TimeBudget:
    """Measures on one clock how long the current thread may wait.

    Args:
        clock: the clock.
        patience: seconds that one transaction may take.
    """

    def __init__(self, clock: Clock, patience: float) -> None:
        self._clock, self._patience = clock, patience

    @contextmanager
    def webhook(self, seconds: float) -> Iterator[None]:
        """Let all transactions that this thread begins inside take so many seconds together."""
        before = _WEBHOOK.set(self._clock.monotonic() + seconds)
        try:
            yield
        finally:
            _WEBHOOK.reset(before)

    def left(self) -> float:
        """Give the seconds that a transaction beginning now may take; 0 or less when none are left."""
        # Without a webhook, as in the background, only the patience counts.
        until = _WEBHOOK.get()
        return self._patience if until is None else min(self._patience, until - self._clock.monotonic())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let whatever waits for the database inside ask `seconds_left`, beginning with `left` now."""
        before = _TRANSACTION.set((self._clock.monotonic() + self.left(), self._clock))
        try:
            yield
        finally:
            _TRANSACTION.reset(before)


def seconds_left() -> float | None:
    """Give the seconds that the transaction under way may still take; None when nobody limits it."""
    limit = _TRANSACTION.get()
    return None if limit is None else limit[0] - limit[1].monotonic()
