"""Writers of one process write in the order in which they came, and none waits longer than it may."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Lock, Semaphore

import pytest

from bridge.store import time_limits
from bridge.store.database import Database
from bridge.store.errors import StoreDown
from bridge.store.time_limits import WriteQueue


class Told:
    """A lock that does something right before somebody waits for it with a time limit."""

    def __init__(self, waits: Callable[[], object], *, in_vain: bool = False) -> None:
        self._lock, self._waits, self._in_vain = Lock(), waits, in_vain
        self.__enter__, self.release = self._lock.__enter__, self._lock.release

    def acquire(self, timeout: float = -1) -> bool:
        if timeout < 0:
            return self._lock.acquire()
        self._waits()
        return not self._in_vain and self._lock.acquire(timeout=timeout)


def test_whoever_waits_longest_is_next(monkeypatch: pytest.MonkeyPatch):
    """SQLite's own waiting lets the last one win: with twenty of them the first could wait for seconds."""
    queue, order, joined = WriteQueue(), list[int](), Semaphore(0)
    monkeypatch.setattr(time_limits, "Lock", lambda: Told(joined.release))
    assert queue.enter(0)

    def write(number: int) -> None:
        assert queue.enter(30)
        order.append(number)
        queue.leave()

    with ThreadPoolExecutor(20) as threads:
        for number in range(20):
            threads.submit(write, number)
            assert joined.acquire(timeout=30)
        queue.leave()
    assert order == list(range(20))
    assert queue.enter(0)


def test_whoever_gets_the_lock_when_its_time_is_just_over_has_it(monkeypatch: pytest.MonkeyPatch):
    """It was handed over already, so nobody else would ever get it."""
    queue = WriteQueue()
    assert queue.enter(0)
    monkeypatch.setattr(time_limits, "Lock", lambda: Told(queue.leave, in_vain=True))
    assert queue.enter(0.01)
    queue.leave()
    assert queue.enter(0)


def test_whoever_gave_up_is_passed_over():
    """Its time is over, and nobody waits for it."""
    queue = WriteQueue()
    assert queue.enter(0)
    assert not queue.enter(0.01)
    queue.leave()
    assert queue.enter(0)


def test_a_writer_whose_time_is_over_cannot_use_the_database(file: Path, opened: Callable[..., Database]):
    """It says so as a locked file does; readers, and whoever writes next, lose nothing."""
    database = opened(f"sqlite:///{file}", patience=0.05)
    with database.writing(), pytest.raises(StoreDown, match="SQLITE_BUSY"):
        database.ping_write()
    with database.writing(), closing(database), database.reading():
        pass
    database.ping_write()
