"""The queue of a process's writers in front of SQLite: first in, first out.

SQLite lets waiting writers poll with growing sleeps, so that under load the one who came last wins and others
starve. Here they wait in the order in which they came, each no longer than its transaction may take.
"""

from collections import deque
from threading import Lock


class WriteQueue:
    """A fair lock: whoever waits longest gets it next."""

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
