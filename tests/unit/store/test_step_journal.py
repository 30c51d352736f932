"""The journal of steps: what calls did is counted, to the unit, and nobody reads whose calls they were."""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Pool, event, select
from store_engines import on_every_engine

from bridge.store.calls import ABANDONED, Calls
from bridge.store.claim import OpenTurn
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.repositories import Repositories
from bridge.store.step_journal import SeenCall, Span, StepJournal, TurnSteps, short_name
from bridge.store.tables import EPOCH
from bridge.store.tables import steps as table

DAY = timedelta(days=1)
ASKED, RIGHT, TOLD = ("Main.menu", "1"), ("ByPin.try_hinted", "right"), ("Balance.look", "owed")
BYE, LEFT = ("Main.goodbye", "goodbye"), ("Main.menu", "hung up")

Play = Callable[..., None]


@pytest.fixture
def journal(database: Database, seal: Sealer) -> StepJournal:
    return StepJournal(database, seal)


@pytest.fixture
def play(calls: Calls, now: datetime) -> Play:
    """Play a call: each turn takes some exits, as in `play("CA1", [ASKED], [BYE], language="fr")`."""

    def one(
        call: str,
        *turns: list[tuple[str, str]],
        office: str = "gent",
        language: str = "nl",
        milliseconds: int = 20,
        caller: str = "",
    ) -> None:
        for turn, taken in enumerate(turns):
            read = calls.read(call, turn, now)
            assert isinstance(read, OpenTurn)
            whose = "" if turn else caller
            steps = TurnSteps(office, language, taken, milliseconds + turn, whose) if taken else None
            calls.save_reply(
                read, turn, state=b"s", reply=b"r", next_turn=turn + 1, now=now, office=office, steps=steps
            )

    return one


@pytest.fixture
def span(now: datetime) -> Span:
    return Span("gent", now - DAY, now + DAY)


@on_every_engine
def test_what_calls_did_is_counted(journal: StepJournal, play: Play, span: Span, now: datetime):
    """How often each exit was taken, by how many calls, how they ended, and in which language."""
    play("CA1", [ASKED], [RIGHT, TOLD], [ASKED], [BYE])
    play("CA2", [], [ASKED], language="fr")
    play("CA3", [BYE], office="aalst")
    tally = journal.tally(span, {"knew": {RIGHT, TOLD}, "asked": {ASKED}, "nothing": set()})
    assert tally.exits == journal.exits(span) == {ASKED: 3, RIGHT: 1, TOLD: 1, BYE: 1}
    assert tally.calls_that == {"knew": 1, "asked": 2, "nothing": 0}
    assert tally.endings == {BYE: 1, ASKED: 1}
    assert tally.languages == {"nl": 1, "fr": 1}
    assert tally.began == [now, now]
    assert journal.offices(span.since, span.until) == ["aalst", "gent"]


def test_the_wait_of_a_turn_is_counted_once(journal: StepJournal, play: Play, span: Span):
    """However many exits a turn took; the share says which of all waits is told."""
    play("CA1", [ASKED, RIGHT, TOLD], [ASKED], milliseconds=100)
    play("CA2", *([ASKED] for _ in range(8)), milliseconds=10)
    assert [journal.tally(span, {}).wait(share) for share in (0.0, 0.5, 0.95, 1.0)] == [10, 15, 101, 101]


def test_an_office_that_nobody_called_has_no_figures(journal: StepJournal, span: Span):
    """Nothing is counted, and nothing is divided by nothing."""
    tally = journal.tally(span, {"asked": {ASKED}})
    assert (tally.began, tally.wait(0.95), tally.exits, tally.calls_that) == ([], 0, {}, {"asked": 0})
    assert journal.offices(span.since, span.until) == []


LISTED = SeenCall("12ab" * 4, "gent", EPOCH, EPOCH, *ASKED, "nl", 1)
READS: dict[str, tuple[Callable[[StepJournal, Span], object], str]] = {
    "a tally": (lambda journal, span: journal.tally(span, {}), "ix_steps_office_at"),
    "the exits": (lambda journal, span: journal.exits(span), "ix_steps_office_at"),
    "the newest": (lambda journal, span: journal.newest(span, 50), "ix_steps_office_at"),
    "a name": (lambda journal, span: journal.named("12ab", span.office), "ix_steps_call"),
    "a path": (lambda journal, span: journal.path_of("12ab" * 4, span.office), "ix_steps_call"),
    "what calls did": (lambda journal, _span: journal.taken_by([LISTED]), "ix_steps_call"),
    "a number": (
        lambda journal, span: journal.of_caller("+32470000001", [span.since], span.office),
        "ix_steps_caller",
    ),
}
"""What the pages of an office read of the journal, and by which index."""


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("read", READS)
def test_an_office_reads_its_own_part_of_the_journal(
    opened: Callable[[str], Database], url: str, seal: Sealer, span: Span, read: str
):
    """However many calls the other offices behind the bridge have: each way is an index's."""
    executed = list[str]()

    def note(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(executed.append)

    database = opened(url)
    reading, index = READS[read]
    event.listen(Pool, "checkout", note)
    try:
        reading(StepJournal(database, seal), span)
    finally:
        event.remove(Pool, "checkout", note)
    asked = [one for one in executed if one.startswith("SELECT")]
    with database.reading() as connection:
        ways = [
            row.detail
            for statement in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
        ]
    assert {one for way in ways for one in re.findall(r"\bix_\w+", way)} >= {index}
    assert [way for way in ways if way.startswith("SCAN steps")] == []


def test_a_span_ends_before_its_end(journal: StepJournal, play: Play, now: datetime):
    """Two weeks that follow each other count every step once."""
    play("CA1", [ASKED])
    spans = Span("gent", now - DAY, now), Span("gent", now, now + DAY)
    assert [journal.tally(one, {}).exits.total() for one in spans] == [0, 1]


@on_every_engine
def test_a_call_over_midnight_begins_once(calls: Calls, journal: StepJournal, play: Play, now: datetime):
    """It counts on the day of its first step, not on that of its later ones."""
    play("CA1", [ASKED])
    read = calls.read("CA1", 1, now)
    assert isinstance(read, OpenTurn)
    steps = TurnSteps("gent", "nl", [BYE])
    calls.save_reply(read, 1, state=b"s", reply=b"r", next_turn=2, now=now + timedelta(hours=1), steps=steps)
    midnight = now + timedelta(minutes=30)
    days = (midnight - DAY, midnight), (midnight, midnight + DAY)
    tallies = [journal.tally(Span("gent", *edges), {}) for edges in days]
    assert [len(one.began) for one in tallies] == [1, 0]
    assert [one.endings.total() for one in tallies] == [1, 1]


@on_every_engine
def test_the_path_of_a_call_is_found_by_its_id(journal: StepJournal, play: Play, now: datetime):
    """In its order; another id finds nothing."""
    play("CA1", [ASKED], [RIGHT, TOLD])
    path = journal.path("CA1")
    assert [(entry.step, entry.exit) for entry in path] == [ASKED, RIGHT, TOLD]
    assert [entry.milliseconds for entry in path] == [20, 21, None]
    assert {(entry.at, entry.language) for entry in path} == {(now, "nl")}
    assert journal.path("CA2") == []


def test_a_call_is_found_by_its_name_in_the_log(
    calls: Calls, journal: StepJournal, play: Play, span: Span, now: datetime
):
    """At its own office only; a list shows it by the same name, with its newest step first."""
    play("CA1", [ASKED], [RIGHT])
    play("CA2", [ASKED], language="fr")
    play("CA3", [ASKED], office="aalst")
    name = calls.log_name("CA1")
    assert [(entry.step, entry.exit) for entry in journal.path_of(name, "gent")] == [ASKED, RIGHT]
    assert [call.name for call in journal.named(name[:4], "gent")] == [name]
    assert journal.named(name[:4], "aalst") == []
    assert journal.path_of(name, "aalst") == []
    assert journal.path_of("0" * 16, "gent") == []
    first, second = journal.newest(span, 5)
    assert first == SeenCall(calls.log_name("CA2"), "gent", now, now, *ASKED, "fr", first.position)
    assert second == SeenCall(name, "gent", now, now, *RIGHT, "nl", second.position)
    assert journal.newest(span, 1) == [first]
    assert journal.newest(span, 5, first.position) == [second]
    assert journal.newest(span, 5, second.position) == []


@on_every_engine
def test_what_listed_calls_did_is_told_for_each(journal: StepJournal, play: Play, span: Span):
    """Every exit that it took, once; nothing of a call whose steps were deleted meanwhile."""
    play("CA1", [ASKED], [RIGHT, ASKED])
    play("CA2", [BYE])
    second, first = journal.newest(span, 5)
    gone = replace(first, position=second.position + 1)
    assert journal.taken_by([first, second, gone]) == {
        first.position: {ASKED, RIGHT},
        second.position: {BYE},
        gone.position: set(),
    }
    assert journal.taken_by([]) == {}


@on_every_engine
def test_the_calls_that_go_on_are_listed(calls: Calls, journal: StepJournal, play: Play, now: datetime):
    """Of some offices, until they end or are abandoned; the journal tells what they did."""
    play("CA1", [ASKED], [RIGHT])
    play("CA2", [ASKED])
    play("CA3", [ASKED], office="aalst")
    calls.wipe("CA2")
    [one] = calls.under_way(["gent", "genk"], now)
    [seen] = journal.of_calls([one])
    assert (seen.name, seen.step) == (calls.log_name("CA1"), RIGHT[0])
    assert len(calls.under_way(["gent", "aalst"], now + ABANDONED / 2)) == 2
    assert calls.under_way([], now) == calls.under_way(["gent"], now + ABANDONED) == []
    assert journal.of_calls([]) == []


@on_every_engine
def test_a_call_is_found_by_its_callers_number_and_minute(
    journal: StepJournal, calls: Calls, play: Play, database: Database, now: datetime
):
    """At its own office, two minutes off too; a caller who was withheld is found by nothing."""
    play("CA1", [ASKED], [BYE], caller="+32470000001")
    play("CA2", [ASKED], caller="")
    play("CA3", [ASKED], caller="+32470000001", office="aalst")
    two, three = timedelta(minutes=2), timedelta(minutes=3)

    def found(number: str, *moments: datetime) -> list[str]:
        return [call.name for call in journal.of_caller(number, moments, "gent")]

    [call] = journal.of_caller("+32470000001", [now + two], "gent")
    assert call == SeenCall(calls.log_name("CA1"), "gent", now, now, *BYE, "nl", call.position)
    assert found("+32470000001", now - two) == found("+32470000001", now, now - three) == [call.name]
    assert found("+32470000001", now + three, now - three) == found("", now) == []
    with database.reading() as connection:
        told = [one for one in connection.scalars(select(table.c.caller)) if one]
    assert len(told) == 2
    assert "470000001" not in repr(told)


def test_calls_of_one_number_cannot_be_seen_to_be_one_persons(
    database: Database, calls: Calls, now: datetime
):
    """Each minute has another hash."""
    for minute in range(2):
        read = calls.read(f"CA{minute}", 0, now)
        assert isinstance(read, OpenTurn)
        at = now + timedelta(minutes=minute)
        steps = TurnSteps("gent", "nl", [ASKED], caller="+32470000001")
        calls.save_reply(read, 0, state=b"s", reply=b"r", next_turn=1, now=at, steps=steps)
    with database.reading() as connection:
        assert len(set(connection.scalars(select(table.c.caller)))) == 2


def test_a_call_is_known_by_a_keyed_hash_only(database: Database, play: Play):
    """Whoever reads the table cannot tell which call it was."""
    play("CA1", [ASKED])
    with database.reading() as connection:
        [call] = connection.scalars(select(table.c.call))
    assert "CA1" not in call
    assert len(call) >= 32


def test_a_turn_that_is_not_saved_leaves_no_step(
    calls: Calls, journal: StepJournal, play: Play, span: Span, now: datetime
):
    """Both are written, or neither."""

    def fail(_transaction: object) -> None:
        raise RuntimeError

    play("CA1", [ASKED])
    read = calls.read("CA1", 1, now)
    assert isinstance(read, OpenTurn)
    last = TurnSteps("gent", "nl", [BYE])
    with pytest.raises(RuntimeError):
        calls.save_reply(read, 1, state=b"s", reply=b"r", next_turn=2, now=now, also=fail, steps=last)
    assert journal.exits(span) == {ASKED: 1}


def test_the_end_of_a_call_is_written_with_its_wiping(
    calls: Calls, journal: StepJournal, play: Play, now: datetime
):
    """Once, although the provider may report the end twice."""
    play("CA1", [ASKED])
    last = TurnSteps("gent", "nl", [LEFT])
    calls.wipe("CA1", kept=calls.snapshot("CA1"), now=now, steps=last)
    calls.wipe("CA1")
    assert [(entry.step, entry.exit) for entry in journal.path("CA1")] == [ASKED, LEFT]


@pytest.mark.parametrize("days", [30, 90])
def test_steps_are_deleted_when_their_time_is_over(
    database: Database, seal: Sealer, play: Play, now: datetime, days: int
):
    """After as many days as the settings say, by the sweep that all tables share."""
    kept = Repositories(database, seal, journal_days=days)
    play("CA1", *([ASKED] for _ in range(120)))
    kept.sweep(now + timedelta(days=days) - timedelta(seconds=1))
    assert len(kept.steps.path("CA1")) == 120
    kept.sweep(now + timedelta(days=days))
    assert kept.steps.path("CA1") == []


def test_a_call_has_one_short_name():
    """Its beginning, by which the console's search finds it."""
    assert short_name("5a1b0c99d7e2f304") == "5A1B"
