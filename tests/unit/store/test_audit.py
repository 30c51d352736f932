"""The audit list: every line stays as it was written, for a year and a month."""

from datetime import datetime, timedelta

import pytest
from store_engines import on_every_engine

from bridge.store.audit import AuditEntry, AuditList
from bridge.store.database import Database
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


def test_lines_of_former_years_are_deleted(audit: AuditList, now: datetime):
    """Not a moment earlier."""
    audit.add(now, "anna", "logged in")
    assert audit.sweep(now + JOURNAL_KEPT - MINUTE) == 0
    assert audit.sweep(now + JOURNAL_KEPT) == 1
    assert audit.newest(1) == []
