"""Callers who say nothing, or press what was not offered: nobody is left between two questions."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.shared_line import Line

PERSON, MENU = ("Colleague.connect",), ("Defendant.main",)


def test_a_pin_of_another_length_is_not_shown_to_tagor(somebody: "Calling", line: "Line"):
    """Only a whole PIN is worth one of the few tries that a file has."""
    caller = somebody().keys("1").keys("4821#").hears("ByPin.ask_pin wrong", "ByPin.ask_pin")
    caller.keys("48*193").hears("ByPin.ask_pin wrong", "ByPin.ask_pin").keys("12#")
    caller.offered().reaches(line.switchboard)
    assert line.asked("PinToFile") == []


@pytest.mark.parametrize("number", ["12*34#", "1234567890123#", "A#", "#"])
def test_what_is_no_file_number_is_not_shown_to_tagor(calling: "Calling", line: "Line", number: str):
    """A letter, a star, too many digits and nothing at all are asked again, three times in all."""
    said = "silent" if number == "#" else "wrong"
    caller = calling("+32470999999").keys("1").keys("482193")
    for _ in range(2):
        caller.keys(number).hears(f"ByPin.ask_file {said}", "ByPin.ask_file")
    caller.keys(number).offered().reaches(line.switchboard)
    assert line.asked("PinToFile") == []


@pytest.mark.parametrize("mistake", ["silent", "wrong"])
def test_the_first_mistake_at_a_menu_tells_how_to_hear_it_more_slowly(somebody: "Calling", mistake: str):
    """Once, and not to whoever listens slowly already."""
    caller = somebody()
    caller = caller.silent() if mistake == "silent" else caller.keys("A")
    caller.hears(f"Anytime.{mistake}", "Anytime.key_slower", "Defendant.main").keys("*")
    caller.keys("1").silent().keys("12#").keys("0#")
    caller = somebody().keys("8").silent()
    assert len(caller.phone.last) == len(caller.hears("Anytime.silent", "Defendant.main").phone.last)


@pytest.mark.parametrize("mistake", ["silent", "wrong"])
def test_the_first_mistake_at_a_question_tells_how_to_reach_a_person(somebody: "Calling", mistake: str):
    """Key 0 alone would be waited for until the input is over, so the hash key is told with it."""
    caller, said = somebody().keys("1"), f"ByPin.ask_pin {mistake}"
    for help_told in (("Anytime.key_person",), ()):
        caller = caller.silent() if mistake == "silent" else caller.keys("12#")
        caller.hears(said, *help_told, "ByPin.ask_pin")
        assert len(caller.phone.last) == 2 + len(help_told)
    caller.keys("0#").hears("Colleague.connect")


def test_a_caller_who_is_silent_throughout_reaches_a_person(somebody: "Calling", line: "Line"):
    """When nobody answers there either, the call ends with the hours and a goodbye."""
    caller = somebody()
    while caller.phone.state == "listening":
        caller.silent()
    caller.reaches(line.switchboard).finds_nobody().hears("Colleague.nobody", "LeaveWord.choose")
    caller.silent().hears("Anytime.silent", "LeaveWord.choose").silent()
    caller.hears("LeaveWord.later", "Defendant.goodbye").is_let_go()
