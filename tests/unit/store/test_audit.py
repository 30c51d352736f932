"""The audit list: every line stays as it was written, for a year and a month."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from store_engines import on_every_engine

from bridge.store.audit import AuditEntry, AuditList
from bridge.store.database import Database, engine_for
from bridge.store.errors import StoreDown
from bridge.store.retention import JOURNAL_KEPT

MINUTE = timedelta(minutes=1)


@pytest.fixture
def audit(database: Database) -> AuditList:
    return AuditList(database)


@on_every_engine
def test_the_newest_lines_come_first(audit: AuditList, now: datetime):
    """As many as are asked for."""
    audit.add(now, "anna", "logged in")
    audit.add(now + MINUTE, "anna", "retried", "4f2a")
    audit.add(now + 2 * MINUTE, "bert", "unlocked", "gent")
    assert audit.newest(2) == [
        AuditEntry(now + 2 * MINUTE, "bert", "unlocked", "gent"),
        AuditEntry(now + MINUTE, "anna", "retried", "4f2a"),
    ]


@pytest.mark.parametrize(
    ("offices", "seen"), [(["gent"], {1, 2, 4}), (["ge", "g_nt"], {4}), ([], {4}), (None, {0, 1, 2, 3, 4})]
)
def test_an_office_reads_its_own_lines(
    audit: AuditList, now: datetime, offices: list[str] | None, seen: set[int]
):
    """However many lines others have between them: what is about it, and what its reader did."""
    for about in ("gents", "gent", "gent 4f2a", "aalst"):
        audit.add(now, "bert", "unlocked", about)
    audit.add(now, "anna", "logged in")
    lines = list(reversed(audit.newest(9)))
    shown = audit.newest(len(seen), offices=offices, who="anna")
    assert shown == [lines[at] for at in sorted(seen, reverse=True)]


@on_every_engine
def test_lines_of_former_years_are_deleted(audit: AuditList):
    """Not a moment earlier, and no young ones by a clock of ours that is wrong."""
    today = datetime.now(UTC)
    for age in (JOURNAL_KEPT, JOURNAL_KEPT - MINUTE, timedelta(0)):
        audit.add(today - age, "anna", "logged in")
    assert audit.sweep(today) == 1
    assert len(audit.newest(9)) == 2
    with pytest.raises(StoreDown):
        audit.sweep(today + 2 * JOURNAL_KEPT)
    assert len(audit.newest(9)) == 2


@on_every_engine
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET who = 'nobody'",
        "UPDATE audit SET at = 0",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id IN (SELECT max(id) FROM audit)",
        "INSERT OR REPLACE INTO audit SELECT id, at, 'nobody', what, whom FROM audit",
        "TRUNCATE audit",
    ],
)
def test_a_line_that_was_written_stays(audit: AuditList, url: str, change: str):
    """Not even whoever may write into the database by hand can edit it; lines are still added."""
    today = datetime.now(UTC)
    audit.add(today, "anna", "unlocked", "gent")
    written = audit.newest(9)
    engine = engine_for(url, patience=5, connections=1).execution_options(mode="durable")
    with pytest.raises(SQLAlchemyError), engine.begin() as connection:
        connection.execute(text(change))
    engine.dispose()
    assert audit.newest(9) == written
    audit.add(today, "anna", "logged in")
    assert len(audit.newest(9)) == 2
