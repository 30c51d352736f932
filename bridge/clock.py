"""Time, handed to whatever needs it: nothing in the bridge looks at a clock by itself."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Time, injected: the moment (aware, UTC), seconds that only go up, and waiting.

    `passed` is told every step by which a decision is made: a rehearsal kills the process there.
    """

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        ticks: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        passed: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self.now, self.ticks, self.sleep, self.passed = now, ticks, sleep, passed
