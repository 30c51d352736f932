"""All books are kept in one database, and none is forgotten when they are swept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from store_engines import on_every_engine

from bridge.store.callbacks import NewCallback
from bridge.store.calls import ABANDONED
from bridge.store.claim import OpenTurn
from bridge.store.database import Database
from bridge.store.decision import DecisionState, NewDecision, Opened
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreDown
from bridge.store.job import NewJob
from bridge.store.pin_attempts import PinAttempt
from bridge.store.repositories import SWEEP_LEASE, Repositories


@on_every_engine
def test_a_sweep_wipes_what_every_book_left_behind(database: Database, seal: Sealer, now: datetime):
    """A month later nothing is left of what a call knew, tried, heard, left to be done and was promised."""
    books = Repositories(database, seal)
    read = books.calls.read("CA1", 0, now)
    assert isinstance(read, OpenTurn)
    books.calls.claim(read, now)
    assert isinstance(
        books.pin_attempts.count_attempts("demo", ["1"], caller="+32470000001", named=True, now=now)[0],
        PinAttempt,
    )
    opened = books.decisions.open(NewDecision("CA1", "demo", "1", "plan", b"{}"), now)
    books.decisions.mark_sent(opened.id, now)
    books.decisions.settle(opened.id, DecisionState.DONE, now, result=b"{}")
    books.outbox.add(NewJob("CA1", "demo", "note", b"{}", now))
    (job,) = books.outbox.claim_due(now)
    books.outbox.complete(job, now)
    with database.on_cursor("durable") as transaction:
        books.callbacks.add(transaction, NewCallback("CA1", "demo", now, now, b"{}", now))
    assert books.sweep(now) == 0
    assert books.sweep(now + timedelta(days=31)) == 5
    settled = books.decisions.get(opened.id)
    assert settled is not None
    assert settled.result is None


Open = Callable[..., Database]
Writes = dict[str, Callable[[], object]]


class Begun:
    """A decision that is ready and a job that is claimed, and each way to write on about them."""

    def __init__(self, kept: Repositories, now: datetime) -> None:
        opened = kept.decisions.open(NewDecision("1", "gent", "1", "plan", b"{}"), now)
        assert isinstance(opened, Opened)
        self.decision, self.now = opened.id, now
        kept.outbox.add(NewJob("1", "gent", "note", b"{}", now))
        [self.job] = kept.outbox.claim_due(now)

    def writes(self, kept: Repositories) -> Writes:
        """Give all that counts or reaches people, in an order in which each can be done."""
        one, job, now = self.decision, self.job, self.now
        attempt = {"caller": None, "named": True, "now": now}
        return {
            "attempt": lambda: kept.pin_attempts.count_attempts("gent", ["1"], **attempt)[0],
            "open": lambda: kept.decisions.open(NewDecision("2", "gent", "2", "plan", b"{}"), now),
            "sent": lambda: kept.decisions.mark_sent(one, now),
            "unclear": lambda: kept.decisions.mark_unclear(one, now),
            "check": lambda: kept.decisions.claim_due(now + timedelta(hours=1)),
            "settle": lambda: kept.decisions.settle(one, DecisionState.DONE, now),
            "add": lambda: kept.outbox.add(NewJob("2", "gent", "note", b"{}", now)),
            "hurry": lambda: kept.outbox.hurry("2", "gent", due=now),
            "sending": lambda: kept.outbox.mark_sending(job, now),
            "again": lambda: kept.outbox.reschedule(job, now, trouble="Unclear", later=timedelta()),
            "complete": lambda: kept.outbox.complete(job, now),
            "kept": lambda: kept.callbacks.mark_kept("1", "gent", now),
        }


def test_what_counts_or_reaches_people_is_on_the_disk(file: Path, opened: Open, seal: Sealer, now: datetime):
    """A connection keeps what its last writer set, so a reader can look; 2 is FULL."""
    database = opened(f"sqlite:///{file}", connections=1)
    kept = Repositories(database, seal)
    for write in Begun(kept, now).writes(kept).values():
        with database.writing(durable=False):
            pass
        write()
        with database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_what_cannot_be_written_gives_no_leave(file: Path, opened: Open, seal: Sealer, now: datetime):
    """Nobody sends, asks for a PIN or promises what is not on the disk."""
    begun = Begun(Repositories(opened(f"sqlite:///{file}"), seal), now)
    read_only = Repositories(opened(f"sqlite:///file:{file}?mode=ro&uri=true"), seal)
    for write in begun.writes(read_only).values():
        with pytest.raises(StoreDown, match="SQLITE_READONLY"):
            write()
    assert read_only.decisions.counts()[DecisionState.READY] == 1


@on_every_engine
def test_of_several_processes_one_sweeps_in_a_minute(database: Database, seal: Sealer, now: datetime):
    """The others find that it was done; when it dies, or a clock is set back, another one does it."""
    books = [Repositories(database, seal) for _ in range(8)]
    for call in ("CA1", "CA2"):
        read = books[0].calls.read(call, 0, now)
        assert isinstance(read, OpenTurn)
        books[0].calls.claim(read, now if call == "CA1" else now + timedelta(seconds=SWEEP_LEASE))

    def sweep(at: datetime) -> list[int]:
        together = Barrier(8)

        def one(each: Repositories) -> int:
            together.wait()
            return each.sweep_in_turn(at)

        with ThreadPoolExecutor(8) as threads:
            return sorted(threads.map(one, books))

    over = now + ABANDONED
    assert sweep(over) == [0] * 7 + [1]
    assert sweep(over + timedelta(seconds=SWEEP_LEASE / 2)) == [0] * 8
    assert sweep(over + timedelta(seconds=SWEEP_LEASE)) == [0] * 7 + [1]
