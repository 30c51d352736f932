"""Gives the time to everything that needs it: no other module of the bridge reads the machine's clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Clock:
    """The time of one running bridge; a test or a rehearsal makes one from functions of its own.

    Args:
        now: gives the present moment (aware).
        monotonic: gives seconds that never go back, as `time.monotonic` does.
        sleep: waits so many seconds.
        checkpoint: is told the name of each finished step of a turn or a decision; a rehearsal kills there.
    """

    def __init__(
        self,
        now: Callable[[], datetime] = _utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        checkpoint: Callable[[str], None] | None = None,
    ) -> None:
        self._now, self._monotonic, self._sleep, self._checkpoint = now, monotonic, sleep, checkpoint

    def now(self) -> datetime:
        """Return the present moment (aware); it jumps when the machine's clock is set."""
        return self._now()

    def monotonic(self) -> float:
        """Return seconds that never go back: what durations and deadlines are measured with."""
        return self._monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait so many seconds."""
        self._sleep(seconds)

    def checkpoint(self, name: str) -> None:
        """Tell that a step of a turn or a decision is done (`plan: marked as sent`)."""
        if self._checkpoint is not None:
            self._checkpoint(name)


SYSTEM_CLOCK = Clock()
"""The machine's own clock."""
