"""Callers who press what was not offered."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.conftest import Line


def test_a_key_that_is_not_offered_is_asked_about_once(calling: "Calling", line: "Line"):
    """The second time there is a person instead of a third list of keys."""
    caller = calling().keys("7").hears("Anytime.wrong", "Defendant.main").keys("6")
    caller.hears("Colleague.connect").reaches(line.switchboard)


def test_a_pin_that_is_too_short_is_not_shown_to_tagor(calling: "Calling", line: "Line"):
    """Only a whole PIN is worth one of the few tries a file has."""
    caller = calling().keys("1").keys("4821#").hears("ByPin.ask_pin wrong", "ByPin.ask_pin")
    caller.keys("48*193").hears("ByPin.ask_pin wrong", "ByPin.ask_pin").keys("12#")
    caller.hears("Colleague.connect").reaches(line.switchboard)
    assert line.asked("PinToFile") == []


@pytest.mark.parametrize("number", ["12*34#", "1234567890123#", "A#", "#"])
def test_what_is_no_file_number_is_not_shown_to_tagor(calling: "Calling", line: "Line", number: str):
    """A letter, a star, too many digits, nothing at all: asked again, three times in all."""
    said = "silent" if number == "#" else "wrong"
    caller = calling("+32470999999").keys("1").keys("482193")
    for _ in range(2):
        caller.keys(number).hears(f"ByPin.ask_file {said}", "ByPin.ask_file")
    caller.keys(number).hears("Colleague.connect").reaches(line.switchboard)
    assert line.asked("PinToFile") == []


def test_wrong_keys_after_the_balance_reach_a_person(opened: "Calling", line: "Line"):
    """Somebody who is lost in a menu is not kept there."""
    caller = opened().keys("6").hears("Anytime.wrong", "Balance.choose").keys("6")
    caller.hears("Colleague.connect").reaches(line.switchboard)


def test_wrong_keys_at_the_office_reach_a_person(calling: "Calling", line: "Line"):
    """As everywhere."""
    caller = calling().keys("2").keys("5").hears("Anytime.wrong", "Office.choose").keys("#")
    caller.hears("Anytime.silent", "Office.choose").keys("5")
    caller.hears("Colleague.connect").reaches(line.switchboard)


def test_wrong_keys_at_the_languages_lead_back_to_the_menu(calling: "Calling"):
    """There is no fifth language; the one spoken so far goes on."""
    calling().keys("3").keys("5").hears("Anytime.wrong", "Defendant.language").keys("5").hears(
        "Defendant.main"
    )


def test_wrong_keys_without_a_pin_reach_a_person(calling: "Calling", line: "Line"):
    """Without a PIN there are two ways on, and both are said again."""
    caller = calling().keys("1").keys("#").keys("3").hears("Anytime.wrong", "ByPin.no_pin").keys("3")
    caller.reaches(line.switchboard)


def test_two_kinds_of_trouble_are_counted_apart(calling: "Calling"):
    """One silence and one wrong key are no reason to give up on a caller."""
    calling().silent().keys("7").hears("Anytime.wrong", "Defendant.main")


def test_a_question_answered_wipes_what_went_wrong_before(calling: "Calling"):
    """Slips are counted per question, not per call."""
    caller = calling().keys("7").keys("1").keys("12#").keys("12#").keys("#").keys("2").hears("Defendant.main")
    caller.keys("7").hears("Anytime.wrong", "Defendant.main")
