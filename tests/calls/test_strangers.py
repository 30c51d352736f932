"""Callers without a number, without a PIN, or with neither: what there is for everybody."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.shared_line import Line

TOLD = ("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")


@pytest.mark.parametrize("shown", ["", "anonymous", "+266696687", "client:web", "+3290012345"])
def test_a_withheld_number_is_asked_for_the_file(calling: "Calling", line: "Line", shown: str):
    """The caller hears the same words as anybody, and Tagor is not asked whose number that might be."""
    caller = calling(shown).hears("Defendant.welcome", "Defendant.main").keys("1").hears("ByPin.ask_pin")
    caller.keys("430658").hears("ByPin.ask_file").keys("20240305#").hears(*TOLD)
    assert line.asked("ClipToFile") == []


def test_an_unknown_number_is_asked_for_the_file(calling: "Calling"):
    """Whoever has the letter may call from a neighbour's telephone."""
    calling("+32470999999").keys("1").keys("482193").hears("ByPin.ask_file").keys("20230118#").hears(*TOLD)


def test_without_a_pin_there_is_a_person_or_the_menu(calling: "Calling", line: "Line"):
    """Key # alone says that there is no PIN; the way on may be chosen by key or by word."""
    caller = calling().keys("1").keys("#").hears("ByPin.no_pin").keys("2").hears("Defendant.main").keys("3")
    caller.hears("Office.open_until", "Office.hours", "Office.address", "Office.choose")
    caller = calling().keys("1").keys("#").says("een medewerker graag")
    caller.hears("Colleague.connect").reaches(line.switchboard)


def test_a_file_number_proves_nothing(calling: "Calling", line: "Line"):
    """Whoever has found a letter hears nothing of the file without its PIN."""
    calling("").keys("1").keys("123456").keys("20230118#").hears("ByPin.sorry", "ByPin.ask_pin").hangs_up()
    assert set(line.asked()) == {"KantoorOpen", "PinToFile"}


def test_a_known_number_proves_nothing(calling: "Calling", line: "Line"):
    """Until the PIN fits, Tagor is asked only whose number it may be."""
    caller = calling().keys("1").keys("123456").hears("ByPin.ask_file").keys("2#")
    caller.hears("ByPin.sorry", "ByPin.ask_pin")
    assert set(line.asked()) == {"ClipToFile", "KantoorOpen", "PinToFile"}


def test_the_balance_is_not_told_to_the_next_person_at_the_telephone(calling: "Calling"):
    """Back in the main menu, the balance is asked for with a PIN again."""
    caller = calling().keys("1").keys("482193").hears(*TOLD).keys("4").keys("3").hears("Defendant.main")
    caller.keys("1").hears("ByPin.ask_pin")
