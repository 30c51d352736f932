"""Answers in constant time, so that nobody can measure whether a number or a file is known."""

import math
import random
from collections import deque

from bridge.clock import SYSTEM_CLOCK, Clock

RESPONSE_GRID = 0.25
REMEMBERED = 64
FRESH = 600.0
"""How many seconds a measured time counts, unless there is no newer one."""


class ConstantTime:
    """Tells when an answer is due: at the next point of a grid of a quarter of a second.

    An answer that asked Tagor nothing is due as late as one of the last 64 that did, drawn at random. So
    the PIN of a stranger takes as long as the PIN of a caller whose number is known.
    """

    def __init__(self, *, clock: Clock = SYSTEM_CLOCK, seed: int | None = None) -> None:
        self._clock = clock
        self._took: deque[tuple[float, float]] = deque(maxlen=REMEMBERED)
        self._random = random.Random(seed)

    def due(self, begun: float, *, asked: bool) -> float:
        """Give the monotonic second at which to answer; `asked` tells whether Tagor was asked."""
        now = self._clock.monotonic()
        took = now - begun
        if asked:
            self._took.append((now, took))
        elif self._took:
            took = max(took, self._random.choice(self._lately(now)))
        return begun + max(1, math.ceil(took / RESPONSE_GRID)) * RESPONSE_GRID

    def _lately(self, now: float) -> list[float]:
        remembered = list(self._took)  # other threads add to it meanwhile
        return [took for at, took in remembered if at > now - FRESH] or [remembered[-1][1]]
