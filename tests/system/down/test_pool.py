"""The bulkhead: so many questions at once, so many that wait, and no more; each process has its share."""

from collections.abc import Iterator
from threading import Barrier, Event
from typing import TYPE_CHECKING

import pytest

from bridge.conversation.bulkhead import BoundedExecutor, BulkheadFull, per_process, share
from bridge.tagor import TagorError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.down.conftest import Story

    from tests.conftest import Line


class Busy:
    """A pool of two, both of whose threads are taken until `over`; three more jobs may wait."""

    def __init__(self) -> None:
        self.over, begun = Event(), Barrier(3)
        self.pool = BoundedExecutor(2, "busy", waiting=3)
        for _ in range(2):
            self.pool.submit(lambda: (begun.wait(), self.over.wait()))
        begun.wait()


@pytest.fixture
def busy() -> Iterator[Busy]:
    taken = Busy()
    yield taken
    taken.over.set()
    taken.pool.shutdown()


def test_the_queue_ends(busy: Busy):
    """Three wait; the fourth is turned away at once, with a word that nothing was sent."""
    waiting = [busy.pool.submit(int) for _ in range(3)]
    with pytest.raises(BulkheadFull) as turned_away:
        busy.pool.submit(int)
    assert isinstance(turned_away.value, TagorError)
    assert not turned_away.value.sent
    busy.over.set()
    assert [job.result(10) for job in waiting] == [0, 0, 0]


def test_who_is_done_makes_room(busy: Busy):
    """As many as there was room for before, and no more, whether the jobs went well or badly."""
    waiting = [busy.pool.submit(int, "no number") for _ in range(3)]
    busy.over.set()
    assert all(isinstance(job.exception(10), ValueError) for job in waiting)
    places = [busy.pool._room.acquire(timeout=10) for _ in range(2 + 3)]
    assert all(places)
    with pytest.raises(BulkheadFull):
        busy.pool.submit(int)


def test_a_job_nobody_waits_for_is_dropped(busy: Busy):
    """Never begun, and its place is another's; what is being done cannot be dropped."""
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


def test_a_pool_that_is_shut_says_so():
    """As any executor does, and no room is lost to it."""
    pool = BoundedExecutor(1, "shut", waiting=1)
    pool.shutdown()
    for _ in range(5):
        with pytest.raises(RuntimeError, match="after shutdown"):
            pool.submit(int)


@pytest.mark.parametrize(
    ("whole", "workers", "part"), [(8, 1, 8), (8, 2, 4), (8, 3, 2), (8, 64, 1), (1, 2, 1)]
)
def test_every_process_has_its_share(whole: int, workers: int, part: int):
    """Rounded down, so that all together stay within what the office file says; never none."""
    assert share(whole, workers) == part
    with per_process(workers)(whole, "share") as pool:
        assert pool._max_workers == part
        assert pool._room._initial_value == part + share(32, workers)


def test_callers_beyond_the_queue_reach_a_person_at_once(
    open_line: "Callable[..., Line]", story: "type[Story]", monkeypatch: pytest.MonkeyPatch
):
    """Tagor hangs and every place is taken: nobody is left waiting, and Tagor is not asked for them."""
    full = BoundedExecutor(1, "full", waiting=1)
    begun, over = Event(), Event()
    monkeypatch.setattr("bridge.app.create.per_process", lambda _workers: lambda _threads, _name: full)
    line = open_line()
    full.submit(lambda: (begun.set(), over.wait()))
    assert begun.wait(10)
    full.submit(int)
    assert story(line, 0).play() == "person"
    assert line.asked() == []
    over.set()
    full.shutdown()
