"""Circuit breakers: after five failures in a row, Tagor gets only one request every ten seconds, a probe."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock
from typing import Protocol

from bridge.clock import Clock
from bridge.tagor.errors import TagorCircuitOpen, TagorError, TagorRefused
from bridge.tagor.http.deadline import Deadline

MAX_FAILURES = 5
"""Failures in a row that open a circuit."""
PROBE_SECONDS = 10.0
"""Seconds from one probe to the next, and from opening to the first."""
ALL = "all"
"""How the transport breaker is called, which no operation is: theirs hold a slash."""
MIN_ANSWER_SECONDS = 1.0
"""Seconds that Tagor must have had for an answer before a missing one counts against it."""


class Observer(Protocol):
    """Is told how Tagor does, for figures that somebody looks at."""

    def asked(self, operation: str, outcome: str, seconds: float) -> None:
        """Learn how a question ended (`answered`, or the name of an error) and how long it took."""
        ...

    def breaker(self, operation: str, *, is_open: bool) -> None:
        """Learn that an operation is left alone from now on, or asked again; `all` are all of them."""
        ...


# Why not a library: pybreaker holds its lock while Tagor is asked, so that threads wait for each other
# (danielfm/pybreaker#55), and circuitbreaker lets all of them through as probes (fabfuel/circuitbreaker#61).
class CircuitBreaker:
    """Opens after so many failures in a row; while open it allows one request in `every` seconds, a probe.

    Any success closes it. All threads may use it. A clock that goes back only makes a probe come early.
    With `failures` None it never opens. `observer` is told by `name` when it opens and closes.
    """

    def __init__(
        self,
        clock: Clock,
        name: str = ALL,
        *,
        failures: int | None = MAX_FAILURES,
        every: float = PROBE_SECONDS,
        observer: Observer | None = None,
    ) -> None:
        self._name, self._observer = name, observer
        self._clock, self._max_failures, self._every = clock, failures, every
        self._lock = Lock()
        self._failures_in_a_row = 0
        self._last_probe = 0.0

    def check(self, operation: str, deadline: Deadline) -> None:
        """Let a request go on, also as a probe when one is due; else raise `TagorCircuitOpen`."""
        # A probe with too little time would fail whatever Tagor does, and keep the circuit open for nothing.
        may_probe = deadline.left() >= MIN_ANSWER_SECONDS
        with self._lock:
            if self._max_failures is None or self._failures_in_a_row < self._max_failures:
                return
            now = self._clock.monotonic()
            if may_probe and not self._last_probe <= now < self._last_probe + self._every:
                self._last_probe = now
                return
        raise TagorCircuitOpen(
            operation, "Tagor has failed again and again: it is left alone for some seconds."
        )

    def succeeded(self) -> None:
        """Close the circuit."""
        with self._lock:
            was_open = self._max_failures is not None and self._failures_in_a_row >= self._max_failures
            self._failures_in_a_row = 0
        if was_open and self._observer:
            self._observer.breaker(self._name, is_open=False)

    def failed(self) -> None:
        """Count one more failure in a row; the last one allowed opens the circuit."""
        with self._lock:
            self._failures_in_a_row += 1
            # Not `>=`: requests that were under way go on failing, and must not put the first probe off.
            opens = self._failures_in_a_row == self._max_failures
            if opens:
                self._last_probe = self._clock.monotonic()
        if opens and self._observer:
            self._observer.breaker(self._name, is_open=True)


class CircuitBreakers:
    """The circuit breakers of one Tagor: one for each operation, and the transport breaker for all of them.

    With `failures` None they never open. `observer` is told how each question ended.
    """

    # One breaker for everything would open when a single operation is down, and take from callers what still
    # works. Breakers for operations alone would let callers wait for a dead machine once for each operation.
    # So a request that never reached Tagor counts against the transport breaker only, and any other failure
    # counts against its operation only.

    def __init__(
        self,
        clock: Clock,
        *,
        failures: int | None = MAX_FAILURES,
        every: float = PROBE_SECONDS,
        observer: Observer | None = None,
    ) -> None:
        self._clock, self._observer = clock, observer
        self._make = partial(CircuitBreaker, clock, failures=failures, every=every, observer=observer)
        self._transport = self._make()
        self._operations: dict[str, CircuitBreaker] = {}

    def of(self, operation: str) -> CircuitBreaker:
        """Give the breaker of one operation, which is asked before anything is sent for it."""
        found = self._operations.get(operation)
        # Of two threads at the same first question both get the one that came first.
        return found or self._operations.setdefault(operation, self._make(operation))

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
        self._transport.check(operation, deadline)
        allowed, begun = deadline.left(), self._clock.monotonic()
        try:
            yield
        except TagorError as error:
            if self._observer:
                self._observer.asked(operation, type(error).__name__, self._clock.monotonic() - begun)
            if deadline.left() or allowed >= MIN_ANSWER_SECONDS:
                self._learn(operation, error, acts_for_caller=acts_for_caller)
            raise
        if self._observer:
            self._observer.asked(operation, "answered", self._clock.monotonic() - begun)
        self._transport.succeeded()
        self.of(operation).succeeded()

    def _learn(self, operation: str, error: TagorError, *, acts_for_caller: bool) -> None:
        if not error.sent and error.operation == operation:
            self._transport.failed()
            return
        self._transport.succeeded()
        if error.answered or (acts_for_caller and isinstance(error, TagorRefused)):
            self.of(operation).succeeded()
        else:
            self.of(operation).failed()
