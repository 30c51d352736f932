"""The page about privacy: it names every table, and the times that the program keeps."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bridge.store import callbacks, calls, decision, job, pin_attempts
from bridge.store.retention import JOURNAL_KEPT
from bridge.store.step_journal import JOURNAL_DAYS
from bridge.store.tables import metadata
from bridge.store.tombstones import KEPT_MONTHS

PAGE = (Path(__file__).parents[3] / "docs" / "privacy.md").read_text("utf-8")


def test_every_table_is_told() -> None:
    """Whoever adds one says what it holds and how long."""
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`([a-z_]+)`", row)}
    assert set(metadata.tables) <= told | {"alembic_version"}


def test_the_months_of_a_tombstone_are_the_programs_own() -> None:
    """It holds sixteen bytes of a keyed hash, and nothing else."""
    assert f"| {KEPT_MONTHS} months" in told_of("tombstones")


def told_of(table: str) -> str:
    """What the page says about a table."""
    return next(line for line in PAGE.splitlines() if line.startswith("| `") and f"`{table}`" in line)


@pytest.mark.parametrize(
    ("table", "kept", "words"),
    [
        ("calls", calls.ABANDONED, "2 hours"),
        ("pin_attempts", pin_attempts.DAY, "1 day"),
        ("pin_attempts", pin_attempts.KEPT, "5 years"),
        ("decisions", decision.RESULT_KEPT, "2 hours"),
        ("decisions", JOURNAL_KEPT, "400 days"),
        ("callbacks", callbacks.PAYLOAD_KEPT, "30 days"),
        ("callbacks", JOURNAL_KEPT, "400 days"),
        ("outbox", job.DONE_KEPT, "7 days"),
        ("outbox", job.DEAD_KEPT, "90 days"),
        ("steps", timedelta(days=JOURNAL_DAYS), "90 days"),
        ("audit", JOURNAL_KEPT, "400 days"),
    ],
)
def test_every_time_is_the_programs_own(table: str, kept: timedelta, words: str) -> None:
    """A time that is changed in the program is changed here too."""
    number, unit = words.split()
    hours = {"hours": 1, "day": 24, "days": 24, "years": 365 * 24}[unit]
    assert kept == timedelta(hours=int(number) * hours)
    assert words in told_of(table)
