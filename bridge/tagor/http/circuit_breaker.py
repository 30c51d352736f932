"""Circuit breakers: after some failures in a row Tagor is left alone, but for one probe now and then."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from bridge.clock import Clock
from bridge.tagor.errors import TagorCircuitOpen, TagorError, TagorRefused
from bridge.tagor.http.deadline import Deadline

MAX_FAILURES = 5
"""Failures in a row that open a circuit."""
PROBE_SECONDS = 10.0
"""Seconds from one probe to the next, and from opening to the first."""
MIN_ANSWER_SECONDS = 1.0
"""Seconds that Tagor must have had for an answer before a missing one counts against it."""


class CircuitBreaker:
    """Opens after so many failures in a row; while open it allows one request in `every` seconds, a probe.

    Any success closes it. All threads may use it. A clock that goes back only makes a probe come early.
    With `failures` None it never opens.
    """

    def __init__(
        self, clock: Clock, *, failures: int | None = MAX_FAILURES, every: float = PROBE_SECONDS
    ) -> None:
        self._clock, self._max_failures, self._every = clock, failures, every
        self._lock = Lock()
        self._failures_in_a_row = 0
        self._last_probe = 0.0

    def allow_request(self, *, may_probe: bool = True) -> bool:
        """Return whether to ask now: while open, only a request that may be a probe, when one is due."""
        with self._lock:
            if self._max_failures is None or self._failures_in_a_row < self._max_failures:
                return True
            now = self._clock.monotonic()
            due = not self._last_probe <= now < self._last_probe + self._every
            if due and may_probe:
                self._last_probe = now
            return due and may_probe

    def succeeded(self) -> None:
        """Close the circuit."""
        with self._lock:
            self._failures_in_a_row = 0

    def failed(self) -> None:
        """Count one more failure in a row, and open the circuit with the last that is allowed."""
        with self._lock:
            self._failures_in_a_row += 1
            if self._failures_in_a_row == self._max_failures:
                self._last_probe = self._clock.monotonic()


class CircuitBreakers:
    """The circuit breakers of one Tagor: one for each operation, and the transport breaker for all of them.

    With `failures` None they never open.
    """

    # One breaker for everything would open when a single operation is down, and take from callers what still
    # works. Breakers for operations alone would let callers wait for a dead machine once for each operation.
    # So a request that never reached Tagor counts against the transport breaker only, and any other failure
    # counts against its operation only.

    def __init__(
        self, clock: Clock, *, failures: int | None = MAX_FAILURES, every: float = PROBE_SECONDS
    ) -> None:
        self._clock, self._max_failures, self._every = clock, failures, every
        self._transport = self._new()
        self._operations: dict[str, CircuitBreaker] = {}
        self._lock = Lock()

    def check(self, operation: str, deadline: Deadline) -> None:
        """Raise `TagorCircuitOpen` if the operation's own breaker is open and no probe is due."""
        _pass(self._of(operation), operation, deadline)

    @contextmanager
    def guard(self, operation: str, deadline: Deadline, *, acts_for_caller: bool = False) -> Iterator[None]:
        """Ask Tagor once inside this block, and learn from the outcome.

        Args:
            operation: the endpoint that is asked.
            deadline: when the answer must be there; a request with less than `MIN_ANSWER_SECONDS` left is no
                probe, and its failure is not counted.
            acts_for_caller: whether the credential is the caller's own; Tagor's refusal of it is no failure.

        Raises:
            TagorCircuitOpen: the transport breaker is open; nothing was sent.
        """
        _pass(self._transport, operation, deadline)
        allowed = deadline.left()
        try:
            yield
        except TagorError as error:
            if deadline.left() or allowed >= MIN_ANSWER_SECONDS:
                self._learn(operation, error, acts_for_caller=acts_for_caller)
            raise
        self._transport.succeeded()
        self._of(operation).succeeded()

    def _learn(self, operation: str, error: TagorError, *, acts_for_caller: bool) -> None:
        if not error.sent and error.operation == operation:
            self._transport.failed()
            return
        self._transport.succeeded()
        if error.answered or (acts_for_caller and isinstance(error, TagorRefused)):
            self._of(operation).succeeded()
        else:
            self._of(operation).failed()

    def _of(self, operation: str) -> CircuitBreaker:
        with self._lock:
            if operation not in self._operations:
                self._operations[operation] = self._new()
            return self._operations[operation]

    def _new(self) -> CircuitBreaker:
        return CircuitBreaker(self._clock, failures=self._max_failures, every=self._every)


def _pass(breaker: CircuitBreaker, operation: str, deadline: Deadline) -> None:
    # A probe with too little time would fail whatever Tagor does, and keep the circuit open for nothing.
    if not breaker.allow_request(may_probe=deadline.left() >= MIN_ANSWER_SECONDS):
        raise TagorCircuitOpen(
            operation, "Tagor has failed again and again: it is left alone for some seconds."
        )
