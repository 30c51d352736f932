"""The total deadline of a question to Tagor, which holds however slowly Tagor sends its bytes."""

from bridge.clock import Clock


class Deadline:
    """A fixed moment, `seconds` from now on `clock`; several questions to Tagor may share one.

    It holds for connecting, the handshake, sending and every receive. It does not hold while the system
    looks up a host name: who may not wait for that runs the question on a thread of its own.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._end = clock.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left, 0 when the moment has passed."""
        return max(0.0, self._end - self._clock.monotonic())

    def at_most(self, seconds: float) -> "Deadline":
        """Return the moment `seconds` from now, or this one if it comes first."""
        return Deadline(self._clock, min(seconds, self.left()))
