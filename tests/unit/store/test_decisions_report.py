"""Decisions as the office sees them, and as one database and its secrets keep them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update
from store_decided import (
    IS_OPEN,
    MINUTE,
    PLAN,
    REACH,
    on,
    ready,
    sent,
    take,
    unclear,
)
from store_engines import on_every_engine

from bridge.store.database import Database
from bridge.store.decision import DecisionState
from bridge.store.decisions import Decisions
from bridge.store.errors import DecryptionFailed, StoreDown
from bridge.store.tables import decisions as table


@on_every_engine
def test_the_index_itself_allows_one_open_decision_per_file(
    database: Database, decisions: Decisions, now: datetime
):
    """Also for a process that did not ask before."""
    one = ready(decisions, now)

    def copy(name: str) -> None:
        with database.writing() as connection:
            row = connection.execute(select(table).where(table.c.id == one)).one()
            connection.execute(insert(table).values({**row._asdict(), "id": name}))

    with pytest.raises(StoreDown) as refused:
        copy("second")
    assert refused.value.code in {"SQLITE_CONSTRAINT_UNIQUE", "23505"}
    decisions.mark_sent(one, now)
    decisions.settle(one, DecisionState.DONE, now)
    copy("settled too")
    assert decisions.counts()[DecisionState.READY] == 0


def test_what_no_secret_opens_is_refused_and_keeps_nobody_from_the_rest(
    database: Database, decisions: Decisions, now: datetime
):
    broken, whole = (sent(decisions, now, on(file)) for file in ("1", "2"))
    with database.writing() as connection:
        connection.execute(update(table).where(table.c.id == broken).values(payload=b"broken"))
    with pytest.raises(DecryptionFailed):
        decisions.get(broken)
    assert take(decisions, now + MINUTE).id == whole
    assert decisions.counts()[DecisionState.SENT] == 2


def test_open_decisions_are_counted_by_state(decisions: Decisions, now: datetime):
    assert decisions.counts() == dict.fromkeys(IS_OPEN, 0)
    for number, reach in enumerate([ready, sent, sent, unclear, unclear, unclear]):
        reach(decisions, now, on(str(number)))
    REACH[DecisionState.DONE](decisions, now)
    assert decisions.counts() == {DecisionState.READY: 1, DecisionState.SENT: 2, DecisionState.UNKNOWN: 3}


@on_every_engine
def test_the_report_tells_what_was_decided_since_and_everything_open(decisions: Decisions, now: datetime):
    old, at = now - timedelta(days=9), now - timedelta(days=8)
    unclear(decisions, old, on("1"))
    decisions.settle(sent(decisions, old, on("2")), DecisionState.DONE, at)
    ready(decisions, now, replace(PLAN, office="luik", kind="approval"))
    decisions.settle(sent(decisions, at, on("3")), DecisionState.ESCALATED, now)
    lines = [(line.office, line.kind, line.state) for line in decisions.report(at)]
    assert lines == [
        ("gent", "plan", DecisionState.UNKNOWN),
        ("gent", "plan", DecisionState.ESCALATED),
        ("luik", "approval", DecisionState.READY),
    ]
    (line,) = decisions.unsettled("gent")
    assert (line.opened_at, line.sent_at, line.settled_at) == (old, old, None)
