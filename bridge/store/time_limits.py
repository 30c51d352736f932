"""Limits of time: how long a webhook may wait for the database, and how long a worker may keep a claim.

A transaction may take its patience. All transactions of one webhook together may take the webhook's budget,
so that a database which locks or freezes in the middle of a turn cannot use up the patience several times.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import Column, ColumnElement, bindparam

from bridge.clock import Clock

# Contexts and not arguments: SQLAlchemy and its pool stand between whoever sets a limit and whoever waits.
_WEBHOOK: ContextVar[float | None] = ContextVar("webhook", default=None)
TRANSACTION: ContextVar[tuple[float, Clock] | None] = ContextVar("transaction", default=None)
"""When the transaction under way must be over, and on which clock: `Database` sets it."""


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
        """Let all transactions that this thread begins inside take so many seconds together.

        As a decorator it holds for each call of the function.
        """
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


def seconds_left() -> float | None:
    """Give the seconds that the transaction under way may still take; None when nobody limits it."""
    limit = TRANSACTION.get()
    return None if limit is None else limit[0] - limit[1].monotonic()


class WriteQueue:
    """The queue of a process's writers in front of SQLite: whoever waits longest writes next.

    SQLite lets waiting writers poll with growing sleeps, so that under load the one who came last wins and
    others starve. Here they wait in the order in which they came, each no longer than its transaction may.
    """

    def __init__(self) -> None:
        self._guard, self._taken = Lock(), False
        self._waiting: deque[Lock] = deque()

    def enter(self, seconds: float) -> bool:
        """Wait for so many seconds at most; False when others still write then."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=max(0.0, seconds)):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it was handed over right after the time was up

    def leave(self) -> None:
        """Hand the lock to whoever waits longest, or free it."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class Lease:
    """The rule by which calls, jobs and decisions are given to one worker at a time, for `seconds`.

    A lease that ends further ahead than any lease can was given by a clock that has been set back since. It
    counts as over, so that nothing is kept from every worker for an hour.
    """

    def __init__(self, seconds: float) -> None:
        self._length = timedelta(seconds=seconds)

    def until(self, now: datetime) -> datetime:
        """Give the moment at which a lease given now ends."""
        return now + self._length

    def is_held(self, until: datetime | None, now: datetime) -> bool:
        """Tell whether a lease that ends at `until` still keeps others away."""
        return until is not None and now < until <= self.too_far(now)

    def too_far(self, now: datetime) -> datetime:
        """Give the moment after which no lease can end that was given by now."""
        return now + 2 * self._length


def is_over(until: "Column[datetime]") -> ColumnElement[bool]:
    """Give the same rule as a condition on a column, for `now` and `too_far`: the lease there is over."""
    return (until <= bindparam("now")) | (until > bindparam("too_far"))
