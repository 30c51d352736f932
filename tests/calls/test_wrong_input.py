"""Callers who say nothing, or press what was not offered: nobody is left between two questions."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.calls.conftest import Caller, Calling
    from tests.shared_line import Line

PERSON, MENU = ("Colleague.connect",), ("Defendant.main",)
# The keys that lead to a menu, its prompt, and where two silences and two wrong keys lead.
MENUS = {
    "main": ([], "Defendant.main", PERSON, PERSON),
    "no PIN": (["1", "#"], "ByPin.no_pin", PERSON, PERSON),
    "balance": (["1", "482193"], "Balance.choose", MENU, PERSON),
    "office": (["2"], "Office.choose", MENU, PERSON),
    "languages": (["3"], "Defendant.language", MENU, MENU),
    "trust": (["4"], "Trust.choose", MENU, PERSON),
}


def at(calling: "Calling", menu: str) -> "Caller":
    """Ring, and press the keys that lead to this menu."""
    caller = calling()
    for keys in MENUS[menu][0]:
        caller.keys(keys)
    return caller


@pytest.mark.parametrize("menu", MENUS)
def test_two_silences_or_two_wrong_keys_end_a_menu(calling: "Calling", menu: str):
    """The menu is said once more, and then the caller is led on: to a person, or back to the main menu."""
    _, prompt, silent, wrong = MENUS[menu]
    at(calling, menu).silent().hears("Anytime.silent", prompt).silent().hears(*silent)
    at(calling, menu).keys("7").hears("Anytime.wrong", prompt).keys("7").hears(*wrong)


@pytest.mark.parametrize(
    ("number", "keys", "prompt", "led_to"),
    [("+32470000001", [], "ByPin.ask_pin", ("ByPin.no_pin",)), ("", ["482193"], "ByPin.ask_file", PERSON)],
)
def test_three_silences_end_a_question(
    calling: "Calling", number: str, keys: list[str], prompt: str, led_to: tuple[str, ...]
):
    """There is time to look for the letter; then silence at the PIN means that there is none."""
    caller = calling(number).keys("1")
    for key in keys:
        caller.keys(key)
    for _ in range(2):
        caller.silent().hears(f"{prompt} silent", prompt)
    caller.silent().hears(*led_to)


def test_a_pin_of_another_length_is_not_shown_to_tagor(calling: "Calling", line: "Line"):
    """Only a whole PIN is worth one of the few tries that a file has."""
    caller = calling().keys("1").keys("4821#").hears("ByPin.ask_pin wrong", "ByPin.ask_pin")
    caller.keys("48*193").hears("ByPin.ask_pin wrong", "ByPin.ask_pin").keys("12#")
    caller.hears("Colleague.connect").reaches(line.switchboard)
    assert line.asked("PinToFile") == []


@pytest.mark.parametrize("number", ["12*34#", "1234567890123#", "A#", "#"])
def test_what_is_no_file_number_is_not_shown_to_tagor(calling: "Calling", line: "Line", number: str):
    """A letter, a star, too many digits and nothing at all are asked again, three times in all."""
    said = "silent" if number == "#" else "wrong"
    caller = calling("+32470999999").keys("1").keys("482193")
    for _ in range(2):
        caller.keys(number).hears(f"ByPin.ask_file {said}", "ByPin.ask_file")
    caller.keys(number).hears("Colleague.connect").reaches(line.switchboard)
    assert line.asked("PinToFile") == []


def test_slips_are_counted_by_kind_and_by_question(calling: "Calling"):
    """One silence and one wrong key are no two slips, and a question that was answered has none."""
    caller = calling().silent().keys("7").hears("Anytime.wrong", "Defendant.main").keys("1")
    caller.keys("12#").keys("12#").keys("#").keys("2").hears("Defendant.main")
    caller.keys("7").hears("Anytime.wrong", "Defendant.main")


def test_a_caller_who_is_silent_throughout_reaches_a_person(calling: "Calling", line: "Line"):
    """When nobody answers there either, the call ends with the hours and a goodbye."""
    caller = calling()
    while caller.phone.state == "listening":
        caller.silent()
    caller.reaches(line.switchboard).finds_nobody().hears("Colleague.nobody", "LeaveWord.choose")
    caller.silent().hears("Anytime.silent", "LeaveWord.choose").silent()
    caller.hears("LeaveWord.later", "Defendant.goodbye").is_let_go()
