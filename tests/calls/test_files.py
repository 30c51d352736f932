"""Callers with several files, and files with several people."""

from typing import TYPE_CHECKING

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.shared_line import Line

LUC = next(case for case in CASES if case.name == "Luc Janssens")
FIRST = ("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")
AN, MARIE = "9000000000000000001", "9000000000000000002"


def test_a_number_with_four_files_is_asked_which(calling: "Calling", line: "Line"):
    """A PIN is tried on three files at most; with four, Tagor is not asked before one is named."""
    caller = calling(LUC.phone).keys("1").keys(LUC.pin).hears("ByPin.ask_file")
    assert line.asked("PinToFile") == []
    caller.keys(f"{LUC.file}#").hears(*FIRST)


def test_each_file_has_its_pin_and_its_balance(calling: "Calling", line: "Line"):
    """In one call the caller is identified anew for each file, and hears of that one only."""
    caller = calling(LUC.phone).keys("1").keys(LUC.pin).keys(f"{LUC.file}#").hears(*FIRST)
    amounts = [caller.told["owed"]]
    for file in LUC.further:
        # Past the numbers that the line tells, the caller names the file.
        caller.keys("4").keys("3").keys("3").hears("ByPin.ask_pin").keys(file.pin)
        caller.hears("ByPin.ask_file").keys(f"{file.file}#")
        caller.hears(*FIRST)
        amounts.append(caller.told["owed"])
    assert len(set(amounts)) == 4
    assert line.notes() == [LUC.file_id, *(file.file_id for file in LUC.further)]


def test_the_pin_of_one_file_opens_no_other(calling: "Calling"):
    """A person's PIN of one file is wrong for their other files."""
    caller = calling(LUC.phone).keys("1").keys(LUC.pin).keys(f"{LUC.further[0].file}#")
    caller.hears("ByPin.sorry", "ByPin.ask_pin")


def test_going_back_to_a_file_asks_for_no_second_note(calling: "Calling", line: "Line"):
    """Every GetSaldo leaves a note, so a call asks once for each file, however often it is opened."""
    caller = calling().keys("1").keys("482193").hears(*FIRST)
    for _ in range(3):
        caller.keys("4").keys("1").keys("482193").hears(*FIRST)
        caller.keys("4").keys("3").keys("1").keys("482193").hears(*FIRST)
    assert line.notes() == [AN]


def test_a_second_file_that_is_not_opened_leaves_the_caller_a_stranger_to_it(
    calling: "Calling", line: "Line"
):
    """A caller who fails on another file ends with a person, and that file has no note."""
    caller = calling().keys("1").keys("482193").hears(*FIRST).keys("4").keys("1")
    for _ in range(2):
        caller.keys("000000").keys("20230219#").hears("ByPin.sorry", "ByPin.ask_pin")
    caller.keys("000000").keys("20230219#").offered("ByPin.spent")
    assert MARIE not in line.notes()


def test_a_shared_telephone_tells_each_only_their_own(calling: "Calling", line: "Line"):
    """Tagor names the first of two parties with one number; PIN and file number decide who calls."""
    caller = calling("+32470000006").keys("1").keys("846120").hears("ByPin.ask_file").keys("20230627#")
    caller.hears(*FIRST)
    assert line.notes() == ["9000000000000000007"]


def test_the_pin_says_which_of_three_defendants_calls(calling: "Calling", line: "Line"):
    """Each defendant of a file has a PIN, and the facts are asked for with that person's id."""
    calling("+32470000008").keys("1").keys("390471").hears(*FIRST)
    [facts] = [entry for entry in line.tagor.journal() if entry["operation"].endswith("GetDosInfo")]
    assert facts["fields"]["TPAR_Id"] == "9000000000000001081"
