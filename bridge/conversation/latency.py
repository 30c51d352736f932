"""Tracks the latency of an office's Tagor: callers wait in silence for less time while it is slow."""

PATIENCE = 0.6
"""Seconds that a turn may wait in all before its caller hears what is being done."""
NO_PATIENCE = 0.05
"""The same while Tagor is slow: only what needs no waiting at all is still answered at once."""
SLOW = 0.6
_WEIGHT = 0.3


class LatencyTracker:
    """Keeps the moving average of what one office's questions took lately, in seconds."""

    def __init__(self) -> None:
        self._usual = 0.0

    def learn(self, seconds: float) -> None:
        """Take one more measured time into the average."""
        # A single slow answer must not tell the next caller to wait, and a slow hour must not be forgotten.
        self._usual += _WEIGHT * (seconds - self._usual)

    @property
    def patience(self) -> float:
        """The seconds to wait in silence for the next question."""
        return NO_PATIENCE if self._usual > SLOW else PATIENCE
