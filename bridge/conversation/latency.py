"""How long callers may be kept waiting in silence: less when the office's Tagor has been slow lately."""

PATIENCE = 0.7
"""Seconds of silence before a caller hears what is being done."""
NO_PATIENCE = 0.05
"""The same while Tagor is slow: only what needs no waiting at all is still answered at once."""
SLOW = 0.6
_WEIGHT = 0.3


class LatencyTracker:
    """The moving average of what one office's questions took lately, in seconds."""

    def __init__(self) -> None:
        self._usual = 0.0

    def learn(self, seconds: float) -> None:
        """Learn how long another one took."""
        self._usual += _WEIGHT * (seconds - self._usual)

    @property
    def patience(self) -> float:
        """Seconds to wait for the next one."""
        return NO_PATIENCE if self._usual > SLOW else PATIENCE
