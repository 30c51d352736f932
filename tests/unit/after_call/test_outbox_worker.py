"""The courier: every job is done, what must be single is single, and no trouble is its last."""

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from shared_spans import Spans
from structlog.testing import capture_logs

import bridge.after_call.outbox_worker
from bridge.after_call.outbox_worker import (
    AT_A_TIME,
    LATEST,
    SETTLE,
    MarkSending,
    OutboxWorker,
    PermanentFailure,
    Retry,
)
from bridge.clock import Clock
from bridge.store.background import IDLE_SECONDS
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreDown
from bridge.store.job import MAX_TRIES, DeadLetter, Job, JobState, NewJob
from bridge.store.outbox import Outbox
from bridge.tagor import TagorCircuitOpen

SECOND = timedelta(seconds=1)
STEP = 5 * SECOND
LEASE = timedelta(seconds=60)
START = datetime(2026, 3, 27, 16, 59, 30, tzinfo=UTC)
SECRET = b"700412345 Verstraeten-Dupont"

Effect = Callable[[MarkSending], None]


class Watch:
    """A clock that stands still until it is put forward."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    def on(self, by: timedelta) -> None:
        self.time += by


class Office:
    """An office that takes notes: does what the test says with each try, and can look what it has."""

    def __init__(self) -> None:
        self.notes = 0
        self.looks = 0
        self.tries: list[Effect] = []
        self.blind: Exception | None = None
        self.follow: Sequence[NewJob] = ()

    def is_done(self, job: Job) -> Sequence[NewJob] | None:
        assert job.sent
        self.looks += 1
        if self.blind:
            raise self.blind
        return self.follow if self.notes else None

    def deliver(self, job: Job, sending: MarkSending) -> Sequence[NewJob]:
        assert job.payload == SECRET
        (self.tries.pop(0) if self.tries else self.write)(sending)
        return self.follow

    def write(self, sending: MarkSending) -> None:
        assert sending()
        self.notes += 1

    def write_and_lose_the_answer(self, sending: MarkSending) -> None:
        self.write(sending)
        raise TimeoutError

    def lose_the_question(self, sending: MarkSending) -> None:
        assert sending()
        raise TimeoutError


def fail(trouble: Exception, *, marked: bool = False) -> Effect:
    def failing(sending: MarkSending) -> None:
        assert not marked or sending()
        raise trouble

    return failing


@pytest.fixture(autouse=True)
def _own_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that no app of another test has bound before."""
    monkeypatch.setattr(bridge.after_call.outbox_worker, "log", structlog.get_logger())


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def outbox(tmp_path: Path, empty_database: Path) -> Iterator[Outbox]:
    database = Database(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'outbox.db')}")
    yield Outbox(database, Sealer(["a secret of the tests"]))
    database.close()


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def courier(outbox: Outbox, office: Office, watch: Watch) -> OutboxWorker:
    return OutboxWorker(outbox, {"note": office}, clock=Clock(watch, watch.monotonic))


@pytest.fixture
def job(outbox: Outbox) -> NewJob:
    """Give a note that waits to be written."""
    one = NewJob("CA1 note", "gent", "note", SECRET, START)
    outbox.add(one)
    return one


def counts(outbox: Outbox) -> tuple[int, int, int]:
    found = outbox.counts()
    return found[JobState.READY], found[JobState.DONE], found[JobState.DEAD]


def play(courier: OutboxWorker, watch: Watch, span: timedelta, step: timedelta = STEP) -> None:
    """Let the courier look every few seconds for a while, as it does in the background."""
    for _ in range(span // step):
        courier.round()
        watch.on(step)


def dead(outbox: Outbox) -> DeadLetter:
    (letter,) = outbox.dead_letters()
    return letter


def test_a_job_is_done_once_and_what_follows_from_it_too(
    outbox: Outbox, office: Office, courier: OutboxWorker, job: NewJob
):
    office.follow = [NewJob("CA1 follow", "gent", "check_callback", b"{}", job.due)]
    assert courier.round() == 2
    assert office.notes == 1
    assert counts(outbox) == (1, 1, 0)


def test_a_round_is_a_few_jobs_each_taken_when_its_turn_comes(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch
):
    """A slow job does not use up the leases of those behind it."""
    for number in range(AT_A_TIME + 1):
        outbox.add(NewJob(str(number), "gent", "note", SECRET, START))

    def slowly(sending: MarkSending) -> None:
        watch.on(LEASE - SECOND)
        office.write(sending)

    office.tries = [slowly] * AT_A_TIME
    assert courier.round() == AT_A_TIME
    assert courier.round() == 1
    assert office.notes == AT_A_TIME + 1


def test_an_answer_that_is_lost_is_looked_for_and_not_sent_again(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch, job: NewJob
):
    office.tries = [office.write_and_lose_the_answer]
    office.follow = [NewJob("CA1 follow", "gent", "note", SECRET, job.due + timedelta(days=9))]
    play(courier, watch, 2 * LEASE)
    assert (office.notes, office.looks) == (1, 1)
    assert counts(outbox) == (1, 1, 0)


@pytest.mark.usefixtures("job")
def test_a_question_that_is_lost_is_sent_again_after_looking(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch
):
    office.tries = [office.lose_the_question]
    play(courier, watch, LATEST)
    assert (office.notes, counts(outbox)) == (0, (1, 0, 0))
    looks = office.looks
    courier.round()
    assert (office.notes, office.looks) == (1, looks + 1)
    assert counts(outbox) == (0, 1, 0)


@pytest.mark.usefixtures("job")
def test_looking_is_no_try(outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch):
    """However often somebody had to look, the next failed try waits no longer than the second ever does."""
    office.tries = [office.lose_the_question, fail(Retry())]
    play(courier, watch, LATEST + STEP)
    assert office.looks > 10
    (job,) = outbox.claim_due(watch() + 3 * LEASE)
    assert job.tries == 3


@pytest.mark.usefixtures("job")
def test_what_tagor_was_spared_is_no_try(outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch):
    """While Tagor is left alone nothing is used up, neither by looking nor by sending."""
    spared = TagorCircuitOpen("Dossier/CreateInfoLine", "left alone")
    unsent = Retry()
    unsent.__cause__ = spared
    office.tries = [fail(unsent, marked=True)] * (MAX_TRIES + 5) + [office.lose_the_question]
    play(courier, watch, (MAX_TRIES + 8) * SETTLE, SETTLE)
    assert (office.tries, office.looks) == ([], office.looks)
    office.blind = spared
    play(courier, watch, (MAX_TRIES + 5) * SETTLE, SETTLE)
    assert (office.notes, counts(outbox)) == (0, (1, 0, 0))
    (job,) = outbox.claim_due(watch() + 3 * LEASE)
    assert (job.tries, job.sent) == (2, True)


@pytest.mark.parametrize("late", [20 * SECOND, LATEST - STEP])
@pytest.mark.usefixtures("job")
def test_an_effect_that_comes_late_is_not_overtaken_by_a_second_one(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch, late: timedelta
):
    """Tagor usually writes within 20 seconds after a connection broke, and surely within a quarter hour."""
    office.tries = [office.lose_the_question]
    play(courier, watch, late)
    office.notes += 1
    play(courier, watch, 2 * LATEST, SETTLE)
    assert office.notes == 1
    assert counts(outbox) == (0, 1, 0)


@pytest.mark.usefixtures("job")
def test_nobody_looks_before_the_effect_has_had_time_to_show(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch
):
    """Also when the office has a dead letter tried again at once that may have arrived."""
    office.tries = [fail(PermanentFailure("the file is gone"), marked=True)]
    courier.round()
    assert outbox.retry(dead(outbox).id, watch())
    assert courier.round() == 1
    assert (office.looks, office.notes) == (0, 0)
    watch.on(SETTLE - SECOND)
    assert courier.round() == 0
    watch.on(SECOND)
    assert courier.round() == 1
    assert (office.looks, office.notes) == (1, 0)


@pytest.mark.usefixtures("job")
def test_a_mark_from_a_clock_that_jumped_ahead_holds_nothing_up(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch
):
    watch.on(timedelta(days=700))
    office.tries = [fail(PermanentFailure("the file is gone"), marked=True)]
    courier.round()
    watch.on(timedelta(days=-700))
    outbox.retry(dead(outbox).id, watch())
    courier.round()
    assert counts(outbox) == (0, 1, 0)


@pytest.mark.parametrize("blind", [ConnectionError(), Retry()], ids=["no answer", "not sent"])
@pytest.mark.usefixtures("job")
def test_while_nobody_can_look_nothing_is_sent(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch, blind: Exception
):
    """However long that takes; then it is found, and was written once."""
    office.tries = [office.write_and_lose_the_answer]
    office.blind = blind
    play(courier, watch, 10 * LEASE)
    assert office.looks > 2
    assert (office.notes, counts(outbox)) == (1, (1, 0, 0))
    office.blind = None
    play(courier, watch, 20 * LEASE)
    assert (office.notes, counts(outbox)) == (1, (0, 1, 0))


@pytest.mark.usefixtures("job")
def test_what_can_never_be_looked_for_is_a_dead_letter_that_says_it_may_have_arrived(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch
):
    office.tries = [office.lose_the_question]
    office.blind = PermanentFailure("this office's contract shows no notes")
    play(courier, watch, 2 * LEASE)
    letter = dead(outbox)
    assert (letter.sent, letter.trouble) == (True, "this office's contract shows no notes")
    assert office.notes == 0


@pytest.mark.parametrize(
    "trouble",
    [fail(Retry()), fail(Retry(), marked=True), fail(KeyError("no such word"))],
    ids=["not marked", "marked", "our own"],
)
@pytest.mark.usefixtures("job")
def test_what_surely_had_no_effect_is_sent_again_without_looking(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch, trouble: Effect
):
    office.tries = [trouble]
    play(courier, watch, 2 * LEASE)
    assert (office.notes, office.looks) == (1, 0)
    assert counts(outbox) == (0, 1, 0)


@pytest.mark.usefixtures("job")
def test_who_sent_nothing_may_say_when_to_try_again(
    office: Office, courier: OutboxWorker, watch: Watch, outbox: Outbox
):
    """As with a recording that the provider has not ready yet."""
    office.tries = [fail(Retry(5 * SECOND))]
    courier.round()
    watch.on(4 * SECOND)
    assert courier.round() == 0
    watch.on(SECOND)
    assert courier.round() == 1
    assert counts(outbox) == (0, 1, 0)


@pytest.mark.usefixtures("job")
def test_what_is_hopeless_becomes_a_dead_letter_at_once_and_can_be_retried(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch
):
    office.tries = [fail(PermanentFailure("the file is gone"))]
    courier.round()
    assert (dead(outbox).trouble, dead(outbox).sent) == ("the file is gone", False)
    outbox.retry(dead(outbox).id, watch())
    courier.round()
    assert (office.notes, counts(outbox)) == (1, (0, 1, 0))


@pytest.mark.usefixtures("job")
def test_trouble_without_end_ends_as_a_dead_letter(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch
):
    """After days, with the name of the trouble, which is not that nothing was sent."""
    unreachable = Retry()
    unreachable.__cause__ = ConnectionRefusedError()
    office.tries = [fail(unreachable)] * MAX_TRIES
    with capture_logs() as logs:
        for _ in range(MAX_TRIES):
            courier.round()
            watch.on(2 * timedelta(hours=1))
    assert [log["event"] for log in logs] == ["job_delayed"] * (MAX_TRIES - 1) + ["job_hopeless"]
    assert (dead(outbox).trouble, dead(outbox).tries) == ("ConnectionRefusedError", MAX_TRIES)


@pytest.mark.usefixtures("job")
def test_who_was_too_slow_may_not_send(outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch):
    """Another worker took the job over, so it is sent by that one and by nobody else."""
    other = Office()

    def too_slow(sending: MarkSending) -> None:
        watch.on(LEASE)
        OutboxWorker(outbox, {"note": other}, clock=Clock(watch, watch.monotonic)).round()
        office.write(sending)

    office.tries = [too_slow]
    courier.round()
    assert (office.notes, other.notes) == (0, 1)
    assert counts(outbox) == (0, 1, 0)


@pytest.mark.usefixtures("job")
def test_who_was_too_slow_says_nothing_about_the_job(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch
):
    """What may be done again was done twice, and what follows from it still comes once."""
    follow = NewJob("CA1 follow", "gent", "check_callback", b"{}", START + timedelta(days=1))

    def too_slow(_sending: MarkSending) -> None:
        watch.on(LEASE)
        OutboxWorker(outbox, {"note": office}, clock=Clock(watch, watch.monotonic)).round()

    office.tries, office.follow = [too_slow], [follow]
    courier.round()
    assert counts(outbox) == (1, 1, 0)


def test_a_kind_this_bridge_does_not_know_waits_for_one_that_does(
    outbox: Outbox, courier: OutboxWorker, watch: Watch, office: Office
):
    """During a deployment the old and the new bridge work on one outbox."""
    outbox.add(NewJob("CA1 voicemail", "gent", "voicemail", SECRET, START))
    assert courier.round() == 1
    assert counts(outbox) == (1, 0, 0)
    watch.on(LEASE)
    assert OutboxWorker(outbox, {"voicemail": office}, clock=Clock(watch, watch.monotonic)).round() == 1
    assert counts(outbox) == (0, 1, 0)


@pytest.mark.usefixtures("job")
def test_a_database_that_goes_away_costs_a_look_and_never_a_second_effect(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as away:
        away.setattr(outbox, "complete", lambda *_, **__: fail(StoreDown("57P01"))(lambda: True))
        with pytest.raises(StoreDown):
            courier.round()
    play(courier, watch, 2 * LEASE)
    assert (office.notes, office.looks) == (1, 1)
    assert counts(outbox) == (0, 1, 0)


@pytest.mark.usefixtures("job")
def test_a_database_that_goes_away_before_the_mark_lets_nobody_send(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as away:
        away.setattr(outbox, "mark_sending", lambda *_: fail(StoreDown("57P01"))(lambda: True))
        with pytest.raises(StoreDown):
            courier.round()
    assert office.notes == 0
    play(courier, watch, 2 * LEASE)
    assert (office.notes, counts(outbox)) == (1, (0, 1, 0))


@pytest.mark.usefixtures("job")
def test_no_trouble_whatever_ends_the_courier(
    outbox: Outbox, office: Office, watch: Watch, monkeypatch: pytest.MonkeyPatch
):
    """A database that is away and a mistake of our own: it waits, and goes on."""
    troubles = [StoreDown("57P01"), ZeroDivisionError()]
    take, slept, done = outbox.claim_due, [], threading.Event()

    def taking(now: datetime, *, limit: int) -> list[Job]:
        if troubles:
            raise troubles.pop(0)
        return take(now, limit=limit)

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if office.notes:
            done.set()
            threading.Event().wait()  # for ever: a daemon's end is the process's

    monkeypatch.setattr(outbox, "claim_due", taking)
    with capture_logs() as logs:
        OutboxWorker(outbox, {"note": office}, clock=Clock(watch, watch.monotonic, sleep)).start()
        assert done.wait(30)
    assert slept == [IDLE_SECONDS] * 3
    assert [log["event"] for log in logs] == ["background_waits", "background_failed", "job_done"]


@pytest.mark.usefixtures("job")
def test_the_log_tells_what_came_of_every_job_and_nothing_about_anybody(
    outbox: Outbox, office: Office, courier: OutboxWorker, watch: Watch
):
    office.tries = [
        fail(ValueError(SECRET.decode())),
        fail(Retry()),
        fail(PermanentFailure("the file is gone")),
        office.write,
    ]
    with capture_logs() as logs:
        play(courier, watch, 6 * LEASE)
        outbox.retry(dead(outbox).id, watch())
        courier.round()
    assert [(log["event"], log.get("trouble")) for log in logs] == [
        ("job_delayed", "ValueError"),
        ("job_delayed", "Retry"),
        ("job_hopeless", "the file is gone"),
        ("job_done", None),
    ]
    assert SECRET.decode() not in repr(logs)
    assert "CA1" not in repr(logs)


@pytest.mark.usefixtures("job")
@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)], ids=["ahead", "back"])
def test_a_clock_that_jumps_lets_nothing_come_twice(
    outbox: Outbox, office: Office, watch: Watch, jump: timedelta
):
    """An effect may still come late: a quarter of an hour is one that passed, not one that a clock shows."""
    jumped = timedelta()
    courier = OutboxWorker(outbox, {"note": office}, clock=Clock(lambda: watch() + jumped, watch.monotonic))
    office.tries = [office.lose_the_question]
    courier.round()
    jumped = jump
    play(courier, watch, timedelta(minutes=14), SETTLE)
    assert office.notes == 0
    play(courier, watch, timedelta(minutes=80), SETTLE)
    assert (office.notes, counts(outbox)) == (1, (0, 1, 0))


@pytest.mark.usefixtures("job")
def test_each_try_is_traced_with_what_the_call_left_for_it(outbox: Outbox, office: Office, watch: Watch):
    """In the payload stands which turn left it."""
    spans = Spans()
    courier = OutboxWorker(outbox, {"note": office}, clock=Clock(watch, watch.monotonic), span=spans)
    office.tries = [fail(Retry(SECOND))]
    for _ in range(2):
        courier.round()
        watch.on(STEP)
    told = {"name": "job", "left": SECRET, "office": "gent", "kind": "note", "log": {"office": "gent"}}
    assert spans.made == [told | {"error": "Retry"}, told]
