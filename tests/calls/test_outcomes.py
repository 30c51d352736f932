"""No transfer is in vain: it ends in a person, in a word left with the office, or in a spoken answer."""

from itertools import cycle, product
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.calls.conftest import Caller, Calling
    from tests.shared_line import Line

PEOPLE = {"nl": "+32470000001", "fr": "+32470000002", "de": "+32470000003", "en": "+32470000004"}
OUTCOMES = ("answered", "busy", "no-answer", "failed", "canceled", "rejected")
LATER = ("LeaveWord.later",)
DAYS = [
    (hours, tagor, language)
    for (hours, tagor), language in zip(
        product(["open", "closed", "unknown"], ["up", "down"]), cycle(PEOPLE), strict=False
    )
]


def leave_word(caller: "Caller", outcome: str) -> tuple[str, ...]:
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
            return LATER
        case "canceled":
            caller.silent(2)
            return LATER
        case _:
            caller.keys("2").hears("Voicemail.purpose", "Voicemail.tape").leaves(8)
            return ("Voicemail.thanks",)


def words_left(line: "Line") -> int:
    """Count what has reached the office's people."""
    return len(line.tagor.records.office_messages()) + len(line.tagor.records.agenda())


def reaches_a_colleague(caller: "Caller", line: "Line", outcome: str, *, closed: bool) -> bool:
    """Ask for a person; gives whether a colleague talked to the caller."""
    caller.keys("0")
    if closed:
        caller.hears("Colleague.closed_until", "LeaveWord.choose")
        return False
    caller.hears("Colleague.connect").reaches(line.switchboard)
    if outcome == "answered":
        caller.talks()
        return True
    caller.finds_nobody(outcome).hears("Colleague.nobody", "LeaveWord.choose")
    return False


@pytest.mark.parametrize(("hours", "tagor_is", "language"), DAYS)
def test_every_transfer_ends_in_a_person_a_word_left_or_a_spoken_answer(
    calling: "Calling", line: "Line", hours: str, tagor_is: str, language: str
):
    """After each of six ends of a transfer what a caller leaves arrives, also where Tagor was down."""
    line.tagor.controls.hours(hours)
    line.clock.move(hours=10 if hours == "closed" else 0)
    for outcome in OUTCOMES:
        before = words_left(line)
        caller = calling(PEOPLE[language], language=language)
        if tagor_is == "down":
            line.tagor.stop()
        words: tuple[str, ...] = ()
        if not reaches_a_colleague(caller, line, outcome, closed=hours == "closed"):
            words = leave_word(caller, outcome)
        caller.hears(*words, "Defendant.goodbye").is_let_go()
        line.tagor.start()
        line.after(minutes=5)
        assert words_left(line) - before == (words not in ((), LATER)), outcome
