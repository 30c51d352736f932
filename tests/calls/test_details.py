"""More about a file: what makes up the amount, where the file stands, the next hearing, who handles it."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.calls.conftest import Calling
    from tests.shared_line import Line

NAMES = ["An Peeters", "Marie Dubois", "Klaus Schmitz", "Sarah Johnson"]
PARTS = ("Details.parts", "Details.charges")
NAMED_BY = 259
"""The parameter by which an office decides how its files name their manager."""


@pytest.mark.parametrize("name", NAMES)
def test_the_amount_is_told_part_by_part_and_what_is_planned(opened: "Calling", name: str):
    """Then the caller is back at the menu of the file."""
    caller = opened(name).keys("3").keys("1")
    caller.hears(*PARTS, "Details.status", "Details.none", "Balance.choose")


def test_the_next_hearing_is_told_with_its_court(opened: "Calling"):
    """Day, time and court, in the caller's language."""
    caller = opened("Hans Becker").keys("3").keys("1")
    caller.hears(*PARTS, "Details.status", "Details.hearing", "Balance.choose")
    assert caller.told["hearing_on"] == "Dienstag, den vierten März 2031"
    assert caller.told["court"].startswith("Friedensgericht")


def test_a_hearing_without_a_time_is_told_by_its_day(opened: "Calling", line: "Line"):
    """Where and when stands in the letter."""
    row = {"TimeStampVerschijning": "2031-05-06T00:00:00.000"}
    line.tagor.controls.add_row("TDOSVERSCHIJNINGWeb", "9000000000000000001", row)
    caller = opened().keys("3").keys("1")
    caller.hears(*PARTS, "Details.status", "Details.day_only", "Balance.choose")


def test_the_manager_is_named_where_tagor_names_one(opened: "Calling", line: "Line"):
    """So that a caller knows whom to ask for."""
    line.tagor.controls.parameter(NAMED_BY, "id")
    caller = opened().keys("3").keys("1")
    caller.hears(*PARTS, "Details.status", "Details.none", "Details.manager", "Balance.choose")
    assert caller.told["manager"] == "An Verbeke"


@pytest.mark.parametrize("value", ['"1.234"', '"99.00"', "null"])
def test_parts_that_do_not_make_up_the_amount_are_not_told(opened: "Calling", line: "Line", value: str):
    """The caller heard one amount; parts that make up another one would be untrue."""
    line.tagor.fault("Dossier/GetBalances", "replace_fields", names=["Bedrag"], value=value)
    opened().keys("3").keys("1").hears("Details.status", "Details.none", "Balance.choose")


def test_what_tagor_does_not_answer_costs_its_own_sentence(opened: "Calling", line: "Line"):
    """Everything else is told, and the call goes on."""
    caller = opened()
    line.tagor.fault("Dossier/GetBalances", "status", status=500)
    line.tagor.fault("Dossier/GetAppearance", "status", status=500)
    caller.keys("3").keys("1").hears("Details.status", "Details.unknown", "Balance.choose")
    line.tagor.fault("Code/GetDescription", "status", status=500)
    line.tagor.fault("User/Get", "status", status=500)
    caller.keys("3").keys("1").hears("Details.status", "Details.unknown", "Balance.choose")


def test_a_file_is_asked_about_once_however_often_its_details_are_told(opened: "Calling", line: "Line"):
    """Creditor, payments, status and manager are one answer of Tagor's."""
    line.tagor.controls.parameter(NAMED_BY, "id")
    caller = opened().keys("3").keys("1").keys("3").keys("1")
    caller.hears(*PARTS, "Details.status", "Details.none", "Details.manager", "Balance.choose")
    assert len(line.asked("GetDosInfo")) == 1
