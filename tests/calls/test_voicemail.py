"""Callers who leave a voicemail: kept once where the office looks for it, then gone from the provider."""

from typing import TYPE_CHECKING

import pytest

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
NO_BOX = {'box = "Telefoonberichten"': 'box = ""'}
NO_DESK = {'\nuser = "balie"': '\nuser = ""'}
MARIE = ("+32470000002", "150937")


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


def test_a_voicemail_reaches_the_file(closed: "Line", calling_on: "Calling"):
    """The caller hears its purpose and how long it is kept; then it lies with the file, and nowhere else."""
    number, pin = MARIE
    caller = calling_on(closed, number, language="fr").keys("1").keys(pin).keys("0")
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
    assert all(told in message.text for told in (number, "04/03/2026", "fr"))
    assert is_deleted(closed, caller)


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


def test_nothing_of_a_voicemail_is_written_down_in_the_clear(at_tone: "AtTone", closed: "Line"):
    """No number, no call and no recording can be read from the job on the disk."""
    caller = at_tone(stranger=True).leaves(6)
    [recording] = closed.api.recordings.of_call(caller.phone.call_id)
    on_disk = closed.database.read_bytes() + closed.database.with_name("bridge.db-wal").read_bytes()
    for secret in ("+32470000001", caller.phone.call_id, recording.id):
        assert secret.encode() not in on_disk
