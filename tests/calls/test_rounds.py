"""Callers who give the same vain answer again and again are led on after at most four rounds."""

import re
from typing import TYPE_CHECKING

import pytest

import voice_flows
from bridge.flow.steps import Ask
from bridge.speech import Catalogue
from voice_flows import CALL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bridge.simulators.provider.phone import Phone
    from tests.shared_line import Line

MAX_ROUNDS = 4
ACCEPTED = '\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'
REFERENCE = {'way = "pin"': 'way = "reference_pin"'}
HOUSE = {'way = "pin"': f'way = "house_number"{ACCEPTED}'}
ASKING = {"# questions = {": "questions = {"}
QUESTIONS = ["1", "482193", "3", "3", "4", "1", "1", "1"]
"""As far as the question for an amount, with two answers before it."""
PLAN, CALL_BACK = ["1", "482193", "2"], ["0", "1", "2"]
# The office, the keys that lead there, what is answered to each question, and the question that comes again.
ROUNDS: dict[str, tuple[dict[str, str], list[str], dict[str, str], str]] = {
    "a wrong PIN": ({}, ["1"], {"ByPin.ask_pin": "000000", "ByPin.ask_file": "20230118#"}, "ByPin.ask_pin"),
    "a PIN that is none": ({}, ["1"], {"ByPin.ask_pin": "1#"}, "ByPin.ask_pin"),
    "no file number": ({}, ["1", "000000"], {"ByPin.ask_file": "*1#"}, "ByPin.ask_file"),
    "a wrong PIN to a reference": (
        REFERENCE,
        ["1"],
        {"ByReference.ask_pin": "000000", "ByReference.ask_reference": "7700011#"},
        "ByReference.ask_pin",
    ),
    "no reference": (
        REFERENCE,
        ["1", "482193"],
        {"ByReference.ask_reference": "*1#"},
        "ByReference.ask_reference",
    ),
    "a wrong house number to a PIN": (
        REFERENCE,
        ["1", "390475", "7700088#"],
        {"ByReference.ask_house": "123456#"},
        "ByReference.ask_house",
    ),
    "a wrong house number": (
        HOUSE,
        ["1"],
        {"ByHouseNumber.ask_reference": "7700011#", "ByHouseNumber.ask_house": "99#"},
        "ByHouseNumber.ask_house",
    ),
    "a reference that is none": (
        HOUSE,
        ["1"],
        {"ByHouseNumber.ask_reference": "*1#"},
        "ByHouseNumber.ask_reference",
    ),
    "too low an amount": (
        {},
        [*PLAN, "3"],
        {"OwnTerms.choose": "1", "OwnTerms.ask_amount": "5#"},
        "OwnTerms.ask_amount",
    ),
    "too many months": (
        {},
        [*PLAN, "3"],
        {"OwnTerms.choose": "2", "OwnTerms.ask_months": "99#"},
        "OwnTerms.ask_months",
    ),
    "a day that no month has": ({}, [*PLAN, "1", "2"], {"StartDate.ask_day": "32#"}, "StartDate.ask_day"),
    "a number abroad": ({}, CALL_BACK, {"CallBack.ask_number": "0033612345678#"}, "CallBack.ask_number"),
    "a premium number": ({}, CALL_BACK, {"CallBack.ask_number": "090212345#"}, "CallBack.ask_number"),
    "a number that is not confirmed": (
        {},
        CALL_BACK,
        {"CallBack.ask_number": "0478123456#", "CallBack.read_back": "2"},
        "CallBack.read_back",
    ),
    "a mobile that is none": (
        {},
        ["1", "482193", "3", "3", "2"],
        {"Contact.ask_mobile": "021234567#"},
        "Contact.ask_mobile",
    ),
    "a wrong PIN of another file": (
        {},
        ["1", "271828", "20230522#", "4", "1"],
        {"OtherFile.ask_pin": "000000"},
        "OtherFile.ask_pin",
    ),
    "an amount that is none": (
        ASKING,
        QUESTIONS,
        {"Question.ask_amount": "1*#", "Question.read_amount": "1"},
        "Question.ask_amount",
    ),
    "a number that is none": (
        ASKING,
        [*QUESTIONS, "1#", "1", "1#", "1"],
        {"Question.ask_number": "1*#", "Question.read_number": "1"},
        "Question.ask_number",
    ),
    "a number of another letter": (
        {"# pin_scheme = true": "pin_scheme = true", "# slips = true": "slips = true"},
        ["1", "482193", "1", "4"],
        {"Slip.ask_barcode": "2000009990#"},
        "Slip.ask_barcode",
    ),
}


QUESTIONS = {prompt for _, _, answers, _ in ROUNDS.values() for prompt in answers}
PROMPTS = Catalogue.load(voice_flows.PROMPTS).prompts("nl")


def question(phone: "Phone", prompts: "Iterable[str]") -> str:
    """The one of these questions that the caller has just heard; empty for none."""
    said = "\n".join(one.text for one in phone.last)
    words = {
        prompt: [
            ".+".join(map(re.escape, part.pieces[::2])).strip() for part in PROMPTS[prompt].parts.values()
        ]
        for prompt in prompts
    }
    return next((prompt for prompt in prompts if any(re.search(one, said) for one in words[prompt])), "")


def test_every_question_of_every_flow_is_answered_in_vain_here():
    """A new question needs a round of its own in this table."""
    asks = {
        f"{name}.{step}"
        for name, flow in CALL.flows.items()
        for step in flow.steps
        if isinstance(flow.steps[step], Ask)
    }
    assert asks - QUESTIONS == set()


@pytest.mark.parametrize("name", ROUNDS)
def test_the_same_vain_answer_leads_on_after_at_most_four_rounds(open_line: "Callable[..., Line]", name: str):
    """The question comes at most four times; then the caller is at another place, or reaches a person."""
    office, keys, answers, again = ROUNDS[name]
    line = open_line(office=office)
    if keys == CALL_BACK:
        line.tagor.controls.hours("closed")
    phone = line.phone("" if "file" in name else "+32470000001").ring()
    for key in keys:
        phone.press(key)
    rounds = 0
    while phone.state == "listening" and (asked := question(phone, answers)):
        rounds += asked == again
        assert rounds <= MAX_ROUNDS, f"{again} was asked {rounds} times"
        phone.press(answers[asked])
    assert rounds > 1, [one.text for one in phone.last]
