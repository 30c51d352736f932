"""Waits for a PostgreSQL that restarts, and does once more what its end has undone.

A transaction that finds nobody there tries again, for as long as it may take and a restart takes. A method
whose transaction the server ended says with `again_if_cut` when it may be done once more.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from bridge.clock import Clock
from bridge.store.errors import Cut, StoreDown
from bridge.store.time_limits import seconds_left

_P = ParamSpec("_P")
_T = TypeVar("_T")

RESTART_SECONDS = 2.0
"""How long a server that is away is waited for: a restart takes less. After that callers hear so at once."""
RESTART_POLL = 0.1

_WAITED: ContextVar[float] = ContextVar("waited_for_restarts", default=0.0)


class ServerRestart:
    """Waits for a server that is away; one for all threads that use its connections.

    Args:
        clock: what measures how long the server is away.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._away_since: float | None = None

    def reached(self, connect: Callable[[], _T], errors: tuple[type[Exception], ...]) -> _T:
        """Give what `connect` gives; wait with short pauses while it raises one of the `errors`.

        Nothing was asked of the server yet, so nothing is done twice. A server that is away for longer than a
        restart takes is waited for by nobody, until somebody has reached it again: the error is raised.
        """
        while True:
            try:
                reached = connect()
            except errors:
                now, since = self._clock.monotonic(), self._away_since
                if since is None:
                    since = self._away_since = now
                if now - since > RESTART_SECONDS or (seconds_left() or 0) <= RESTART_POLL:
                    raise
                self._clock.sleep(RESTART_POLL)
                _WAITED.set(_WAITED.get() + self._clock.monotonic() - now)
            else:
                self._away_since = None
                return reached


def seconds_without_restarts(clock: Clock) -> float:
    """Give the clock's monotonic seconds, without those that this thread waited for a server that restarts.

    Who measures how slow the database is leaves them out: once it is back, it is as fast as ever.
    """
    return clock.monotonic() - _WAITED.get()


def again_if_cut(*cuts: Cut) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Do a method, which is one transaction, once more if the server ended it at one of these moments.

    Before its COMMIT the server has undone what it wrote. What is ended at its COMMIT may have been written:
    only who reads, or compares a version that its own COMMIT has changed, may be done again then. The second
    try waits for the server as every transaction does.
    """

    def decorated(method: Callable[_P, _T]) -> Callable[_P, _T]:
        @wraps(method)
        def tried(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            try:
                return method(*args, **kwargs)
            except StoreDown as down:
                if down.cut not in cuts:
                    raise
            return method(*args, **kwargs)

        return tried

    return decorated
