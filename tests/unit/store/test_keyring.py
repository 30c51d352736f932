"""A changed secret: locks, open decisions and finished calls survive it; what cannot be opened is named."""

from datetime import datetime, timedelta

import pytest
from store_decided import FILE, PLAN, REDIAL, ready
from store_engines import on_every_engine

from bridge.store.calls import ABANDONED
from bridge.store.claim import CallEnded
from bridge.store.database import Database
from bridge.store.decision import Blocked
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreDown, WrongSecret
from bridge.store.job import NewJob
from bridge.store.pin_attempts import BudgetExhausted, PinAttempt
from bridge.store.repositories import Repositories, Unreadable

OLD, NEW = "the former secret", "the new secret"


def lock(repositories: Repositories, now: datetime) -> None:
    for day in range(10):
        at = now - timedelta(days=10 - day)
        counted = repositories.pin_attempts.count_attempt("gent", FILE, caller=None, named=True, now=at)
        assert isinstance(counted, PinAttempt)


def is_locked(repositories: Repositories, now: datetime) -> bool:
    asked = repositories.pin_attempts.count_attempt("gent", FILE, caller=None, named=True, now=now)
    return asked == BudgetExhausted("file_life")


@on_every_engine
def test_locks_decisions_and_finished_calls_outlive_the_former_secret(database: Database, now: datetime):
    """The new secret comes first for one start; then the former one may go for good."""
    former = Repositories(database, Sealer([OLD]))
    lock(former, now)
    ready(former.decisions, now)
    former.calls.claim("CA1", 0, now)
    former.calls.sweep(now + ABANDONED)
    Repositories(database, Sealer([NEW, OLD]))
    alone = Repositories(database, Sealer([NEW]))
    assert is_locked(alone, now)
    assert alone.decisions.is_blocked("gent", FILE)
    assert alone.decisions.open(REDIAL, now) == Blocked()
    assert alone.calls.claim("CA1", 0, now + ABANDONED) == CallEnded()


@on_every_engine
def test_a_secret_that_was_never_announced_is_refused(database: Database, now: datetime):
    """Else every lock would be forgotten; the sentence says how long the former secret must stay."""
    lock(Repositories(database, Sealer([OLD])), now)
    with pytest.raises(WrongSecret, match=r"give the former secret as a further one.*a quarter of an hour"):
        Repositories(database, Sealer([NEW]))
    assert is_locked(Repositories(database, Sealer([OLD])), now)


def test_workers_with_either_order_of_the_secrets_agree(database: Database, now: datetime):
    """While a deployment changes the secret both kinds are running."""
    old, new = Repositories(database, Sealer([OLD, NEW])), Repositories(database, Sealer([NEW, OLD]))
    lock(old, now)
    assert is_locked(new, now)
    assert is_locked(Repositories(database, Sealer([OLD, NEW])), now)


def test_what_only_the_former_secret_opens_is_named(database: Database, now: datetime):
    """An open decision and a waiting job, until they are settled and done."""
    former = Repositories(database, Sealer([OLD]))
    ready(former.decisions, now, PLAN)
    former.outbox.add(NewJob("note", "gent", "note", b"{}", now))
    assert not former.unreadable()
    both = Repositories(database, Sealer([NEW, OLD]))
    alone = Repositories(database, Sealer([NEW]))
    assert alone.unreadable() == Unreadable(decisions=1, jobs=1)
    assert "1 open decisions and 1 jobs" in str(alone.unreadable())
    [due] = both.decisions.claim_due(now + timedelta(minutes=1))
    both.decisions.settle(due.id, "escalated", now, claim=due.claim)
    [job] = both.outbox.claim_due(now)
    both.outbox.complete(job, now)
    assert not alone.unreadable()


def test_a_database_that_was_away_at_the_start_still_finds_every_name(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    """The keys are read by the first method that needs them."""
    lock(Repositories(database, Sealer([OLD])), now)

    def away() -> None:
        raise StoreDown("away")

    with monkeypatch.context() as patch:
        patch.setattr(database, "reading", away)
        late = Repositories(database, Sealer([OLD]))
        with pytest.raises(StoreDown):
            is_locked(late, now)
    assert is_locked(late, now)


def test_a_database_of_a_bridge_without_a_keyring_keeps_its_names(database: Database, now: datetime):
    """The first keys are those that the former bridge made from its secret."""
    names = Sealer([OLD]).pseudonyms("file", "gent", FILE)
    repositories = Repositories(database, Sealer([OLD]))
    lock(repositories, now)
    assert Sealer([OLD]).pseudonyms("file", "gent", FILE) == names
