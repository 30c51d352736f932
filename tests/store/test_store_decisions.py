"""Decisions: on the disk before anybody acts, acted on once, one at a time per file, and never lost."""

import random
import sqlite3
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Barrier

import pytest
from alembic import command
from sqlalchemy import insert, select, text, update

from bridge.store.calls import Calls, Taken
from bridge.store.database import Database, engine_for
from bridge.store.decision import Blocked, Decision, NewDecision, Opened, Outcome, State, next_look
from bridge.store.decisions import Decisions
from bridge.store.errors import SealBroken, StoreDown, WrongSchema
from bridge.store.migrate import _config, head, migrate
from bridge.store.pin_tries import PinLimits, PinTries, Spent
from bridge.store.seal import Seal
from bridge.store.tables import decisions as table

Open = Callable[..., Database]
Reach = Callable[..., str]

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
CALL, FILE, NAME, PHONE = "CA" + "4d" * 16, "700412345", "Verstraeten-Dupont", "+32470991234"
TERMS = "125.50 x 9"
PLAN = NewDecision(CALL, "gent", FILE, "plan", f"{FILE} {NAME} {PHONE} {TERMS}".encode())
REDIAL = replace(PLAN, confirmation="CA" + "5e" * 16)


def on(file: str, **more: bytes) -> NewDecision:
    """Give what another caller confirmed, about a file of its own."""
    return replace(PLAN, file=file, confirmation=f"{CALL} {file}", **more)


@pytest.fixture
def decisions(database: Database, seal: Seal) -> Decisions:
    return Decisions(database, seal)


def ready(decisions: Decisions, now: datetime, new: NewDecision = PLAN) -> str:
    opened = decisions.open(new, now)
    assert isinstance(opened, Opened)
    assert opened.state is State.READY
    return opened.id


def sent(decisions: Decisions, now: datetime, new: NewDecision = PLAN) -> str:
    one = ready(decisions, now, new)
    assert decisions.mark_sent(one, now)
    return one


def unclear(decisions: Decisions, now: datetime, new: NewDecision = PLAN) -> str:
    one = sent(decisions, now, new)
    assert decisions.mark_unclear(one, now)
    return one


def settled(outcome: State) -> Reach:
    def settle(decisions: Decisions, now: datetime, new: NewDecision = PLAN) -> str:
        one = sent(decisions, now, new)
        assert decisions.settle(one, outcome, now, result=b"9 x 125.50")
        return one

    return settle


REACH: dict[State, Reach] = {
    State.READY: ready,
    State.SENT: sent,
    State.UNKNOWN: unclear,
    State.DONE: settled(State.DONE),
    State.REFUSED: settled(State.REFUSED),
    State.HANDED: settled(State.HANDED),
}
IS_OPEN = [State.READY, State.SENT, State.UNKNOWN]
IS_SETTLED = [State.DONE, State.REFUSED, State.HANDED]


def one_in_every_state(decisions: Decisions, now: datetime) -> dict[State, str]:
    """Make six decisions, each on a file of its own."""
    return {where: REACH[where](decisions, now, on(where)) for where in State}


def take(decisions: Decisions, now: datetime) -> Decision:
    (decision,) = decisions.due(now)
    assert decision.claim
    return decision


def state(decisions: Decisions, one: str) -> State:
    found = decisions.look(one)
    assert found is not None
    return found.state


def test_a_new_decision_is_ready_and_holds_what_it_takes(decisions: Decisions, now: datetime):
    one = ready(decisions, now)
    payload = PLAN.payload
    expected = Decision("gent", "plan", State.READY, now, None, None, one, 0, None, payload, None)
    assert decisions.look(one) == expected


def test_what_was_never_opened_is_not_there(decisions: Decisions, now: datetime):
    assert decisions.look("unheard of") is None
    assert not decisions.mark_sent("unheard of", now)
    assert not decisions.give_up("unheard of", now)
    assert not decisions.settle("unheard of", State.DONE, now)
    assert not decisions.mark_unclear("unheard of", now)


def test_the_same_decision_again_is_the_one_that_is_there(decisions: Decisions, now: datetime):
    for where, one in one_in_every_state(decisions, now).items():
        result = b"9 x 125.50" if where in IS_SETTLED else None
        before = decisions.look(one)
        again = on(where, payload=b"other")
        found = decisions.find("gent", again.confirmation)
        assert decisions.open(again, now + MINUTE) == found == Opened(one, where, result)
        assert decisions.look(one) == before


def test_what_another_call_confirmed_is_not_found(decisions: Decisions, now: datetime):
    ready(decisions, now)
    assert decisions.find("gent", REDIAL.confirmation) is None
    assert decisions.find("luik", PLAN.confirmation) is None


def test_one_confirmation_is_one_decision_whatever_it_is_about(decisions: Decisions, now: datetime):
    """A repeated webhook cannot make a second one out of terms that have changed meanwhile."""
    one = ready(decisions, now)
    other = replace(PLAN, kind="approval", file="2", payload=b"other terms")
    assert decisions.open(other, now) == Opened(one, State.READY)
    assert not decisions.blocked("gent", "2")


@pytest.mark.parametrize("where", IS_OPEN)
@pytest.mark.parametrize(
    "other",
    [REDIAL, replace(REDIAL, kind="approval"), replace(REDIAL, payload=b"other terms")],
    ids=["plan", "approval", "terms"],
)
def test_an_open_decision_blocks_every_other_one_on_the_file(
    decisions: Decisions, now: datetime, where: State, other: NewDecision
):
    REACH[where](decisions, now)
    assert decisions.open(other, now) == Blocked()
    assert decisions.blocked("gent", FILE)


def test_a_settled_decision_blocks_nothing(decisions: Decisions, now: datetime):
    one_in_every_state(decisions, now)
    assert [where for where in State if not decisions.blocked("gent", where)] == IS_SETTLED
    for where in IS_SETTLED:
        ready(decisions, now, replace(REDIAL, file=where, confirmation=f"{REDIAL.confirmation} {where}"))


@pytest.mark.parametrize(
    "other", [replace(REDIAL, office="luik"), replace(REDIAL, file="2")], ids=["office", "file"]
)
def test_other_files_and_offices_are_not_blocked(decisions: Decisions, now: datetime, other: NewDecision):
    ready(decisions, now)
    assert not decisions.blocked(other.office, other.file)
    ready(decisions, now, other)


def test_only_what_is_ready_is_sent(decisions: Decisions, now: datetime):
    made = one_in_every_state(decisions, now)
    assert [where for where, one in made.items() if decisions.mark_sent(one, now)] == [State.READY]
    assert state(decisions, made[State.READY]) is State.SENT


def test_only_what_is_ready_is_given_up(decisions: Decisions, now: datetime):
    made = one_in_every_state(decisions, now)
    assert [where for where, one in made.items() if decisions.give_up(one, now)] == [State.READY]
    assert state(decisions, made[State.READY]) is State.REFUSED


def test_what_was_given_up_is_wiped_and_never_sent(decisions: Decisions, now: datetime):
    one = ready(decisions, now)
    assert decisions.give_up(one, now)
    assert not decisions.mark_sent(one, now)
    assert decisions.due(now + MINUTE) == []
    found = decisions.look(one)
    assert found is not None
    assert found.payload is None


@pytest.mark.parametrize(
    ("outcome", "after"),
    [
        (State.DONE, [State.SENT, State.UNKNOWN]),
        (State.HANDED, [State.SENT, State.UNKNOWN]),
        (State.REFUSED, [State.SENT]),
    ],
)
def test_only_what_was_sent_has_an_outcome_and_it_never_changes(
    decisions: Decisions, now: datetime, outcome: Outcome, after: list[State]
):
    """Nor is an unclear write ever called refused: that it was not found proves nothing."""
    made = one_in_every_state(decisions, now)
    assert [where for where, one in made.items() if decisions.settle(one, outcome, now)] == after
    assert {where: state(decisions, one) for where, one in made.items()} == {
        where: outcome if where in after else where for where in State
    }


def test_only_what_was_sent_becomes_unclear_by_the_senders_word(decisions: Decisions, now: datetime):
    made = one_in_every_state(decisions, now)
    assert [where for where, one in made.items() if decisions.mark_unclear(one, now)] == [State.SENT]


@pytest.mark.parametrize("outcome", IS_SETTLED)
def test_the_outcome_wipes_the_payload_and_keeps_the_result_for_two_hours(
    decisions: Decisions, now: datetime, outcome: State
):
    one = REACH[outcome](decisions, now)
    kept = Decision("gent", "plan", outcome, now, now, now, one, 0, None, None, b"9 x 125.50")
    assert decisions.sweep(now + timedelta(hours=2) - SECOND) == 0
    assert decisions.look(one) == kept
    assert decisions.sweep(now + timedelta(hours=2)) == 1
    assert decisions.look(one) == replace(kept, result=None)
    assert decisions.open(PLAN, now) == Opened(one, outcome)


def test_sweeping_leaves_open_decisions_alone_however_old(decisions: Decisions, now: datetime):
    made = one_in_every_state(decisions, now)
    before = [decisions.look(made[where]) for where in IS_OPEN]
    assert decisions.sweep(now + timedelta(days=400)) == len(IS_SETTLED)
    assert [decisions.look(made[where]) for where in IS_OPEN] == before


def test_looks_come_at_half_two_and_five_seconds_and_then_every_minute_for_fifteen(now: datetime):
    seconds = []
    while at := next_look(now, len(seconds)):
        seconds.append((at - now) / SECOND)
    assert seconds == [0.5, 2, 5, *range(60, 901, 60)]


def test_what_is_unclear_is_looked_after_by_the_schedule(decisions: Decisions, now: datetime):
    one = unclear(decisions, now)
    for looks, seconds in enumerate([0.5, 2, 5, *range(60, 901, 60)]):
        at = now + seconds * SECOND
        assert decisions.due(at - timedelta(microseconds=1)) == []
        decision = take(decisions, at)
        assert (decision.state, decision.looks, decision.payload) == (State.UNKNOWN, looks, PLAN.payload)
        assert decision.is_late(at) is (seconds == 900)
        assert decisions.mark_unclear(one, at, claim=decision.claim)


def test_after_all_looks_it_stays_due_every_minute_until_an_employee_has_it(
    decisions: Decisions, now: datetime
):
    unclear(decisions, now)
    for minute in range(16, 20):
        decision = take(decisions, now + minute * MINUTE)
        assert decision.is_late(now + minute * MINUTE)
        assert decisions.mark_unclear(decision.id, now + minute * MINUTE, claim=decision.claim)
    decision = take(decisions, now + 20 * MINUTE)
    assert decisions.settle(decision.id, State.HANDED, now + 20 * MINUTE, claim=decision.claim)
    assert decisions.due(now + timedelta(days=1)) == []


def test_a_sender_that_was_slow_to_say_unclear_is_looked_after_at_once_and_looks_missed_are_skipped(
    decisions: Decisions, now: datetime
):
    one = sent(decisions, now)
    assert decisions.mark_unclear(one, now + 6 * SECOND)
    decision = take(decisions, now + 6 * SECOND)
    assert decisions.mark_unclear(one, now + 6 * SECOND, claim=decision.claim)
    assert decisions.due(now + 59 * SECOND) == []
    assert take(decisions, now + 60 * SECOND).looks == 3


def test_what_a_crash_left_sent_is_due_after_ten_seconds(decisions: Decisions, now: datetime):
    one = sent(decisions, now)
    assert decisions.due(now + 9.99 * SECOND) == []
    decision = take(decisions, now + 10 * SECOND)
    assert (decision.id, decision.state, decision.payload) == (one, State.SENT, PLAN.payload)
    assert not decision.is_late(now + 10 * SECOND)


def test_what_a_crash_left_ready_is_due_after_a_minute_and_can_no_longer_be_sent(
    decisions: Decisions, now: datetime
):
    one = ready(decisions, now)
    assert decisions.due(now + 59.99 * SECOND) == []
    decision = take(decisions, now + MINUTE)
    assert (decision.id, decision.state, decision.sent_at) == (one, State.UNKNOWN, None)
    assert decision.is_late(now + MINUTE)
    assert not decisions.mark_sent(one, now + MINUTE)
    assert decisions.settle(one, State.HANDED, now + MINUTE, claim=decision.claim)


def test_what_was_never_sent_stays_due_until_an_employee_has_it(decisions: Decisions, now: datetime):
    ready(decisions, now)
    for minute in range(1, 18):
        decision = take(decisions, now + minute * MINUTE)
        assert decisions.mark_unclear(decision.id, now + minute * MINUTE, claim=decision.claim)


def test_what_is_due_is_given_to_one_worker_until_its_lease_is_over(
    database: Database, seal: Seal, now: datetime
):
    decisions = Decisions(database, seal, lease=1.5)
    unclear(decisions, now)
    first = take(decisions, now + SECOND)
    assert decisions.due(now + 2.4 * SECOND) == []
    assert take(decisions, now + 2.5 * SECOND).claim != first.claim


def test_who_was_overtaken_says_nothing_about_it_any_more(decisions: Decisions, now: datetime):
    one = sent(decisions, now)
    slow, quick = take(decisions, now + 10 * SECOND), take(decisions, now + 40 * SECOND)
    assert not decisions.settle(one, State.HANDED, now, claim=slow.claim)
    assert not decisions.mark_unclear(one, now, claim=slow.claim)
    assert decisions.settle(one, State.DONE, now, claim=quick.claim)
    assert not decisions.mark_unclear(one, now, claim=quick.claim)


def test_who_found_nothing_has_no_say_until_it_is_taken_again(decisions: Decisions, now: datetime):
    one = sent(decisions, now)
    claim = take(decisions, now + 10 * SECOND).claim
    assert decisions.mark_unclear(one, now + 11 * SECOND, claim=claim)
    assert not decisions.settle(one, State.HANDED, now + 12 * SECOND, claim=claim)
    assert not decisions.mark_unclear(one, now + 12 * SECOND, claim=claim)


def test_who_was_only_slow_still_says_it(decisions: Decisions, now: datetime):
    one = sent(decisions, now)
    slow = take(decisions, now + 10 * SECOND)
    assert decisions.settle(one, State.DONE, now + 300 * SECOND, claim=slow.claim)


def test_a_slow_senders_clear_answer_counts_and_its_unclear_one_leaves_the_worker_alone(
    decisions: Decisions, now: datetime
):
    one = sent(decisions, now)
    take(decisions, now + 10 * SECOND)
    assert not decisions.mark_unclear(one, now + 11 * SECOND)
    assert decisions.due(now + 39 * SECOND) == []
    assert decisions.settle(one, State.DONE, now + 12 * SECOND, result=b"9 x 125.50")


def test_the_longest_due_come_first_and_no_more_than_asked_for(decisions: Decisions, now: datetime):
    ids = [sent(decisions, now + n * SECOND, on(str(n))) for n in (3, 1, 4, 2, 0)]
    asked = [[decision.id for decision in decisions.due(now + MINUTE, limit=2)] for _ in range(4)]
    assert asked == [[ids[4], ids[1]], [ids[3], ids[0]], [ids[2]], []]


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
    decisions.give_up(one, now)
    copy("settled too")
    assert decisions.counts()[State.READY] == 0


def test_a_decision_stays_itself_and_blocks_its_file_while_the_secret_is_changed(
    database: Database, decisions: Decisions, now: datetime
):
    one = sent(decisions, now)
    changed = Decisions(database, Seal(["a new secret", "a secret of the tests"]))
    assert changed.open(PLAN, now) == Opened(one, State.SENT)
    assert changed.open(REDIAL, now) == Blocked()
    assert changed.blocked("gent", FILE)
    assert take(changed, now + MINUTE).payload == PLAN.payload


def test_what_no_secret_opens_is_refused_and_keeps_nobody_from_the_rest(
    database: Database, decisions: Decisions, now: datetime
):
    broken, whole = (sent(decisions, now, on(file)) for file in ("1", "2"))
    with database.writing() as connection:
        connection.execute(update(table).where(table.c.id == broken).values(payload=b"broken"))
    with pytest.raises(SealBroken):
        decisions.look(broken)
    assert take(decisions, now + MINUTE).id == whole
    assert decisions.counts()[State.SENT] == 2


def test_open_decisions_are_counted_by_state(decisions: Decisions, now: datetime):
    assert decisions.counts() == dict.fromkeys(IS_OPEN, 0)
    for number, reach in enumerate([ready, sent, sent, unclear, unclear, unclear]):
        reach(decisions, now, on(str(number)))
    REACH[State.DONE](decisions, now)
    assert decisions.counts() == {State.READY: 1, State.SENT: 2, State.UNKNOWN: 3}


def test_the_report_tells_what_was_decided_since_and_everything_open(decisions: Decisions, now: datetime):
    old, at = now - timedelta(days=9), now - timedelta(days=8)
    unclear(decisions, old, on("1"))
    decisions.settle(sent(decisions, old, on("2")), State.DONE, at)
    ready(decisions, now, replace(PLAN, office="luik", kind="approval"))
    decisions.settle(sent(decisions, at, on("3")), State.HANDED, now)
    lines = [(line.office, line.kind, line.state) for line in decisions.report(at)]
    assert lines == [
        ("gent", "plan", State.UNKNOWN),
        ("gent", "plan", State.HANDED),
        ("luik", "approval", State.READY),
    ]
    (line,) = decisions.unsettled("gent")
    assert (line.opened_at, line.sent_at, line.settled_at) == (old, old, None)


def test_nothing_personal_shows_in_a_report_or_a_log(decisions: Decisions, now: datetime):
    one = sent(decisions, now)
    shown = [PLAN, decisions.open(PLAN, now), decisions.look(one), *decisions.due(now + MINUTE)]
    decisions.settle(one, State.DONE, now, result=PLAN.payload)
    shown += [decisions.look(one), decisions.open(PLAN, now), *decisions.report(now)]
    assert not [word for word in (CALL, FILE, NAME, PHONE, TERMS) if word in repr(shown)]


def test_64_threads_that_decide_the_same_send_once(decisions: Decisions, now: datetime):
    together = Barrier(64)

    def decide(_: int) -> bool:
        together.wait()
        opened = decisions.open(PLAN, now)
        assert isinstance(opened, Opened)
        return decisions.mark_sent(opened.id, now)

    with ThreadPoolExecutor(64) as threads:
        assert Counter(threads.map(decide, range(64))) == {True: 1, False: 63}


def test_of_64_calls_on_one_file_one_may_decide(decisions: Decisions, now: datetime):
    together = Barrier(64)

    def decide(call: int) -> type:
        together.wait()
        return type(decisions.open(replace(PLAN, confirmation=str(call)), now))

    with ThreadPoolExecutor(64) as threads:
        assert Counter(threads.map(decide, range(64))) == {Opened: 1, Blocked: 63}


def test_8_workers_never_look_after_the_same(decisions: Decisions, now: datetime):
    ids = [sent(decisions, now, on(str(file))) for file in range(30)]
    together = Barrier(8)

    def work(_: int) -> list[str]:
        together.wait()
        return [one.id for _ in range(10) for one in decisions.due(now + MINUTE, limit=3)]

    with ThreadPoolExecutor(8) as threads:
        taken = [one for found in threads.map(work, range(8)) for one in found]
    assert sorted(taken) == sorted(ids)


def look_until_all_is_settled(decisions: Decisions, now: datetime) -> None:
    """Look every minute and never find anything, as the background worker does."""
    for _ in range(20):
        now += MINUTE
        for one in decisions.due(now):
            if one.is_late(now):
                assert decisions.settle(one.id, State.HANDED, now, claim=one.claim)
            else:
                assert decisions.mark_unclear(one.id, now, claim=one.claim)


@pytest.mark.parametrize("seed", range(3))
def test_however_calls_workers_and_crashes_are_mixed_nothing_is_sent_twice_or_lost(
    decisions: Decisions, now: datetime, seed: int
):
    """200 random steps over 3 files; a failing seed is in the test's name."""
    chance = random.Random(seed)
    sendings: Counter[str] = Counter()
    confirmed: set[str] = set()
    held: list[Decision] = []

    def call() -> None:
        call, file = chance.randrange(9), str(chance.randrange(3))
        new = replace(PLAN, confirmation=f"{call} {file}", file=file)
        opened = decisions.open(new, now)
        if isinstance(opened, Opened):
            confirmed.add(opened.id)
            sendings[opened.id] += chance.random() < 0.8 and decisions.mark_sent(opened.id, now)

    def answer() -> None:
        one = chance.choice(sorted(confirmed) or ["none"])
        if sendings[one] and not decisions.settle(one, chance.choice([State.DONE, State.REFUSED]), now):
            decisions.mark_unclear(one, now)

    def work() -> None:
        held.extend(decisions.due(now, limit=2))
        decision = held.pop(chance.randrange(len(held))) if held else None
        if decision and decision.is_late(now):
            decisions.settle(decision.id, State.HANDED, now, claim=decision.claim)
        elif decision:
            decisions.mark_unclear(decision.id, now, claim=decision.claim)

    for _ in range(200):
        now += chance.random() * 20 * SECOND
        chance.choice([call, answer, work])()
        assert max(Counter(sendings).values(), default=0) <= 1
        assert sum(decisions.counts().values()) <= 3
    look_until_all_is_settled(decisions, now)
    assert len(confirmed) > 3
    assert {state(decisions, one) for one in confirmed} <= set(IS_SETTLED)


def test_a_locked_database_gives_no_leave(url: str, database: Database, opened: Open, now: datetime):
    seal = Seal(["a secret of the tests"])
    decisions = Decisions(database, seal)
    impatient = Decisions(opened(url, patience=0.1), seal)
    one = ready(decisions, now)
    with database.writing() as connection:
        connection.execute(update(table).values(looks=0))
        with pytest.raises(StoreDown):
            impatient.mark_sent(one, now)
    assert state(decisions, one) is State.READY


def test_a_read_only_database_gives_no_leave(file: Path, opened: Open, seal: Seal, now: datetime):
    one = ready(Decisions(opened(f"sqlite:///{file}"), seal), now)
    locked = Decisions(opened(f"sqlite:///file:{file}?mode=ro&uri=true"), seal)
    for write in (lambda: locked.mark_sent(one, now), lambda: locked.open(on("2"), now)):
        with pytest.raises(StoreDown, match="SQLITE_READONLY"):
            write()
    assert state(locked, one) is State.READY
    assert locked.counts()[State.READY] == 1


def test_a_full_disk_takes_no_decision(file: Path, opened: Open, seal: Seal, now: datetime):
    database = opened(f"sqlite:///{file}", connections=1)
    decisions = Decisions(database, seal)
    with database.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")  # SQLite keeps it at the file's present size
    with pytest.raises(StoreDown, match="SQLITE_FULL"):
        decisions.open(replace(PLAN, payload=b"x" * 100_000), now)
    assert not decisions.blocked("gent", FILE)


def test_whatever_is_decided_is_on_the_disk(file: Path, opened: Open, seal: Seal, now: datetime):
    """A connection keeps what its last writer set, so a reader can look; 2 is FULL."""
    database = opened(f"sqlite:///{file}", connections=1)
    decisions = Decisions(database, seal)
    one = ready(decisions, now)
    other = ready(decisions, now, on("2"))
    for write in (
        lambda: decisions.open(on("3"), now),
        lambda: decisions.mark_sent(one, now),
        lambda: decisions.mark_unclear(one, now),
        lambda: decisions.due(now),
        lambda: decisions.settle(one, State.DONE, now),
        lambda: decisions.give_up(other, now),
    ):
        with database.writing(durable=False):
            pass
        write()
        with database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_database_of_the_first_bridge_keeps_all_it_has(empty_url: str, opened: Open, now: datetime):
    """A call under way and a locked file outlive the upgrade, and decisions can be made."""
    seal, config = Seal(["a secret of the tests"]), _config()
    engine = engine_for(empty_url, patience=5, connections=1).execution_options(mode="durable")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        seen = {"call": seal.pseudonym("call", CALL), "state": seal.seal(b"state"), "at": 0}
        connection.execute(
            text("INSERT INTO calls VALUES (:call, 'gent', :state, 4, 3, NULL, NULL, :at, :at, NULL)"), seen
        )
        file = seal.pseudonym("file", "gent", FILE)
        for number in range(10):
            tried = {"id": str(number), "file": file, "at": 0, "yes": True, "no": False}
            connection.execute(
                text("INSERT INTO pin_tries VALUES (:id, 'gent', :file, NULL, :yes, :at, :no, :no)"), tried
            )
    engine.dispose()
    with pytest.raises(WrongSchema, match=r"0001.*run `bridge migrate`"):
        opened(empty_url)
    assert migrate(empty_url) == head()
    database = opened(empty_url)
    taken = Calls(database, seal).take(CALL, 3, now)
    assert isinstance(taken, Taken)
    assert taken.state == b"state"
    tries = PinTries(database, seal, PinLimits())
    assert tries.spend("gent", FILE, caller=None, named=True, now=now) == Spent("file_life")
    assert Decisions(database, seal).mark_sent(ready(Decisions(database, seal), now), now)


def shapes(canary: bytes) -> list[bytes]:
    """Give what a search for it would try: as it is, hex, base64, and its hash without our secret."""
    digest = sha256(canary)
    base64 = b64encode(canary).rstrip(b"=")[:-1]
    return [canary, canary.hex().encode(), base64, digest.digest(), digest.hexdigest().encode()]


def on_disk(file: Path) -> bytes:
    return b"".join(part.read_bytes() for part in file.parent.glob(file.name + "*"))


def test_nothing_personal_is_on_the_disk_and_afterwards_not_even_sealed(
    file: Path, opened: Open, seal: Seal, now: datetime
):
    database = opened(f"sqlite:///{file}")
    decisions = Decisions(database, seal)
    canaries = [shape for word in (CALL, FILE, NAME, PHONE, TERMS) for shape in shapes(word.encode())]
    one = unclear(decisions, now)
    other = sent(decisions, now, on("2"))
    decisions.settle(other, State.DONE, now, result=PLAN.payload)
    with database.reading() as connection:
        rows = connection.execute(select(table.c.payload, table.c.result)).all()
    sealed = [cell for row in rows for cell in row if cell]
    assert len(sealed) == 2
    assert all(cell in on_disk(file) for cell in sealed)
    assert not any(canary in on_disk(file) for canary in canaries)
    take(decisions, now + MINUTE)
    decisions.settle(one, State.HANDED, now)
    with closing(sqlite3.connect(file)) as beside:  # so that SQLite does not fold its log by itself
        beside.execute("SELECT count(*) FROM decisions").fetchall()
        assert decisions.sweep(now + timedelta(hours=2)) == 1
        assert not any(cell[-64:] in on_disk(file) for cell in sealed)
    assert not any(canary in on_disk(file) for canary in canaries)
