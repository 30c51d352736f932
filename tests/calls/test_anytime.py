"""Keys that mean the same at every question: 0 a person, 9 goodbye, * again, 8 slower."""

from typing import TYPE_CHECKING

import pytest

from bridge.app.create import open_repositories
from bridge.settings import Settings
from bridge.store.claim import Claimed

if TYPE_CHECKING:
    from tests.calls.conftest import Caller, Calling
    from tests.conftest import Line

# Where a caller can stand, the keys that lead there, what was said, and the key that ends a number.
PLACES = {
    "menu": ((), ("Defendant.main",), ""),
    "languages": (("3",), ("Defendant.language",), ""),
    "office": (("2",), ("Office.open_until", "Office.hours", "Office.address", "Office.choose"), ""),
    "pin": (("1",), ("ByPin.ask_pin",), "#"),
    "file": (("1", "000000"), ("ByPin.ask_file",), "#"),
    "no pin": (("1", "#"), ("ByPin.no_pin",), ""),
    "balance": (
        ("1", "482193"),
        ("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose"),
        "",
    ),
    "trust": (("4",), ("Trust.who", "Trust.account", "Trust.only", "Trust.choose"), ""),
    "post": (("1", "482193", "1"), ("Post.what",), ""),
    "way": (("1", "482193", "1", "1"), ("Post.choose",), ""),
    "text": (("1", "482193", "1", "1", "1"), ("Post.text",), ""),
    "mail": (("1", "482193", "1", "3"), ("Post.mail",), ""),
    "terms": (("1", "482193", "2"), ("Terms.choose",), ""),
    "own terms": (("1", "482193", "2", "3"), ("OwnTerms.choose",), ""),
    "hardship": (
        ("1", "482193", "2", "4"),
        ("Hardship.heard", "Hardship.counsel", "Hardship.choose"),
        "",
    ),
    "same number": (("1", "482193", "2", "4", "2"), ("CallBack.same",), ""),
    "number": (("1", "482193", "2", "4", "2", "2"), ("CallBack.ask_number",), "#"),
    "part of the day": (("1", "482193", "2", "4", "2", "1"), ("CallBack.choose",), ""),
    "read back": (("1", "482193", "2", "1", "1"), ("Agreement.chosen", "Agreement.read_back"), ""),
}
# A file number may be the single digit 8 or 9, so there these two are digits.
SINGLE = sorted(PLACES.keys() - {"file"})


def at(calling: "Calling", place: str) -> "Caller":
    caller = calling().keys("7") if place == "menu" else calling()
    for keys in PLACES[place][0]:
        caller.keys(keys)
    return caller


@pytest.mark.parametrize("place", PLACES)
def test_zero_is_a_person_everywhere(calling: "Calling", line: "Line", place: str):
    """Whatever is asked, 0 is enough."""
    at(calling, place).keys("0" + PLACES[place][2]).hears("Colleague.connect").reaches(line.switchboard)


@pytest.mark.parametrize("place", PLACES)
def test_star_says_it_all_again(calling: "Calling", place: str):
    """Not only the question: all that the turn before told."""
    _, said, end = PLACES[place]
    at(calling, place).keys("*" + end).hears(*said).keys("*" + end).hears(*said)


@pytest.mark.parametrize("place", SINGLE)
def test_nine_is_goodbye(calling: "Calling", place: str):
    """A caller may end the call as well as hang up."""
    at(calling, place).keys("9" + PLACES[place][2]).hears("Defendant.goodbye").is_let_go()


@pytest.mark.parametrize("place", SINGLE)
def test_eight_is_slower_from_here_on(calling: "Calling", place: str):
    """Said once that it is slower now; then these and all later words at four fifths of the pace."""
    _, said, end = PLACES[place]
    caller = at(calling, place).keys("8" + end).hears("Anytime.slower", *said)
    assert slow(caller)
    caller.keys("8" + end).hears(*said)
    assert slow(caller)
    caller.keys("0" + end).hears("Colleague.connect")
    assert slow(caller)


def test_the_first_words_again(calling: "Calling"):
    """The welcome is part of what is said again, too."""
    calling().keys("*").hears("Defendant.welcome", "Defendant.main")


def test_a_key_of_a_menu_is_not_an_anytime_key(calling: "Calling"):
    """In a file number 0, 8 and 9 are digits like others."""
    calling("").keys("1").keys("430658").keys("98#").hears("ByPin.sorry", "ByPin.ask_pin")


def test_whoever_asked_for_a_person_leaves_the_pin_behind(calling: "Calling", line: "Line"):
    """Key 0 leaves the flow that asked for the PIN, and what was sealed of it goes with that."""
    caller = calling().keys("1").keys("123456").hears("ByPin.ask_file")
    assert b'"123456"' in state(line, caller)
    caller.keys("0#").reaches(line.switchboard)
    assert b'"123456"' not in state(line, caller)


def state(line: "Line", caller: "Caller") -> bytes:
    """What the line remembers of the call, unsealed."""
    calls = open_repositories(Settings.read(line.environ)).calls
    taken = calls.claim(caller.phone.call_id, len(caller.phone.turns), line.clock.now())
    assert isinstance(taken, Claimed)
    calls.release(caller.phone.call_id, taken)
    return taken.state or b""


def slow(caller: "Caller") -> bool:
    body = caller.phone.turns[-1].body.decode()
    return body.count("<Say ") == body.count('<prosody rate="80%">')
