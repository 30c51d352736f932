"""Six ways to end a transfer, four languages, open, closed or unknown, Tagor there or away: none in vain."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.calls.conftest import Caller, Calling
    from tests.conftest import Line

PEOPLE = {"nl": "+32470000001", "fr": "+32470000002", "de": "+32470000003", "en": "+32470000004"}
OUTCOMES = ("answered", "busy", "no-answer", "failed", "canceled", "rejected")


def leaves_word(caller: "Caller", outcome: str) -> tuple[str, ...]:
    """Do one of the things that are offered when nobody is there; gives what is heard before goodbye."""
    match outcome:
        case "busy":
            caller.keys("1").hears("CallBack.same").keys("1").hears("CallBack.choose").keys("2")
            return "CallBack.told", "CallBack.number"
        case "rejected":
            caller.keys("1").keys("2").hears("CallBack.ask_number").keys("0478123456#").keys("1").keys("1")
            return "CallBack.told", "CallBack.number"
        case "failed":
            caller.keys("3")
            return ("LeaveWord.later",)
        case "canceled":
            caller.silent(2)
            return ("LeaveWord.later",)
        case _:
            caller.keys("2").hears("Voicemail.purpose", "Voicemail.tape").leaves(8)
            return ("Voicemail.thanks",)


def left(line: "Line") -> int:
    """How much has reached the office's people."""
    return len(line.tagor.office_messages()) + len(line.tagor.agenda())


def unreachable(caller: "Caller", line: "Line", outcome: str, *, closed: bool) -> bool:
    """Ask for a person; whether the caller has to leave word instead."""
    caller.keys("0")
    if closed:
        caller.hears("Colleague.closed_until", "LeaveWord.choose")
        return True
    caller.hears("Colleague.connect").reaches(line.switchboard)
    if outcome == "answered":
        caller.talks()
        return False
    caller.finds_nobody(outcome).hears("Colleague.nobody", "LeaveWord.choose")
    return True


@pytest.mark.parametrize("tagor_is", ["up", "down"])
@pytest.mark.parametrize("hours", ["open", "closed", "unknown"])
@pytest.mark.parametrize("language", PEOPLE)
def test_every_transfer_ends_in_a_person_a_word_left_or_a_spoken_answer(
    calling: "Calling", line: "Line", language: str, hours: str, tagor_is: str
):
    """And whatever was left reaches somebody, if need be when Tagor is there again."""
    line.tagor.hours(hours)
    line.clock.move(hours=10 if hours == "closed" else 0)
    for outcome in OUTCOMES:
        before = left(line)
        caller = calling(PEOPLE[language], language=language)
        if tagor_is == "down":
            line.tagor.stop()
        words: tuple[str, ...] = ()
        if unreachable(caller, line, outcome, closed=hours == "closed"):
            words = leaves_word(caller, outcome)
        caller.hears(*words, "Defendant.goodbye").is_let_go()
        line.tagor.start()
        line.after(minutes=5)
        assert left(line) - before == (bool(words) and words != ("LeaveWord.later",)), outcome
