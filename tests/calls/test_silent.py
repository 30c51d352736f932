"""Callers who say nothing and press nothing."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.conftest import Line


def test_silence_at_the_menu_ends_with_a_person(calling: "Calling", line: "Line"):
    """Asked twice without an answer, the line connects: perhaps the caller cannot press keys at all."""
    caller = calling().silent()
    caller.hears("Anytime.silent", "Defendant.main").silent()
    caller.hears("Colleague.connect").reaches(line.switchboard)


def test_silence_at_the_pin_is_taken_for_no_pin(calling: "Calling"):
    """There is time to find the letter, three times over; then the way without a PIN."""
    caller = calling().keys("1").silent()
    caller.hears("ByPin.ask_pin silent", "ByPin.ask_pin").silent()
    caller.hears("ByPin.ask_pin silent", "ByPin.ask_pin").silent()
    caller.hears("ByPin.no_pin")


def test_silence_at_the_file_number_ends_with_a_person(calling: "Calling", line: "Line"):
    """As long a wait as for the PIN, and then somebody who can help."""
    caller = calling("+32470999999").keys("1").keys("482193").silent(2)
    caller.hears("ByPin.ask_file silent", "ByPin.ask_file").silent()
    caller.hears("Colleague.connect").reaches(line.switchboard)


def test_silence_without_a_pin_ends_with_a_person(calling: "Calling", line: "Line"):
    """Nobody is left between two questions."""
    caller = calling().keys("1").keys("#").silent()
    caller.hears("Anytime.silent", "ByPin.no_pin").silent()
    caller.hears("Colleague.connect").reaches(line.switchboard)


def test_silence_after_the_balance_leads_back_to_the_menu(opened: "Calling"):
    """Whoever has heard enough need not press anything."""
    opened().silent().hears("Anytime.silent", "Balance.choose").silent().hears("Defendant.main")


def test_silence_at_the_office_leads_back_to_the_menu(calling: "Calling"):
    """The office's menu waits twice, as every menu does."""
    calling().keys("2").silent().hears("Anytime.silent", "Office.choose").silent().hears("Defendant.main")


def test_silence_at_the_languages_leads_back_to_the_menu(calling: "Calling"):
    """The language stays what it was."""
    caller = calling("+32470000002", language="fr").keys("3").silent()
    caller.hears("Anytime.silent", "Defendant.language").silent().hears("Defendant.main")


def test_a_caller_who_is_silent_throughout_reaches_a_person(calling: "Calling", line: "Line"):
    """No call goes round for ever: even this one ends, and politely."""
    caller = calling()
    while caller.phone.state == "listening":
        caller.silent()
    caller.reaches(line.switchboard).finds_nobody().hears("Colleague.nobody", "LeaveWord.choose")
    caller.silent().hears("Anytime.silent", "LeaveWord.choose").silent()
    caller.hears("LeaveWord.later", "Defendant.goodbye").is_let_go()
