"""Callers whose PIN does not fit: how often they may try, and that every refusal sounds the same."""

from typing import TYPE_CHECKING

import pytest

from bridge.app.create import open_repositories
from bridge.settings import Settings

if TYPE_CHECKING:
    from tests.calls.conftest import Caller, Calling
    from tests.conftest import FakeClock, Line

AN, FILE, PIN = "+32470000001", "20230118", "482193"
WRONG = "000000"
SORRY = ("ByPin.sorry", "ByPin.ask_pin")
SPENT = ("ByPin.spent", "Colleague.connect")
TOLD = ("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose")


def fail(calling: "Calling", file: str, rounds: int = 1, number: str = "") -> "Caller":
    """Somebody whose number nobody knows keys in a wrong PIN for this file, so many times in one call."""
    caller = calling(number).keys("1")
    for _ in range(rounds):
        caller.keys(WRONG).keys(f"{file}#")
    return caller


def lock(calling: "Calling", file: str = FILE) -> None:
    """Use up the five tries of a day."""
    fail(calling, file, 3).hangs_up()
    fail(calling, file, 2).hangs_up()


def test_a_wrong_pin_may_be_tried_again(calling: "Calling"):
    """A slip of the finger is no reason to ask for a person: the same words, and the PIN once more."""
    caller = calling(AN).keys("1").keys(WRONG).hears("ByPin.ask_file").keys(f"{FILE}#")
    caller.hears(*SORRY).keys(PIN).hears(*TOLD)


def test_three_rounds_and_then_a_person(calling: "Calling", line: "Line"):
    """A fourth try is never asked for."""
    caller = fail(calling, FILE, 2).hears(*SORRY).keys(WRONG).keys(f"{FILE}#")
    caller.hears(*SPENT).reaches(line.switchboard)
    assert line.asked("PinToFile") == ["PinToFile"] * 3


@pytest.mark.parametrize("file", ["20230118", "99999999"])
def test_an_unknown_file_sounds_like_a_wrong_pin(calling: "Calling", file: str):
    """Nobody learns from the line which files there are."""
    fail(calling, file).hears(*SORRY)


def test_a_locked_file_sounds_like_a_wrong_pin(calling: "Calling", line: "Line"):
    """Five failures a day; the sixth try sounds like them, even if right, and Tagor is not asked."""
    lock(calling)
    asked = line.asked("PinToFile")
    calling("").keys("1").keys(PIN).hears("ByPin.ask_file").keys(f"{FILE}#").hears(*SORRY)
    assert line.asked("PinToFile") == asked


def test_a_locked_file_is_open_to_nobody_whose_number_is_known(calling: "Calling", line: "Line"):
    """The lock holds for the silent try as well; the owner reaches a person like everybody else."""
    lock(calling)
    asked = line.asked("PinToFile")
    caller = calling(AN).keys("1").keys(PIN).hears("ByPin.ask_file").keys(f"{FILE}#").hears(*SORRY)
    assert line.asked("PinToFile") == asked
    caller.keys("0#").hears("Colleague.connect").reaches(line.switchboard)


def test_a_lock_lasts_a_day(calling: "Calling", clock: "FakeClock"):
    """The next day the right PIN is right again."""
    lock(calling)
    clock.move(hours=24, minutes=1)
    calling(AN).keys("1").keys(PIN).hears(*TOLD)


def test_ten_failures_last_until_the_office_unlocks(calling: "Calling", line: "Line", clock: "FakeClock"):
    """However many days go by; `bridge unlock` is the office's own decision."""
    for _ in range(2):
        lock(calling)
        clock.move(hours=25)
    calling(AN).keys("1").keys(PIN).hears("ByPin.ask_file")
    assert open_repositories(Settings.read(line.environ)).pin_attempts.unlock("demo", FILE) == 10
    calling(AN).keys("1").keys(PIN).hears(*TOLD)


def test_a_right_pin_gives_its_try_back(calling: "Calling", line: "Line"):
    """Whoever knows the PIN may call as often as they like."""
    for _ in range(7):
        calling("").keys("1").keys(PIN).keys(f"{FILE}#").hears(*TOLD).hangs_up()
    assert len(line.notes()) == 7


def test_a_right_pin_from_the_known_number_begins_the_day_anew(calling: "Calling"):
    """Yesterday's slips do not lock out the owner who got it right since."""
    fail(calling, FILE, 3).hangs_up()
    calling(AN).keys("1").keys(PIN).hears(*TOLD).hangs_up()
    fail(calling, FILE, 3).hangs_up()
    calling(AN).keys("1").keys(PIN).hears(*TOLD)


def test_silent_tries_cannot_lock_a_file(calling: "Calling", line: "Line"):
    """A relative who phones from the same number, and never names the file, leaves tries for its owner."""
    for _ in range(6):
        calling(AN).keys("1").keys(WRONG).hears("ByPin.ask_file").hangs_up()
    assert line.asked("PinToFile") == ["PinToFile"] * 3
    calling("").keys("1").keys(PIN).hears("ByPin.ask_file").keys(f"{FILE}#").hears(*TOLD)


def test_the_offices_budget_protects_all_files_together(calling: "Calling", line: "Line", clock: "FakeClock"):
    """Twenty failures in an hour, on whatever files: then a person for everybody, until it is over."""
    for number in range(7):
        fail(calling, f"5550{number}", 3).hangs_up()
    asked = line.asked("PinToFile")
    assert len(asked) == 20
    caller = calling("").keys("1").keys(PIN).hears("ByPin.ask_file").keys(f"{FILE}#")
    caller.hears(*SPENT).reaches(line.switchboard)
    assert line.asked("PinToFile") == asked
    clock.move(hours=1, minutes=1)
    calling("").keys("1").keys(PIN).keys(f"{FILE}#").hears(*TOLD)


def test_one_number_names_ten_files_a_day(calling: "Calling", line: "Line", clock: "FakeClock"):
    """The eleventh is refused unasked, in the words of a wrong PIN."""
    for number in range(10):
        fail(calling, f"5550{number}", number="+32470999999").hangs_up()
        clock.move(minutes=10)
    asked = line.asked("PinToFile")
    calling("+32470999999").keys("1").keys(PIN).keys(f"{FILE}#").hears(*SORRY)
    assert line.asked("PinToFile") == asked


def test_a_pin_is_forgotten_after_two_minutes(calling: "Calling", line: "Line", clock: "FakeClock"):
    """Whoever looks for the letter that long is passed on to a person; the PIN lies nowhere meanwhile."""
    caller = calling("").keys("1").keys(PIN).hears("ByPin.ask_file")
    clock.move(minutes=2, seconds=1)
    caller.keys(f"{FILE}#").hears("Anytime.trouble", "Colleague.connect").reaches(line.switchboard)
    assert line.asked("PinToFile") == []


def test_who_goes_on_pressing_keys_keeps_the_pin(calling: "Calling", clock: "FakeClock"):
    """Two minutes without a key, not two minutes in all: some need longer to find a number."""
    caller = calling("").keys("1").keys(PIN).hears("ByPin.ask_file")
    for _ in range(2):
        clock.move(seconds=90)
        caller.keys("00000000000000000#").hears("ByPin.ask_file wrong", "ByPin.ask_file")
    clock.move(seconds=90)
    caller.keys(f"{FILE}#").hears(*TOLD)


def test_a_try_that_never_reached_tagor_counts_for_nobody(calling: "Calling", line: "Line"):
    """An evening on which Tagor is away must not lock its callers out for the day."""
    line.tagor.stop()
    for _ in range(4):
        calling(AN).keys("1").keys(PIN).keys(f"{FILE}#").hears("ByPin.down", "Colleague.connect").hangs_up()
    line.tagor.start()
    calling(AN).keys("1").keys(PIN).hears(*TOLD)
