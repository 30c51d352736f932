"""Callers who are promised a call: on a number they heard, when the office works, and never forgotten."""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.tagor import StandIn
    from tests.calls.conftest import Caller, Calling
    from tests.conftest import FakeClock, Line

    Opening = Callable[..., Line]

AN = "20230118"
BOX, DESK = "telefoonberichten", "balie"
PROMISED = ("CallBack.told", "CallBack.number")
OVER = (*PROMISED, "Defendant.goodbye")
PEOPLE = {
    "nl": ("+32470000001", "482193", "20230118"),
    "fr": ("+32470000002", "150937", "20230219"),
    "de": ("+32470000003", "660214", "20230320"),
    "en": ("+32470000004", "907351", "20230421"),
}


@pytest.fixture
def wishing(line: "Line", calling_on: "Calling") -> "Callable[..., Caller]":
    """Somebody who wishes to be called back: An Peeters, proved to be her unless she is a `stranger`."""

    def call(on: "Line" = line, number: str = "+32470000001", *, stranger: bool = False) -> "Caller":
        on.tagor.hours("closed")
        caller = calling_on(on, number)
        if not stranger:
            caller.keys("1").keys("482193")
        return caller.keys("0").keys("1")

    return call


def read(tagor: "StandIn", clock: "FakeClock") -> None:
    """An employee reads every message there is."""
    with tagor.tagor.database.transaction():
        for message in tagor.tagor.messages.all():
            tagor.tagor.messages.toggle(message, clock.now().isoformat())


@pytest.mark.parametrize("language", PEOPLE)
def test_a_call_back_is_promised_and_stands_in_an_agenda(line: "Line", calling_on: "Calling", language: str):
    """Number and part of the day are read back; then a day, two hours, and the number once more."""
    number, pin, file = PEOPLE[language]
    line.tagor.hours("closed")
    caller = calling_on(line, number, language=language).keys("1").keys(pin).keys("0").keys("1")
    caller.hears("CallBack.same").keys("1").hears("CallBack.choose").keys("1").hears(*OVER).is_let_go()
    assert line.promises() == ["promised"]
    line.after()
    [entry] = line.tagor.agenda(file)
    assert (entry.login, entry.at) == (DESK, "2026-03-05T09:00:00.000")
    assert all(told in entry.text for told in (number, "05/03/2026", "09:00", "12:00", language))
    assert line.promises() == ["scheduled"]
    assert line.tagor.office_messages() == []


def test_what_is_promised_is_told_in_words(wishing: "Callable[..., Caller]"):
    """A day and two hours an employee can be held to."""
    caller = wishing().keys("1").keys("2").hears(*OVER)
    assert caller.told == {
        "call_day": "woensdag 4 maart",
        "call_from": "13 uur 30",
        "call_until": "17 uur",
        "call_number": "0 4 7, 0 0 0, 0 0 0 1",
    }


@pytest.mark.parametrize("generation", ["1.08"])
def test_an_older_tagor_gets_a_message_in_place_of_an_entry(
    wishing: "Callable[..., Caller]", line: "Line", generation: str
):
    """It takes no entries from outside: who would call reads it, with the file."""
    wishing().keys("1").keys("1").hears(*OVER)
    line.after()
    [message] = line.tagor.office_messages(AN)
    assert (message.receiver, generation) == (DESK, "1.08")
    assert "+32470000001" in message.text
    assert line.promises() == ["scheduled"]
    assert "CreateAgenda" not in line.asked()


@pytest.mark.parametrize("generation", ["1.08", "2.00"])
def test_a_strangers_call_back_stands_on_no_file(wishing: "Callable[..., Caller]", line: "Line"):
    """The number may be An's; nobody proved it is she: a message that belongs to no file."""
    wishing(stranger=True).keys("1").keys("1").hears(*OVER)
    line.after()
    [message] = line.tagor.office_messages()
    assert (message.receiver, message.file_id, message.sender_party) == (DESK, "", "")
    assert line.tagor.agenda() == []
    assert line.promises() == ["scheduled"]


def test_an_office_without_an_agenda_reads_it_in_the_box(
    open_line: "Opening", wishing: "Callable[..., Caller]"
):
    """Where the office file names no login for call-backs."""
    line = open_line(office={'\nuser = "balie"': '\nuser = ""'})
    wishing(line).keys("1").keys("1").hears(*OVER)
    line.after()
    assert [message.receiver for message in line.tagor.office_messages(AN)] == [BOX]


def test_an_office_that_names_nobody_promises_nobody_a_call(open_line: "Opening", calling_on: "Calling"):
    """Also when the wish comes from a plan that is too hard: a person, in place of a broken promise."""
    nobody = {'box = "Telefoonberichten"': 'box = ""', '\nuser = "balie"': '\nuser = ""'}
    line = open_line(office=nobody)
    caller = calling_on(line).keys("1").keys("482193").keys("2").keys("4").keys("2").hears("CallBack.same")
    caller.keys("1").keys("1").hears("Colleague.connect").reaches(line.switchboard)
    assert line.promises() == []


# On which number


def test_another_number_is_read_back_before_it_counts(wishing: "Callable[..., Caller]", line: "Line"):
    """Keyed in as people write it; the employee calls that one."""
    caller = wishing().keys("2").hears("CallBack.ask_number").keys("092660009#")
    caller.hears("CallBack.read_back")
    assert caller.told == {"call_number": "0 9 2, 6 6 0, 0 0 9"}
    caller.keys("1").hears("CallBack.choose").keys("1").hears(*OVER)
    line.after()
    [entry] = line.tagor.agenda(AN)
    assert "+3292660009" in entry.text
    assert "+32470000001" not in entry.text


def test_a_slip_in_the_number_can_be_mended(wishing: "Callable[..., Caller]"):
    """Key 2: once more from the start."""
    caller = wishing().keys("2").keys("092660009#").keys("2").hears("CallBack.ask_number")
    caller.keys("0478123456#").hears("CallBack.read_back")
    assert caller.told == {"call_number": "0 4 7, 8 1 2, 3 4 5 6"}


def test_a_withheld_number_is_asked_for(wishing: "Callable[..., Caller]", line: "Line"):
    """Nothing is shown, so nothing can be read back."""
    caller = wishing(number="", stranger=True).hears("CallBack.ask_number").keys("0478123456#")
    caller.keys("1").keys("1").hears(*OVER)
    line.after()
    [message] = line.tagor.office_messages()
    assert "+32478123456" in message.text


@pytest.mark.parametrize(
    "keyed", ["090212345", "070123456", "0033142685300", "000000000000000", "99999999999"]
)
def test_a_number_that_must_not_be_called_is_not_promised(
    wishing: "Callable[..., Caller]", line: "Line", keyed: str
):
    """A dear one, one abroad, no number at all: said so, and asked for another."""
    wishing().keys("2").keys(f"{keyed}#").hears("CallBack.unfit", "CallBack.ask_number")
    assert line.promises() == []


def test_a_callers_own_number_abroad_is_not_promised_either(wishing: "Callable[..., Caller]"):
    """The office calls Belgium only, unless its file says otherwise."""
    wishing(number="+33142685300", stranger=True).hears("CallBack.ask_number")


def test_an_office_may_call_abroad(open_line: "Opening", wishing: "Callable[..., Caller]"):
    """Then such a number is read back, sign by sign."""
    line = open_line(office={"# abroad = true": "abroad = true"})
    caller = wishing(line, "+33142685300", stranger=True).hears("CallBack.same")
    assert caller.told == {"call_number": "plus 3 3 1, 4 2 6, 8 5 3, 0 0"}


def test_too_short_a_number_ends_with_a_voicemail(wishing: "Callable[..., Caller]"):
    """Three times no number: the caller may say it after the tone instead."""
    caller = wishing().keys("2")
    for _ in range(2):
        caller.keys("0478#").hears("Anytime.wrong", "CallBack.ask_number")
    caller.keys("0478#").hears("Voicemail.purpose", "Voicemail.tape")


@pytest.mark.parametrize("keys", [(), ("1",), ("2",), ("2", "0478123456#")])
def test_silence_promises_nothing(wishing: "Callable[..., Caller]", line: "Line", keys: tuple[str, ...]):
    """At any of its questions: the hours, and goodbye."""
    caller = wishing()
    for one in keys:
        caller.keys(one)
    while caller.phone.state == "listening":
        caller.silent()
    caller.hears("LeaveWord.later", "Defendant.goodbye").is_let_go()
    line.after(hours=1)
    assert line.promises() == []
    assert line.tagor.agenda() + line.tagor.office_messages() == []


# At which time


BRUSSELS = ZoneInfo("Europe/Brussels")
WHEN = [
    ("2026-03-04T08:00", "1", "woensdag 4 maart", "9 uur"),  # a morning that is still wholly ahead
    ("2026-03-04T10:00", "1", "donderdag 5 maart", "9 uur"),  # this one has begun
    ("2026-03-04T18:00", "2", "donderdag 5 maart", "13 uur 30"),
    ("2026-03-06T18:00", "1", "maandag 9 maart", "9 uur"),  # over the weekend
    ("2026-04-03T18:00", "1", "dinsdag 7 april", "9 uur"),  # Easter Monday is none of the office's days
    ("2026-12-23T18:00", "1", "maandag 28 december", "9 uur"),  # a closure, Christmas, a weekend
    ("2026-03-27T18:00", "2", "maandag 30 maart", "13 uur 30"),  # summer time begins in between
]


@pytest.mark.parametrize(("at", "part", "day", "hour"), WHEN)
def test_a_call_is_promised_for_a_time_at_which_people_work(  # noqa: PLR0917 - a row of the table
    wishing: "Callable[..., Caller]", line: "Line", at: str, part: str, day: str, hour: str
):
    """The next such part of a day that is wholly ahead: never a weekend, a holiday or a closure."""
    moment = datetime.fromisoformat(at).replace(tzinfo=BRUSSELS)
    line.clock.move(seconds=(moment - line.clock.now()).total_seconds())
    caller = wishing().keys("1").keys(part).hears(*OVER)
    assert (caller.told["call_day"], caller.told["call_from"]) == (day, hour)


# Whether it was kept


def test_a_promise_is_kept_when_the_entry_is_done(wishing: "Callable[..., Caller]", line: "Line"):
    """An employee has called, and says so in the agenda."""
    wishing().keys("1").keys("2").hears(*OVER)
    line.after()
    [entry] = line.tagor.agenda(AN)
    line.tagor.finish(entry.job)
    line.after(hours=8)
    assert line.promises() == ["kept"]


def test_a_promise_is_missed_when_nobody_has_touched_it(wishing: "Callable[..., Caller]", line: "Line"):
    """It is looked at when its time is over, and not before."""
    wishing().keys("1").keys("2").hears(*OVER)
    line.after(hours=6)
    assert line.promises() == ["scheduled"]
    line.after(hours=2)
    assert line.promises() == ["missed"]


@pytest.mark.parametrize("seen", [True, False])
def test_a_message_that_was_read_is_a_promise_kept(
    wishing: "Callable[..., Caller]",
    line: "Line",
    seen: bool,  # noqa: FBT001 - a parameter
):
    """The nearest thing to an entry that a stranger's wish has."""
    wishing(stranger=True).keys("1").keys("2").hears(*OVER)
    line.after()
    if seen:
        read(line.tagor, line.clock)
    line.after(hours=8)
    assert line.promises() == ["kept" if seen else "missed"]


def test_a_promise_outlives_an_outage(wishing: "Callable[..., Caller]", line: "Line"):
    """Tagor is away in the very moment: it is told when it is back, once."""
    caller = wishing().keys("1")
    line.tagor.stop()
    caller.keys("2").hears(*OVER)
    line.after(hours=1)
    assert line.promises() == ["promised"]
    line.tagor.start()
    line.after(hours=2)
    assert (line.promises(), len(line.tagor.agenda(AN))) == (["scheduled"], 1)


@pytest.mark.parametrize("generation", ["1.08", "2.00"])
@pytest.mark.parametrize("fault", ["reset_after", "truncated", "status"])
@pytest.mark.parametrize("effect", ["done", "none"])
def test_a_reply_that_got_lost_makes_no_second_promise(
    wishing: "Callable[..., Caller]", line: "Line", generation: str, fault: str, effect: str
):
    """It is looked for by its reference before it is sent again: one in the end."""
    endpoint = "Message/Add" if generation == "1.08" else "Dossier/CreateAgenda"
    wishing().keys("1").keys("2").hears(*OVER)
    line.tagor.fault(endpoint, fault, effect=effect, times=1)
    line.after(hours=1)
    assert len(line.tagor.agenda(AN) + line.tagor.office_messages(AN)) == 1
    assert line.promises() == ["scheduled"]


def test_a_repeated_call_is_another_promise(wishing: "Callable[..., Caller]", line: "Line"):
    """Who calls again for the afternoon is promised that too: two calls, two entries."""
    wishing().keys("1").keys("1")
    wishing().keys("1").keys("2")
    line.after()
    assert sorted(entry.at[:16] for entry in line.tagor.agenda(AN)) == [
        "2026-03-04T13:30",
        "2026-03-05T09:00",
    ]
