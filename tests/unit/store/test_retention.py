"""Retention: every table loses what nobody needs any more, in small batches, and nothing else."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text
from store_decided import IS_OPEN, IS_SETTLED, one_in_every_state

from bridge.store.callbacks import NewCallback, PromisedCallbacks
from bridge.store.calls import RETRY_WINDOW
from bridge.store.database import Database
from bridge.store.decisions import Decisions
from bridge.store.encryption import Sealer
from bridge.store.pin_attempts import KEPT, PinAttempts, PinLimits
from bridge.store.repositories import Repositories
from bridge.store.retention import BATCH, JOURNAL_KEPT, MAX_BATCHES
from bridge.store.tables import decisions as decisions_table
from bridge.store.tables import pin_attempts as attempts_table

SWEPT_BY = {
    "calls": {"ix_calls_changed_at", "ix_calls_ended_at", "ix_tombstones_month"},
    "pin_attempts": {
        *("ix_pin_attempts_numbers", "ix_pin_attempts_guesses", "ix_pin_attempts_unlocked"),
        *("ix_pin_attempts_attempted_at", "ix_pin_attempts_file"),
    },
    "decisions": {"ix_decisions_results", "ix_decisions_settled_at"},
    "outbox": {"ix_outbox_ended_at"},
    "callbacks": {"ix_callbacks_payloads", "ix_callbacks_ends_at"},
    "steps": {"ix_steps_at"},
}
"""The indexes by which the rows of each repository are found when their time is over."""
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def test_the_times_are_those_the_documents_promise():
    """A minute and a half for repeated webhooks, thirteen months of journal, five years of attempts."""
    assert timedelta(seconds=90) == RETRY_WINDOW
    assert timedelta(days=400) == JOURNAL_KEPT
    assert timedelta(days=1825) == KEPT


def test_settled_decisions_go_after_thirteen_months_and_open_ones_never(decisions: Decisions, now: datetime):
    """An office's report covers a year; a file with an open decision stays blocked until it is settled."""
    made = one_in_every_state(decisions, now)
    decisions.sweep(now + JOURNAL_KEPT - SECOND)
    assert all(decisions.get(one) for one in made.values())
    assert decisions.sweep(now + JOURNAL_KEPT) == len(IS_SETTLED)
    assert [state for state, one in made.items() if decisions.get(one)] == IS_OPEN


def test_call_backs_go_after_thirteen_months(database: Database, seal: Sealer, now: datetime):
    """Kept, missed or never settled."""
    callbacks = PromisedCallbacks(database, seal)
    with database.on_cursor("durable") as transaction:
        for key in ("kept", "open"):
            callbacks.add(transaction, NewCallback(key, "gent", now, now, b"", now))
    callbacks.mark_kept("kept", "gent", now)
    callbacks.sweep(now + JOURNAL_KEPT - SECOND)
    assert len(callbacks.report(now)) == 2
    callbacks.sweep(now + JOURNAL_KEPT)
    assert callbacks.report(now) == []


@pytest.mark.parametrize(("number", "left"), [(4, 0), (5, 5), (10, 10)])
def test_attempts_go_after_five_years_but_never_unlock_a_file(
    pin_attempts: PinAttempts, database: Database, now: datetime, number: int, left: int
):
    """A file that is locked, if only for silent attempts, stays so until the office unlocks it."""
    for day in range(number):
        pin_attempts.count_attempts("gent", ["1"], caller=None, named=True, now=now - (number - day) * DAY)
    pin_attempts.sweep(now + KEPT - number * DAY - SECOND)
    pin_attempts.sweep(now + KEPT)
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(attempts_table)) == left


def test_a_long_backlog_is_swept_a_little_at_a_time(
    pin_attempts: PinAttempts, database: Database, now: datetime
):
    """One sweep ends after so many batches, however much there is; the next one goes on."""
    number = BATCH * MAX_BATCHES + 1
    row = {"office": "gent", "file": "f", "named": True, "attempted_at": now, "unlocked": True}
    with database.writing() as connection:
        connection.execute(insert(attempts_table), [{"id": str(one), **row} for one in range(number)])
    assert pin_attempts.sweep(now + DAY) == number - 1
    assert pin_attempts.sweep(now + DAY) == 1


@pytest.mark.parametrize("engine", ["sqlite"])  # as below
def test_the_outbox_is_counted_by_an_index(database: Database):
    """Done jobs stay for a week; their payloads are not read for a number."""
    for counting, index in (
        ("SELECT count(*) FROM outbox WHERE state = 'ready'", "ix_outbox_ready"),
        (
            "SELECT state, count(*) FROM outbox WHERE ended_at IS NOT NULL GROUP BY state",
            "ix_outbox_ended_at",
        ),
    ):
        with database.reading() as connection:
            plan = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {counting}"))]
        assert f"INDEX {index}" in plan[0]


@pytest.mark.parametrize("engine", ["sqlite"])  # the plan is told in SQLite's own words
@pytest.mark.parametrize("table", SWEPT_BY)
def test_no_sweep_reads_what_it_does_not_wipe(
    database: Database, seal: Sealer, now: datetime, table: str, executed: list[tuple[str, Any]]
):
    """At a million rows a scan under the write lock would hold up every caller: each way is an index's."""
    swept = getattr(Repositories(database, seal), table)
    executed.clear()
    swept.sweep(now)
    found = [one for one in executed if one[0].startswith(("DELETE", "UPDATE", "SELECT"))]
    with database.reading() as connection:
        ways = [
            row.detail
            for statement, given in found
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        ]
    # Only the batch itself, some twenty keys, is read from its first to its last.
    assert not [way for way in ways if way.startswith("SCAN") and way != "SCAN batch"]
    assert {index for way in ways for index in re.findall(r"\bix_\w+", way)} == SWEPT_BY[table]


def test_no_decision_is_open_and_settled(decisions: Decisions, database: Database, now: datetime):
    """What the sweep takes for settled is what the journal takes for settled."""
    one_in_every_state(decisions, now)
    settled = select(decisions_table.c.state).where(decisions_table.c.settled_at.is_not(None))
    with database.reading() as connection:
        assert sorted(connection.scalars(settled)) == sorted(IS_SETTLED)


def test_an_offices_attempts_are_lifted_and_its_locked_files_stay_locked(
    database: Database, seal: Sealer, now: datetime
):
    """Twenty callers in error must not shut out the next, nor open a file that was guessed at."""
    attempts = PinAttempts(database, seal, PinLimits(file_day=2, office_hour=3))
    for file in ("1", "1", "2"):
        attempts.count_attempts("gent", [file], caller=None, named=True, now=now)
    assert attempts.is_office_exhausted("gent", now)
    assert not attempts.is_office_exhausted("luik", now)
    assert attempts.unlock_office("gent") == 3
    assert not attempts.is_office_exhausted("gent", now)
    assert (
        str(attempts.count_attempts("gent", ["1"], caller=None, named=True, now=now)[0].reason) == "file_day"
    )
