"""A bulkhead between offices: each has its own threads to Tagor, and a bounded queue."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import BoundedSemaphore
from typing import Any, ParamSpec, TypeVar

import structlog

from bridge.tagor import TagorCircuitOpen

P = ParamSpec("P")
R = TypeVar("R")

WAITING = 32
"""The questions of one office that may wait on one machine."""


class BulkheadFull(TagorCircuitOpen):
    """As many questions as may wait for a thread are waiting already: this one is certainly not asked."""

    def __init__(self) -> None:
        super().__init__("Tagor", "too many questions wait: raise at_a_time in [tagor] if Tagor can bear it.")


class BoundedExecutor(ThreadPoolExecutor):
    """Threads with a bounded queue: at most `waiting` jobs besides those that are being done.

    A job that is cancelled before it was begun is never done, and frees its place in the queue.
    """

    def __init__(self, threads: int, name: str, *, waiting: int = WAITING) -> None:
        super().__init__(threads, thread_name_prefix=name)
        self._places = BoundedSemaphore(threads + waiting)

    def submit(self, job: Callable[P, R], /, *arguments: P.args, **options: P.kwargs) -> Future[R]:
        """Do a job as soon as a thread is free; raises `BulkheadFull` at once when too many wait."""
        if not self._places.acquire(blocking=False):
            raise BulkheadFull
        try:
            known = structlog.contextvars.get_contextvars()
            done = super().submit(partial(named, known, job), *arguments, **options)
        except RuntimeError:  # the pool is shut
            self._places.release()
            raise
        done.add_done_callback(self._free_place)
        return done

    def _free_place(self, _done: Future[Any]) -> None:
        self._places.release()


def named(known: Mapping[str, Any], job: Callable[P, R], /, *arguments: P.args, **options: P.kwargs) -> R:
    """Do a job whose log lines belong to the same call as those of the thread that asked for it.

    Only the names for the log go with it, never the whole context: in it is how long the webhook may take,
    and a job may go on for longer than the webhook that began it.
    """
    with structlog.contextvars.bound_contextvars(**known):
        return job(*arguments, **options)


def per_process(workers: int) -> Callable[[int, str], BoundedExecutor]:
    """Give a maker of executors for one of `workers` processes that share the bounds of a machine."""
    return lambda threads, name: BoundedExecutor(
        share(threads, workers), name, waiting=share(WAITING, workers)
    )


def share(whole: int, workers: int) -> int:
    """Return the share of one process, at least 1: rounded down, so that all together keep to the whole."""
    return max(1, whole // workers)
