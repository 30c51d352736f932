"""The bulkhead: so many questions run at once, so many wait, and the next one is refused at once."""

from collections.abc import Iterator
from threading import Barrier, Event

import pytest
import structlog

from bridge.clock import SYSTEM_CLOCK
from bridge.conversation.bulkhead import WAITING, BoundedExecutor, BulkheadFull, per_process, share
from bridge.store.time_limits import TimeBudget
from bridge.tagor import TagorError


class BusyPool:
    """A pool of two whose threads are taken until `over` is set; three more jobs may wait."""

    def __init__(self) -> None:
        self.over, begun = Event(), Barrier(3)
        self.pool = BoundedExecutor(2, "busy", waiting=3)
        for _ in range(2):
            self.pool.submit(lambda: (begun.wait(), self.over.wait()))
        begun.wait()

    def fill_the_queue(self) -> list[Event]:
        """Let three jobs wait; each sets its event when it is done."""
        done = [Event() for _ in range(3)]
        for one in done:
            self.pool.submit(one.set)
        return done


@pytest.fixture
def busy() -> Iterator[BusyPool]:
    taken = BusyPool()
    yield taken
    taken.over.set()
    taken.pool.shutdown()


def test_a_job_beyond_the_queue_is_refused_at_once(busy: BusyPool):
    """The error says that nothing was sent to Tagor; the jobs that wait are done in the end."""
    done = busy.fill_the_queue()
    with pytest.raises(BulkheadFull) as refused:
        busy.pool.submit(int)
    assert isinstance(refused.value, TagorError)
    assert not refused.value.sent
    busy.over.set()
    assert all(one.wait(10) for one in done)


def test_a_job_that_is_done_or_failed_makes_room(busy: BusyPool):
    """After all jobs are over, as many fit as before and no more, whether they went well or badly."""
    waiting = [busy.pool.submit(int, "no number") for _ in range(3)]
    busy.over.set()
    assert all(isinstance(job.exception(10), ValueError) for job in waiting)
    over, taken = Event(), 0
    while taken < 2 + 3:
        try:
            busy.pool.submit(over.wait)
        except BulkheadFull:  # the last job is done, and its place is not free yet
            over.wait(0.005)
        else:
            taken += 1
    with pytest.raises(BulkheadFull):
        busy.pool.submit(int)
    over.set()


def test_a_cancelled_job_is_never_done_and_gives_its_place_back(busy: BusyPool):
    """Whoever gave up waiting takes no thread later."""
    done: list[str] = []
    dropped = [busy.pool.submit(done.append, "dropped") for _ in range(3)]
    assert all(job.cancel() for job in dropped)
    kept = [busy.pool.submit(done.append, "kept") for _ in range(3)]
    with pytest.raises(BulkheadFull):
        busy.pool.submit(int)
    busy.over.set()
    for job in kept:
        job.result(10)
    assert done == ["kept"] * 3


def test_a_job_is_logged_under_the_name_of_its_call(busy: BusyPool):
    """What is bound for the log where it was begun is bound in its thread, and only while it runs."""
    busy.over.set()
    # A test that takes a turn without its view leaves the office bound.
    structlog.contextvars.clear_contextvars()
    with structlog.contextvars.bound_contextvars(call="a call"):
        assert busy.pool.submit(structlog.contextvars.get_contextvars).result(10) == {"call": "a call"}
    assert busy.pool.submit(structlog.contextvars.get_contextvars).result(10) == {}


def test_a_job_may_outlast_the_webhook_that_began_it(busy: BusyPool):
    """Its transactions have their own time: what a slow Tagor answers is still written down."""
    busy.over.set()
    budget = TimeBudget(SYSTEM_CLOCK, 5.0)
    with budget.webhook(0.0):
        assert budget.left() <= 0
        assert busy.pool.submit(budget.left).result(10) == 5.0


def test_a_pool_that_is_shut_down_says_so():
    """It raises as any executor does, and no room is lost to it."""
    pool = BoundedExecutor(1, "shut", waiting=1)
    pool.shutdown()
    for _ in range(5):
        with pytest.raises(RuntimeError, match="after shutdown"):
            pool.submit(int)


@pytest.mark.parametrize(
    ("whole", "workers", "part"), [(8, 1, 8), (8, 2, 4), (8, 3, 2), (8, 64, 1), (1, 2, 1)]
)
def test_every_process_has_its_share(whole: int, workers: int, part: int):
    """A share is rounded down, so that all processes together stay within the limit, but is never zero."""
    assert share(whole, workers) == part
    over, full = Event(), 0
    with per_process(workers)(whole, "share") as pool:
        while full < part + share(WAITING, workers):
            pool.submit(over.wait)
            full += 1
        with pytest.raises(BulkheadFull):
            pool.submit(over.wait)
        over.set()
