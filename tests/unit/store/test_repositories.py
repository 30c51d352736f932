"""All books are kept in one database, and none is forgotten when they are swept."""

from datetime import datetime, timedelta

from store_engines import on_every_engine

from bridge.store.callbacks import NewCallback
from bridge.store.database import Database
from bridge.store.decision import DecisionState, NewDecision
from bridge.store.encryption import Sealer
from bridge.store.job import NewJob
from bridge.store.pin_attempts import PinAttempt
from bridge.store.repositories import Repositories


@on_every_engine
def test_a_sweep_wipes_what_every_book_left_behind(database: Database, seal: Sealer, now: datetime):
    """A month later nothing is left of what a call knew, tried, heard, left to be done and was promised."""
    books = Repositories(database, seal)
    books.calls.claim("CA1", 0, now)
    assert isinstance(
        books.pin_attempts.count_attempt("demo", "1", caller="+32470000001", named=True, now=now), PinAttempt
    )
    opened = books.decisions.open(NewDecision("CA1", "demo", "1", "plan", b"{}"), now)
    books.decisions.mark_sent(opened.id, now)
    books.decisions.settle(opened.id, DecisionState.DONE, now, result=b"{}")
    books.outbox.add(NewJob("CA1", "demo", "note", b"{}", now))
    (job,) = books.outbox.claim_due(now)
    books.outbox.complete(job, now)
    with database.writing() as connection:
        books.callbacks.add(connection, NewCallback("CA1", "demo", now, now, b"{}", now))
    assert books.sweep(now) == 0
    assert books.sweep(now + timedelta(days=31)) == 5
    settled = books.decisions.get(opened.id)
    assert settled is not None
    assert settled.result is None
