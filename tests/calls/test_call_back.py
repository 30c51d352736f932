"""Callers who are promised a call: on a number they heard, when the office works, and never forgotten."""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Caller, Calling
    from tests.shared_line import Line

    Opening = Callable[..., Line]
    Wishing = Callable[..., Caller]

AN = "20230118"
BOX, DESK = "telefoonberichten", "balie"
PROMISED = ("CallBack.told", "CallBack.number", "Defendant.goodbye")
NO_DESK = {'\nuser = "balie"': '\nuser = ""'}
MARIE = ("+32470000002", "150937", "20230219")


@pytest.fixture
def wishing(line: "Line", calling_on: "Calling") -> "Wishing":
    """Bring An Peeters to the question for a number; a `stranger` has proved nothing."""

    def call(on: "Line" = line, number: str = "+32470000001", *, stranger: bool = False) -> "Caller":
        on.tagor.controls.hours("closed")
        caller = calling_on(on, number)
        if not stranger:
            caller.keys("1").keys("482193")
        return caller.keys("0").keys("1")

    return call


def test_a_call_back_is_promised_and_stands_in_an_agenda(line: "Line", calling_on: "Calling"):
    """Number and part of the day are read back; then the caller hears a day, two hours, and the number."""
    number, pin, file = MARIE
    line.tagor.controls.hours("closed")
    caller = calling_on(line, number, language="fr").keys("1").keys(pin).keys("0").keys("1")
    caller.hears("CallBack.same").keys("1").hears("CallBack.choose").keys("1").hears(*PROMISED).is_let_go()
    assert line.promises() == ["promised"]
    line.after()
    [entry] = line.tagor.records.agenda(file)
    assert (entry.login, entry.at) == (DESK, "2026-03-05T09:00:00.000")
    assert all(told in entry.text for told in (number, "05/03/2026", "09:00", "12:00", "fr"))
    assert line.promises() == ["scheduled"]
    assert line.tagor.records.office_messages() == []


def test_the_promise_is_told_in_words(wishing: "Wishing"):
    """The caller hears a day and two hours that an employee can be held to."""
    caller = wishing().keys("1").keys("2").hears(*PROMISED)
    assert caller.told == {
        "call_day": "vandaag",
        "call_from": "13 uur 30",
        "call_until": "17 uur",
        "call_number": "0 4 7 0, 0 0, 0 0, 0 1",
    }


def test_an_office_that_names_nobody_promises_nobody_a_call(open_line: "Opening", calling_on: "Calling"):
    """Also after a plan that is too hard the caller reaches a person, in place of a promise nobody keeps."""
    line = open_line(office={'box = "Telefoonberichten"': 'box = ""', **NO_DESK})
    caller = calling_on(line).keys("1").keys("482193").keys("2").keys("4").keys("2").hears("CallBack.same")
    caller.keys("1").keys("1").hears("Colleague.connect").reaches(line.switchboard)
    assert line.promises() == []


# On which number


def test_another_number_is_read_back_before_it_counts(wishing: "Wishing", line: "Line"):
    """A caller may correct a slip; the employee calls the number that was confirmed, not the caller's own."""
    caller = wishing().keys("2").hears("CallBack.ask_number").keys("092660008#").hears("CallBack.read_back")
    caller.keys("2").hears("CallBack.ask_number").keys("092660009#").hears("CallBack.read_back")
    assert caller.told == {"call_number": "0 9 2, 6 6 0, 0 0 9"}
    caller.keys("1").hears("CallBack.choose").keys("1").hears(*PROMISED)
    line.after()
    [entry] = line.tagor.records.agenda(AN)
    assert "+3292660009" in entry.text
    assert "+32470000001" not in entry.text


@pytest.mark.parametrize("number", ["", "+33142685300"])
def test_a_withheld_or_foreign_number_is_asked_for(wishing: "Wishing", line: "Line", number: str):
    """Nothing can be read back, or the office does not call there: the caller keys in another."""
    caller = wishing(number=number, stranger=True).hears("CallBack.ask_number").keys("0478123456#")
    caller.keys("1").keys("1").hears(*PROMISED)
    line.after()
    [message] = line.tagor.records.office_messages()
    assert "+32478123456" in message.text


@pytest.mark.parametrize(
    ("keyed", "why"),
    [
        ("090212345", "CallBack.unfit"),
        ("000000000000000", "CallBack.unfit"),
        ("0033142685300", "CallBack.abroad"),
    ],
)
def test_a_number_that_must_not_be_called_is_not_promised(
    wishing: "Wishing", line: "Line", keyed: str, why: str
):
    """A premium number, one abroad and what is no number are refused with the reason, and asked again."""
    wishing().keys("2").keys(f"{keyed}#").hears(why, "CallBack.ask_number")
    assert line.promises() == []


def test_the_third_number_that_cannot_be_called_is_the_last(wishing: "Wishing", line: "Line"):
    """The caller can leave a voicemail then, and does not key in the same number without end."""
    caller = wishing().keys("2")
    for _ in range(2):
        caller.keys("0033612345678#").hears("CallBack.abroad", "CallBack.ask_number")
    caller.keys("0033612345678#").hears("CallBack.given_up", "Voicemail.purpose", "Voicemail.tape")
    assert line.promises() == []


def test_a_caller_who_changes_the_number_again_and_again_is_led_on(wishing: "Wishing"):
    """After four numbers the caller can leave a voicemail."""
    caller = wishing().keys("2")
    for _ in range(4):
        caller.keys("0478123456#").hears("CallBack.read_back").keys("2")
    caller.keys("0478123456#").hears("CallBack.given_up", "Voicemail.purpose", "Voicemail.tape")


def test_an_office_may_call_abroad(open_line: "Opening", wishing: "Wishing"):
    """Then such a number is read back, sign by sign."""
    line = open_line(office={"# abroad = true": "abroad = true"})
    caller = wishing(line, "+33142685300", stranger=True).hears("CallBack.same")
    assert caller.told == {"call_number": "plus 3 3 1, 4 2 6, 8 5 3, 0 0"}


def test_three_times_no_number_ends_with_a_voicemail(wishing: "Wishing"):
    """The caller may say the number after the tone instead."""
    caller = wishing().keys("2")
    for _ in range(2):
        caller.keys("0478#").hears("Anytime.wrong", "CallBack.ask_number")
    caller.keys("0478#").hears("Voicemail.purpose", "Voicemail.tape")


@pytest.mark.parametrize("keys", [(), ("1",), ("2",), ("2", "0478123456#")])
def test_silence_promises_nothing(wishing: "Wishing", line: "Line", keys: tuple[str, ...]):
    """A caller who falls silent at any of the questions hears the hours and goodbye."""
    caller = wishing()
    for one in keys:
        caller.keys(one)
    while caller.phone.state == "listening":
        caller.silent()
    caller.hears("LeaveWord.later", "Defendant.goodbye").is_let_go()
    line.after(hours=1)
    assert line.promises() == []
    assert line.tagor.records.agenda() + line.tagor.records.office_messages() == []


# At which time


BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize(
    ("at", "part", "day", "hour"),
    [
        ("2026-03-04T08:00", "1", "vandaag", "9 uur"),  # a morning that is still wholly ahead
        ("2026-03-04T10:00", "1", "morgen", "9 uur"),  # this one has begun
        ("2026-04-03T18:00", "1", "op dinsdag 7 april", "9 uur"),  # a weekend and Easter Monday in between
        ("2026-12-23T18:00", "1", "op maandag 28 december", "9 uur"),  # a closure, Christmas, a weekend
        ("2026-03-27T18:00", "2", "op maandag 30 maart", "13 uur 30"),  # summer time begins in between
    ],
)
def test_a_call_is_promised_for_a_time_at_which_people_work(  # noqa: PLR0917 - a row of the table
    wishing: "Wishing", line: "Line", at: str, part: str, day: str, hour: str
):
    """It is the next such part of a day that is wholly ahead, never a weekend, a holiday or a closure."""
    moment = datetime.fromisoformat(at).replace(tzinfo=BRUSSELS)
    line.clock.move(seconds=(moment - line.clock.now()).total_seconds())
    caller = wishing().keys("1").keys(part).hears(*PROMISED)
    assert (caller.told["call_day"], caller.told["call_from"]) == (day, hour)


# Whether it was kept
