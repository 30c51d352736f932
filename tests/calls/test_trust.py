"""Callers who do not trust a letter, and callers who cannot pay: fixed words, and a person if they like."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Calling, PlanLine
    from tests.conftest import Line

PEOPLE = {"nl": "+32470000001", "fr": "+32470000002", "de": "+32470000003", "en": "+32470000004"}
NAMES = {
    "nl": "An Peeters",
    "fr": "Marie Dubois",
    "de": "Klaus Schmitz",
    "en": "Sarah Johnson",
}
TRUST = ("Trust.who", "Trust.account", "Trust.only", "Trust.choose")
HARD = ("Hardship.heard", "Hardship.counsel", "Hardship.choose")


@pytest.mark.parametrize("language", PEOPLE)
def test_a_letter_can_be_held_against_what_the_office_says(calling: "Calling", line: "Line", language: str):
    """Name, address, the one account number, and that there is no other; Tagor knows nothing of it."""
    line.tagor.clear_journal()
    caller = calling(PEOPLE[language], language=language).keys("4").hears(*TRUST)
    assert caller.told["account"] == "B E 6 8, 5 3 9 0, 0 7 5 4, 7 0 3 4"
    assert caller.told["office"] == "Gerechtsdeurwaarderskantoor De Proeve"
    assert set(line.asked()) <= {"ClipToFile", "KantoorOpen"}
    caller.keys("2").hears("Defendant.main")


def test_whoever_still_doubts_reaches_a_person(calling: "Calling", line: "Line"):
    """Who is told what it is about."""
    caller = calling().keys("4").keys("1").hears("Colleague.connect").reaches(line.switchboard).talks()
    caller.told_colleague("Whisper.nl", "Whisper.unknown", "Trust.topic", "Whisper.accept")
    caller.hears("Defendant.goodbye").is_let_go()


def test_who_doubts_and_finds_the_office_closed_leaves_word(calling: "Calling", line: "Line"):
    """And the call ends there."""
    line.tagor.hours("closed")
    caller = calling().keys("4").keys("1").hears("Colleague.closed_until", "LeaveWord.choose").keys("3")
    caller.hears("LeaveWord.later", "Defendant.goodbye").is_let_go()


def test_silence_and_wrong_keys_after_it(calling: "Calling", line: "Line"):
    """Silence leads back, whoever is lost reaches a person."""
    calling().keys("4").silent().hears("Anytime.silent", "Trust.choose").silent().hears("Defendant.main")
    caller = calling().keys("4").keys("5").hears("Anytime.wrong", "Trust.choose").keys("5")
    caller.hears("Colleague.connect").reaches(line.switchboard)


@pytest.mark.parametrize("known", ["+32470000001", "", "+32470999999"])
def test_it_says_the_same_to_everybody(calling: "Calling", known: str):
    """Known or not: nothing about any file, not even that there is one."""
    caller = calling(known).keys("4").hears(*TRUST)
    told = " ".join(heard.text for heard in caller.phone.last)
    assert not any(fact in told for fact in ("Stad Gent", "20230118", "Peeters"))


def test_an_office_may_leave_it_out(open_line: "Callable[..., Line]", calling_on: "Calling"):
    """Its key is gone from the menu."""
    line = open_line(office={'# switched_off = ["balance"]': 'switched_off = ["trust"]'})
    caller = calling_on(line, off=frozenset({"Defendant.main.4"}))
    caller.hears("Defendant.welcome", "Defendant.main").keys("4").hears("Anytime.wrong", "Defendant.main")


# I cannot pay


@pytest.mark.parametrize(("language", "name"), NAMES.items())
def test_who_cannot_pay_is_told_who_helps(plans: "PlanLine", language: str, name: str):
    """In the office's own words, in the caller's language; then a person, a call-back, or back."""
    caller = plans.call(name).keys("2").keys("4").hears(*HARD)
    assert ("OCMW" in caller.told["counselling"] or "CPAS" in caller.told["counselling"]) == (
        language != "de"
    )
    caller.keys("3").hears("Balance.choose")


def test_who_cannot_pay_may_speak_to_a_person(plans: "PlanLine"):
    """Who knows already that it is hard for them."""
    caller = plans.call().keys("2").keys("4").keys("1").reaches(plans.line.switchboard).talks()
    caller.told_colleague("Whisper.nl", "Whisper.known", "Hardship.topic", "Whisper.accept")


def test_who_cannot_pay_may_be_called_back(plans: "PlanLine"):
    """At a promised time; and the call goes on where it was."""
    caller = plans.call().keys("2").keys("4").keys("2").hears("CallBack.same").keys("1").keys("1")
    caller.hears("CallBack.told", "CallBack.number", "Balance.choose")
    plans.line.after()
    assert len(plans.tagor.agenda("20230118")) == 1


def test_who_wishes_no_call_back_after_all_is_back_at_the_menu(plans: "PlanLine"):
    """Silence at the number."""
    plans.call().keys("2").keys("4").keys("2").silent(2).hears("Balance.choose")


def test_who_keys_no_number_speaks_to_a_person(plans: "PlanLine"):
    """A voicemail is for when nobody is there."""
    caller = plans.call().keys("2").keys("4").keys("2").keys("2")
    caller.keys("1#").keys("1#").keys("1#").hears("Colleague.connect").reaches(plans.line.switchboard)


def test_who_says_nothing_more_is_not_left_alone(plans: "PlanLine"):
    """Silence after such a sentence: a person."""
    plans.call().keys("2").keys("4").silent(2).hears("Colleague.connect")


def test_an_office_that_names_nobody_who_helps(open_line: "Callable[..., Line]", calling_on: "Calling"):
    """Then that sentence is left out; everything else is offered."""
    line = open_line()
    sheet = line.offices / "demo.toml"
    before, head, _ = sheet.read_text("utf-8").partition("[counselling]")
    rest = head and "[hours]" + sheet.read_text("utf-8").partition("[hours]")[2]
    sheet.write_text(before + rest, "utf-8")
    line.start()
    caller = calling_on(line).keys("1").keys("482193").keys("2").keys("4")
    caller.hears("Hardship.heard", "Hardship.choose")


def test_hardship_is_noted_on_the_file(plans: "PlanLine"):
    """So that whoever opens it knows."""
    plans.call().keys("2").keys("4").keys("3").keys("9")
    plans.line.after()
    [note] = plans.tagor.info_lines("20230118")
    assert "moeilijk" in note.text
