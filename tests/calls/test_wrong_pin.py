"""Callers whose PIN does not fit: how often they may try, and that every refusal sounds the same."""

from typing import TYPE_CHECKING

from bridge.app.create import open_repositories
from bridge.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Caller, Calling
    from tests.shared_line import FakeClock, Line

AN, FILE, PIN, WRONG = "+32470000001", "20230118", "482193", "000000"
SORRY = ("ByPin.sorry", "ByPin.ask_pin")
SPENT = "ByPin.spent"
TOLD = ("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")


def fail(calling: "Calling", file: str, rounds: int = 1, number: str = "") -> "Caller":
    """Call from an unknown number and key in a wrong PIN for this file, so many times."""
    caller = calling(number).keys("1")
    for _ in range(rounds):
        caller.keys(WRONG).keys(f"{file}#")
    return caller


def use_up_the_day(calling: "Calling") -> None:
    """Fail five times on one file, in two calls."""
    fail(calling, FILE, 3).hangs_up()
    fail(calling, FILE, 2).hangs_up()


def de_bruijn(symbols: str, length: int) -> str:
    """Every string of this length over the symbols, in as few keys as can be (prefer the largest)."""
    keys, seen = symbols[0] * length, {symbols[0] * length}
    while True:
        tail = keys[-(length - 1) :]
        fresh = next((one for one in reversed(symbols) if tail + one not in seen), None)
        if fresh is None:
            return keys
        seen.add(tail + fresh)
        keys += fresh


def test_a_wrong_pin_may_be_tried_again(calling: "Calling"):
    """After a wrong PIN the caller is asked again, and a right PIN opens the file."""
    caller = calling(AN).keys("1").keys(WRONG).hears("ByPin.ask_file").keys(f"{FILE}#")
    caller.hears(*SORRY).keys(PIN).hears(*TOLD)


def test_three_rounds_and_then_a_person(calling: "Calling", line: "Line"):
    """After the third wrong PIN of a call nothing more is asked, and the switchboard rings."""
    caller = fail(calling, FILE, 2).hears(*SORRY).keys(WRONG).keys(f"{FILE}#")
    caller.offered(SPENT).reaches(line.switchboard)
    assert line.asked("PinToFile") == ["PinToFile"] * 3


def test_an_unknown_file_sounds_like_a_wrong_pin(calling: "Calling"):
    """Nobody learns from the line which files there are."""
    fail(calling, "20230118").hears(*SORRY)
    fail(calling, "99999999").hears(*SORRY)


def test_a_locked_file_sounds_like_a_wrong_pin(calling: "Calling", line: "Line"):
    """After five failures in a day the right PIN sounds like a wrong one, and Tagor is not asked."""
    use_up_the_day(calling)
    asked = line.asked("PinToFile")
    calling("").keys("1").keys(PIN).hears("ByPin.ask_file").keys(f"{FILE}#").hears(*SORRY)
    caller = calling(AN).keys("1").keys(PIN).hears("ByPin.ask_file").keys(f"{FILE}#").hears(*SORRY)
    assert line.asked("PinToFile") == asked
    caller.keys("0#").hears("Colleague.connect").reaches(line.switchboard)


def test_ten_failures_last_until_the_office_unlocks(calling: "Calling", line: "Line", clock: "FakeClock"):
    """A day later the file is open again; after ten failures it stays locked until `bridge unlock`."""
    use_up_the_day(calling)
    clock.move(hours=24, minutes=1)
    calling("").keys("1").keys(PIN).keys(f"{FILE}#").hears(*TOLD).hangs_up()
    use_up_the_day(calling)
    clock.move(hours=25)
    calling(AN).keys("1").keys(PIN).hears("ByPin.ask_file")
    assert open_repositories(Settings.read(line.environ)).pin_attempts.unlock("demo", FILE) == 10
    calling(AN).keys("1").keys(PIN).hears(*TOLD)


def test_the_offices_budget_protects_all_files_together(calling: "Calling", line: "Line", clock: "FakeClock"):
    """After 20 failures in an hour, on whatever files, everybody reaches a person until the hour is over."""
    for number in range(7):
        fail(calling, f"5550{number}", 3).hangs_up()
    asked = line.asked("PinToFile")
    assert len(asked) == 20
    calling("").keys("1").offered("Identify.spent").reaches(line.switchboard)
    assert line.asked("PinToFile") == asked
    clock.move(hours=1, minutes=1)
    calling("").keys("1").keys(PIN).keys(f"{FILE}#").hears(*TOLD)


def test_three_wrong_rounds_of_a_recognised_caller_are_three_attempts(calling: "Calling", line: "Line"):
    """The file is tried silently and then named with the same PIN: the next call still has two attempts."""
    fail(calling, FILE, 3, AN).hangs_up()
    assert line.asked("PinToFile") == ["PinToFile"] * 3
    calling(AN).keys("1").keys(PIN).hears(*TOLD)


def test_a_pin_is_forgotten_after_two_minutes(calling: "Calling", line: "Line", clock: "FakeClock"):
    """A caller who presses nothing for two minutes reaches a person; whoever presses keys keeps the PIN."""
    slow, searching = calling("").keys("1").keys(PIN), calling("").keys("1").keys(PIN)
    for _ in range(2):
        clock.move(seconds=61)
        searching.keys("00000000000000000#").hears("ByPin.ask_file wrong", "ByPin.ask_file")
    slow.keys(f"{FILE}#").hears("Anytime.trouble", "Colleague.connect").reaches(line.switchboard)
    assert line.asked("PinToFile") == []
    searching.keys(f"{FILE}#").hears(*TOLD)


def test_a_stream_of_all_pins_is_one_try(open_line: "Callable[..., Line]"):
    """Of all PINs of four digits in 10,003 keys the first one counts, and the others open nothing (T3)."""
    stream = de_bruijn("0123456789", 4)
    assert len({stream[at : at + 4] for at in range(10_000)}) == len(stream) - 3 == 10_000
    line = open_line(office={"pin_digits = 6": "pin_digits = 4"})
    line.phone().ring().press("1").press(stream)
    assert line.asked("PinToFile") == ["PinToFile"]
    phone = line.phone().ring().press("1")
    reply = line.webhook(f"/voice/turn/{len(phone.turns)}", phone.call_id, Digits=stream)
    assert (reply[0], b"<Gather" in reply[2]) == (200, True)
    assert line.asked("PinToFile") == ["PinToFile"]
