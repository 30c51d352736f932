"""A changed secret: locks, open decisions and finished calls survive it; what cannot be opened is named."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from store_decided import FILE, PLAN, REDIAL, ready
from store_engines import on_every_engine

from bridge.store.callbacks import NewCallback, PromisedCallbacks
from bridge.store.calls import ABANDONED, Calls
from bridge.store.claim import CallEnded, OpenTurn
from bridge.store.database import Database
from bridge.store.decision import Blocked, DecisionState, Opened
from bridge.store.decisions import Decisions
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreDown, WrongSecret
from bridge.store.job import NewJob
from bridge.store.outbox import Outbox
from bridge.store.pin_attempts import BudgetExhausted, PinAttempt, PinAttempts, PinLimits
from bridge.store.repositories import Repositories, Unreadable

OLD, NEW = "the former secret", "the new secret"


def lock(repositories: Repositories, now: datetime) -> None:
    for day in range(10):
        at = now - timedelta(days=10 - day)
        counted = repositories.pin_attempts.count_attempts("gent", [FILE], caller=None, named=True, now=at)[0]
        assert isinstance(counted, PinAttempt)


def is_locked(repositories: Repositories, now: datetime) -> bool:
    asked = repositories.pin_attempts.count_attempts("gent", [FILE], caller=None, named=True, now=now)[0]
    return asked == BudgetExhausted("file_life")


def begin(calls: Calls, now: datetime) -> OpenTurn:
    read = calls.read("CA1", 0, now)
    assert isinstance(read, OpenTurn)
    return calls.claim(read, now)


@on_every_engine
def test_locks_decisions_and_finished_calls_outlive_the_former_secret(database: Database, now: datetime):
    """The new secret comes first for one start; then the former one may go for good."""
    former = Repositories(database, Sealer([OLD]))
    lock(former, now)
    ready(former.decisions, now)
    begin(former.calls, now)
    former.calls.sweep(now + ABANDONED)
    Repositories(database, Sealer([NEW, OLD]))
    alone = Repositories(database, Sealer([NEW]))
    assert is_locked(alone, now)
    assert alone.decisions.is_blocked("gent", FILE)
    assert alone.decisions.open(REDIAL, now) == Blocked()
    assert alone.calls.read("CA1", 0, now + ABANDONED) == CallEnded()


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

    def away(_mode: str) -> None:
        raise StoreDown("away")

    with monkeypatch.context() as patch:
        patch.setattr(database, "on_cursor", away)
        late = Repositories(database, Sealer([OLD]))
        with pytest.raises(StoreDown):
            is_locked(late, now)
    assert is_locked(late, now)


@on_every_engine
def test_an_upgrade_amid_a_change_of_secrets_keeps_everything(database: Database, now: datetime):
    """Rows of a bridge without a keyring are found by the former secret's names, and never made twice."""
    former = Sealer([OLD])
    calls, outbox, callbacks = (
        Calls(database, former),
        Outbox(database, former),
        PromisedCallbacks(database, former),
    )
    calls.save_reply(begin(calls, now), 0, state=b"s", reply=b"r", next_turn=1, now=now)
    job, promise = NewJob("note", "gent", "note", b"{}", now), NewCallback("c", "gent", now, now, b"{}", now)
    outbox.add(job)
    with database.on_cursor("durable") as transaction:
        callbacks.add(transaction, promise)
    sent = ready(Decisions(database, former), now)
    PinAttempts(database, former, PinLimits()).count_attempts(
        "gent", [FILE], caller=None, named=True, now=now
    )

    both = Repositories(database, Sealer([NEW, OLD]))
    read = both.calls.read("CA1", 1, now)
    assert isinstance(read, OpenTurn)
    both.calls.save_reply(read, 1, state=b"s", reply=b"r", next_turn=2, now=now)
    both.calls.wipe("CA1")
    assert both.calls.read("CA1", 0, now) == CallEnded()
    both.outbox.add(replace(job, payload=b"newer"))
    assert [one.payload for one in both.outbox.claim_due(now)] == [b"newer"]
    with database.on_cursor("durable") as transaction:
        both.callbacks.add(transaction, promise)
    assert both.callbacks.mark_kept("c", "gent", now)
    assert len(both.callbacks.report(now)) == 1
    assert both.decisions.open(PLAN, now) == Opened(sent, DecisionState.READY)
    assert both.decisions.open(REDIAL, now) == Blocked()
    assert both.pin_attempts.unlock("gent", FILE) == 1
