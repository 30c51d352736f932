"""The outbox: on the disk with the turn that promised it, done however often we die, and never forgotten."""

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
from sqlalchemy import event, select, update

from bridge.store.calls import Calls, Taken
from bridge.store.database import Database
from bridge.store.errors import Overtaken, StoreDown
from bridge.store.job import (
    DEAD_KEPT,
    DONE_KEPT,
    FIRST_WAIT,
    LONGEST_WAIT,
    MOST_TRIES,
    Job,
    JobState,
    NewJob,
    wait_after,
)
from bridge.store.outbox import Outbox
from bridge.store.seal import Seal
from bridge.store.tables import outbox as table

Open = Callable[..., Database]

Touch = Callable[[Outbox, Job, datetime], None]

SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=60)
CALL, FILE, NAME, PHONE = "CA" + "4d" * 16, "700412345", "Verstraeten-Dupont", "+32470991234"
KEY = f"{CALL} note on {FILE}"
WORDS = (CALL, FILE, NAME, PHONE)


@pytest.fixture
def outbox(database: Database, seal: Seal) -> Outbox:
    return Outbox(database, seal)


@pytest.fixture
def note(now: datetime) -> NewJob:
    return NewJob(KEY, "gent", "note", f"{FILE} {NAME} {PHONE}".encode(), now)


def take(outbox: Outbox, now: datetime) -> Job:
    (job,) = outbox.take(now)
    return job


def taken(outbox: Outbox, note: NewJob, now: datetime) -> Job:
    outbox.add(note)
    return take(outbox, now)


def reach_dead(outbox: Outbox, note: NewJob, now: datetime) -> str:
    assert outbox.bury(taken(outbox, note, now), now, trouble="Gone")
    (letter,) = outbox.dead()
    return letter.id


def test_a_job_is_taken_with_all_it_takes_to_do_it(outbox: Outbox, note: NewJob, now: datetime):
    job = taken(outbox, note, now)
    assert (job.office, job.kind, job.payload, job.due) == ("gent", "note", note.payload, now)
    assert (job.tries, job.sent, job.sent_at) == (1, False, None)


def test_nothing_is_taken_before_it_is_due(outbox: Outbox, note: NewJob, now: datetime):
    outbox.add(replace(note, due=now + SECOND))
    assert outbox.take(now) == []
    assert take(outbox, now + SECOND).payload == note.payload


def test_the_longest_due_come_first_and_no_more_than_asked_for(outbox: Outbox, note: NewJob, now: datetime):
    for after in (3, 1, 4, 2, 0):
        outbox.add(replace(note, key=str(after), due=now + after * SECOND))
    asked = [[(job.due - now).seconds for job in outbox.take(now + LEASE, limit=3)] for _ in range(3)]
    assert asked == [[0, 1, 2], [3, 4], []]


def test_a_job_is_written_with_the_turn_that_promised_it_or_not_at_all(
    outbox: Outbox, database: Database, seal: Seal, note: NewJob, now: datetime
):
    """Who was overtaken has promised nothing."""
    calls = Calls(database, seal)
    mine = calls.take(CALL, 0, now, office="gent")
    assert isinstance(mine, Taken)

    def answer() -> None:
        calls.answer(
            CALL,
            mine,
            0,
            state=b"{}",
            reply=b"<Say/>",
            next_turn=1,
            now=now,
            also=lambda connection: outbox.put(connection, note),
        )

    calls.release(CALL, mine)
    with pytest.raises(Overtaken):
        answer()
    assert outbox.take(now) == []
    again = calls.take(CALL, 0, now)
    assert isinstance(again, Taken)
    mine = again
    answer()
    assert take(outbox, now).payload == note.payload


def test_a_turn_that_fails_after_its_job_leaves_no_job(
    outbox: Outbox, database: Database, note: NewJob, now: datetime
):
    def turn() -> None:
        with database.writing() as connection:
            outbox.put(connection, note)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        turn()
    assert outbox.take(now) == []


def test_the_same_key_again_is_the_same_job_with_its_newest_words(
    outbox: Outbox, note: NewJob, now: datetime
):
    outbox.add(note)
    outbox.add(replace(note, payload=b"newer", due=now + SECOND))
    assert outbox.take(now) == []
    assert take(outbox, now + SECOND).payload == b"newer"


def test_the_same_key_at_another_office_is_another_job(outbox: Outbox, note: NewJob, now: datetime):
    outbox.add(note)
    outbox.add(replace(note, office="luik"))
    assert {job.office for job in outbox.take(now)} == {"gent", "luik"}


def at_work(outbox: Outbox, job: Job, now: datetime) -> None:
    """Leave it taken."""


def marked(outbox: Outbox, job: Job, now: datetime) -> None:
    outbox.sending(job, now)
    outbox.again(job, now, trouble="Unclear", later=timedelta())


def done(outbox: Outbox, job: Job, now: datetime) -> None:
    outbox.done(job, now)


def dead(outbox: Outbox, job: Job, now: datetime) -> None:
    outbox.bury(job, now, trouble="Gone")


@pytest.mark.parametrize("touch", [at_work, marked, done, dead])
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
    assert not outbox.amend(KEY, "gent", due=now - SECOND, payload=b"newer")
    with database.reading() as connection:
        assert connection.execute(select(table)).all() == before


def test_a_waiting_job_is_hurried(outbox: Outbox, note: NewJob, now: datetime):
    """As when the provider says that a recording is ready."""
    outbox.add(replace(note, due=now + LEASE))
    assert not outbox.amend(KEY, "luik", due=now)
    assert not outbox.amend("another", "gent", due=now)
    assert outbox.take(now) == []
    assert outbox.amend(KEY, "gent", due=now)
    assert take(outbox, now).payload == note.payload


def test_a_hurried_job_may_get_new_words(outbox: Outbox, note: NewJob, now: datetime):
    outbox.add(note)
    assert outbox.amend(KEY, "gent", due=now, payload=b"with its recording")
    assert take(outbox, now).payload == b"with its recording"


def test_a_try_that_surely_did_nothing_leaves_the_job_as_fresh_as_before(
    outbox: Outbox, note: NewJob, now: datetime
):
    job = taken(outbox, note, now)
    outbox.sending(job, now)
    assert outbox.again(job, now, trouble="Refused", unsent=True, later=SECOND)
    assert outbox.amend(KEY, "gent", due=now)
    second = take(outbox, now)
    assert (second.sent, second.tries) == (False, 2)


def test_nobody_else_gets_a_job_during_the_lease(outbox: Outbox, note: NewJob, now: datetime):
    taken(outbox, note, now)
    assert outbox.take(now + LEASE - SECOND / 100) == []
    assert take(outbox, now + LEASE).tries == 2


def test_a_lease_given_by_a_clock_that_jumped_ahead_does_not_hold_for_years(
    outbox: Outbox, note: NewJob, now: datetime
):
    taken(outbox, note, now + timedelta(days=700))
    assert take(outbox, now).payload == note.payload


def test_marking_it_as_sent_begins_the_lease_anew(outbox: Outbox, note: NewJob, now: datetime):
    job = taken(outbox, note, now)
    assert outbox.sending(job, now + LEASE - SECOND)
    assert outbox.take(now + LEASE) == []
    after = take(outbox, now + 2 * LEASE - SECOND)
    assert (after.sent, after.sent_at) == (True, now + LEASE - SECOND)


def test_who_lost_the_job_may_not_send_nor_say_what_came_of_it(
    outbox: Outbox, database: Database, note: NewJob, now: datetime
):
    slow = taken(outbox, note, now)
    quick = take(outbox, now + LEASE)
    with database.reading() as connection:
        before = connection.execute(select(table)).all()
    assert not outbox.sending(slow, now + LEASE)
    assert not outbox.done(slow, now + LEASE, then=[replace(note, key="next")])
    assert not outbox.again(slow, now + LEASE, trouble="Slow", payload=b"other")
    assert not outbox.bury(slow, now + LEASE, trouble="Slow")
    with database.reading() as connection:
        assert connection.execute(select(table)).all() == before
    assert outbox.done(quick, now + LEASE)


def test_what_is_over_is_not_over_twice(outbox: Outbox, note: NewJob, now: datetime):
    job = taken(outbox, note, now)
    assert outbox.done(job, now)
    assert not outbox.done(job, now, then=[replace(note, key="next")])
    assert not outbox.again(job, now, trouble="Late")
    assert not outbox.sending(job, now)
    assert outbox.counts() == {JobState.READY: 0, JobState.DONE: 1, JobState.DEAD: 0}


def test_what_is_done_is_wiped_and_never_done_again(
    outbox: Outbox, database: Database, note: NewJob, now: datetime
):
    outbox.done(taken(outbox, note, now), now)
    outbox.add(note)
    assert outbox.take(now + 9 * LEASE) == []
    with database.reading() as connection:
        row = connection.execute(select(table)).one()
    assert (row.payload, row.claim, row.trouble) == (None, None, None)


def test_what_follows_is_written_with_what_is_done(outbox: Outbox, note: NewJob, now: datetime):
    """As a recording is deleted once it is in Tagor, and never before."""
    job = taken(outbox, note, now)
    deletion = replace(note, key="deletion", kind="delete_recording")
    assert outbox.done(job, now, then=[deletion, replace(deletion, key="another")])
    assert [job.kind for job in outbox.take(now)] == ["delete_recording"] * 2


def test_what_follows_is_not_there_when_the_end_cannot_be_written(
    outbox: Outbox, note: NewJob, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    """Either both are on the disk or neither: dying between them is impossible."""
    job = taken(outbox, note, now)
    written = []

    def fail_at_second(connection: object, following: NewJob) -> None:
        written.append(following)
        if len(written) == 2:
            raise ZeroDivisionError
        Outbox.put(outbox, connection, following)

    monkeypatch.setattr(outbox, "put", fail_at_second)
    with pytest.raises(ZeroDivisionError):
        outbox.done(job, now, then=[replace(note, key="one"), replace(note, key="two")])
    assert outbox.counts() == {JobState.READY: 1, JobState.DONE: 0, JobState.DEAD: 0}


def test_a_failed_try_is_repeated_after_an_ever_longer_wait(outbox: Outbox, note: NewJob, now: datetime):
    outbox.add(note)
    for doubled in (30, 60, 120, 240, 480, 960, 1920, 3600, 3600):
        job = take(outbox, now)
        outbox.again(job, now, trouble="Unreachable")
        wait = wait_after(job)
        assert timedelta(seconds=doubled) <= wait <= timedelta(seconds=doubled * 1.25)
        assert outbox.take(now + wait - SECOND / 1000) == []
        now += wait


def test_jobs_that_failed_together_do_not_come_back_together(outbox: Outbox, note: NewJob, now: datetime):
    for number in range(20):
        outbox.add(replace(note, key=str(number)))
    waits = [wait_after(job) for job in outbox.take(now, limit=20)]
    assert len(set(waits)) == 20
    assert min(waits) >= FIRST_WAIT


def test_no_number_of_tries_makes_a_wait_longer_than_the_longest(now: datetime):
    job = Job("id", "gent", "note", b"", now, 10**6, None, "claim")
    assert LONGEST_WAIT <= wait_after(job) <= LONGEST_WAIT * 1.25


def test_whoever_knows_better_says_when_to_try_again(outbox: Outbox, note: NewJob, now: datetime):
    outbox.again(taken(outbox, note, now), now, trouble="NotReady", later=5 * SECOND, payload=b"half done")
    assert outbox.take(now + 4 * SECOND) == []
    assert take(outbox, now + 5 * SECOND).payload == b"half done"


def test_a_job_tried_too_often_is_a_dead_letter(
    outbox: Outbox, note: NewJob, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bridge.store.outbox.MOST_TRIES", 5)
    outbox.add(note)
    for _ in range(5):
        assert outbox.dead() == []
        assert outbox.again(take(outbox, now), now, trouble="Refused", later=timedelta())
    assert outbox.take(now + 9 * LEASE) == []
    (letter,) = outbox.dead()
    assert (letter.office, letter.kind, letter.tries) == ("gent", "note", 5)
    assert (letter.trouble, letter.sent, letter.died_at) == ("Refused", False, now)


def test_a_look_is_no_try_however_often_it_is_repeated(
    outbox: Outbox, note: NewJob, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bridge.store.outbox.MOST_TRIES", 5)
    outbox.add(note)
    for _ in range(9):
        job = take(outbox, now)
        assert (job.tries, outbox.dead()) == (1, [])
        assert outbox.again(job, now, trouble="NotYet", later=timedelta(), counts=False)


def test_a_job_that_takes_every_worker_down_becomes_a_dead_letter_too(
    outbox: Outbox, note: NewJob, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bridge.store.outbox.MOST_TRIES", 5)
    outbox.add(note)
    for _ in range(5):
        take(outbox, now)
        now += LEASE
    assert outbox.take(now) == []
    assert [letter.trouble for letter in outbox.dead()] == ["WorkerDied"]


def test_the_tries_of_all_days_together_outlast_a_long_weekend(now: datetime):
    """A Tagor that is away from Friday evening to Tuesday morning loses nobody's voicemail."""
    tries = (Job("id", "gent", "note", b"", now, number, None, "claim") for number in range(1, MOST_TRIES))
    assert sum((wait_after(job) for job in tries), timedelta()) > timedelta(hours=87)


def test_an_office_sees_its_own_dead_letters_oldest_first(outbox: Outbox, note: NewJob, now: datetime):
    for number, office in enumerate(["luik", "gent", "gent"]):
        outbox.add(replace(note, key=str(number), office=office, due=now + number * SECOND))
        outbox.bury(take(outbox, now + number * SECOND), now - number * SECOND, trouble=str(number))
    assert [letter.trouble for letter in outbox.dead()] == ["2", "1", "0"]
    assert [letter.trouble for letter in outbox.dead("gent")] == ["2", "1"]
    assert outbox.dead("aalst") == []


def test_a_dead_letter_is_tried_again_when_the_office_says_so(outbox: Outbox, note: NewJob, now: datetime):
    letter = reach_dead(outbox, note, now)
    assert outbox.retry(letter, now + LEASE)
    assert not outbox.retry(letter, now + LEASE)
    assert outbox.dead() == []
    job = take(outbox, now + LEASE)
    assert (job.payload, job.tries, job.sent) == (note.payload, 1, False)


def test_a_dead_letter_that_may_have_had_its_effect_says_so_and_is_looked_for_when_retried(
    outbox: Outbox, note: NewJob, now: datetime
):
    job = taken(outbox, note, now)
    outbox.sending(job, now)
    outbox.bury(job, now, trouble="Unclear")
    (letter,) = outbox.dead()
    assert letter.sent
    outbox.retry(letter.id, now)
    assert take(outbox, now).sent_at == now


@pytest.mark.parametrize("touch", [at_work, marked, done])
def test_only_a_dead_letter_can_be_retried(outbox: Outbox, note: NewJob, now: datetime, touch: Touch):
    job = taken(outbox, note, now)
    touch(outbox, job, now)
    assert not outbox.retry(job.id, now)
    assert not outbox.retry("unheard of", now)


def test_what_no_secret_opens_waits_as_a_dead_letter_until_the_secret_is_back(
    outbox: Outbox, database: Database, note: NewJob, now: datetime
):
    stranger = Outbox(database, Seal(["another secret"]))
    outbox.add(note)
    stranger.add(replace(note, key="its own", due=now + SECOND))
    assert take(stranger, now + SECOND).due == now + SECOND
    (letter,) = outbox.dead()
    assert letter.trouble == "SealBroken"
    outbox.retry(letter.id, now)
    assert take(outbox, now).payload == note.payload


def test_a_job_stays_itself_while_the_secret_is_changed(
    outbox: Outbox, database: Database, note: NewJob, now: datetime
):
    outbox.add(note)
    changed = Outbox(database, Seal(["a new secret", "a secret of the tests"]))
    changed.add(replace(note, payload=b"newer"))
    assert changed.amend(KEY, "gent", due=now - SECOND)
    job = take(changed, now)
    assert job.payload == b"newer"
    assert changed.done(job, now)
    outbox.add(note)
    assert outbox.take(now) == []


def test_a_job_made_under_the_new_secret_stays_itself_without_the_old_one(
    database: Database, note: NewJob, now: datetime
):
    Outbox(database, Seal(["a new secret", "a secret of the tests"])).add(note)
    changed = Outbox(database, Seal(["a new secret"]))
    changed.add(note)
    assert take(changed, now).payload == note.payload


def test_a_sweep_forgets_what_is_long_over_and_no_waiting_job_ever(
    outbox: Outbox, note: NewJob, now: datetime
):
    outbox.done(taken(outbox, note, now), now)
    reach_dead(outbox, replace(note, key="dead"), now)
    outbox.add(replace(note, key="waiting"))
    assert outbox.sweep(now + DONE_KEPT - SECOND) == 0
    assert outbox.sweep(now + DONE_KEPT) == 1
    assert outbox.sweep(now + DEAD_KEPT - SECOND) == 0
    assert outbox.sweep(now + DEAD_KEPT) == 1
    assert outbox.counts() == {JobState.READY: 1, JobState.DONE: 0, JobState.DEAD: 0}


def test_8_workers_never_take_the_same_job(outbox: Outbox, note: NewJob, now: datetime):
    for number in range(60):
        outbox.add(replace(note, key=str(number)))
    together = Barrier(8)

    def work(_: int) -> list[str]:
        together.wait()
        return [job.id for _ in range(10) for job in outbox.take(now)]

    with ThreadPoolExecutor(8) as threads:
        ids = [one for some in threads.map(work, range(8)) for one in some]
    assert len(ids) == len(set(ids)) == 60


def test_of_32_turns_that_put_the_same_job_one_makes_it(outbox: Outbox, note: NewJob, now: datetime):
    together = Barrier(32)

    def put(_: int) -> None:
        together.wait()
        outbox.add(note)

    with ThreadPoolExecutor(32) as threads:
        list(threads.map(put, range(32)))
    assert len(outbox.take(now)) == 1


@pytest.mark.parametrize("seed", range(3))
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
        held.extend(outbox.take(now, limit=2))
        job = held.pop(chance.randrange(len(held))) if held else None
        if job and chance.random() < 0.7:
            assert job.payload.decode() in put
            outcome = chance.randrange(3)
            if outcome == 0:
                ended[job.payload.decode()] += outbox.done(job, now)
            elif outcome == 1:
                ended[job.payload.decode()] += outbox.bury(job, now, trouble="Gone")
            else:
                outbox.again(job, now, trouble="Unreachable")

    for _ in range(150):
        now += chance.random() * 20 * SECOND
        chance.choice([promise, work, work])()
    counts = outbox.counts()
    assert set(ended.values()) <= {0, 1}
    assert counts[JobState.READY] + sum(ended.values()) == len(put)
    waiting = {job.payload.decode() for job in outbox.take(now + 2 * LONGEST_WAIT, limit=100)}
    assert waiting == {key for key in put if not ended[key]}


def test_whatever_is_promised_is_on_the_disk(
    file: Path, opened: Open, seal: Seal, note: NewJob, now: datetime
):
    """A connection keeps what its last writer set, so a reader can look; 2 is FULL."""
    database = opened(f"sqlite:///{file}", connections=1)
    outbox = Outbox(database, seal)
    job = taken(outbox, note, now)
    for write in (
        lambda: outbox.add(replace(note, key="2")),
        lambda: outbox.amend("2", "gent", due=now + LEASE),
        lambda: outbox.sending(job, now),
        lambda: outbox.again(job, now, trouble="Unclear", later=timedelta()),
        lambda: outbox.done(take(outbox, now), now),
    ):
        with database.writing(durable=False):
            pass
        write()
        with database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_taking_what_is_due_does_not_read_what_is_done(file: Path, opened: Open, seal: Seal, now: datetime):
    """The outbox remembers a week of jobs, and is asked twice a second by every worker."""
    database = opened(f"sqlite:///{file}")
    asked: list[tuple[str, tuple[object, ...]]] = []
    event.listen(database._engine, "before_cursor_execute", lambda *said: asked.append((said[2], said[3])))
    Outbox(database, seal).take(now)
    statement, values = next((words, values) for words, values in asked if words.startswith("SELECT"))
    with database.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    assert [step.detail for step in plan] == ["SEARCH outbox USING INDEX ix_outbox_ready (due_at<?)"]


def test_a_read_only_database_gives_no_leave(
    file: Path, opened: Open, seal: Seal, note: NewJob, now: datetime
):
    job = taken(Outbox(opened(f"sqlite:///{file}"), seal), note, now)
    locked = Outbox(opened(f"sqlite:///file:{file}?mode=ro&uri=true"), seal)
    for write in (
        lambda: locked.sending(job, now),
        lambda: locked.add(note),
        lambda: locked.take(now),
        lambda: locked.done(job, now),
        lambda: locked.sweep(now),
    ):
        with pytest.raises(StoreDown, match="SQLITE_READONLY"):
            write()
    assert locked.counts()[JobState.READY] == 1


def test_nothing_personal_shows_in_a_job_a_letter_or_a_log(outbox: Outbox, note: NewJob, now: datetime):
    job = taken(outbox, note, now)
    shown = [note, job]
    outbox.bury(job, now, trouble="Gone")
    shown += outbox.dead()
    assert not [word for word in WORDS if word in repr(shown)]


def shapes(canary: bytes) -> list[bytes]:
    """Give what a search for it would try: as it is, hex, base64, and its hash without our secret."""
    digest = sha256(canary)
    base64 = b64encode(canary).rstrip(b"=")[:-1]
    return [canary, canary.hex().encode(), base64, digest.digest(), digest.hexdigest().encode()]


def on_disk(file: Path) -> bytes:
    return b"".join(part.read_bytes() for part in file.parent.glob(file.name + "*"))


def test_nothing_personal_is_on_the_disk_and_afterwards_not_even_sealed(
    file: Path, opened: Open, seal: Seal, note: NewJob, now: datetime
):
    database = opened(f"sqlite:///{file}")
    outbox = Outbox(database, seal)
    canaries = [shape for word in (*WORDS, KEY) for shape in shapes(word.encode())]
    outbox.add(note)
    with database.reading() as connection:
        sealed = connection.execute(select(table.c.payload)).scalar_one()
    assert sealed in on_disk(file)
    job = take(outbox, now)
    outbox.again(job, now, trouble="Unreachable", later=timedelta())
    assert not any(canary in on_disk(file) for canary in canaries)
    outbox.done(take(outbox, now), now)
    with closing(sqlite3.connect(file)) as beside:  # so that SQLite does not fold its log by itself
        beside.execute("SELECT count(*) FROM outbox").fetchall()
        outbox.sweep(now)
        assert sealed[-64:] not in on_disk(file)
    assert not any(canary in on_disk(file) for canary in canaries)


def test_a_broken_row_keeps_nobody_from_the_rest(
    outbox: Outbox, database: Database, note: NewJob, now: datetime
):
    outbox.add(note)
    with database.writing() as connection:
        connection.execute(update(table).values(payload=b"broken"))
    outbox.add(replace(note, key="whole"))
    assert take(outbox, now).payload == note.payload
    assert [letter.trouble for letter in outbox.dead()] == ["SealBroken"]
