"""Callers who leave word: kept where the office looks for it, once, and then gone from the provider's."""

from contextlib import closing
from socket import create_server
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.provider.api import RestApi

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bridge.simulators.provider.wire import Form, Reply
    from tests.calls.conftest import Caller, Calling
    from tests.conftest import Line

    Opening = Callable[..., Line]

AN, AN_ASKS = "9000000000000000001", "482193"
BOX, DESK = "telefoonberichten", "balie"
TAPED = ("Voicemail.purpose", "Voicemail.tape")
THANKED = ("Voicemail.thanks", "Defendant.goodbye")
ACCOUNT, TOKEN = "AC" + "0a1b2c3d" * 4, "3f1e5a7b9c2d4068"
AS_DOCUMENT = {'keep = "message"': 'keep = "attachment"'}
PEOPLE = {
    "nl": ("+32470000001", "482193"),
    "fr": ("+32470000002", "150937"),
    "de": ("+32470000003", "660214"),
    "en": ("+32470000004", "907351"),
}


@pytest.fixture
def closed(line: "Line") -> "Line":
    """Everybody has gone home."""
    line.tagor.hours("closed")
    return line


@pytest.fixture
def at_tone(closed: "Line", calling_on: "Calling") -> "Callable[..., Caller]":
    """Somebody who hears the tone: An Peeters, proved to be her unless she is a `stranger`."""

    def call(line: "Line" = closed, *, stranger: bool = False, **options: object) -> "Caller":
        line.tagor.hours("closed")
        caller = calling_on(line, **options)
        if not stranger:
            caller.keys("1").keys(AN_ASKS)
        return caller.keys("0").keys("2").hears(*TAPED)

    return call


def sound(line: "Line", caller: "Caller") -> bytes:
    """What the provider keeps of a call."""
    [recording] = line.api.recordings.of_call(caller.phone.call_id)
    return recording.sound


def is_gone(line: "Line", caller: "Caller") -> bool:
    return line.api.recordings.of_call(caller.phone.call_id) == []


@pytest.mark.parametrize("language", PEOPLE)
def test_a_voicemail_reaches_the_file(closed: "Line", calling_on: "Calling", language: str):
    """What for and how long is said before the tone; then it lies with the file, and nowhere else."""
    number, pin = PEOPLE[language]
    caller = calling_on(closed, number, language=language).keys("1").keys(pin).keys("0")
    caller.hears("Colleague.closed_until", "LeaveWord.choose").keys("2").hears(*TAPED)
    assert caller.told == {"keep_days": "30"}
    caller.leaves(12).hears(*THANKED).is_let_go()
    said = sound(closed, caller)
    closed.after()
    [message] = [one for one in closed.tagor.office_messages() if one.file_id]
    [attachment] = closed.tagor.attachments()
    assert (attachment.content, attachment.kind, attachment.message_id) == (said, "wav", message.id)
    assert (message.receiver, message.read) == (BOX, False)
    assert is_gone(closed, caller)


def test_the_employee_reads_who_called_and_when(at_tone: "Callable[..., Caller]", closed: "Line"):
    """In the office's language: number, day, and which language to answer in."""
    at_tone().leaves(12)
    closed.after()
    [message] = closed.tagor.office_messages("20230118")
    assert message.subject.startswith("Voicemail (")
    assert all(told in message.text for told in ("+32470000001", "04/03/2026", "nl"))
    assert message.sender_party == "9000000000000001001"


def test_a_strangers_voicemail_goes_to_the_general_box(at_tone: "Callable[..., Caller]", closed: "Line"):
    """The number is An's; nobody has proved that it is she: it goes to no file and from no party."""
    caller = at_tone(stranger=True).leaves(12).hears(*THANKED)
    closed.after()
    [message] = closed.tagor.office_messages()
    assert (message.receiver, message.file_id, message.sender_party) == (BOX, "", "")
    assert is_gone(closed, caller)


def test_a_withheld_number_may_leave_word_too(closed: "Line", calling_on: "Calling"):
    """The employee reads that there is none."""
    calling_on(closed, "").keys("0").keys("2").leaves(5).hears(*THANKED)
    closed.after()
    [message] = closed.tagor.office_messages()
    assert "266696687" not in message.text


def test_a_weak_proof_is_a_strangers(open_line: "Opening", calling_on: "Calling"):
    """Whoever forges a number must not fill a file."""
    risk = 'way = "caller_number"\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'
    line = open_line(office={'way = "pin"': risk})
    line.tagor.hours("closed")
    calling_on(line).keys("1").keys("0").keys("2").leaves(5)
    line.after()
    [message] = line.tagor.office_messages()
    assert (message.receiver, message.file_id) == (BOX, "")


def test_an_office_may_lay_it_among_the_files_documents(
    open_line: "Opening", at_tone: "Callable[..., Caller]"
):
    """A document of the file, and no message to anybody."""
    line = open_line(office=AS_DOCUMENT)
    caller = at_tone(line).leaves(9)
    said = sound(line, caller)
    line.after()
    [document] = line.tagor.attachments("20230118")
    assert (document.content, document.kind, document.message_id) == (said, "wav", "")
    assert line.tagor.office_messages() == []
    assert is_gone(line, caller)


def test_a_stranger_leaves_no_document(open_line: "Opening", at_tone: "Callable[..., Caller]"):
    """There is no file to lay it on: a message to the box."""
    line = open_line(office=AS_DOCUMENT)
    at_tone(line, stranger=True).leaves(9)
    line.after()
    assert [message.receiver for message in line.tagor.office_messages()] == [BOX]


def test_who_hangs_up_while_speaking_is_heard_too(at_tone: "Callable[..., Caller]", closed: "Line"):
    """No key and no silence: the recording is there all the same."""
    caller = at_tone()
    caller.phone.leave_message(7)
    caller.hangs_up()
    closed.after(minutes=5)
    assert len(closed.tagor.office_messages("20230118")) == 1
    assert is_gone(closed, caller)


@pytest.mark.parametrize("reports", ["once", "lost", "twice", "late"])
@pytest.mark.parametrize("hangs_up", [False, True])
def test_however_the_report_of_a_recording_travels(
    closed: "Line",
    at_tone: "Callable[..., Caller]",
    reports: str,
    hangs_up: bool,  # noqa: FBT001 - a parameter
):
    """Lost, doubled, after the call's end: one message, and nothing left at the provider."""
    caller = at_tone(reports=reports)
    caller.phone.leave_message(7)
    if hangs_up:
        caller.hangs_up()
    else:
        caller.silent().hears(*THANKED)
    closed.after(minutes=5)
    assert len(closed.tagor.office_messages()) == 1
    assert is_gone(closed, caller)


def test_a_recording_that_nobody_told_us_of_is_looked_for(closed: "Line", calling_on: "Calling"):
    """The caller hangs up and the last webhooks get lost: some minutes later the provider is asked."""

    def losing(url: str, form: "Form | None", headers: "Mapping[str, str]") -> "Reply":
        if "/turn/" in url and ("CallStatus", "completed") in (form or []):
            return 503, {}, b""
        return closed.post(url, form, headers)

    caller = calling_on(closed, post=losing, reports="lost").keys("1").keys(AN_ASKS).keys("0").keys("2")
    caller.phone.leave_message(7)
    caller.phone.hang_up()
    closed.after()
    assert closed.tagor.office_messages() == []
    closed.after(minutes=10)
    assert len(closed.tagor.office_messages("20230118")) == 1
    assert is_gone(closed, caller)


def test_silence_after_the_tone_leaves_nothing(at_tone: "Callable[..., Caller]", closed: "Line"):
    """The caller hears when somebody will be there; the provider is asked to be sure, and the job is over."""
    at_tone().silent().hears("LeaveWord.later", "Defendant.goodbye").is_let_go()
    closed.after(minutes=10)
    assert closed.tagor.office_messages() == []
    assert "ready" not in closed.jobs()


def test_who_hangs_up_at_the_tone_leaves_nothing(at_tone: "Callable[..., Caller]", closed: "Line"):
    """Not a word was said."""
    at_tone().hangs_up()
    closed.after(minutes=10)
    assert closed.tagor.office_messages() == []
    assert "ready" not in closed.jobs()


def test_a_voicemail_ends_after_two_minutes(at_tone: "Callable[..., Caller]"):
    """As the office file says; the caller is thanked and not cut off."""
    caller = at_tone()
    assert caller.phone.waiting.verb.get("maxLength") == "120"
    caller.phone.leave_message(500)
    caller.hears(*THANKED).is_let_go()


def test_an_office_may_listen_for_a_shorter_time(open_line: "Opening", at_tone: "Callable[..., Caller]"):
    """Never longer than two minutes."""
    caller = at_tone(open_line(office={"longest = 120": "longest = 30"}))
    assert caller.phone.waiting.verb.get("maxLength") == "30"


def test_a_sound_that_is_not_ready_yet_is_waited_for(open_line: "Opening", at_tone: "Callable[..., Caller]"):
    """As happens right after a call; it is fetched a little later."""
    with RestApi(ACCOUNT, TOKEN, early=2) as slow:
        line = open_line(environ={"BRIDGE_PROVIDER_API": slow.url})
        line.api = slow
        at_tone(line).leaves(6)
        line.after()
        assert line.tagor.office_messages() == []
        line.after(minutes=5)
    assert len(line.tagor.office_messages()) == 1


def test_a_provider_that_is_away_is_asked_again(
    open_line: "Opening", at_tone: "Callable[..., Caller]", recordings: RestApi
):
    """Its recordings cannot be had for an hour; nothing is lost, nothing is there twice."""
    with closing(create_server(("", 0))) as door:
        port = door.getsockname()[1]
    line = open_line(environ={"BRIDGE_PROVIDER_API": f"http://127.0.0.1:{port}"})
    caller = at_tone(line).leaves(6).hears(*THANKED)
    line.after(hours=1)
    assert line.tagor.office_messages() == []
    with RestApi(line.account, line.token, recordings.recordings, port=port):
        line.after(hours=2)
    assert len(line.tagor.office_messages()) == 1
    assert is_gone(line, caller)


def test_a_tagor_that_is_away_is_asked_again(at_tone: "Callable[..., Caller]", closed: "Line"):
    """The recording stays at the provider until Tagor has it."""
    caller = at_tone().leaves(6)
    closed.tagor.stop()
    closed.after(hours=1)
    assert not is_gone(closed, caller)
    closed.tagor.start()
    closed.after(hours=2)
    assert len(closed.tagor.office_messages()) == 1
    assert is_gone(closed, caller)


LOST = [
    ("Message/Add", {}, "done"),
    ("Message/Add", {}, "none"),
    ("Dossier/AddAttachment", AS_DOCUMENT, "done"),
]


@pytest.mark.parametrize("fault", ["reset_after", "truncated"])
@pytest.mark.parametrize("lost", LOST, ids=lambda lost: f"{lost[0]}-{lost[2]}")
def test_a_reply_that_got_lost_makes_no_second_voicemail(
    open_line: "Opening",
    at_tone: "Callable[..., Caller]",
    lost: tuple[str, dict[str, str], str],
    fault: str,
):
    """Kept or not, it is looked for before anything is sent again: one in the end."""
    endpoint, office, effect = lost
    line = open_line(office=office)
    caller = at_tone(line).leaves(6)
    line.tagor.fault(endpoint, fault, effect=effect, times=1)
    line.after(hours=1)
    assert len(line.tagor.attachments()) == 1
    assert is_gone(line, caller)


def test_a_document_that_may_be_hidden_is_left_to_the_office(
    open_line: "Opening", at_tone: "Callable[..., Caller]"
):
    """Tagor shows some offices no sounds on a file, so what is not seen may be there: a dead letter tells."""
    line = open_line(office=AS_DOCUMENT)
    caller = at_tone(line).leaves(6)
    line.tagor.fault("Dossier/AddAttachment", "reset_after", effect="none", times=1)
    line.after(hours=1)
    assert line.jobs()["dead"] == 1
    assert not is_gone(line, caller)
    line.retry()
    line.after()
    assert len(line.tagor.attachments("20230118")) == 1
    assert is_gone(line, caller)


def test_an_office_without_a_box_takes_no_strangers_word(open_line: "Opening", calling_on: "Calling"):
    """Nobody would get it, so it is not offered; the caller hears when to call."""
    line = open_line(office={'box = "Telefoonberichten"': 'box = ""'})
    line.tagor.hours("closed")
    caller = calling_on(line).keys("0")
    caller.hears("Colleague.closed_until", "LeaveWord.later", "Defendant.goodbye").is_let_go()


def test_without_a_box_a_files_voicemail_goes_to_who_calls_back(
    open_line: "Opening", at_tone: "Callable[..., Caller]"
):
    """An office with one desk for everything."""
    line = open_line(office={'box = "Telefoonberichten"': 'box = ""'})
    at_tone(line).leaves(6)
    line.after()
    assert [message.receiver for message in line.tagor.office_messages("20230118")] == [DESK]


def test_an_office_that_names_nobody_promises_nothing(open_line: "Opening", calling_on: "Calling"):
    """Neither a box nor a desk: even an identified caller hears when to call, and no promise is broken."""
    line = open_line(office={'box = "Telefoonberichten"': 'box = ""', '\nuser = "balie"': '\nuser = ""'})
    line.tagor.hours("closed")
    caller = calling_on(line).keys("1").keys(AN_ASKS).keys("0")
    caller.hears("Colleague.closed_until", "LeaveWord.later", "Defendant.goodbye").is_let_go()


def test_nothing_of_a_voicemail_is_written_down_in_the_clear(
    at_tone: "Callable[..., Caller]", closed: "Line"
):
    """What the courier still has to do is sealed: no number, no file, no recording can be read from it."""
    caller = at_tone(stranger=True).leaves(6)
    [recording] = closed.api.recordings.of_call(caller.phone.call_id)
    written = closed.database.read_bytes() + closed.database.with_name("bridge.db-wal").read_bytes()
    for secret in ("+32470000001", caller.phone.call_id, recording.id):
        assert secret.encode() not in written
