"""Callers with several files: how many, their numbers, and the way into another one by its own PIN."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Caller, Calling, PlanLine
    from tests.shared_line import Line

    Opening = Callable[..., Line]

LUC, LUC_PIN, LUC_PARTY = "20230522", "271828", "9000000000000001005"
SECOND, SECOND_PIN, SECOND_ID = "20230523", "314159", "9000000000000000051"
AN, AN_ID, AN_PARTY = "20230118", "9000000000000000001", "9000000000000001001"
TOLD = ("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")
LIST = ("OtherFiles.count", "OtherFiles.choose")
SIGNED = {"# open = true  ": 'open = true\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01  '}


def luc(calling_on: "Calling", line: "Line", language: str = "nl") -> "Caller":
    """Somebody with four files has opened one of them."""
    caller = calling_on(line, "+32470000005").keys("1").keys(LUC_PIN).keys(f"{LUC}#")
    if language == "nl":
        return caller
    return caller.keys("4").keys("4").keys("3").chooses(language).keys("1").keys(LUC_PIN).keys(f"{LUC}#")


def spoken(number: str) -> str:
    return f"{' '.join(number[:3])}, {' '.join(number[3:6])}, {' '.join(number[6:])}"


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_the_other_files_are_told_by_their_numbers(line: "Line", calling_on: "Calling", language: str):
    """How many, and two numbers at a time; after the last one the caller may name another file."""
    caller = luc(calling_on, line, language).keys("4").hears(*LIST)
    assert caller.told["others"] == "3"
    assert [caller.told["file_1"], caller.told["file_2"]] == [spoken("20230523"), spoken("20230524")]
    caller.no_longer_offered("OtherFiles.choose.2").keys("3").hears("OtherFiles.choose")
    assert caller.told["file_1"] == spoken("20230525")
    caller.keys("2").hears("Anytime.wrong", "OtherFiles.choose").keys("3").hears("ByPin.ask_pin")


def test_another_file_opens_by_its_own_pin(line: "Line", calling_on: "Calling"):
    """Its number need not be keyed in; its amount and its creditor are told as the first one's were."""
    caller = luc(calling_on, line).keys("4").keys("1").hears("OtherFile.ask_pin").keys(SECOND_PIN)
    caller.hears(*TOLD)
    assert (caller.told["number"], caller.told["creditor"]) == (spoken(SECOND), "Stad Aalst")
    assert set(line.notes()) == {"9000000000000000005", SECOND_ID}
    caller.keys("4").hears(*LIST)
    assert caller.told["file_1"] == spoken(LUC)


def test_the_pin_of_the_first_file_opens_no_other(line: "Line", calling_on: "Calling"):
    """Nothing of the other file is told, and after three wrong PINs a person helps."""
    caller = luc(calling_on, line).keys("4").keys("1").keys(LUC_PIN)
    caller.hears("OtherFile.sorry", "OtherFile.ask_pin").keys("111111")
    caller.hears("OtherFile.sorry", "OtherFile.ask_pin").keys("222222")
    caller.offered("OtherFile.spent").reaches(line.switchboard)
    assert line.notes() == ["9000000000000000005"]


def test_without_a_pin_the_caller_stays_at_the_file(line: "Line", calling_on: "Calling"):
    """The hash key, silence, and a wrong key at the list; key 4 leads to a message and the main menu."""
    caller = luc(calling_on, line).keys("4").keys("1").keys("#").hears("Balance.choose")
    caller.keys("4").keys("1").silent(3).hears("Balance.choose").keys("4").silent(2).hears("Balance.choose")
    caller.keys("4").keys("5").keys("5").hears("Balance.choose").keys("4").keys("4").hears("Elsewhere.choose")
    caller.keys("3").hears("Defendant.main")


def test_an_office_may_sign_that_one_pin_opens_all(open_line: "Opening", calling_on: "Calling"):
    """The party is the same, and Tagor is asked again whose file it is."""
    line = open_line(office=SIGNED)
    caller = luc(calling_on, line).keys("4").keys("1").hears(*TOLD)
    assert caller.told["number"] == spoken(SECOND)
    assert len(line.asked("PinToFile")) == 1


def test_a_signature_opens_no_file_that_is_not_the_partys(open_line: "Opening", calling_on: "Calling"):
    """Where Tagor says so no more, the PIN is asked."""
    line = open_line(office=SIGNED)
    caller = luc(calling_on, line).keys("4").hears(*LIST)
    line.tagor.fault("Dossier/GetByDefendant", "status", status=500)
    caller.keys("1").hears("OtherFile.ask_pin")


def test_whoever_has_one_file_hears_of_no_other(opened: "Calling", line: "Line"):
    """Nor when Tagor does not answer, nor of a file below that is somebody else's."""
    line.tagor.controls.add_row(
        "TDOSDOSWeb", AN_ID, {"TDOS_Id_Sub": "9000000000000000002", "Dossiernaam": "20230219"}
    )
    caller = opened().keys("4").hears("Elsewhere.choose").keys("5").keys("5")
    line.tagor.fault("Dossier/GetByDefendant", "status", status=500)
    caller.hears("Balance.choose").keys("4").hears("Elsewhere.choose").keys("3").hears("Defendant.main")


@pytest.mark.parametrize("name", ["An Peeters", "Marie Dubois", "Klaus Schmitz", "Sarah Johnson"])
def test_a_voice_message_is_left_from_the_file(plans: "PlanLine", name: str):
    """It reaches the people of the file, and the caller is back at the file."""
    caller = plans.call(name).keys("4").hears("Elsewhere.choose").keys("2").leaves(4)
    caller.hears("Voicemail.thanks", "Balance.choose").hangs_up()
    plans.line.after(minutes=1)
    assert plans.effects(name)["office message"] == 1


def test_a_message_that_would_reach_nobody_is_not_offered(plan_line: "Callable[..., PlanLine]"):
    """The office has no box for it, and promises no call-back."""
    plans = plan_line(office={'\nuser = "balie"': '\nuser = ""', 'box = "Telefoonberichten"': 'box = ""'})
    caller = plans.call(off=frozenset({"Elsewhere.choose.2"})).keys("4").hears("Elsewhere.choose")
    caller.keys("2").hears("Anytime.wrong", "Elsewhere.choose")


def test_an_office_switches_it_on(open_line: "Opening", calling_on: "Calling"):
    """Without [other_files] Tagor is not even asked."""
    line = open_line(office={"told = true  ": "told = false  "})
    luc(calling_on, line).keys("4").hears("Elsewhere.choose")
    assert line.asked("GetByDefendant") == []


@pytest.mark.parametrize("way", ["reference_pin", "house_number", "caller_number"])
def test_no_other_proof_tells_of_other_files(open_line: "Opening", calling_on: "Calling", way: str):
    """They are known to neighbours, or open the file behind one letter."""
    accepted = '\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01' if way != "reference_pin" else ""
    line = open_line(office={'way = "pin"': f'way = "{way}"{accepted}'})
    number = "+32470000001" if way == "caller_number" else "+32470000005"
    caller = calling_on(line, number).keys("1")
    keys = {"reference_pin": [LUC_PIN, "7700055#"], "house_number": ["7700055#", "88#"], "caller_number": []}
    for keyed in keys[way]:
        caller.keys(keyed)
    caller.keys("4").hears("Elsewhere.choose")
    assert line.asked("GetByDefendant") == []
