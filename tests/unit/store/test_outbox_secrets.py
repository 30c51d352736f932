"""Jobs and letters while the secret is changed, and when their time is over."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Barrier

from store_engines import on_every_engine, some_seeds
from store_jobs import KEY, SECOND, reach_dead, take, taken

from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.job import (
    DEAD_KEPT,
    DONE_KEPT,
    LONGEST_WAIT,
    Job,
    JobState,
    NewJob,
)
from bridge.store.outbox import Outbox


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


def test_a_job_stays_itself_while_the_secret_is_changed(
    outbox: Outbox, database: Database, note: NewJob, now: datetime
):
    outbox.add(note)
    changed = Outbox(database, Sealer(["a new secret", "a secret of the tests"]))
    changed.add(replace(note, payload=b"newer"))
    assert changed.amend(KEY, "gent", due=now - SECOND)
    job = take(changed, now)
    assert job.payload == b"newer"
    assert changed.complete(job, now)
    outbox.add(note)
    assert outbox.claim_due(now) == []


def test_a_job_made_under_the_new_secret_stays_itself_without_the_old_one(
    database: Database, note: NewJob, now: datetime
):
    Outbox(database, Sealer(["a new secret", "a secret of the tests"])).add(note)
    changed = Outbox(database, Sealer(["a new secret"]))
    changed.add(note)
    assert take(changed, now).payload == note.payload


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
@on_every_engine
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
