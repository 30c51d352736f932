"""Keys that mean the same at every question: 0 a person, 9 goodbye, * again, 8 slower."""

from typing import TYPE_CHECKING

import pytest

from bridge.app.create import open_repositories
from bridge.settings import Settings

if TYPE_CHECKING:
    from tests.calls.conftest import Caller, Calling
    from tests.shared_line import Line

# A kind of question, the keys that lead there, what was said, and the key that ends a number.
PLACES = {
    "menu": ((), ("Defendant.welcome", "Defendant.main"), ""),
    "words and menu": (("3",), ("Office.open_until", "Office.hours", "Office.address", "Office.choose"), ""),
    "fixed length": (("1",), ("ByPin.ask_pin",), "#"),
    "any length": (("1", "000000"), ("ByPin.ask_file",), "#"),
    "sub-flow": (("1", "482193", "2"), ("Terms.choose",), ""),
    "facts": (("1", "482193"), ("Balance.tell", "Received.paid", "Payments.which", "Balance.choose"), ""),
    "deep down": (("1", "482193", "2", "4", "2", "2"), ("CallBack.ask_number",), "#"),
    "confirmation": (("1", "482193", "2", "1", "1"), ("Agreement.chosen", "Agreement.read_back"), ""),
}
# A file number may be the single digit 8 or 9, so there these two are digits.
SINGLE = sorted(PLACES.keys() - {"any length"})


def at(calling: "Calling", place: str) -> "Caller":
    """Ring, and press the keys that lead to this place; at the first menu be silent once."""
    caller = calling().silent() if place == "menu" else calling()
    for keys in PLACES[place][0]:
        caller.keys(keys)
    return caller


def is_slow(caller: "Caller") -> bool:
    body = caller.phone.turns[-1].body.decode()
    return body.count("<Say ") == body.count('<prosody rate="80%">')


@pytest.mark.parametrize("place", PLACES)
def test_star_says_it_again_and_zero_leads_to_a_person(calling: "Calling", line: "Line", place: str):
    """Key * repeats all that the turn before told, as often as it is pressed; key 0 rings the switchboard."""
    _, said, end = PLACES[place]
    caller = at(calling, place).keys("*" + end).hears(*said).keys("*" + end).hears(*said)
    caller.keys("0" + end).hears("Colleague.connect").reaches(line.switchboard)


@pytest.mark.parametrize("place", SINGLE)
def test_eight_is_slower_from_then_on_and_nine_is_goodbye(calling: "Calling", place: str):
    """Key 8 says once that it is slower now; these and all later words have four fifths of the pace."""
    _, said, end = PLACES[place]
    caller = at(calling, place).keys("8" + end).hears("Anytime.slower", *said)
    assert is_slow(caller)
    caller.keys("8" + end).hears(*said)
    assert is_slow(caller)
    caller.keys("9" + end).hears("Defendant.goodbye")
    assert is_slow(caller)
    caller.is_let_go()


def test_the_welcome_is_said_again_too(calling: "Calling"):
    """Key * at the first menu repeats the welcome before it."""
    calling().keys("*").hears("Defendant.welcome", "Defendant.main")


def test_a_digit_of_a_file_number_is_no_key_that_works_anytime(calling: "Calling"):
    """In a file number 0, 8 and 9 are digits like others."""
    calling("").keys("1").keys("430658").keys("98#").hears("ByPin.sorry", "ByPin.ask_pin")


def test_whoever_asked_for_a_person_leaves_the_pin_behind(calling: "Calling", line: "Line"):
    """Key 0 leaves the flow that asked for the PIN, and the PIN is wiped with that."""
    caller = calling().keys("1").keys("123456").hears("ByPin.ask_file")
    assert b'"123456"' in state(line, caller)
    caller.keys("0#").reaches(line.switchboard)
    assert b'"123456"' not in state(line, caller)


def state(line: "Line", caller: "Caller") -> bytes:
    """What the line remembers of the call, decrypted."""
    calls = open_repositories(Settings.read(line.environ)).calls
    kept = calls.snapshot(caller.phone.call_id)
    return b"" if kept is None else kept.state
