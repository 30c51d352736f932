"""Does each job at once in the thread that hands it in, so that nothing depends on how fast a machine is."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class InlineExecutor(Executor):
    """An executor without threads, as `Overrides.executor` may give one."""

    def submit(self, job: Callable[P, R], /, *arguments: P.args, **options: P.kwargs) -> Future[R]:
        """Do the job and give its outcome, which may be what it raised."""
        done = Future[R]()
        try:
            done.set_result(job(*arguments, **options))
        except Exception as raised:  # noqa: BLE001 - whoever asks for the outcome gets it
            done.set_exception(raised)
        return done
