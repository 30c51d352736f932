"""Leaves a sick Tagor alone: after some failures in a row nobody asks, but for one probe now and then."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from bridge.tagor.errors import TagorCircuitOpen, TagorError, TagorRefused
from bridge.tagor.http.deadline import Deadline, Monotonic

FAILURES = 5
"""Failures in a row that open a breaker."""
EVERY = 10.0
"""Seconds from one probe to the next, and from opening to the first."""
LEAST = 1.0
"""Seconds that Tagor must have had for an answer before a missing one counts against it."""
NEVER = 1 << 62


class CircuitBreaker:
    """Opens after so many failures in a row; then lets one caller through in `every` seconds, as a probe.

    Any success closes it. All threads may use it. A clock that goes back only makes a probe come early.
    """

    def __init__(self, clock: Monotonic, *, failures: int = FAILURES, every: float = EVERY) -> None:
        self._clock, self._most, self._every = clock, failures, every
        self._lock = Lock()
        self._in_a_row = 0
        self._since = 0.0

    def allow_request(self, *, probing: bool = True) -> bool:
        """Whether to ask now: while open, only who comes when a probe is due and is `probing`."""
        with self._lock:
            if self._in_a_row < self._most:
                return True
            now = self._clock()
            due = not self._since <= now < self._since + self._every
            if due and probing:
                self._since = now
            return due and probing

    def succeeded(self) -> None:
        """Close."""
        with self._lock:
            self._in_a_row = 0

    def failed(self) -> None:
        """Count one more failure, and open if it is the last that is borne."""
        with self._lock:
            self._in_a_row += 1
            if self._in_a_row == self._most:
                self._since = self._clock()


class CircuitBreakers:
    """The breakers of one Tagor: one for each operation, and one for the way there.

    With `failures` at `NEVER` they never open.
    """

    # One for all would open when only some operations are down, and take from callers what still works; one
    # for each alone would have callers wait for a dead machine once more with every operation they come to.
    # So what never reached Tagor counts against the way, and anything else against the operation alone.

    def __init__(self, clock: Monotonic, *, failures: int = FAILURES, every: float = EVERY) -> None:
        self._clock, self._failures, self._every = clock, failures, every
        self._way = self._new()
        self._each: dict[str, CircuitBreaker] = {}
        self._lock = Lock()

    def check(self, operation: str, deadline: Deadline) -> None:
        """Go on with an operation that is in order; raises `TagorCircuitOpen` when it is left alone.

        Who has less time than Tagor needs to be judged by is no probe: it would be in vain.
        """
        _pass(self._of(operation), operation, deadline)

    @contextmanager
    def guard(self, operation: str, deadline: Deadline, *, guest: bool = False) -> Iterator[None]:
        """Ask inside this block, once; raises `TagorCircuitOpen` instead when nothing reaches Tagor anyway.

        What is refused to a `guest`, who shows a credential of their own, says nothing about Tagor.
        """
        _pass(self._way, operation, deadline)
        allowed = deadline.left()
        try:
            yield
        except TagorError as error:
            if deadline.left() or allowed >= LEAST:
                self._learn(operation, error, guest=guest)
            raise
        self._way.succeeded()
        self._of(operation).succeeded()

    def _learn(self, operation: str, error: TagorError, *, guest: bool) -> None:
        if not error.sent and error.operation == operation:
            self._way.failed()
            return
        self._way.succeeded()
        if error.answered or (guest and isinstance(error, TagorRefused)):
            self._of(operation).succeeded()
        else:
            self._of(operation).failed()

    def _of(self, operation: str) -> CircuitBreaker:
        with self._lock:
            if operation not in self._each:
                self._each[operation] = self._new()
            return self._each[operation]

    def _new(self) -> CircuitBreaker:
        return CircuitBreaker(self._clock, failures=self._failures, every=self._every)


def _pass(breaker: CircuitBreaker, operation: str, deadline: Deadline) -> None:
    if not breaker.allow_request(probing=deadline.left() >= LEAST):
        raise TagorCircuitOpen(
            operation, "Tagor has failed again and again: it is left alone for some seconds."
        )
