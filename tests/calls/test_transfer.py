"""Callers who want a person: who is rung, what they are told first, and what if nobody comes."""

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor.staff import Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Calling
    from tests.conftest import Line

    Opening = Callable[..., Line]

PEOPLE = {"nl": "+32470000001", "fr": "+32470000002", "de": "+32470000003", "en": "+32470000004"}
AN, AN_CALLS = "9000000000000000001", "+32470000001"
MANAGER = "+3220000011"
NAMED_BY = 259
"""The parameter by which an office decides how its files name their manager."""
SIP = "sip:desk@pbx.example.be;transport=tls"
WITH_SIP = {"# sip = ": "sip = "}


@pytest.mark.parametrize("language", PEOPLE)
@pytest.mark.parametrize("why", ["busy", "no-answer", "failed", "canceled", "rejected"])
def test_a_transfer_in_vain_leaves_a_choice(calling: "Calling", line: "Line", why: str, language: str):
    """However the transfer failed, the caller may be called back or leave word, and is told the hours."""
    caller = calling(PEOPLE[language], language=language).keys("0")
    caller.hears("Colleague.connect").reaches(line.switchboard).finds_nobody(why)
    caller.hears("Colleague.nobody", "LeaveWord.choose").keys("3")
    caller.hears("LeaveWord.later", "Defendant.goodbye").is_let_go()


@pytest.mark.parametrize("language", PEOPLE)
def test_after_the_talk_comes_goodbye(calling: "Calling", line: "Line", language: str):
    """When the colleague has hung up the line does not begin anew."""
    caller = calling(PEOPLE[language], language=language).keys("0").reaches(line.switchboard).talks()
    caller.hears("Defendant.goodbye").is_let_go()


def test_the_colleague_sees_the_offices_number(calling: "Calling", line: "Line"):
    """A Belgian network blocks a foreign line that shows a caller's own number."""
    caller = calling().keys("0")
    assert caller.phone.waiting.verb.get("callerId") == line.switchboard
    assert caller.phone.waiting.verb.get("timeLimit") == "3600"
    assert caller.phone.waiting.verb.get("timeout") == "25"


def test_a_caller_who_hangs_up_while_it_rings_is_forgotten(calling: "Calling", line: "Line"):
    """The provider still tells how the ringing ended; nobody is there to hear the answer."""
    caller = calling().keys("0").reaches(line.switchboard)
    caller.hangs_up()
    assert caller.phone.callbacks[-1]["CallStatus"] == "completed"
    assert caller.phone.faults == []


# Whose telephone rings


@pytest.mark.parametrize("form", ["user", "id"])
def test_the_files_manager_is_rung_with_the_file_on_their_screen(opened: "Calling", line: "Line", form: str):
    """By login or by id: the number is among the office's own, and the screen comes before the ringing."""
    line.tagor.parameter(NAMED_BY, form)
    caller = opened().keys("0").hears("Colleague.connect").reaches(MANAGER)
    assert line.tagor.screens() == [Screen("an.verbeke", AN, AN_CALLS, "IN")]
    caller.talks().hears("Defendant.goodbye").is_let_go()
    assert caller.phone.dialled == [MANAGER]


def test_a_file_that_names_only_itself_is_the_switchboards(opened: "Calling", line: "Line"):
    """As most offices have it: the switchboard rings, with the file on its screen."""
    opened().keys("0").reaches(line.switchboard)
    assert line.tagor.screens() == [Screen("balie", AN, AN_CALLS, "IN")]
    assert not {"Get", "CanAccess"} & set(line.asked())


@pytest.mark.parametrize("form", ["user", "id"])
@pytest.mark.parametrize("name", ["Hans Becker", "Emma Maes"])
def test_a_manager_the_office_cannot_be_rung_for_is_not_rung(
    opened: "Calling", line: "Line", name: str, form: str
):
    """A number that is not the office's own, or none: the switchboard helps, with the file on its screen."""
    line.tagor.parameter(NAMED_BY, form)
    caller = opened(name).keys("0").reaches(line.switchboard)
    assert [screen.login for screen in line.tagor.screens()] == ["balie"]
    assert caller.phone.dialled == [line.switchboard]


@pytest.mark.parametrize("form", ["user", "id"])
def test_a_manager_who_has_left_is_not_rung(calling: "Calling", line: "Line", form: str):
    """The file still names them, and their number is somebody else's by now."""
    line.tagor.parameter(NAMED_BY, form)
    caller = calling("").keys("1").keys("430658").hears("ByPin.ask_file").keys("20240305#")
    caller.keys("0").reaches(line.switchboard)


@pytest.mark.parametrize("generation", ["1.08", "2.00"])
def test_a_number_is_the_offices_own_however_tagor_writes_it(open_line: "Opening", calling_on: "Calling"):
    """The older Tagor tells numbers as figures only, without a plus."""
    line = open_line(office={'"+3220000011"': '"+3292233447"'})
    line.tagor.parameter(NAMED_BY, "id")
    calling_on(line, "+32470000012", language="de").keys("1").keys("574839").keys("0").reaches("+3292233447")


def test_an_office_may_keep_its_managers_out_of_it(open_line: "Opening", calling_on: "Calling"):
    """Then everybody reaches the switchboard, and Tagor is not asked who it would have been."""
    line = open_line(office={"manager = true": "manager = false"})
    line.tagor.parameter(NAMED_BY, "id")
    calling_on(line).keys("1").keys("482193").keys("0").reaches(line.switchboard)
    assert line.asked("Get") == []
    assert [screen.login for screen in line.tagor.screens()] == ["balie"]


def test_a_manager_who_does_not_answer_is_not_the_last_word(opened: "Calling", line: "Line"):
    """The caller may leave word, as after the switchboard."""
    line.tagor.parameter(NAMED_BY, "id")
    opened().keys("0").reaches(MANAGER).finds_nobody().hears("Colleague.nobody", "LeaveWord.choose")


def test_the_switchboard_sees_who_calls_before_anybody_is_identified(calling: "Calling", line: "Line"):
    """The number alone, and no file: nobody has proved anything yet."""
    calling().keys("0").reaches(line.switchboard)
    assert line.tagor.screens() == [Screen("balie", "", AN_CALLS, "IN")]


def test_a_withheld_number_is_on_nobodys_screen(calling: "Calling", line: "Line"):
    """There is nothing to show."""
    calling("").keys("0").reaches(line.switchboard)
    assert line.asked("SetUserDossier") == []


def test_an_office_without_screens_has_none(open_line: "Opening", calling_on: "Calling"):
    """Where the office file names no login for the switchboard."""
    line = open_line(office={'screen_user = "balie"': 'screen_user = ""'})
    calling_on(line).keys("0").reaches(line.switchboard)
    assert line.asked("SetUserDossier") == []


@pytest.mark.parametrize("endpoint", ["User/Get", "TagorService/SetUserDossier", "TagorService/GetDosInfo"])
@pytest.mark.parametrize("fault", ["status", "refuse", "truncated", "success_absent"])
def test_a_tagor_in_trouble_keeps_nobody_from_a_person(
    opened: "Calling", line: "Line", endpoint: str, fault: str
):
    """Whatever cannot be found out or shown: a telephone of the office rings all the same."""
    line.tagor.parameter(NAMED_BY, "id")
    caller = opened()
    line.tagor.fault(endpoint, fault)
    caller.keys("0").hears("Colleague.connect")
    assert caller.phone.dialled in ([MANAGER], [line.switchboard])


# What the colleague is told


@pytest.mark.parametrize("language", PEOPLE)
def test_a_strangers_language_is_told_and_nothing_else(calling: "Calling", line: "Line", language: str):
    """No file, no name: language, not identified, key 1."""
    caller = calling(PEOPLE[language], language=language).keys("0").reaches(line.switchboard).talks()
    caller.told_colleague(f"Whisper.{language}", "Whisper.unknown", "Whisper.accept")


@pytest.mark.parametrize(
    ("keys", "topic"),
    [
        ("", ["Balance.topic"]),
        ("2", ["PaymentPlan.topic"]),
        ("24", ["Hardship.topic"]),
        ("1", ["Post.topic"]),
        ("44", ["Trust.topic"]),
    ],
)
def test_an_identified_callers_wish_is_told(opened: "Calling", keys: str, topic: list[str]):
    """That they proved who they are, and what it is about; still nothing of the file."""
    caller = opened()
    for key in keys:
        caller.keys(key)
    caller.keys("0").talks().told_colleague("Whisper.nl", "Whisper.known", *topic, "Whisper.accept")
    told = " ".join(heard.text for heard in caller.phone.whispered)
    assert not any(fact in told for fact in ("20230118", "Peeters", "Gent", "1234", "1.234"))


def test_a_weak_proof_is_not_told_as_one(open_line: "Opening", calling_on: "Calling"):
    """A caller's number can be forged: the employee has to ask who is calling."""
    risk = 'way = "caller_number"\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'
    line = open_line(office={'way = "pin"': risk})
    caller = calling_on(line).keys("1").keys("0").talks()
    caller.told_colleague("Whisper.nl", "Whisper.unknown", "Balance.topic", "Whisper.accept")


def test_a_mailbox_never_swallows_a_caller(calling: "Calling", line: "Line"):
    """It picks up and presses nothing: told twice, it is hung up on; the caller may leave word with us."""
    caller = calling().keys("0").reaches(line.switchboard).is_not_taken("mailbox")
    caller.told_colleague("Whisper.nl", "Whisper.unknown", "Whisper.accept", "Whisper.accept")
    caller.hears("Colleague.nobody", "LeaveWord.choose")


@pytest.mark.parametrize("how", ["declined", "hung-up"])
def test_a_colleague_may_decline(calling: "Calling", line: "Line", how: str):
    """Another key, or the telephone put down: the caller is not connected, and not hung up on."""
    caller = calling().keys("0").reaches(line.switchboard).is_not_taken(how)
    caller.hears("Colleague.nobody", "LeaveWord.choose")


def test_an_office_may_do_without_whispers(open_line: "Opening", calling_on: "Calling"):
    """Then whoever picks up has the caller at once."""
    line = open_line(office={"whisper = true": "whisper = false"})
    caller = calling_on(line).keys("0").reaches(line.switchboard).talks()
    caller.told_colleague().hears("Defendant.goodbye").is_let_go()


# An exchange of the office's own


def test_an_exchange_is_rung_with_the_files_id(open_line: "Opening", calling_on: "Calling"):
    """In place of the switchboard, in a header and nowhere else; who takes the call presses 1 there too."""
    line = open_line(office=WITH_SIP)
    caller = calling_on(line).keys("1").keys("482193").keys("0")
    caller.reaches(f"{SIP}?X-Tagor-File={AN}").talks()
    caller.told_colleague("Whisper.nl", "Whisper.known", "Balance.topic", "Whisper.accept")


def test_a_stranger_is_no_files_caller_at_the_exchange(open_line: "Opening", calling_on: "Calling"):
    """No header then."""
    line = open_line(office=WITH_SIP)
    calling_on(line).keys("0").reaches(SIP).finds_nobody().hears("Colleague.nobody", "LeaveWord.choose")


def test_a_manager_has_a_number_even_where_there_is_an_exchange(open_line: "Opening", calling_on: "Calling"):
    """Their own telephone rings."""
    line = open_line(office=WITH_SIP)
    line.tagor.parameter(NAMED_BY, "id")
    calling_on(line).keys("1").keys("482193").keys("0").reaches(MANAGER)
