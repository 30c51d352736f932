"""Answers on a fixed grid of time, so that a stop-watch tells nobody whether a number or a file is known."""

import math
import random
import time
from collections import deque
from collections.abc import Callable

GRID = 0.25
REMEMBERED = 64


class EvenTime:
    """Waits until the next quarter of a second.

    An answer that asked Tagor nothing waits as long as one of the last 64 that did, drawn at random, so the
    PIN of a stranger takes as long as the PIN of a caller whose number is known.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        seed: int | None = None,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._took: deque[float] = deque(maxlen=REMEMBERED)
        self._random = random.Random(seed)

    def wait(self, begun: float, *, asked: bool) -> None:
        """Wait for the grid, counted from `begun` (seconds of the clock); `asked` says if Tagor was asked."""
        took = self._clock() - begun
        if asked:
            self._took.append(took)
        elif self._took:
            took = max(took, self._random.choice(self._took))
        goal = max(1, math.ceil(took / GRID)) * GRID
        self._sleep(max(0.0, begun + goal - self._clock()))
