"""Callers who do not trust a letter, and callers who cannot pay: fixed words, and a person if they like."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Calling, PlanLine
    from tests.shared_line import Line

AN = "+32470000001"
NAMES = {"nl": "An Peeters", "fr": "Marie Dubois", "de": "Klaus Schmitz", "en": "Sarah Johnson"}
COUNSELLING = {"nl": "OCMW", "fr": "CPAS", "de": "", "en": "OCMW"}
TRUST = ("Trust.who", "Trust.account", "Trust.mention", "Trust.only", "Trust.choose")
HARD = ("Hardship.heard", "Hardship.counsel", "Hardship.choose")


def test_a_letter_can_be_checked_against_what_the_office_says(calling: "Calling", line: "Line"):
    """The caller hears name, address and the one account number, and nothing is asked of Tagor."""
    line.tagor.clear_journal()
    caller = calling().keys("2").hears(*TRUST)
    assert caller.told["account"] == "B E 6 8, 5 3 9 0, 0 7 5 4, 7 0 3 4"
    assert caller.told["office"] == "Gerechtsdeurwaarderskantoor De Proeve"
    assert set(line.asked()) <= {"ClipToFile", "KantoorOpen"}
    caller.keys("2").hears("Defendant.main")


def test_a_caller_who_still_doubts_reaches_a_person(calling: "Calling", line: "Line"):
    """The colleague is told what it is about; in a closed office the caller may leave word."""
    caller = calling().keys("2").keys("1").hears("Colleague.connect").reaches(line.switchboard).talks()
    caller.told_colleague("Whisper.nl", "Whisper.unknown", "Trust.topic", "Whisper.accept")
    caller.hears("Defendant.goodbye").is_let_go()
    line.tagor.controls.hours("closed")
    calling().keys("2").keys("1").hears("Colleague.closed_until", "LeaveWord.choose")


def test_it_says_the_same_to_everybody(calling: "Calling"):
    """Whether the number is known or not, nothing is told about any file, not even that there is one."""
    told = [calling(number).keys("2").hears(*TRUST).phone.turns[-1].body for number in (AN, "")]
    assert told[0] == told[1]


def test_an_office_may_switch_it_off(open_line: "Callable[..., Line]", calling_on: "Calling"):
    """Its key is gone from the menu then."""
    line = open_line(office={'# switched_off = ["balance"]': 'switched_off = ["trust"]'})
    caller = calling_on(line, off=frozenset({"Defendant.main.2"}))
    caller.hears("Defendant.welcome", "Defendant.main").keys("2").hears("Anytime.wrong", "Defendant.main")


# I cannot pay


@pytest.mark.parametrize("language", NAMES)
def test_a_caller_who_cannot_pay_is_told_who_helps(plans: "PlanLine", language: str):
    """The office's own words name who helps, in the caller's language; then the call may go on."""
    caller = plans.call(NAMES[language]).keys("2").keys("4").hears(*HARD)
    assert COUNSELLING[language] in caller.told["counselling"]
    caller.no_longer_offered("Balance.choose.2").keys("3").hears("Balance.choose")


def test_a_caller_who_cannot_pay_may_speak_to_a_person(plans: "PlanLine"):
    """The colleague knows already that it is hard for the caller, and the note on the file says so."""
    caller = plans.call().keys("2").keys("4").keys("1").reaches(plans.line.switchboard).talks()
    caller.told_colleague("Whisper.nl", "Whisper.known", "Hardship.topic", "Whisper.accept")
    plans.line.after()
    [note] = plans.tagor.records.info_lines("20230118")
    assert "moeilijk" in note.text


def test_a_caller_who_cannot_pay_may_be_called_back(plans: "PlanLine"):
    """A time is promised, and the call goes on where it was; silence at the number promises nothing."""
    caller = plans.call().keys("2").keys("4").keys("2").hears("CallBack.same").silent(2)
    caller.no_longer_offered("Balance.choose.2").hears("Balance.choose")
    caller.keys("3").keys("3").keys("3").keys("2").keys("1").keys("1")
    caller.hears("CallBack.told", "CallBack.number", "Balance.choose")
    plans.line.after()
    assert len(plans.tagor.records.agenda("20230118")) == 1


def test_three_times_no_number_leads_to_a_person(plans: "PlanLine"):
    """A voicemail is for when nobody is there."""
    caller = plans.call().keys("2").keys("4").keys("2").keys("2")
    caller.keys("1#").keys("1#").keys("1#").hears("Colleague.connect").reaches(plans.line.switchboard)


def test_silence_after_these_words_leads_to_a_person(plans: "PlanLine"):
    """A caller who says nothing more is not left alone."""
    plans.call().keys("2").keys("4").silent(2).hears("Colleague.connect")


def test_an_office_that_names_nobody_who_helps(open_line: "Callable[..., Line]", calling_on: "Calling"):
    """That sentence is left out then, and everything else is offered."""
    line = open_line()
    sheet = line.offices / "demo.toml"
    before, head, after = sheet.read_text("utf-8").partition("[counselling]")
    assert head
    sheet.write_text(f"{before}[hours]{after.partition('[hours]')[2]}", "utf-8")
    line.start()
    caller = calling_on(line).keys("1").keys("482193").keys("2").keys("4")
    caller.hears("Hardship.heard", "Hardship.choose")
