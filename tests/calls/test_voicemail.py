"""Callers who leave a voicemail: kept once where the office looks for it, then gone from the provider."""

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.provider.api import RestApi

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bridge.simulators.provider.wire import Form, Reply
    from tests.calls.conftest import Caller, Calling
    from tests.shared_line import Line

    Opening = Callable[..., Line]
    AtTone = Callable[..., Caller]

AN_FILE, AN_PIN = "20230118", "482193"
BOX, DESK = "telefoonberichten", "balie"
TAPED = ("Voicemail.purpose", "Voicemail.tape")
THANKED = ("Voicemail.thanks", "Defendant.goodbye")
AS_DOCUMENT = {'keep = "message"': 'keep = "attachment"'}
NO_BOX = {'box = "Telefoonberichten"': 'box = ""'}
NO_DESK = {'\nuser = "balie"': '\nuser = ""'}
BY_NUMBER = {'way = "pin"': 'way = "caller_number"\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'}
PEOPLE = {
    "nl": ("+32470000001", "482193"),
    "fr": ("+32470000002", "150937"),
    "de": ("+32470000003", "660214"),
    "en": ("+32470000004", "907351"),
}


@pytest.fixture
def closed(line: "Line") -> "Line":
    """The demo's office, closed."""
    line.tagor.controls.hours("closed")
    return line


@pytest.fixture
def at_tone(closed: "Line", calling_on: "Calling") -> "AtTone":
    """Bring An Peeters to the tone; a `stranger` has proved nothing."""

    def call(line: "Line" = closed, *, stranger: bool = False, **options: object) -> "Caller":
        line.tagor.controls.hours("closed")
        caller = calling_on(line, **options)
        if not stranger:
            caller.keys("1").keys(AN_PIN)
        return caller.keys("0").keys("2").hears(*TAPED)

    return call


def sound(line: "Line", caller: "Caller") -> bytes:
    """What the provider keeps of a call."""
    [recording] = line.api.recordings.of_call(caller.phone.call_id)
    return recording.sound


def is_deleted(line: "Line", caller: "Caller") -> bool:
    return line.api.recordings.of_call(caller.phone.call_id) == []


@pytest.mark.parametrize("language", PEOPLE)
def test_a_voicemail_reaches_the_file(closed: "Line", calling_on: "Calling", language: str):
    """The caller hears its purpose and how long it is kept; then it lies with the file, and nowhere else."""
    number, pin = PEOPLE[language]
    caller = calling_on(closed, number, language=language).keys("1").keys(pin).keys("0")
    caller.hears("Colleague.closed_until", "LeaveWord.choose").keys("2").hears(*TAPED)
    assert caller.told == {"keep_days": "30"}
    caller.leaves(12).hears(*THANKED).is_let_go()
    said = sound(closed, caller)
    closed.after()
    [message] = [one for one in closed.tagor.records.office_messages() if one.file_id]
    [attachment] = closed.tagor.records.attachments()
    assert (attachment.content, attachment.kind, attachment.message_id) == (said, "wav", message.id)
    assert (message.receiver, message.read) == (BOX, False)
    assert message.subject.startswith("Voicemail (")
    assert all(told in message.text for told in (number, "04/03/2026", language))
    assert is_deleted(closed, caller)


@pytest.mark.parametrize("office", [{}, AS_DOCUMENT, BY_NUMBER], ids=["a box", "documents", "a weak proof"])
def test_a_strangers_voicemail_goes_to_the_box(
    open_line: "Opening", at_tone: "AtTone", office: dict[str, str]
):
    """The number is An's and nobody has proved to be her: the voicemail goes to no file and from no party."""
    line = open_line(office=office)
    caller = at_tone(line, stranger=True).leaves(12).hears(*THANKED)
    line.after()
    [message] = line.tagor.records.office_messages()
    assert (message.receiver, message.file_id, message.sender_party) == (BOX, "", "")
    assert is_deleted(line, caller)


def test_an_office_may_keep_it_among_the_files_documents(open_line: "Opening", at_tone: "AtTone"):
    """Then it is a document of the file, and no message to anybody."""
    line = open_line(office=AS_DOCUMENT)
    caller = at_tone(line).leaves(9)
    said = sound(line, caller)
    line.after()
    [document] = line.tagor.records.attachments(AN_FILE)
    assert (document.content, document.kind, document.message_id) == (said, "wav", "")
    assert line.tagor.records.office_messages() == []
    assert is_deleted(line, caller)


@pytest.mark.parametrize(
    ("reports", "hangs_up"), [("once", True), ("lost", True), ("twice", False), ("late", False)]
)
def test_however_the_report_of_a_recording_travels(
    closed: "Line",
    at_tone: "AtTone",
    reports: str,
    hangs_up: bool,  # noqa: FBT001 - a column of the table
):
    """Lost, doubled or after the end of the call: there is one message, and nothing left at the provider."""
    caller = at_tone(reports=reports)
    caller.phone.leave_message(7)
    if hangs_up:
        caller.hangs_up()
    else:
        caller.silent().hears(*THANKED)
    closed.after(minutes=5)
    assert len(closed.tagor.records.office_messages()) == 1
    assert is_deleted(closed, caller)


def test_a_recording_that_nobody_told_us_of_is_looked_for(closed: "Line", calling_on: "Calling"):
    """When the caller hangs up and the last webhooks get lost, the provider is asked some minutes later."""

    def losing(url: str, form: "Form | None", headers: "Mapping[str, str]") -> "Reply":
        if "/turn/" in url and ("CallStatus", "completed") in (form or []):
            return 503, {}, b""
        return closed.post(url, form, headers)

    caller = calling_on(closed, post=losing, reports="lost").keys("1").keys(AN_PIN).keys("0").keys("2")
    caller.phone.leave_message(7)
    caller.phone.hang_up()
    closed.after()
    assert closed.tagor.records.office_messages() == []
    closed.after(minutes=10)
    assert len(closed.tagor.records.office_messages(AN_FILE)) == 1
    assert is_deleted(closed, caller)


@pytest.mark.parametrize("hangs_up", [False, True])
def test_silence_at_the_tone_leaves_nothing(at_tone: "AtTone", closed: "Line", hangs_up: bool):  # noqa: FBT001 - a parameter
    """The provider is asked to be sure, and the job is over without a message."""
    caller = at_tone()
    if hangs_up:
        caller.hangs_up()
    else:
        caller.silent().hears("LeaveWord.later", "Defendant.goodbye").is_let_go()
    closed.after(minutes=10)
    assert closed.tagor.records.office_messages() == []
    assert "ready" not in closed.jobs()


@pytest.mark.parametrize(("longest", "told"), [("120", "120"), ("30", "30")])
def test_a_voicemail_ends_after_the_offices_longest_time(
    open_line: "Opening", at_tone: "AtTone", longest: str, told: str
):
    """The caller is thanked then, and not cut off."""
    caller = at_tone(open_line(office={"longest = 120": f"longest = {longest}"}))
    assert caller.phone.waiting.verb.get("maxLength") == told
    caller.phone.leave_message(500)
    caller.hears(*THANKED).is_let_go()


def test_a_sound_that_is_not_ready_yet_is_fetched_later(open_line: "Opening", at_tone: "AtTone"):
    """The provider has no sound right after the call, and the message comes some minutes later."""
    with RestApi("AC" + "0a1b2c3d" * 4, "3f1e5a7b9c2d4068", early=2) as slow:
        line = open_line(environ={"BRIDGE_PROVIDER_API": slow.url})
        line.api = slow
        at_tone(line).leaves(6)
        line.after()
        assert line.tagor.records.office_messages() == []
        line.after(minutes=5)
    assert len(line.tagor.records.office_messages()) == 1


def test_an_outage_of_tagor_loses_no_voicemail(at_tone: "AtTone", closed: "Line"):
    """The recording stays at the provider until Tagor has it, once."""
    caller = at_tone().leaves(6)
    closed.tagor.stop()
    closed.after(hours=1)
    assert not is_deleted(closed, caller)
    closed.tagor.start()
    closed.tagor.fault("Message/Add", "reset_after", effect="done", times=1)
    closed.after(hours=2)
    assert len(closed.tagor.records.office_messages()) == 1
    assert is_deleted(closed, caller)


def test_a_document_that_may_be_hidden_is_left_to_the_office(open_line: "Opening", at_tone: "AtTone"):
    """Some offices hide sounds on a file: an unclear one is a dead letter, and a retry delivers it."""
    line = open_line(office=AS_DOCUMENT)
    caller = at_tone(line).leaves(6)
    line.tagor.fault("Dossier/AddAttachment", "reset_after", effect="none", times=1)
    line.after(hours=1)
    assert line.jobs()["dead"] == 1
    assert not is_deleted(line, caller)
    line.retry()
    line.after()
    assert len(line.tagor.records.attachments(AN_FILE)) == 1
    assert is_deleted(line, caller)


@pytest.mark.parametrize(("office", "stranger"), [(NO_BOX, True), ({**NO_BOX, **NO_DESK}, False)])
def test_a_voicemail_that_nobody_would_get_is_not_offered(
    open_line: "Opening",
    calling_on: "Calling",
    office: dict[str, str],
    stranger: bool,  # noqa: FBT001 - a column
):
    """Without a box for strangers, or without a receiver at all, the caller hears when to call."""
    line = open_line(office=office)
    line.tagor.controls.hours("closed")
    caller = calling_on(line) if stranger else calling_on(line).keys("1").keys(AN_PIN)
    caller.keys("0").hears("Colleague.closed_until", "LeaveWord.later", "Defendant.goodbye").is_let_go()


def test_without_a_box_a_files_voicemail_goes_to_who_calls_back(open_line: "Opening", at_tone: "AtTone"):
    """An office may have one desk for everything."""
    line = open_line(office=NO_BOX)
    at_tone(line).leaves(6)
    line.after()
    assert [message.receiver for message in line.tagor.records.office_messages(AN_FILE)] == [DESK]


def test_nothing_of_a_voicemail_is_written_down_in_the_clear(at_tone: "AtTone", closed: "Line"):
    """No number, no call and no recording can be read from the job on the disk."""
    caller = at_tone(stranger=True).leaves(6)
    [recording] = closed.api.recordings.of_call(caller.phone.call_id)
    on_disk = closed.database.read_bytes() + closed.database.with_name("bridge.db-wal").read_bytes()
    for secret in ("+32470000001", caller.phone.call_id, recording.id):
        assert secret.encode() not in on_disk
