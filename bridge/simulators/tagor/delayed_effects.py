"""Delays effects until after the reply: each happens once, by its timer or when the tester asks for it."""

import threading
from collections.abc import Callable


class DelayedEffects:
    """Work that is delayed by some seconds of real time."""

    def __init__(self) -> None:
        self._planned: dict[threading.Timer, Callable[[], None]] = {}
        self._lock = threading.Lock()

    def plan(self, seconds: float, work: Callable[[], None]) -> None:
        """Do the work after that many seconds, unless it is settled or dropped before."""
        timer = threading.Timer(seconds, lambda: self._run(timer))
        timer.daemon = True
        with self._lock:
            self._planned[timer] = work
        timer.start()

    def settle(self) -> None:
        """Do all of it now."""
        for timer in list(self._planned):
            timer.cancel()
            self._run(timer)

    def drop(self) -> None:
        """Do none of it, and return when nothing is under way."""
        with self._lock:
            planned, self._planned = self._planned, {}
        for timer in planned:
            timer.cancel()
            # A timer that had begun already finds no work left, and must end before the database is closed.
            timer.join()

    def _run(self, timer: threading.Timer) -> None:
        # Whoever takes the work out of the table does it; the lock is held so that `drop` waits for its end.
        with self._lock:
            work = self._planned.pop(timer, None)
            if work is not None:
                work()
