"""PIN tries: budgets hold exactly, however many try at once, and a failed store means no try at all."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import Popen
from threading import Barrier

import pytest
from sqlalchemy import func, select
from store_engines import on_every_engine

from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreDown
from bridge.store.pin_attempts import BudgetExhausted, PinAttempt, PinAttempts, PinLimits
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
        outcome = tries.count_attempt(office, file, now=now, **asked)
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


def test_a_refused_try_counts_nowhere(pin_attempts: PinAttempts, now: datetime):
    count_attempt(pin_attempts, now, times=50)
    assert [count_attempt(pin_attempts, now + DAY) for _ in range(6)] == ["ok"] * 5 + ["file_life"]


def test_a_right_pin_gives_its_try_back(pin_attempts: PinAttempts, now: datetime):
    for _ in range(30):
        one = pin_attempts.count_attempt("gent", "100", caller=CALLER, named=True, now=now)
        assert isinstance(one, PinAttempt)
        pin_attempts.give_back(one)
        pin_attempts.give_back(one)
    assert [count_attempt(pin_attempts, now) for _ in range(6)] == ["ok"] * 5 + ["file_day"]


@on_every_engine
def test_a_right_pin_from_a_known_number_starts_the_day_anew_but_not_the_life(
    pin_attempts: PinAttempts, now: datetime
):
    count_attempt(pin_attempts, now, times=4)
    pin_attempts.reset_daily("gent", "100")
    assert [count_attempt(pin_attempts, now) for _ in range(6)] == ["ok"] * 5 + ["file_day"]
    pin_attempts.reset_daily("gent", "100")
    assert [count_attempt(pin_attempts, now) for _ in range(2)] == ["ok", "file_life"]


def test_forgiving_one_file_forgives_no_other(pin_attempts: PinAttempts, now: datetime):
    count_attempt(pin_attempts, now, times=5)
    pin_attempts.reset_daily("gent", "101")
    pin_attempts.reset_daily("luik", "100")
    assert count_attempt(pin_attempts, now) == "file_day"


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


def test_named_tries_leave_silent_ones_nothing_beyond_the_whole(pin_attempts: PinAttempts, now: datetime):
    count_attempt(pin_attempts, now, times=4)
    assert [count_attempt(pin_attempts, now, named=False) for _ in range(2)] == ["ok", "file_day"]


@on_every_engine
def test_one_number_names_ten_different_files_a_day(pin_attempts: PinAttempts, now: datetime):
    assert [count_attempt(pin_attempts, now, str(file)) for file in range(11)] == ["ok"] * 10 + ["number_day"]
    assert count_attempt(pin_attempts, now, "3") == "ok"
    assert count_attempt(pin_attempts, now, "99", caller="+32470000002") == "ok"
    assert count_attempt(pin_attempts, now + DAY, "10") == "ok"


def test_files_found_by_the_number_are_not_named_by_it(pin_attempts: PinAttempts, now: datetime):
    for file in range(12):
        assert count_attempt(pin_attempts, now, str(file), named=False) == "ok"
    assert count_attempt(pin_attempts, now, "99") == "ok"


def test_a_number_that_named_too_many_may_still_be_tried_on_its_own_files(
    pin_attempts: PinAttempts, now: datetime
):
    for file in range(10):
        count_attempt(pin_attempts, now, str(file))
    assert count_attempt(pin_attempts, now, "own", named=False) == "ok"


def test_withheld_numbers_share_no_budget_of_their_own(pin_attempts: PinAttempts, now: datetime):
    assert {count_attempt(pin_attempts, now, str(file), caller=None) for file in range(12)} == {"ok"}


def test_an_office_has_twenty_tries_an_hour(pin_attempts: PinAttempts, now: datetime):
    outcomes = [count_attempt(pin_attempts, now, str(file), caller=None) for file in range(21)]
    assert outcomes == ["ok"] * 20 + ["office_hour"]
    assert count_attempt(pin_attempts, now + HOUR, "20", caller=None) == "ok"


@on_every_engine
def test_an_office_has_a_hundred_tries_a_day(pin_attempts: PinAttempts, now: datetime):
    for file in range(100):
        assert count_attempt(pin_attempts, now + file // 20 * HOUR, str(file), caller=None) == "ok"
    assert count_attempt(pin_attempts, now + 5 * HOUR, "100", caller=None) == "office_day"
    assert count_attempt(pin_attempts, now + DAY, "100", caller=None) == "ok"


def test_offices_do_not_share_budgets(pin_attempts: PinAttempts, now: datetime):
    count_attempt(pin_attempts, now, times=5)
    assert count_attempt(pin_attempts, now, office="luik") == "ok"


def test_the_budgets_are_those_the_office_set(database: Database, seal: Sealer, now: datetime):
    strict = PinAttempts(database, seal, PinLimits(file_day=1))
    assert [count_attempt(strict, now) for _ in range(2)] == ["ok", "file_day"]


def test_a_locked_file_stays_locked_while_the_secret_is_changed(
    database: Database, pin_attempts: PinAttempts, now: datetime
):
    count_attempt(pin_attempts, now, times=5)
    changed = PinAttempts(database, Sealer(["a new secret", "a secret of the tests"]), PinLimits())
    assert count_attempt(changed, now) == "file_day"
    assert changed.unlock("gent", "100") == 5
    assert count_attempt(changed, now) == "ok"


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


@on_every_engine
def test_four_processes_of_four_threads_get_exactly_a_files_budget(url: str, start_worker: StartWorker):
    workers = [start_worker("spend", url, "100") for _ in range(4)]
    assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * 4
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    assert sum(int(worker.stdout.readline()) for worker in workers) == 50


def test_a_store_that_cannot_be_written_gives_no_leave(file: Path, seal: Sealer, now: datetime, opened: Open):
    locked = PinAttempts(opened(f"sqlite:///file:{file}?mode=ro&uri=true"), seal, PinLimits())
    with pytest.raises(StoreDown):
        count_attempt(locked, now)
