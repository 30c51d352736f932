"""Calls and turns: worked on by one, answered once, repeated with the same bytes, and then forgotten."""

import random
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from subprocess import Popen
from threading import Barrier

import pytest
from sqlalchemy import ColumnElement, func, insert, select
from store_engines import on_every_engine, some_seeds

from bridge.store.calls import RETRY_WINDOW, Calls
from bridge.store.claim import (
    CallEnded,
    CallSnapshot,
    LockedElsewhere,
    OpenTurn,
    OutOfOrder,
    Replay,
    UnknownCall,
)
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.errors import ClaimLost, DecryptionFailed
from bridge.store.statement import Statement, Transaction
from bridge.store.tables import calls as calls_table
from bridge.store.tables import turns, write_probe

CALL = "CA" + "0f" * 16
SECOND = timedelta(seconds=1)

Over = Callable[[Calls, datetime], None]
StartWorker = Callable[..., Popen[str]]


def opened(calls: Calls, turn: int, now: datetime) -> OpenTurn:
    found = calls.read(CALL, turn, now)
    assert isinstance(found, OpenTurn)
    return found


def take(calls: Calls, turn: int, now: datetime) -> OpenTurn:
    return calls.claim(opened(calls, turn, now), now, office="gent")


def walk(calls: Calls, turns: int, now: datetime) -> None:
    """Answer the first turns of the call: turn 2 with the bytes `reply 2` and so on."""
    for turn in range(turns):
        state, reply = f"state {turn}".encode(), f"reply {turn}".encode()
        read = opened(calls, turn, now)
        calls.save_reply(read, turn, state=state, reply=reply, next_turn=turn + 1, now=now, office="gent")


def count(database: Database, column: ColumnElement[object]) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count(column)))


def test_the_first_turn_begins_a_call_without_a_state(calls: Calls, now: datetime):
    assert take(calls, 0, now).state is None


def test_a_call_has_one_name_in_the_log(calls: Calls, database: Database, seal: Sealer):
    """16 hex digits that do not tell the id; another database, with keys of its own, names it otherwise."""
    name = calls.log_name(CALL)
    assert re.fullmatch("[0-9a-f]{16}", name)
    assert Calls(database, seal).log_name(CALL) == name
    assert calls.log_name(CALL[:-1] + "0") != name
    assert name not in CALL


def test_the_next_turn_gets_the_state_that_was_saved(calls: Calls, now: datetime):
    walk(calls, 1, now)
    assert take(calls, 1, now).state == b"state 0"


@on_every_engine
def test_a_repeated_turn_gets_the_same_bytes(calls: Calls, now: datetime):
    walk(calls, 2, now)
    assert [calls.read(CALL, turn, now) for turn in (0, 1, 1)] == [
        Replay(b"reply 0"),
        Replay(b"reply 1"),
        Replay(b"reply 1"),
    ]


def test_a_turn_somebody_works_on_is_busy_until_the_lease_is_over(calls: Calls, now: datetime):
    first = take(calls, 0, now)
    assert calls.read(CALL, 0, now + 4.99 * SECOND) == LockedElsewhere()
    assert take(calls, 0, now + 5 * SECOND).version > first.version


def test_the_lease_is_as_long_as_configured(database: Database, seal: Sealer, now: datetime):
    calls = Calls(database, seal, lease=1.5)
    take(calls, 0, now)
    assert calls.read(CALL, 0, now + 1.4 * SECOND) == LockedElsewhere()
    take(calls, 0, now + 1.5 * SECOND)


def test_a_lease_from_a_clock_that_has_jumped_back_since_holds_nobody_up(calls: Calls, now: datetime):
    take(calls, 0, now)
    take(calls, 0, now - timedelta(hours=1))


def test_a_lease_from_a_clock_slightly_ahead_of_ours_still_holds(calls: Calls, now: datetime):
    take(calls, 0, now)
    assert calls.read(CALL, 0, now - SECOND) == LockedElsewhere()


@on_every_engine
def test_who_was_overtaken_saves_nothing(calls: Calls, database: Database, now: datetime):
    slow, quick = take(calls, 0, now), take(calls, 0, now + 6 * SECOND)
    calls.save_reply(quick, 0, state=b"quick", reply=b"quick", next_turn=1, now=now)
    for late in (slow, quick):
        with pytest.raises(ClaimLost, match="read the turn again"):
            calls.save_reply(late, 0, state=b"s", reply=b"s", next_turn=1, now=now, also=beat)
    assert count(database, write_probe.c.token) == 0
    assert calls.read(CALL, 0, now) == Replay(b"quick")
    assert take(calls, 1, now).state == b"quick"


def test_who_was_only_slow_still_answers(calls: Calls, now: datetime):
    calls.save_reply(take(calls, 0, now), 0, state=b"s", reply=b"late", next_turn=1, now=now + 9 * SECOND)
    assert calls.read(CALL, 0, now + 9 * SECOND) == Replay(b"late")


def test_a_turn_given_back_is_free_at_once_with_the_state_as_it_was(calls: Calls, now: datetime):
    walk(calls, 1, now)
    calls.release(take(calls, 1, now))
    assert take(calls, 1, now).state == b"state 0"


def test_giving_back_what_is_no_longer_ours_frees_nothing(calls: Calls, now: datetime):
    slow = take(calls, 0, now)
    take(calls, 0, now + 6 * SECOND)
    calls.release(slow)
    assert calls.read(CALL, 0, now + 6 * SECOND) == LockedElsewhere()


@pytest.mark.parametrize("turn", [1, 7])
def test_a_turn_the_call_is_not_at_gets_what_was_answered_last(calls: Calls, now: datetime, turn: int):
    walk(calls, 6, now)
    assert calls.read(CALL, turn, now) == OutOfOrder(b"reply 5")


def test_the_last_three_replies_are_kept(calls: Calls, database: Database, now: datetime):
    walk(calls, 6, now)
    assert [calls.read(CALL, turn, now) for turn in (3, 4, 5)] == [
        Replay(b"reply 3"),
        Replay(b"reply 4"),
        Replay(b"reply 5"),
    ]
    assert count(database, turns.c.turn) == 3


def test_a_later_turn_of_a_call_nobody_knows_is_unknown(calls: Calls, database: Database, now: datetime):
    assert calls.read(CALL, 3, now) == UnknownCall()
    assert count(database, calls_table.c.call) == 0


def test_a_turn_ahead_of_the_first_answer_is_unknown(calls: Calls, now: datetime):
    take(calls, 0, now)
    assert calls.read(CALL, 4, now) == UnknownCall()
    assert calls.last_reply(CALL) == UnknownCall()


def test_calls_do_not_know_of_each_other(calls: Calls, now: datetime):
    walk(calls, 3, now)
    assert isinstance(calls.read("CA" + "1e" * 16, 0, now), OpenTurn)
    assert take(calls, 3, now).state == b"state 2"


def test_a_call_is_kept_with_its_office_and_times(calls: Calls, database: Database, now: datetime):
    walk(calls, 2, now)
    take(calls, 2, now + 6 * SECOND)
    with database.reading() as connection:
        row = connection.execute(select(calls_table)).one()
    assert (row.office, row.started_at, row.changed_at) == ("gent", now, now + 6 * SECOND)


def forget(calls: Calls, _: datetime) -> None:
    calls.wipe(CALL)


def end_by_answer(calls: Calls, now: datetime) -> None:
    calls.save_reply(take(calls, 2, now), 2, state=None, reply=b"reply 2", next_turn=3, now=now)


def test_the_last_answer_wipes_the_state_and_keeps_the_replies_for_the_retry_window(
    calls: Calls, database: Database, now: datetime
):
    walk(calls, 2, now)
    end_by_answer(calls, now)
    assert count(database, calls_table.c.state) == 0
    calls.sweep(now + RETRY_WINDOW - SECOND)
    assert calls.read(CALL, 1, now + RETRY_WINDOW - SECOND) == Replay(b"reply 1")
    calls.sweep(now + RETRY_WINDOW)
    assert calls.read(CALL, 1, now + RETRY_WINDOW) == CallEnded()
    assert count(database, turns.c.turn) == 0


@pytest.mark.parametrize("turn", [2, 3, 9])
def test_an_ended_call_takes_no_further_turn(calls: Calls, now: datetime, turn: int):
    walk(calls, 2, now)
    end_by_answer(calls, now)
    assert calls.read(CALL, turn, now) == (Replay(b"reply 2") if turn == 2 else CallEnded())


@on_every_engine
def test_a_caller_who_hangs_up_during_a_turn_leaves_no_state_behind(
    calls: Calls, database: Database, now: datetime
):
    taken = take(calls, 0, now)
    calls.wipe(CALL)
    with pytest.raises(ClaimLost):
        calls.save_reply(taken, 0, state=b"s", reply=b"r", next_turn=1, now=now)
    assert calls.read(CALL, 0, now) == CallEnded()
    assert count(database, calls_table.c.state) == 0


def test_the_last_words_of_a_call_are_kept_until_its_end_is_reported(calls: Calls, now: datetime):
    """A provider that lost them asks its fallback for them: the caller still hears how the call ended."""
    walk(calls, 1, now)
    opened = calls.read(CALL, 1, now)
    assert isinstance(opened, OpenTurn)
    calls.save_reply(opened, 1, state=None, reply=b"<bye/>", next_turn=2, now=now)
    assert calls.last_reply(CALL) == Replay(b"<bye/>")
    calls.wipe(CALL)
    assert calls.last_reply(CALL) == CallEnded()


def test_a_forgotten_call_keeps_nothing_and_no_late_webhook_begins_it_anew(
    calls: Calls, database: Database, now: datetime
):
    walk(calls, 2, now)
    calls.wipe(CALL)
    assert [calls.read(CALL, turn, now) for turn in (0, 1, 2)] == [CallEnded()] * 3
    assert calls.last_reply(CALL) == CallEnded()
    assert count(database, turns.c.turn) == count(database, calls_table.c.state) == 0


def test_a_call_that_went_on_is_not_forgotten_as_it_was(calls: Calls, now: datetime):
    """Whoever writes down what is left of it has to look again."""
    walk(calls, 1, now)
    kept = calls.snapshot(CALL)
    calls.save_reply(take(calls, 1, now), 1, state=b"later", reply=b"r", next_turn=2, now=now)
    with pytest.raises(ClaimLost):
        calls.wipe(CALL, kept=kept)
    assert calls.snapshot(CALL) == CallSnapshot(b"later", 2, kept.version + 2)
    calls.wipe(CALL, kept=calls.snapshot(CALL))
    assert calls.read(CALL, 2, now) == CallEnded()


def test_forgetting_an_unknown_call_is_harmless(calls: Calls, now: datetime):
    calls.wipe(CALL)
    take(calls, 0, now)


@on_every_engine
def test_a_call_untouched_for_two_hours_is_gone_altogether(calls: Calls, database: Database, now: datetime):
    walk(calls, 2, now)
    assert calls.sweep(now + timedelta(hours=2) - SECOND) == 0
    assert calls.sweep(now + timedelta(hours=2)) == 1
    assert count(database, calls_table.c.call) == count(database, turns.c.turn) == 0


@pytest.mark.parametrize("over", [end_by_answer, forget])
def test_that_a_call_is_over_is_known_for_two_hours(
    calls: Calls, database: Database, now: datetime, over: Over
):
    walk(calls, 2, now)
    over(calls, now)
    calls.sweep(now + timedelta(hours=2) - SECOND)
    assert calls.read(CALL, 0, now) == CallEnded()
    assert calls.sweep(now + timedelta(hours=2)) == 1
    assert count(database, calls_table.c.call) == count(database, turns.c.turn) == 0


BEAT = Statement(insert(write_probe), ("token",))


def beat(transaction: Transaction) -> None:
    BEAT.execute(transaction, token="with the answer")


@on_every_engine
def test_what_goes_with_an_answer_is_saved_with_it(calls: Calls, database: Database, now: datetime):
    calls.save_reply(take(calls, 0, now), 0, state=b"s", reply=b"r", next_turn=1, now=now, also=beat)
    assert count(database, write_probe.c.token) == 1


@on_every_engine
def test_an_answer_is_not_saved_without_what_goes_with_it(calls: Calls, database: Database, now: datetime):
    def fail(transaction: Transaction) -> None:
        beat(transaction)
        raise KeyError

    taken = take(calls, 0, now)
    with pytest.raises(KeyError):
        calls.save_reply(taken, 0, state=b"s", reply=b"r", next_turn=1, now=now, also=fail)
    assert count(database, write_probe.c.token) == count(database, turns.c.turn) == 0
    calls.save_reply(taken, 0, state=b"s", reply=b"r", next_turn=1, now=now)


def test_what_is_left_of_a_call_is_saved_with_its_forgetting(calls: Calls, database: Database, now: datetime):
    walk(calls, 2, now)
    calls.wipe(CALL, also=beat)
    assert count(database, write_probe.c.token) == 1
    assert count(database, turns.c.turn) == 0


@on_every_engine
def test_a_call_is_not_forgotten_without_what_is_left_of_it(calls: Calls, database: Database, now: datetime):
    def fail(transaction: Transaction) -> None:
        beat(transaction)
        raise KeyError

    walk(calls, 2, now)
    with pytest.raises(KeyError):
        calls.wipe(CALL, also=fail)
    assert count(database, write_probe.c.token) == 0
    assert take(calls, 2, now).state == b"state 1"


def test_a_call_is_looked_at_without_taking_it(calls: Calls, now: datetime):
    assert calls.snapshot(CALL) is None
    calls.release(take(calls, 0, now))
    assert calls.snapshot(CALL) is None
    walk(calls, 2, now)
    assert calls.snapshot(CALL) == calls.snapshot(CALL) == CallSnapshot(b"state 1", 2, 3)
    assert take(calls, 2, now).state == b"state 1"


def test_the_turn_of_a_call_is_known_until_nothing_is_left_of_it(calls: Calls, now: datetime):
    assert calls.turn_number(CALL) is None
    walk(calls, 2, now)
    assert calls.turn_number(CALL) == 2
    end_by_answer(calls, now)
    assert calls.turn_number(CALL) == 3
    calls.sweep(now + timedelta(hours=2))
    assert calls.turn_number(CALL) is None


@on_every_engine
def test_a_turn_is_taken_from_a_worker_the_provider_waits_for_no_longer(calls: Calls, now: datetime):
    slow = take(calls, 0, now)
    calls.break_claim(CALL)
    calls.break_claim("CA of nobody")
    assert take(calls, 0, now).version > slow.version
    with pytest.raises(ClaimLost):
        calls.save_reply(slow, 0, state=b"slow", reply=b"slow", next_turn=1, now=now)


@pytest.mark.parametrize("turn", [0, 1])
@pytest.mark.parametrize("how", ["claiming", "answering"])
@on_every_engine
def test_of_64_workers_that_get_the_same_webhook_one_answers(
    calls: Calls, now: datetime, turn: int, how: str
):
    """All have read it; whether they claim it or answer at once, all but one are too late."""
    walk(calls, turn, now)
    together = Barrier(64)

    def ask(number: int) -> bytes | None:
        mine = opened(calls, turn, now)
        together.wait()
        reply = f"reply of {number}".encode()
        try:
            taken = calls.claim(mine, now) if how == "claiming" else mine
            calls.save_reply(taken, turn, state=reply, reply=reply, next_turn=turn + 1, now=now)
        except ClaimLost:
            return None
        return reply

    with ThreadPoolExecutor(64) as threads:
        [reply] = [each for each in threads.map(ask, range(64)) if each]
    assert calls.read(CALL, turn, now) == Replay(reply)
    assert take(calls, turn + 1, now).state == reply


@on_every_engine
def test_who_has_only_read_a_turn_is_overtaken_by_a_claim(calls: Calls, now: datetime):
    """Whoever asks Tagor for the turn has claimed it, so nobody else's answer comes before theirs."""
    walk(calls, 1, now)
    read, claimed = opened(calls, 1, now), take(calls, 1, now)
    with pytest.raises(ClaimLost):
        calls.save_reply(read, 1, state=b"s", reply=b"read only", next_turn=2, now=now)
    with pytest.raises(ClaimLost):
        calls.claim(read, now)
    calls.save_reply(claimed, 1, state=b"s", reply=b"claimed", next_turn=2, now=now)
    assert calls.read(CALL, 1, now) == Replay(b"claimed")


def test_a_worker_killed_in_the_middle_of_a_turn_loses_no_call(
    url: str, calls: Calls, now: datetime, start_worker: StartWorker
):
    worker = start_worker("take", url, CALL)
    assert worker.stdout.readline() == "claimed\n"
    worker.kill()
    assert worker.wait() == -9
    killed_at = datetime(2026, 3, 29, 1, tzinfo=now.tzinfo)
    assert calls.read(CALL, 0, killed_at + SECOND) == LockedElsewhere()
    walk(calls, 1, killed_at + 5 * SECOND)
    assert calls.read(CALL, 0, killed_at + 6 * SECOND) == Replay(b"reply 0")


def test_a_state_that_cannot_be_opened_leaves_the_turn_free(database: Database, calls: Calls, now: datetime):
    walk(calls, 1, now)
    with database.writing() as connection:
        connection.execute(calls_table.update().values(state=b"broken"))
    for _ in range(2):
        with pytest.raises(DecryptionFailed):
            calls.read(CALL, 1, now)


@some_seeds(5)
def test_however_workers_and_repeats_are_mixed_a_turn_has_one_reply(calls: Calls, now: datetime, seed: int):
    """200 random webhooks with crashes, late workers and repeats; a failing seed is in the test's name."""
    chance = random.Random(seed)
    at, heard, working = 0, {}, []
    for step in range(200):
        now += chance.random() * 3 * SECOND
        turn = max(0, at - chance.randint(0, 2))
        match calls.read(CALL, turn, now):
            case OpenTurn() as read:
                assert turn == at
                taken = calls.claim(read, now) if chance.random() < 0.5 else read
                working.append((taken, turn, f"reply {step}".encode()))
            case Replay(reply):
                assert heard[turn] == reply
            case LockedElsewhere():
                assert turn == at
        if working and chance.random() < 0.5:
            taken, turn, reply = working.pop(chance.randrange(len(working)))
            try:
                calls.save_reply(taken, turn, state=reply, reply=reply, next_turn=turn + 1, now=now)
            except ClaimLost:
                continue
            assert turn not in heard
            heard[turn] = reply
            at = turn + 1
    assert at > 10
