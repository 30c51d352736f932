"""Jobs that fail are tried again, ever later, and become dead letters that nobody forgets."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from store_jobs import LEASE, SECOND, Touch, at_work, done, marked, reach_dead, take, taken

from bridge.store.job import (
    FIRST_WAIT,
    LONGEST_WAIT,
    MAX_TRIES,
    Job,
    NewJob,
    wait_after,
)
from bridge.store.outbox import Outbox


def test_a_failed_try_is_repeated_after_an_ever_longer_wait(outbox: Outbox, note: NewJob, now: datetime):
    outbox.add(note)
    for doubled in (30, 60, 120, 240, 480, 960, 1920, 3600, 3600):
        job = take(outbox, now)
        outbox.reschedule(job, now, trouble="Unreachable")
        wait = wait_after(job)
        assert timedelta(seconds=doubled) <= wait <= timedelta(seconds=doubled * 1.25)
        assert outbox.claim_due(now + wait - SECOND / 1000) == []
        now += wait


def test_jobs_that_failed_together_do_not_come_back_together(outbox: Outbox, note: NewJob, now: datetime):
    for number in range(20):
        outbox.add(replace(note, key=str(number)))
    waits = [wait_after(job) for job in outbox.claim_due(now, limit=20)]
    assert len(set(waits)) == 20
    assert min(waits) >= FIRST_WAIT


def test_no_number_of_tries_makes_a_wait_longer_than_the_longest(now: datetime):
    job = Job("id", "gent", "note", b"", now, 10**6, None, "claim")
    assert LONGEST_WAIT <= wait_after(job) <= LONGEST_WAIT * 1.25


def test_whoever_knows_better_says_when_to_try_again(outbox: Outbox, note: NewJob, now: datetime):
    outbox.reschedule(
        taken(outbox, note, now), now, trouble="NotReady", later=5 * SECOND, payload=b"half done"
    )
    assert outbox.claim_due(now + 4 * SECOND) == []
    assert take(outbox, now + 5 * SECOND).payload == b"half done"


def test_a_job_tried_too_often_is_a_dead_letter(
    outbox: Outbox, note: NewJob, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bridge.store.outbox.MAX_TRIES", 5)
    outbox.add(note)
    for _ in range(5):
        assert outbox.dead_letters() == []
        assert outbox.reschedule(take(outbox, now), now, trouble="Refused", later=timedelta())
    assert outbox.claim_due(now + 9 * LEASE) == []
    (letter,) = outbox.dead_letters()
    assert (letter.office, letter.kind, letter.tries) == ("gent", "note", 5)
    assert (letter.trouble, letter.sent, letter.died_at) == ("Refused", False, now)


def test_a_look_is_no_try_however_often_it_is_repeated(
    outbox: Outbox, note: NewJob, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bridge.store.outbox.MAX_TRIES", 5)
    outbox.add(note)
    for _ in range(9):
        job = take(outbox, now)
        assert (job.tries, outbox.dead_letters()) == (1, [])
        assert outbox.reschedule(job, now, trouble="NotYet", later=timedelta(), counts=False)


def test_a_job_that_takes_every_worker_down_becomes_a_dead_letter_too(
    outbox: Outbox, note: NewJob, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bridge.store.outbox.MAX_TRIES", 5)
    outbox.add(note)
    for _ in range(5):
        take(outbox, now)
        now += LEASE
    assert outbox.claim_due(now) == []
    assert [letter.trouble for letter in outbox.dead_letters()] == ["WorkerDied"]


def test_the_tries_of_all_days_together_outlast_a_long_weekend(now: datetime):
    """A Tagor that is away from Friday evening to Tuesday morning loses nobody's voicemail."""
    tries = (Job("id", "gent", "note", b"", now, number, None, "claim") for number in range(1, MAX_TRIES))
    assert sum((wait_after(job) for job in tries), timedelta()) > timedelta(hours=87)


def test_an_office_sees_its_own_dead_letters_oldest_first(outbox: Outbox, note: NewJob, now: datetime):
    for number, office in enumerate(["luik", "gent", "gent"]):
        outbox.add(replace(note, key=str(number), office=office, due=now + number * SECOND))
        outbox.dead_letter(take(outbox, now + number * SECOND), now - number * SECOND, trouble=str(number))
    assert [letter.trouble for letter in outbox.dead_letters()] == ["2", "1", "0"]
    assert [letter.trouble for letter in outbox.dead_letters("gent")] == ["2", "1"]
    assert outbox.dead_letters("aalst") == []


def test_a_dead_letter_is_tried_again_when_the_office_says_so(outbox: Outbox, note: NewJob, now: datetime):
    letter = reach_dead(outbox, note, now)
    assert outbox.retry(letter, now + LEASE)
    assert not outbox.retry(letter, now + LEASE)
    assert outbox.dead_letters() == []
    job = take(outbox, now + LEASE)
    assert (job.payload, job.tries, job.sent) == (note.payload, 1, False)


def test_a_dead_letter_that_may_have_had_its_effect_says_so_and_is_looked_for_when_retried(
    outbox: Outbox, note: NewJob, now: datetime
):
    job = taken(outbox, note, now)
    outbox.mark_sending(job, now)
    outbox.dead_letter(job, now, trouble="Unclear")
    (letter,) = outbox.dead_letters()
    assert letter.sent
    outbox.retry(letter.id, now)
    assert take(outbox, now).sent_at == now


@pytest.mark.parametrize("touch", [at_work, marked, done])
def test_only_a_dead_letter_can_be_retried(outbox: Outbox, note: NewJob, now: datetime, touch: Touch):
    job = taken(outbox, note, now)
    touch(outbox, job, now)
    assert not outbox.retry(job.id, now)
    assert not outbox.retry("unheard of", now)
