"""Prefetch: questions to Tagor that go on beside another one, because their answers are needed next.

Answers are kept in the memory of this process for a few seconds. A worker that has none asks itself, so a
prefetch saves time and decides nothing.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures import TimeoutError as TooLate
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

from bridge.clock import Clock
from bridge.conversation.bulkhead import BulkheadFull
from bridge.tagor import Deadline, TagorUnreachable

T = TypeVar("T")

KEPT_SECONDS = 15.0
"""How long an answer may wait to be used: an older one could be about a plan that has changed since."""


@dataclass(frozen=True, slots=True, repr=False)
class TagorQuestion(Generic[T]):
    """One question to Tagor: what names it among all calls, and what asks it."""

    key: tuple[str | None, ...]
    ask: Callable[[], T]


class Prefetcher:
    """Asks questions on an office's own threads and keeps each answer for one use.

    Args:
        executor: the threads; a full one prefetches nothing.
        clock: what measures how long an answer is kept.
    """

    def __init__(self, executor: Executor, clock: Clock) -> None:
        self._executor, self._clock = executor, clock
        self._asked: dict[tuple[str | None, ...], tuple[float, Future[Any]]] = {}
        self._lock = Lock()

    def start(self, question: TagorQuestion[Any]) -> None:
        """Begin to ask, unless the same question is under way; it never raises and never waits."""
        now = self._clock.monotonic()
        with self._lock:
            self._asked = {key: one for key, one in self._asked.items() if now - one[0] <= KEPT_SECONDS}
            # Where no thread is free, whoever needs the answer asks for it, as without a prefetch.
            with suppress(BulkheadFull):
                if question.key not in self._asked:
                    self._asked[question.key] = now, self._executor.submit(question.ask)

    def answer(self, question: TagorQuestion[T], deadline: Deadline) -> T:
        """Give the answer that was asked ahead, or ask now; raises what the question raises.

        Raises:
            TagorUnreachable: the question that is under way was not answered by the deadline.
        """
        with self._lock:
            asked_at, asked = self._asked.pop(question.key, (0.0, None))
        too_old = self._clock.monotonic() - asked_at > KEPT_SECONDS
        # A question that still waits for a thread is asked here: this thread must not wait for a free one.
        if asked is None or too_old or asked.cancel():
            return question.ask()
        try:
            answer: T = asked.result(timeout=deadline.left())
        except TooLate:
            raise TagorUnreachable("Tagor", "a question asked ahead was not answered in time.") from None
        return answer
