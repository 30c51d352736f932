"""The outbox: on the disk with the turn that promised it, and taken by one worker at a time."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from store_engines import on_every_engine, some_seeds
from store_jobs import (
    CALL,
    KEY,
    LEASE,
    SECOND,
    Open,
    Touch,
    at_work,
    dead,
    done,
    marked,
    reach_dead,
    take,
    taken,
)

from bridge.store.calls import Calls
from bridge.store.claim import OpenTurn
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.errors import ClaimLost
from bridge.store.job import DEAD_KEPT, DONE_KEPT, LONGEST_WAIT, Job, JobState, NewJob, WaitingJob
from bridge.store.outbox import Outbox
from bridge.store.statement import Transaction
from bridge.store.tables import outbox as table


@on_every_engine
def test_a_job_is_taken_with_all_it_takes_to_do_it(outbox: Outbox, note: NewJob, now: datetime):
    job = taken(outbox, note, now)
    assert (job.office, job.kind, job.payload, job.due) == ("gent", "note", note.payload, now)
    assert (job.tries, job.sent, job.sent_at) == (1, False, None)


def test_nothing_is_taken_before_it_is_due(outbox: Outbox, note: NewJob, now: datetime):
    outbox.add(replace(note, due=now + SECOND))
    assert outbox.claim_due(now) == []
    assert take(outbox, now + SECOND).payload == note.payload


@on_every_engine
def test_the_longest_due_come_first_and_no_more_than_asked_for(outbox: Outbox, note: NewJob, now: datetime):
    for after in (3, 1, 4, 2, 0):
        outbox.add(replace(note, key=str(after), due=now + after * SECOND))
    asked = [[(job.due - now).seconds for job in outbox.claim_due(now + LEASE, limit=3)] for _ in range(3)]
    assert asked == [[0, 1, 2], [3, 4], []]


@on_every_engine
def test_a_job_is_written_with_the_turn_that_promised_it_or_not_at_all(
    outbox: Outbox, database: Database, seal: Sealer, note: NewJob, now: datetime
):
    """Who was overtaken has promised nothing."""
    calls = Calls(database, seal)
    slow = calls.read(CALL, 0, now)
    assert isinstance(slow, OpenTurn)

    def answer(mine: OpenTurn) -> None:
        calls.save_reply(
            mine,
            0,
            state=b"{}",
            reply=b"<Say/>",
            next_turn=1,
            now=now,
            also=lambda transaction: outbox.put(transaction, note),
        )

    quick = calls.claim(slow, now)
    with pytest.raises(ClaimLost):
        answer(slow)
    assert outbox.claim_due(now) == []
    answer(quick)
    assert take(outbox, now).payload == note.payload


@on_every_engine
def test_the_same_key_again_is_the_same_job_with_its_newest_words(
    outbox: Outbox, note: NewJob, now: datetime
):
    outbox.add(note)
    outbox.add(replace(note, payload=b"newer", due=now + SECOND))
    assert outbox.claim_due(now) == []
    assert take(outbox, now + SECOND).payload == b"newer"


def test_the_same_key_at_another_office_is_another_job(outbox: Outbox, note: NewJob, now: datetime):
    outbox.add(note)
    outbox.add(replace(note, office="luik"))
    assert {job.office for job in outbox.claim_due(now)} == {"gent", "luik"}


@pytest.mark.parametrize("touch", [at_work, marked, done, dead])
@on_every_engine
def test_what_somebody_has_taken_is_neither_replaced_nor_hurried(
    outbox: Outbox,
    database: Database,
    note: NewJob,
    now: datetime,
    touch: Touch,
):
    """Else an effect that came already would come again, for other words."""
    touch(outbox, taken(outbox, note, now), now)
    with database.reading() as connection:
        before = connection.execute(select(table)).all()
    outbox.add(replace(note, payload=b"newer", due=now + SECOND))
    assert not outbox.hurry(KEY, "gent", due=now - SECOND)
    with database.reading() as connection:
        assert connection.execute(select(table)).all() == before


def test_a_waiting_job_is_hurried(outbox: Outbox, note: NewJob, now: datetime):
    """As when the provider says that a recording is ready."""
    outbox.add(replace(note, due=now + LEASE))
    assert not outbox.hurry(KEY, "luik", due=now)
    assert not outbox.hurry("another", "gent", due=now)
    assert outbox.claim_due(now) == []
    assert outbox.hurry(KEY, "gent", due=now)
    assert take(outbox, now).payload == note.payload


def test_a_try_that_surely_did_nothing_leaves_the_job_as_fresh_as_before(
    outbox: Outbox, note: NewJob, now: datetime
):
    job = taken(outbox, note, now)
    outbox.mark_sending(job, now)
    assert outbox.reschedule(job, now, trouble="Refused", unsent=True, later=SECOND)
    assert outbox.hurry(KEY, "gent", due=now)
    second = take(outbox, now)
    assert (second.sent, second.tries) == (False, 2)


@on_every_engine
def test_nobody_else_gets_a_job_during_the_lease(outbox: Outbox, note: NewJob, now: datetime):
    taken(outbox, note, now)
    assert outbox.claim_due(now + LEASE - SECOND / 100) == []
    assert take(outbox, now + LEASE).tries == 2


def test_a_lease_given_by_a_clock_that_jumped_ahead_does_not_hold_for_years(
    outbox: Outbox, note: NewJob, now: datetime
):
    taken(outbox, note, now + timedelta(days=700))
    assert take(outbox, now).payload == note.payload


def test_marking_it_as_sent_begins_the_lease_anew(outbox: Outbox, note: NewJob, now: datetime):
    job = taken(outbox, note, now)
    assert outbox.mark_sending(job, now + LEASE - SECOND)
    assert outbox.claim_due(now + LEASE) == []
    after = take(outbox, now + 2 * LEASE - SECOND)
    assert (after.sent, after.sent_at) == (True, now + LEASE - SECOND)


@on_every_engine
def test_who_lost_the_job_may_not_send_nor_say_what_came_of_it(
    outbox: Outbox, database: Database, note: NewJob, now: datetime
):
    slow = taken(outbox, note, now)
    quick = take(outbox, now + LEASE)
    with database.reading() as connection:
        before = connection.execute(select(table)).all()
    assert not outbox.mark_sending(slow, now + LEASE)
    assert not outbox.complete(slow, now + LEASE, then=[replace(note, key="next")])
    assert not outbox.reschedule(slow, now + LEASE, trouble="Slow", payload=b"other")
    assert not outbox.dead_letter(slow, now + LEASE, trouble="Slow")
    with database.reading() as connection:
        assert connection.execute(select(table)).all() == before
    assert outbox.complete(quick, now + LEASE)


def test_what_is_done_is_wiped_and_never_done_again(
    outbox: Outbox, database: Database, note: NewJob, now: datetime
):
    outbox.complete(taken(outbox, note, now), now)
    outbox.add(note)
    assert outbox.claim_due(now + 9 * LEASE) == []
    with database.reading() as connection:
        row = connection.execute(select(table)).one()
    assert (row.payload, row.claim, row.trouble) == (None, None, None)


@on_every_engine
def test_what_follows_is_written_with_what_is_done(outbox: Outbox, note: NewJob, now: datetime):
    """As a recording is deleted once it is in Tagor, and never before."""
    job = taken(outbox, note, now)
    deletion = replace(note, key="deletion", kind="delete_recording")
    assert outbox.complete(job, now, then=[deletion, replace(deletion, key="another")])
    assert [job.kind for job in outbox.claim_due(now)] == ["delete_recording"] * 2


@on_every_engine
def test_what_follows_is_not_there_when_the_end_cannot_be_written(
    outbox: Outbox, note: NewJob, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    """Either both are on the disk or neither: dying between them is impossible."""
    job = taken(outbox, note, now)
    written = []

    def fail_at_second(transaction: Transaction, following: NewJob) -> None:
        written.append(following)
        if len(written) == 2:
            raise ZeroDivisionError
        Outbox.put(outbox, transaction, following)

    monkeypatch.setattr(outbox, "put", fail_at_second)
    with pytest.raises(ZeroDivisionError):
        outbox.complete(job, now, then=[replace(note, key="one"), replace(note, key="two")])
    assert outbox.counts() == {JobState.READY: 1, JobState.DONE: 0, JobState.DEAD: 0}


def test_the_oldest_job_that_is_due_tells_how_late_the_work_is(outbox: Outbox, note: NewJob, now: datetime):
    """What is due later is not late, and what is done or given up waits no longer."""
    assert outbox.oldest_due(now) is None
    outbox.add(replace(note, key="late", due=now - 5 * SECOND))
    outbox.add(replace(note, key="later", due=now + SECOND))
    assert outbox.oldest_due(now) == now - 5 * SECOND
    (job,) = outbox.claim_due(now)
    assert outbox.oldest_due(now) == now - 5 * SECOND
    outbox.complete(job, now)
    assert outbox.oldest_due(now) is None


def test_a_job_that_is_tried_again_is_late_since_its_first_try(outbox: Outbox, note: NewJob, now: datetime):
    """Each try moves on when it is due next; a dead letter that somebody brings back begins anew."""
    first = now - 900 * SECOND
    outbox.add(replace(note, due=first))
    (job,) = outbox.claim_due(now)
    outbox.reschedule(job, now, trouble="TagorUnreachable")
    assert outbox.oldest_due(now) == first
    (job,) = outbox.claim_due(now + 3600 * SECOND)
    outbox.dead_letter(job, now, trouble="TagorRefused")
    assert outbox.oldest_due(now) is None
    assert outbox.retry(job.id, now)
    assert outbox.oldest_due(now) == now


def test_taking_what_is_due_does_not_read_what_is_done(
    file: Path, opened: Open, seal: Sealer, now: datetime, executed: list[tuple[str, Any]]
):
    """The outbox remembers a week of jobs, and is asked twice a second by every worker."""
    database = opened(f"sqlite:///{file}")
    Outbox(database, seal).claim_due(now)
    [(statement, values)] = executed
    with database.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    assert [step.detail for step in plan] == ["SEARCH outbox USING INDEX ix_outbox_ready (due_at<?)"]


def test_what_no_secret_opens_waits_as_a_dead_letter_until_the_secret_is_back(
    outbox: Outbox, database: Database, note: NewJob, now: datetime
):
    stranger = Outbox(database, Sealer(["another secret"]))
    outbox.add(note)
    stranger.add(replace(note, key="its own", due=now + SECOND))
    assert take(stranger, now + SECOND).due == now + SECOND
    (letter,) = outbox.dead_letters()
    assert letter.trouble == "DecryptionFailed"
    outbox.retry(letter.id, now)
    assert take(outbox, now).payload == note.payload


@on_every_engine
def test_a_sweep_forgets_what_is_long_over_and_no_waiting_job_ever(
    outbox: Outbox, note: NewJob, now: datetime
):
    outbox.complete(taken(outbox, note, now), now)
    reach_dead(outbox, replace(note, key="dead"), now)
    outbox.add(replace(note, key="waiting"))
    assert outbox.sweep(now + DONE_KEPT - SECOND) == 0
    assert outbox.sweep(now + DONE_KEPT) == 1
    assert outbox.sweep(now + DEAD_KEPT - SECOND) == 0
    assert outbox.sweep(now + DEAD_KEPT) == 1
    assert outbox.counts() == {JobState.READY: 1, JobState.DONE: 0, JobState.DEAD: 0}


@on_every_engine
def test_8_workers_never_take_the_same_job(outbox: Outbox, note: NewJob, now: datetime):
    for number in range(60):
        outbox.add(replace(note, key=str(number)))
    together = Barrier(8)

    def work(_: int) -> list[str]:
        together.wait()
        return [job.id for _ in range(10) for job in outbox.claim_due(now)]

    with ThreadPoolExecutor(8) as threads:
        ids = [one for some in threads.map(work, range(8)) for one in some]
    assert len(ids) == len(set(ids)) == 60


@on_every_engine
def test_of_32_turns_that_put_the_same_job_one_makes_it(outbox: Outbox, note: NewJob, now: datetime):
    together = Barrier(32)

    def put(_: int) -> None:
        together.wait()
        outbox.add(note)

    with ThreadPoolExecutor(32) as threads:
        list(threads.map(put, range(32)))
    assert len(outbox.claim_due(now)) == 1


@some_seeds(3)
def test_however_workers_crashes_and_repeats_are_mixed_nothing_is_lost_or_done_twice(
    outbox: Outbox, note: NewJob, now: datetime, seed: int
):
    """150 random steps over 12 jobs; a failing seed is in the test's name."""
    chance = random.Random(seed)
    put: set[str] = set()
    ended: Counter[str] = Counter()
    held: list[Job] = []

    def promise() -> None:
        key = str(chance.randrange(12))
        put.add(key)
        outbox.add(replace(note, key=key, payload=key.encode(), due=now))

    def work() -> None:
        held.extend(outbox.claim_due(now, limit=2))
        job = held.pop(chance.randrange(len(held))) if held else None
        if job and chance.random() < 0.7:
            assert job.payload.decode() in put
            outcome = chance.randrange(3)
            if outcome == 0:
                ended[job.payload.decode()] += outbox.complete(job, now)
            elif outcome == 1:
                ended[job.payload.decode()] += outbox.dead_letter(job, now, trouble="Gone")
            else:
                outbox.reschedule(job, now, trouble="Unreachable")

    for _ in range(150):
        now += chance.random() * 20 * SECOND
        chance.choice([promise, work, work])()
    counts = outbox.counts()
    assert set(ended.values()) <= {0, 1}
    assert counts[JobState.READY] + sum(ended.values()) == len(put)
    waiting = {job.payload.decode() for job in outbox.claim_due(now + 2 * LONGEST_WAIT, limit=100)}
    assert waiting == {key for key in put if not ended[key]}


def test_what_is_not_done_yet_is_listed(outbox: Outbox, note: NewJob, now: datetime):
    """With what it takes to do it, as long as it waits; a dead letter waits for the office."""
    outbox.add(note)
    outbox.add(replace(note, key="another"))
    first, second = outbox.waiting(note.kind)
    assert {outbox.payload_of(first), outbox.payload_of(second)} == {note.payload}
    assert outbox.waiting("voicemail") == []
    one, other = outbox.claim_due(now)
    outbox.complete(one, now)
    outbox.dead_letter(other, now, trouble="Refused")
    assert outbox.waiting(note.kind) == [WaitingJob(other.id, note.office, note.due, dead=True)]
    assert outbox.payload_of(WaitingJob(one.id, note.office, note.due, dead=False)) is None


def test_what_was_tried_in_vain_keeps_its_place(outbox: Outbox, note: NewJob, now: datetime):
    """Each try moves the next one on, and not when it was due first."""
    outbox.add(note)
    job = take(outbox, now)
    outbox.add(replace(note, key="another", due=now + SECOND))
    outbox.reschedule(job, now, trouble="Unreachable")
    assert [one.due for one in outbox.waiting(note.kind)] == [note.due, now + SECOND]


def test_what_no_secret_opens_is_none(database: Database, outbox: Outbox, note: NewJob):
    """It is listed all the same."""
    outbox.add(note)
    stranger = Outbox(database, Sealer(["another secret"]))
    [waiting] = stranger.waiting(note.kind)
    assert stranger.payload_of(waiting) is None
