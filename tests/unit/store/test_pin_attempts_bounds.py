"""The edges of the PIN budgets: one try, one number and one office never count for another."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.pin_attempts import BudgetExhausted, PinAttempt, PinAttempts
from bridge.store.tables import pin_attempts as table

DAY = timedelta(days=1)
CALLER = "+32470000001"


def count_attempt(
    tries: PinAttempts,
    now: datetime,
    file: str = "100",
    *,
    office: str = "gent",
    caller: str | None = CALLER,
    named: bool = True,
) -> str:
    outcome = tries.count_attempt(office, file, caller=caller, named=named, now=now)
    return outcome.reason if isinstance(outcome, BudgetExhausted) else "ok"


def test_giving_one_try_back_gives_back_no_other(pin_attempts: PinAttempts, now: datetime):
    """Neither of this file nor of another."""
    for _ in range(4):
        count_attempt(pin_attempts, now)
        count_attempt(pin_attempts, now, "200")
    one = pin_attempts.count_attempt("gent", "100", caller=CALLER, named=True, now=now)
    assert isinstance(one, PinAttempt)
    pin_attempts.give_back(one)
    assert [count_attempt(pin_attempts, now) for _ in range(2)] == ["ok", "file_day"]
    assert [count_attempt(pin_attempts, now, "200") for _ in range(2)] == ["ok", "file_day"]


def test_a_try_has_a_name_nobody_can_guess(pin_attempts: PinAttempts, now: datetime):
    """Whoever knows it can take it out of the budgets again: 128 bits."""
    one = pin_attempts.count_attempt("gent", "100", caller=CALLER, named=True, now=now)
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
