"""Runs threads in virtual time: one at a time, and which is next depends on nothing but the time.

Every simulated thread runs only while it holds its lock, and hands on to the next one whenever it waits. So
what runs here is the bridge's own code with threads, and the same script still does the same every time.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from heapq import heappop, heappush
from itertools import count
from typing import Any


class ProcessKilled(BaseException):
    """The process of this thread is gone; no code of the bridge may catch it."""


class SimulatedProcess:
    """Simulates a worker process; `crash_at` names the checkpoint at which it will be killed."""

    def __init__(self, time: "VirtualTime") -> None:
        self._time = time
        self.alive = True
        self.crash_at = ""

    def passed(self, boundary: str) -> None:
        """Learn from the bridge that a checkpoint was passed, and die there if that is wanted."""
        if boundary == self.crash_at:
            self.kill()
            raise ProcessKilled

    def kill(self) -> None:
        """End everything this process does, wherever it waits."""
        self.alive = False
        self._time.wake_process(self)


class _SimulatedThread:
    def __init__(self) -> None:
        self.go = threading.Lock()  # held by nobody while it may act, else by whoever is next
        self.go.acquire()
        self.turns = 0
        self.process: SimulatedProcess | None = None
        self.work: Callable[[], object] | None = None


class VirtualTime:
    """Holds the clock and all simulated threads; `seconds` is the time since `begin`.

    What a thread fails with, other than being killed, is kept in `failures`.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.failures: list[BaseException] = []
        self._queue: list[tuple[float, int, _SimulatedThread, int]] = []
        self._order = count()
        self._current = _SimulatedThread()
        self._idle: list[_SimulatedThread] = []
        self._busy: list[_SimulatedThread] = []

    @property
    def busy(self) -> int:
        """Return how many other threads run or wait."""
        return len(self._busy)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Let that much time pass; every thread whose time comes meanwhile runs."""
        me = self._current
        self._schedule(me, self.seconds + max(0.0, seconds))
        self._hand_over(me)

    def begin(self) -> None:
        """Start the time anew; threads that wait for something else than time go on waiting."""
        self._queue.clear()
        self._order = count()
        self.seconds = 0.0
        self.failures.clear()

    def start_thread(self, process: SimulatedProcess | None, work: Callable[[], object]) -> None:
        """Start another thread of a process, or of none."""
        thread = self._idle.pop() if self._idle else self._new_thread()
        thread.process, thread.work = process, work
        self._busy.append(thread)
        self._schedule(thread, self.seconds)

    def run_in(self, process: SimulatedProcess, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        """Run something as this process; raises ProcessKilled when the process ends meanwhile."""
        me = self._current
        before, me.process = me.process, process
        self._busy.append(me)
        try:
            return work()
        finally:
            me.process = before
            self._busy.remove(me)

    def waker(self) -> Callable[[], None]:
        """Return what wakes the current thread once it waits."""
        me, turn = self._current, self._current.turns
        return lambda: heappush(self._queue, (self.seconds, next(self._order), me, turn))

    def wait(self, seconds: float | None = None) -> None:
        """Wait until woken, for so long at most."""
        if seconds is None:
            self._hand_over(self._current)
        else:
            self.sleep(seconds)

    def wake_process(self, process: SimulatedProcess) -> None:
        """Wake every thread of a process."""
        for thread in self._busy:
            if thread.process is process and thread is not self._current:
                self._schedule(thread, self.seconds)

    def close(self) -> None:
        """End all idle threads."""
        for thread in self._idle:
            thread.go.release()

    def _new_thread(self) -> _SimulatedThread:
        thread = _SimulatedThread()
        threading.Thread(target=self._loop, args=(thread,), daemon=True).start()
        return thread

    def _loop(self, me: _SimulatedThread) -> None:
        while me.go.acquire() and me.work is not None:
            try:
                if me.process is None or me.process.alive:
                    me.work()
            except ProcessKilled:
                pass
            except BaseException as error:  # noqa: BLE001 - it is told with the call that was played
                self.failures.append(error)
            me.process = me.work = None
            self._busy.remove(me)
            self._idle.append(me)
            self._next().go.release()

    def _schedule(self, thread: _SimulatedThread, at: float) -> None:
        heappush(self._queue, (at, next(self._order), thread, thread.turns))

    def _next(self) -> _SimulatedThread:
        while True:
            at, _, thread, turn = heappop(self._queue)
            if turn == thread.turns:  # else it was woken before
                break
        thread.turns += 1
        self.seconds = max(self.seconds, at)
        self._current = thread
        return thread

    def _hand_over(self, me: _SimulatedThread) -> None:
        following = self._next()
        if following is not me:
            following.go.release()
            me.go.acquire()
        if me.process is not None and not me.process.alive:
            raise ProcessKilled


class SimulatedFuture(Future[Any]):
    """Is a future whose result is awaited in virtual time."""

    def __init__(self, time: VirtualTime) -> None:
        super().__init__()
        self._time = time

    def result(self, timeout: float | None = None) -> Any:  # noqa: ANN401 - as Future's own
        """Wait for it as `Future` does: `timeout` seconds at most."""
        if not self.done():
            wake = self._time.waker()
            self.add_done_callback(lambda _: wake())
            self._time.wait(timeout)
        return super().result(0)


class SimulatedThreads(Executor):
    """Is an executor of one process whose threads are simulated."""

    def __init__(self, time: VirtualTime, process: SimulatedProcess) -> None:
        self._time, self._process = time, process

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - as Executor's own
        """Run it in a simulated thread."""
        promise = SimulatedFuture(self._time)

        def act() -> None:
            if not promise.set_running_or_notify_cancel():
                return
            try:
                result = work(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - whoever waits for the result gets it
                promise.set_exception(error)
            else:
                promise.set_result(result)

        self._time.start_thread(self._process, act)
        return promise
