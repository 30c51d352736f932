"""PIN tries: budgets hold exactly, however many try at once, and a failed store means no try at all."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from subprocess import Popen
from threading import Barrier

import pytest
from sqlalchemy import func, insert, select
from store_engines import on_every_engine

from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.pin_attempts import BudgetExhausted, KnownWrong, PinAttempt, PinAttempts, PinLimits, UsedUp
from bridge.store.tables import pin_attempts as table

Open = Callable[..., Database]
StartWorker = Callable[..., Popen[str]]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CALLER = "+32470000001"


def count_attempt(
    tries: PinAttempts, now: datetime, file: str = "100", *, times: int = 1, **how: object
) -> str:
    """Try several times; gives the last outcome: `ok` or the budget that was spent."""
    asked = {"caller": CALLER, "named": True, "office": "gent"} | how
    office = asked.pop("office")
    for _ in range(times):
        outcome = tries.count_attempts(office, [file], now=now, **asked)[0]
    return outcome.reason if isinstance(outcome, BudgetExhausted) else "ok"


def test_a_file_may_be_tried_five_times_a_day(pin_attempts: PinAttempts, now: datetime):
    assert [count_attempt(pin_attempts, now) for _ in range(7)] == ["ok"] * 5 + ["file_day"] * 2


@on_every_engine
def test_a_day_is_the_last_24_hours(pin_attempts: PinAttempts, now: datetime):
    count_attempt(pin_attempts, now, times=5)
    assert count_attempt(pin_attempts, now + DAY - timedelta(microseconds=1)) == "file_day"
    assert count_attempt(pin_attempts, now + DAY) == "ok"


def test_a_file_may_be_tried_ten_times_until_the_office_unlocks_it(pin_attempts: PinAttempts, now: datetime):
    count_attempt(pin_attempts, now, times=5)
    count_attempt(pin_attempts, now + DAY, times=5)
    assert count_attempt(pin_attempts, now + 400 * DAY) == "file_life"


def test_neither_a_refused_attempt_nor_a_reset_elsewhere_counts_for_a_file(
    pin_attempts: PinAttempts, now: datetime
):
    count_attempt(pin_attempts, now, times=50)
    pin_attempts.settle(fresh=[("gent", "101")])
    pin_attempts.settle(fresh=[("luik", "100")])
    assert count_attempt(pin_attempts, now) == count_attempt(pin_attempts, now, named=False) == "file_day"
    assert [count_attempt(pin_attempts, now + DAY) for _ in range(6)] == ["ok"] * 5 + ["file_life"]


def test_a_right_pin_gives_its_try_back(pin_attempts: PinAttempts, now: datetime):
    for _ in range(30):
        one = pin_attempts.count_attempts("gent", ["100"], caller=CALLER, named=True, now=now)[0]
        assert isinstance(one, PinAttempt)
        pin_attempts.settle(given_back=[one])
        pin_attempts.settle(given_back=[one])
    assert [count_attempt(pin_attempts, now) for _ in range(6)] == ["ok"] * 5 + ["file_day"]


@on_every_engine
def test_a_right_pin_from_a_known_number_starts_the_day_anew_but_not_the_life(
    pin_attempts: PinAttempts, now: datetime
):
    count_attempt(pin_attempts, now, times=4)
    pin_attempts.settle(fresh=[("gent", "100")])
    assert [count_attempt(pin_attempts, now) for _ in range(6)] == ["ok"] * 5 + ["file_day"]
    pin_attempts.settle(fresh=[("gent", "100")])
    assert [count_attempt(pin_attempts, now) for _ in range(2)] == ["ok", "file_life"]


@on_every_engine
def test_the_office_unlocks_a_file_altogether(pin_attempts: PinAttempts, now: datetime):
    count_attempt(pin_attempts, now - DAY, times=5)
    count_attempt(pin_attempts, now, times=5)
    assert count_attempt(pin_attempts, now) == "file_life"
    assert pin_attempts.unlock("gent", "100") == 10
    assert pin_attempts.unlock("gent", "100") == 0
    assert [count_attempt(pin_attempts, now) for _ in range(6)] == ["ok"] * 5 + ["file_day"]


def test_unlocking_a_file_does_not_refill_the_office_budget(pin_attempts: PinAttempts, now: datetime):
    for file in range(4):
        count_attempt(pin_attempts, now, str(file), times=5)
    pin_attempts.unlock("gent", "0")
    assert count_attempt(pin_attempts, now, "0") == "office_hour"


def test_silent_tries_use_three_of_the_five_a_day(pin_attempts: PinAttempts, now: datetime):
    assert [count_attempt(pin_attempts, now, named=False) for _ in range(4)] == ["ok"] * 3 + ["file_day"]
    assert [count_attempt(pin_attempts, now) for _ in range(3)] == ["ok"] * 2 + ["file_day"]


def test_silent_tries_use_five_of_the_ten_for_life(pin_attempts: PinAttempts, now: datetime):
    count_attempt(pin_attempts, now, times=3, named=False)
    assert [count_attempt(pin_attempts, now + DAY, named=False) for _ in range(3)] == ["ok"] * 2 + [
        "file_life"
    ]
    assert count_attempt(pin_attempts, now + DAY, times=3) == "ok"
    assert [count_attempt(pin_attempts, now + 2 * DAY) for _ in range(3)] == ["ok"] * 2 + ["file_life"]


def test_one_number_names_ten_different_files_a_day(pin_attempts: PinAttempts, now: datetime):
    assert [count_attempt(pin_attempts, now, str(file)) for file in range(11)] == ["ok"] * 10 + ["number_day"]
    assert count_attempt(pin_attempts, now, "3") == "ok"
    assert count_attempt(pin_attempts, now, "99", caller="+32470000002") == "ok"
    assert count_attempt(pin_attempts, now + DAY, "10") == "ok"


def test_files_found_by_the_number_are_not_named_by_it(pin_attempts: PinAttempts, now: datetime):
    for file in range(12):
        assert count_attempt(pin_attempts, now, str(file), named=False) == "ok"
    assert count_attempt(pin_attempts, now, "99") == "ok"


def test_a_number_that_named_too_many_files_still_finds_its_own(pin_attempts: PinAttempts, now: datetime):
    """A silent try uses nothing of the number's budget."""
    for file in range(10):
        count_attempt(pin_attempts, now, str(file))
    assert count_attempt(pin_attempts, now, "99") == "number_day"
    assert count_attempt(pin_attempts, now, "99", named=False) == "ok"


def test_withheld_numbers_share_no_budget_of_their_own(pin_attempts: PinAttempts, now: datetime):
    assert {count_attempt(pin_attempts, now, str(file), caller=None) for file in range(12)} == {"ok"}


def test_an_office_has_twenty_tries_an_hour(pin_attempts: PinAttempts, now: datetime):
    outcomes = [count_attempt(pin_attempts, now, str(file), caller=None) for file in range(21)]
    assert outcomes == ["ok"] * 20 + ["office_hour"]
    assert count_attempt(pin_attempts, now + HOUR, "20", caller=None) == "ok"


def test_an_office_has_a_hundred_tries_a_day(pin_attempts: PinAttempts, now: datetime):
    for file in range(100):
        assert count_attempt(pin_attempts, now + file // 20 * HOUR, str(file), caller=None) == "ok"
    assert count_attempt(pin_attempts, now + 5 * HOUR, "100", caller=None) == "office_day"
    assert count_attempt(pin_attempts, now + DAY, "100", caller=None) == "ok"


def test_offices_do_not_share_budgets(pin_attempts: PinAttempts, now: datetime):
    count_attempt(pin_attempts, now, times=5)
    assert count_attempt(pin_attempts, now, office="luik") == "ok"


def test_an_office_is_unlocked_alone_and_once(pin_attempts: PinAttempts, now: datetime):
    """Another office stays locked, and attempts that no longer count are not told again."""
    for office in ("gent", "luik"):
        for file in range(21):
            count_attempt(pin_attempts, now, str(file), caller=None, office=office)
    assert (pin_attempts.unlock_office("gent"), pin_attempts.unlock_office("gent")) == (20, 0)
    assert count_attempt(pin_attempts, now, "20", caller=None) == "ok"
    assert count_attempt(pin_attempts, now, "20", caller=None, office="luik") == "office_hour"


def test_the_budgets_are_those_the_office_set(database: Database, seal: Sealer, now: datetime):
    strict = PinAttempts(database, seal, PinLimits(file_day=1))
    assert [count_attempt(strict, now) for _ in range(2)] == ["ok", "file_day"]


def test_a_clock_that_jumps_back_opens_nothing(pin_attempts: PinAttempts, now: datetime):
    count_attempt(pin_attempts, now, times=5)
    assert count_attempt(pin_attempts, now - HOUR) == "file_day"


@on_every_engine
def test_sweeping_wipes_numbers_after_a_day_and_keeps_the_counts(
    database: Database, pin_attempts: PinAttempts, now: datetime
):
    count_attempt(pin_attempts, now, times=5)
    assert pin_attempts.sweep(now + DAY - timedelta(seconds=1)) == 0
    assert pin_attempts.sweep(now + DAY) == 5
    with database.reading() as connection:
        assert connection.execute(select(func.count(table.c.caller), func.count())).one() == (0, 5)
    assert [count_attempt(pin_attempts, now + DAY) for _ in range(6)] == ["ok"] * 5 + ["file_life"]


def test_sweeping_wipes_unlocked_tries_after_a_day(
    database: Database, pin_attempts: PinAttempts, now: datetime
):
    count_attempt(pin_attempts, now, times=5, caller=None)
    pin_attempts.unlock("gent", "100")
    assert [pin_attempts.sweep(now + HOUR), pin_attempts.sweep(now + DAY)] == [0, 5]
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == 0


@on_every_engine
def test_64_threads_on_one_file_get_exactly_its_budget(pin_attempts: PinAttempts, now: datetime):
    together = Barrier(64)

    def try_pin(_: int) -> str:
        together.wait()
        return count_attempt(pin_attempts, now)

    with ThreadPoolExecutor(64) as threads:
        assert Counter(threads.map(try_pin, range(64))) == {"ok": 5, "file_day": 59}


@on_every_engine
def test_64_threads_on_64_files_get_exactly_the_office_budget(pin_attempts: PinAttempts, now: datetime):
    together = Barrier(64)

    def try_pin(file: int) -> str:
        together.wait()
        return count_attempt(pin_attempts, now, str(file), caller=None)

    with ThreadPoolExecutor(64) as threads:
        assert Counter(threads.map(try_pin, range(64))) == {"ok": 20, "office_hour": 44}


def test_two_processes_of_four_threads_get_exactly_a_files_budget(url: str, start_worker: StartWorker):
    workers = [start_worker("spend", url, "100") for _ in range(2)]
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * 2
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    assert sum(int(worker.stdout.readline()) for worker in workers) == 50


def test_giving_one_try_back_gives_back_no_other(pin_attempts: PinAttempts, now: datetime):
    """Neither of this file nor of another."""
    for _ in range(4):
        count_attempt(pin_attempts, now)
        count_attempt(pin_attempts, now, "200")
    one = pin_attempts.count_attempts("gent", ["100"], caller=CALLER, named=True, now=now)[0]
    assert isinstance(one, PinAttempt)
    pin_attempts.settle(given_back=[one])
    assert [count_attempt(pin_attempts, now) for _ in range(2)] == ["ok", "file_day"]
    assert [count_attempt(pin_attempts, now, "200") for _ in range(2)] == ["ok", "file_day"]


def test_a_try_has_a_name_nobody_can_guess(pin_attempts: PinAttempts, now: datetime):
    """Whoever knows it can take it out of the budgets again: 128 bits."""
    one = pin_attempts.count_attempts("gent", ["100"], caller=CALLER, named=True, now=now)[0]
    assert isinstance(one, PinAttempt)
    assert len(bytes.fromhex(one.id)) == 16


def test_a_number_that_named_too_many_files_here_may_phone_another_office(
    pin_attempts: PinAttempts, now: datetime
):
    """Two offices do not know of each other's callers."""
    assert [count_attempt(pin_attempts, now, str(file)) for file in range(11)] == ["ok"] * 10 + ["number_day"]
    assert count_attempt(pin_attempts, now, office="luik") == "ok"


def test_files_and_numbers_always_stand_under_the_same_names(
    pin_attempts: PinAttempts, database: Database, seal: Sealer, now: datetime
):
    """A deployment must not forget what is locked."""
    count_attempt(pin_attempts, now)
    with database.reading() as connection:
        [row] = connection.execute(select(table.c.file, table.c.caller))
    assert tuple(row) == (seal.pseudonym("file", "gent", "100"), seal.pseudonym("number", "gent", CALLER))


def test_a_number_that_was_withheld_is_not_wiped_again_and_again(pin_attempts: PinAttempts, now: datetime):
    """Sweeping tells how much it wiped: where there is no number, nothing."""
    count_attempt(pin_attempts, now)
    for _ in range(2):
        count_attempt(pin_attempts, now, caller=None)
    assert [pin_attempts.sweep(now + DAY) for _ in range(2)] == [1, 0]


def test_named_tries_of_earlier_days_leave_silent_ones_their_life(pin_attempts: PinAttempts, now: datetime):
    """Whoever names a file uses up none of what its own number may try silently."""
    for day in range(2):
        assert [count_attempt(pin_attempts, now + day * DAY) for _ in range(3)] == ["ok"] * 3
    assert count_attempt(pin_attempts, now + 2 * DAY, named=False) == "ok"


@pytest.mark.parametrize("unlocked", [True, False])
def test_what_was_tried_silently_counts_until_it_is_unlocked(
    pin_attempts: PinAttempts, now: datetime, *, unlocked: bool
):
    """Then the silent budgets are whole again too."""
    for day in range(2):
        assert [count_attempt(pin_attempts, now + day * DAY, named=False) for _ in range(2 + day)] == [
            "ok"
        ] * (2 + day)
    if unlocked:
        pin_attempts.unlock("gent", "100")
    assert count_attempt(pin_attempts, now + 2 * DAY, named=False) == ("ok" if unlocked else "file_life")


def guess_in_round(
    attempts: PinAttempts, now: datetime, number: str, file: str = "100", *, named: bool = True
) -> PinAttempt | KnownWrong:
    """Count one PIN tried on a file in this round of one call."""
    guess = ("CA1", number, "482913")
    outcome = attempts.count_attempts("gent", [file], caller=CALLER, named=named, now=now, guess=guess)[0]
    assert not isinstance(outcome, BudgetExhausted)
    return outcome


@on_every_engine
def test_a_guess_is_not_counted_against_itself(pin_attempts: PinAttempts, now: datetime):
    """The last one of every budget may be asked again: of the file, of the office, of the silent ones."""
    count_attempt(pin_attempts, now, times=4)
    count_attempt(pin_attempts, now, "7", times=2, named=False)
    for file in range(20, 32):
        count_attempt(pin_attempts, now, str(file), caller=None)
    first = guess_in_round(pin_attempts, now, "1"), guess_in_round(pin_attempts, now, "1", "7", named=False)
    again = guess_in_round(pin_attempts, now, "1"), guess_in_round(pin_attempts, now, "1", "7", named=False)
    assert all(isinstance(one, PinAttempt) and not one.repeated for one in first)
    assert all(isinstance(one, PinAttempt) and one.repeated for one in again)
    assert count_attempt(pin_attempts, now, "50", caller=None) == "office_hour"


@on_every_engine
@pytest.mark.parametrize("named", [(False, True), (True, False)])
def test_a_guess_that_was_named_once_is_no_silent_one(
    pin_attempts: PinAttempts, now: datetime, named: tuple[bool, bool]
):
    """Silent ones have three a day of their own; a guess on another file, or another's, stays what it was."""
    count_attempt(pin_attempts, now, "7", times=2, named=False)
    for each in named:
        guess_in_round(pin_attempts, now, "1", named=each)
    assert not getattr(guess_in_round(pin_attempts, now, "1", "7", named=False), "repeated", True)
    assert [count_attempt(pin_attempts, now, named=False) for _ in range(4)] == ["ok"] * 3 + ["file_day"]
    assert count_attempt(pin_attempts, now, "7", named=False) == "file_day"


def test_what_tagor_said_of_a_guess_is_said_of_no_other(pin_attempts: PinAttempts, now: datetime):
    """A no to one guess leaves the others open; a no to a guess that was not counted leaves all open."""
    wrong, other = guess_in_round(pin_attempts, now, "1"), guess_in_round(pin_attempts, now, "2")
    assert isinstance(wrong, PinAttempt)
    pin_attempts.settle(wrong=[wrong])
    assert other != guess_in_round(pin_attempts, now, "2")
    assert not isinstance(guess_in_round(pin_attempts, now, "2"), KnownWrong)


@on_every_engine
def test_leading_zeros_make_no_other_file(
    pin_attempts: PinAttempts, database: Database, seal: Sealer, now: datetime
):
    """Nor do they where an attempt was counted under the number as it was keyed, as by earlier versions."""
    assert [count_attempt(pin_attempts, now, file) for file in ("0100", "100", "00100")] == ["ok"] * 3
    former = seal.pseudonym("file", "gent", "0100")
    with database.writing() as connection:
        connection.execute(
            insert(table).values(id="former", office="gent", file=former, named=True, attempted_at=now)
        )
    assert [count_attempt(pin_attempts, now, "0100") for _ in range(2)] == ["ok", "file_day"]
    assert [count_attempt(pin_attempts, now, file) for file in ("0", "00", "000")] == ["ok"] * 3
    pin_attempts.unlock("gent", "000")
    assert count_attempt(pin_attempts, now, "0100") == "file_day"
    assert [count_attempt(pin_attempts, now, "0") for _ in range(6)] == ["ok"] * 5 + ["file_day"]


def test_an_office_may_set_its_own_budgets(pin_attempts: PinAttempts, now: datetime):
    """Those of the file stay the usual ones."""
    own = PinLimits(office_hour=2)
    outcomes = [count_attempt(pin_attempts, now, str(file), limits=own) for file in range(3)]
    assert outcomes == ["ok", "ok", "office_hour"]
    assert pin_attempts.is_office_exhausted("gent", now, own)
    assert not pin_attempts.is_office_exhausted("gent", now)


def test_that_an_office_has_plenty_of_attempts_is_remembered_for_ten_seconds(
    pin_attempts: PinAttempts, now: datetime
):
    """Only where ten or more are left, for each office by itself, and never because a clock was set back."""
    assert not pin_attempts.had_plenty("gent", now)
    assert not pin_attempts.is_office_exhausted("gent", now)
    assert not pin_attempts.is_office_exhausted("luik", now, PinLimits(office_hour=9))
    assert pin_attempts.had_plenty("gent", now + timedelta(seconds=9))
    assert not pin_attempts.had_plenty("gent", now + timedelta(seconds=10))
    assert not pin_attempts.had_plenty("gent", now - HOUR)
    assert not pin_attempts.had_plenty("luik", now)


def test_the_same_guess_of_a_round_is_counted_once(
    pin_attempts: PinAttempts, database: Database, now: datetime
):
    """Tried silently and then by name it is one attempt, which the later asker alone may give back."""
    silent, named = (guess_in_round(pin_attempts, now, "1") for _ in range(2))
    assert isinstance(silent, PinAttempt)
    assert isinstance(named, PinAttempt)
    assert (silent.repeated, named.repeated) == (False, True)
    pin_attempts.settle(given_back=[silent])
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == 1
    pin_attempts.settle(given_back=[named])
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == 0


def test_a_guess_that_was_wrong_is_known_to_be_wrong_in_its_round_only(
    pin_attempts: PinAttempts, now: datetime
):
    """Tagor need not be asked again; the next round asks, and counts."""
    first = guess_in_round(pin_attempts, now, "1")
    assert isinstance(first, PinAttempt)
    pin_attempts.settle(wrong=[first])
    assert isinstance(guess_in_round(pin_attempts, now, "1"), KnownWrong)
    later = guess_in_round(pin_attempts, now, "2")
    assert isinstance(later, PinAttempt)
    assert not later.repeated


def test_one_guess_by_64_threads_is_one_attempt(pin_attempts: PinAttempts, database: Database, now: datetime):
    """However many workers have the same webhook at once, the file's budget is used once."""
    with ThreadPoolExecutor(64) as threads:
        list(threads.map(lambda _: guess_in_round(pin_attempts, now, "1"), range(64)))
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == 1


@on_every_engine
def test_what_is_used_up_is_counted(pin_attempts: PinAttempts, now: datetime):
    """Files that take no PIN, today or until they are unlocked, and numbers that named ten files."""
    assert pin_attempts.used_up("gent", now) == UsedUp(files=0, numbers=0)
    count_attempt(pin_attempts, now, times=5)
    count_attempt(pin_attempts, now, file="101", times=4, caller=None)
    count_attempt(pin_attempts, now, file="102", times=5, office="luik")
    assert pin_attempts.used_up("gent", now) == UsedUp(files=1, numbers=0)
    assert pin_attempts.used_up("gent", now + DAY) == UsedUp(files=0, numbers=0)
    count_attempt(pin_attempts, now + DAY, times=5)
    assert pin_attempts.used_up("gent", now + 2 * DAY) == UsedUp(files=1, numbers=0)
    pin_attempts.unlock("gent", "100")
    for file in range(200, 210):
        count_attempt(pin_attempts, now + 2 * DAY, file=str(file))
    assert pin_attempts.used_up("gent", now + 2 * DAY) == UsedUp(files=0, numbers=1)
