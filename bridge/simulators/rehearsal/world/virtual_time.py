"""Virtual time with actors on it: one acts at a time, and who is next depends on nothing but the time.

Every actor is a thread that only ever runs while it holds the baton, and hands it on whenever it waits. So
what runs here is the bridge's own code with threads, and the same script still does the same every time.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from heapq import heappop, heappush
from itertools import count
from typing import Any


class ProcessKilled(BaseException):
    """The process this actor works in is gone; no code of the bridge may notice."""


class SimulatedProcess:
    """One worker process of the bridge; `crash_at` names the boundary at which it will be killed."""

    def __init__(self, time: "VirtualTime") -> None:
        self._time = time
        self.alive = True
        self.crash_at = ""

    def passed(self, boundary: str) -> None:
        """Told by the bridge: a boundary of the protocol is passed."""
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
    """The clock and everybody who acts on it; `seconds` is the time since `begin`.

    What an actor breaks with, other than being killed, is kept in `failures`.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.failures: list[BaseException] = []
        self._queue: list[tuple[float, int, _SimulatedThread, int]] = []
        self._order = count()
        self._acting = _SimulatedThread()
        self._idle: list[_SimulatedThread] = []
        self._busy: list[_SimulatedThread] = []

    @property
    def busy(self) -> int:
        """How many others are on the stage, acting or waiting."""
        return len(self._busy)

    def monotonic(self) -> float:
        """Seconds that only go up."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Let that much time pass, and everybody act whose time comes meanwhile."""
        me = self._acting
        self._call(me, self.seconds + max(0.0, seconds))
        self._hand_on(me)

    def begin(self) -> None:
        """Start the time anew; whoever waits for something else than time goes on waiting."""
        self._queue.clear()
        self._order = count()
        self.seconds = 0.0
        self.failures.clear()

    def start_thread(self, process: SimulatedProcess | None, work: Callable[[], object]) -> None:
        """Let somebody else act from now on."""
        actor = self._idle.pop() if self._idle else self._hire()
        actor.process, actor.work = process, work
        self._busy.append(actor)
        self._call(actor, self.seconds)

    def run_in(self, process: SimulatedProcess, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        """Do something as this process does it; raises Killed when that process ends meanwhile."""
        me = self._acting
        before, me.process = me.process, process
        self._busy.append(me)
        try:
            return work()
        finally:
            me.process = before
            self._busy.remove(me)

    def waker(self) -> Callable[[], None]:
        """What wakes the one who acts now, once it waits."""
        me, turn = self._acting, self._acting.turns
        return lambda: heappush(self._queue, (self.seconds, next(self._order), me, turn))

    def wait(self, seconds: float | None = None) -> None:
        """Wait until woken, for so long at most."""
        if seconds is None:
            self._hand_on(self._acting)
        else:
            self.sleep(seconds)

    def wake_process(self, process: SimulatedProcess) -> None:
        """Wake everybody who works in a process."""
        for actor in self._busy:
            if actor.process is process and actor is not self._acting:
                self._call(actor, self.seconds)

    def close(self) -> None:
        """Send everybody home."""
        for actor in self._idle:
            actor.go.release()

    def _hire(self) -> _SimulatedThread:
        actor = _SimulatedThread()
        threading.Thread(target=self._live, args=(actor,), daemon=True).start()
        return actor

    def _live(self, me: _SimulatedThread) -> None:
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

    def _call(self, actor: _SimulatedThread, at: float) -> None:
        heappush(self._queue, (at, next(self._order), actor, actor.turns))

    def _next(self) -> _SimulatedThread:
        while True:
            at, _, actor, turn = heappop(self._queue)
            if turn == actor.turns:  # else it was woken before
                break
        actor.turns += 1
        self.seconds = max(self.seconds, at)
        self._acting = actor
        return actor

    def _hand_on(self, me: _SimulatedThread) -> None:
        following = self._next()
        if following is not me:
            following.go.release()
            me.go.acquire()
        if me.process is not None and not me.process.alive:
            raise ProcessKilled


class SimulatedFuture(Future[Any]):
    """A result that is waited for in virtual time."""

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
    """An executor of one process whose threads are actors."""

    def __init__(self, time: VirtualTime, process: SimulatedProcess) -> None:
        self._time, self._process = time, process

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - as Executor's own
        """Have an actor do it."""
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
