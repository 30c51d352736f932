"""A person is dialled only for callers who ask or agree: everybody else hears why not, and goes on."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.calls.conftest import Calling, PlanLine
    from tests.shared_line import Line

NAMES = ("An Peeters", "Marie Dubois", "Klaus Schmitz", "Sarah Johnson")


@pytest.mark.parametrize("name", NAMES)
def test_two_wrong_keys_at_the_file_lead_to_the_main_menu(opened: "Calling", line: "Line", name: str):
    """In each language: it begins with the key of a person, and rings nobody by itself."""
    opened(name).keys("6").hears("Anytime.wrong", "Balance.choose").keys("6").hears("Defendant.main")
    assert line.asked("SetUserDossier") == []


@pytest.mark.parametrize("answer", ["2", ",", "5"])
def test_a_refused_plan_leads_back_to_the_file(plans: "PlanLine", answer: str):
    """The caller hears why there is none, and whoever does not want a person goes on."""
    caller = plans.call("Jan Mertens").keys("2").hears("PaymentPlan.refer", "Offer.choose")
    caller = caller.silent(2) if answer == "," else caller.keys(answer)
    if answer == "5":
        caller.hears("Anytime.wrong", "Offer.choose").keys("5")
    caller.hears("Balance.choose")


def test_a_refused_identification_leads_back_to_the_main_menu(calling: "Calling"):
    """After three rounds nobody is put through unasked; silence is no wish for a person either."""
    caller = calling("+32470999999").keys("1")
    for _ in range(3):
        caller.keys("000000").keys("99999999#")
    caller.hears("ByPin.spent", "Offer.choose").silent(2).hears("Defendant.main")


@pytest.mark.parametrize("answer", [",", "5"])
def test_who_has_no_pin_and_says_nothing_is_at_the_main_menu(calling: "Calling", answer: str):
    """The question about the PIN has offered a person already."""
    caller = calling("+32470999999").keys("1").keys("#").hears("ByPin.no_pin")
    if answer == "5":
        caller.keys("5").hears("Anytime.wrong", "ByPin.no_pin").keys("5").hears("Defendant.main")
    else:
        caller.silent(2).hears("Defendant.main")
