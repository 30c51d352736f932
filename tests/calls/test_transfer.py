"""Callers who want a person: who is rung, what the colleague is told first, and what if nobody comes."""

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor.staff import Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Calling
    from tests.shared_line import Line

    Opening = Callable[..., Line]

PEOPLE = {"nl": "+32470000001", "fr": "+32470000002", "de": "+32470000003", "en": "+32470000004"}
AN, AN_CALLS = "9000000000000000001", "+32470000001"
MANAGER = "+3220000011"
NAMED_BY = 259
"""The parameter by which an office decides how its files name their manager: by id or by login."""
SIP = "sip:desk@pbx.example.be;transport=tls"
WITH_SIP = {"# sip = ": "sip = "}
NOBODY = ("Colleague.nobody", "LeaveWord.choose")


def test_a_transfer_in_vain_leaves_a_choice(somebody: "Calling", line: "Line"):
    """When nobody answers, the caller may be called back or leave a voicemail, or is told the hours."""
    caller = somebody().keys("0").hears("Colleague.connect")
    caller.reaches(line.switchboard).finds_nobody()
    caller.hears(*NOBODY).keys("3").hears("LeaveWord.later", "Defendant.goodbye").is_let_go()


def test_the_dialled_number_sees_the_offices_number(somebody: "Calling", line: "Line"):
    """A Belgian network blocks a foreign line that shows a caller's own number; the talk has a time limit."""
    verb = somebody().keys("0").phone.waiting.verb
    assert (verb.get("callerId"), verb.get("timeLimit"), verb.get("timeout")) == (
        line.switchboard,
        "3600",
        "25",
    )


def test_a_caller_who_hangs_up_while_it_rings_is_forgotten(somebody: "Calling", line: "Line"):
    """The provider still tells how the ringing ended, and nobody is there to hear the answer."""
    caller = somebody().keys("0").reaches(line.switchboard)
    caller.hangs_up()
    assert caller.phone.callbacks[-1]["CallStatus"] == "completed"
    assert caller.phone.faults == []


# Whose telephone rings


@pytest.mark.parametrize("form", ["user", "id"])
def test_the_files_manager_is_rung_with_the_file_on_their_screen(opened: "Calling", line: "Line", form: str):
    """The file stands on the manager's screen before their telephone rings, and nobody else's rings."""
    line.tagor.controls.parameter(NAMED_BY, form)
    caller = opened().keys("0").hears("Colleague.connect").reaches(MANAGER)
    assert line.tagor.records.screens() == [Screen("an.verbeke", AN, AN_CALLS, "IN")]
    caller.talks().hears("Defendant.goodbye").is_let_go()
    assert caller.phone.dialled == [MANAGER]


def test_without_a_manager_the_switchboard_rings(opened: "Calling", line: "Line"):
    """Most offices' files name only themselves: the switchboard has the file on its screen."""
    opened().keys("0").reaches(line.switchboard)
    assert line.tagor.records.screens() == [Screen("balie", AN, AN_CALLS, "IN")]
    assert not {"Get", "CanAccess"} & set(line.asked())


@pytest.mark.parametrize("name", ["Hans Becker", "Emma Maes"])
def test_a_manager_without_a_number_of_the_office_is_not_rung(opened: "Calling", line: "Line", name: str):
    """The switchboard rings with the file on its screen when the manager's number is not the office's own."""
    line.tagor.controls.parameter(NAMED_BY, "id")
    caller = opened(name).keys("0").reaches(line.switchboard)
    assert [screen.login for screen in line.tagor.records.screens()] == ["balie"]
    assert caller.phone.dialled == [line.switchboard]


@pytest.mark.parametrize("form", ["user", "id"])
def test_a_manager_who_has_left_is_not_rung(calling: "Calling", line: "Line", form: str):
    """The file still names them, and their number is somebody else's by now."""
    line.tagor.controls.parameter(NAMED_BY, form)
    caller = calling("").keys("1").keys("430658").hears("ByPin.ask_file").keys("20240305#")
    caller.keys("0").reaches(line.switchboard)


@pytest.mark.parametrize("generation", ["1.08", "2.00"])
def test_a_number_is_the_offices_own_however_tagor_writes_it(open_line: "Opening", calling_on: "Calling"):
    """The older Tagor tells numbers as figures only, without a plus."""
    line = open_line(office={'"+3220000011"': '"+3292233447"'})
    line.tagor.controls.parameter(NAMED_BY, "id")
    calling_on(line, "+32470000012", language="de").keys("1").keys("574839").keys("0").reaches("+3292233447")


def test_an_office_may_ring_its_switchboard_only(open_line: "Opening", calling_on: "Calling"):
    """Then Tagor is not asked who the file's manager is."""
    line = open_line(office={"manager = true": "manager = false"})
    line.tagor.controls.parameter(NAMED_BY, "id")
    calling_on(line).keys("1").keys("482193").keys("0").reaches(line.switchboard)
    assert line.asked("Get") == []
    assert [screen.login for screen in line.tagor.records.screens()] == ["balie"]


def test_a_manager_who_does_not_answer_leaves_a_choice(opened: "Calling", line: "Line"):
    """The caller may leave word, as after the switchboard."""
    line.tagor.controls.parameter(NAMED_BY, "id")
    opened().keys("0").reaches(MANAGER).finds_nobody().hears(*NOBODY)


@pytest.mark.parametrize(
    ("number", "office", "screens"),
    [
        (AN_CALLS, {}, [Screen("balie", "", AN_CALLS, "IN")]),
        ("", {}, []),
        (AN_CALLS, {'screen_user = "balie"': 'screen_user = ""'}, []),
    ],
    ids=["known", "withheld", "no screen user"],
)
def test_a_strangers_number_stands_on_the_screen_without_a_file(
    open_line: "Opening", calling_on: "Calling", number: str, office: dict[str, str], screens: list[Screen]
):
    """A withheld number is not shown, and an office without a screen user is shown nothing."""
    line = open_line(office=office)
    calling_on(line, number).keys("0").reaches(line.switchboard)
    assert line.tagor.records.screens() == screens


@pytest.mark.parametrize(
    ("endpoint", "fault"),
    [
        ("User/Get", "status"),
        ("User/Get", "truncated"),
        ("TagorService/SetUserDossier", "refuse"),
        ("TagorService/SetUserDossier", "success_absent"),
        ("TagorService/GetDosInfo", "status"),
    ],
)
def test_a_tagor_in_trouble_keeps_nobody_from_a_person(
    opened: "Calling", line: "Line", endpoint: str, fault: str
):
    """Whatever cannot be found out or shown, a telephone of the office rings."""
    line.tagor.controls.parameter(NAMED_BY, "id")
    caller = opened()
    line.tagor.fault(endpoint, fault)
    caller.keys("0").hears("Colleague.connect")
    assert caller.phone.dialled in ([MANAGER], [line.switchboard])


# What the colleague is told


@pytest.mark.parametrize("language", PEOPLE)
def test_a_strangers_language_is_told_and_nothing_else(calling: "Calling", line: "Line", language: str):
    """The colleague hears the language, that nobody was identified, and which key takes the call."""
    caller = calling(PEOPLE[language], language=language).keys("0").reaches(line.switchboard).talks()
    caller.told_colleague(f"Whisper.{language}", "Whisper.unknown", "Whisper.accept")
    caller.hears("Defendant.goodbye").is_let_go()


@pytest.mark.parametrize(
    ("keys", "topic"),
    [
        ("", "Balance.topic"),
        ("2", "PaymentPlan.topic"),
        ("24", "Hardship.topic"),
        ("1", "Pay.topic"),
        ("13", "Paid.topic"),
        ("11", "Post.topic"),
    ],
)
def test_an_identified_callers_wish_is_told(opened: "Calling", keys: str, topic: str):
    """The colleague hears that the caller is identified and what it is about, and nothing of the file."""
    caller = opened()
    for key in keys:
        caller.keys(key)
    caller.keys("0").talks().told_colleague("Whisper.nl", "Whisper.known", topic, "Whisper.accept")
    told = " ".join(heard.text for heard in caller.phone.whispered)
    assert not any(fact in told for fact in ("20230118", "Peeters", "Gent", "1234", "1.234"))


def test_a_weak_proof_is_not_told_as_one(open_line: "Opening", calling_on: "Calling"):
    """A caller's number can be forged, so the employee has to ask who is calling."""
    risk = 'way = "caller_number"\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'
    line = open_line(office={'way = "pin"': risk})
    caller = calling_on(line).keys("1").keys("0").talks()
    caller.told_colleague("Whisper.nl", "Whisper.unknown", "Balance.topic", "Whisper.accept")


def test_a_mailbox_never_swallows_a_caller(calling: "Calling", line: "Line"):
    """A mailbox presses no key: it hears the whisper twice, and the caller may leave word with the office."""
    caller = calling().keys("0").reaches(line.switchboard).is_not_taken("mailbox")
    caller.told_colleague("Whisper.nl", "Whisper.unknown", "Whisper.accept", "Whisper.accept")
    caller.hears(*NOBODY)


@pytest.mark.parametrize("how", ["declined", "hung-up"])
def test_a_colleague_may_decline(somebody: "Calling", line: "Line", how: str):
    """After another key, or when the colleague hangs up, the caller is not connected and may leave word."""
    somebody().keys("0").reaches(line.switchboard).is_not_taken(how).hears(*NOBODY)


def test_an_office_may_do_without_whispers(open_line: "Opening", calling_on: "Calling"):
    """Then whoever picks up has the caller at once."""
    line = open_line(office={"whisper = true": "whisper = false"})
    caller = calling_on(line).keys("0").reaches(line.switchboard).talks()
    caller.told_colleague().hears("Defendant.goodbye").is_let_go()


# A telephone exchange of the office's own


def test_an_exchange_is_rung_with_the_files_id(open_line: "Opening", calling_on: "Calling"):
    """The exchange rings in place of the switchboard; an identified caller's file stands in a header."""
    line = open_line(office=WITH_SIP)
    calling_on(line).keys("0").reaches(SIP).finds_nobody().hears(*NOBODY)
    caller = calling_on(line).keys("1").keys("482193").keys("0")
    caller.reaches(f"{SIP}?X-Tagor-File={AN}").talks()
    caller.told_colleague("Whisper.nl", "Whisper.known", "Balance.topic", "Whisper.accept")


def test_a_manager_has_a_number_even_where_there_is_an_exchange(open_line: "Opening", calling_on: "Calling"):
    """The manager's own telephone rings."""
    line = open_line(office=WITH_SIP)
    line.tagor.controls.parameter(NAMED_BY, "id")
    calling_on(line).keys("1").keys("482193").keys("0").reaches(MANAGER)
