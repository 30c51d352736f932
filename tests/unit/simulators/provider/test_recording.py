"""Voicemails: what is kept, who is told, and the provider's API that gives them out."""

import io
import wave
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import requests

from bridge.simulators.provider.api import RestApi, upload_to
from bridge.simulators.provider.errors import DocumentRefused, HandsetError
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.recording_store import ProviderRecordings, StoredRecording
from bridge.simulators.provider.script import play
from bridge.simulators.provider.sound import RATE, wav_tone
from bridge.simulators.provider.wire import new_session

if TYPE_CHECKING:
    from tests.unit.simulators.provider.conftest import Office

ACCOUNT, TOKEN = "AC" + "0" * 32, "a token of the test account"
HANGUP = "<Hangup/>"
RECORD = (
    '<Record action="/turn/6" method="POST" maxLength="120" timeout="5" '
    'recordingStatusCallback="/recording" recordingStatusCallbackMethod="POST" {}/>'
)
EVENTS = 'recordingStatusCallbackEvent="completed absent"'


@pytest.fixture
def recordings() -> ProviderRecordings:
    return ProviderRecordings()


@pytest.fixture
def voicemail(office: "Office") -> "Office":
    """An office that takes a message, and goes on when there is none."""
    office.says("/voice", office.say("Spreek na de toon"), RECORD.format(EVENTS), office.redirect("/turn/6"))
    office.says("/turn/6", office.say("Tot ziens"), HANGUP)
    office.answers("/recording", status=204)
    return office


def caller(office: "Office", recordings: ProviderRecordings, **more: object) -> Phone:
    """A caller whose messages are kept on `recordings`."""
    return Phone(office.line(status_url="/status", keep=recordings.put), **more).ring()


# --- twilio.com/docs/voice/twiml/record ---


def test_a_message_is_kept_as_sound(voicemail: "Office", recordings: ProviderRecordings):
    """The action hears id and length; under that id lies a sound of that length, as a telephone has it."""
    caller(voicemail, recordings).leave_message(12).wait()
    told = voicemail.forms[1]
    (kept,) = recordings.all
    assert (kept.id, kept.call, kept.seconds) == (told["RecordingSid"], told["CallSid"], 12)
    assert told["RecordingDuration"] == "12"
    with wave.open(io.BytesIO(kept.sound)) as sound:
        assert (sound.getnframes(), sound.getframerate(), sound.getnchannels()) == (12 * RATE, RATE, 1)


@pytest.mark.parametrize("end", ["silence", "key"])
def test_an_empty_recording_asks_for_nothing(voicemail: "Office", recordings: ProviderRecordings, end: str):
    """Docs: the action is not requested, the document goes on; and the report says `absent`."""
    phone = caller(voicemail, recordings)
    phone.wait() if end == "silence" else phone.press("#")
    assert "RecordingSid" not in voicemail.forms[1]
    assert voicemail.targets == ["/voice", "/turn/6", "/recording", "/status"]
    assert voicemail.forms[2].items() >= {"RecordingStatus": "absent", "RecordingDuration": "0"}.items()
    assert recordings.all == []


def test_hanging_up_with_nothing_said_tells_only_that_there_is_nothing(
    voicemail: "Office", recordings: ProviderRecordings
):
    """No action, no recording; the report may be all the bridge ever hears of it."""
    caller(voicemail, recordings).hang_up()
    assert voicemail.targets == ["/voice", "/recording", "/status"]
    assert voicemail.forms[1]["RecordingStatus"] == "absent"


def test_an_action_that_fails_after_hang_up_is_noted(voicemail: "Office", recordings: ProviderRecordings):
    """Nobody hears it, but the provider's log has it."""
    del voicemail.pages["/turn/6"]
    phone = caller(voicemail, recordings).leave_message(4).hang_up()
    assert [fault.code for fault in phone.faults] == [11200]


# --- recordingStatusCallback ---


def test_the_report_tells_little_of_the_call(voicemail: "Office", recordings: ProviderRecordings):
    """Seen in practice: account, call and recording, and neither parties nor the call's status."""
    caller(voicemail, recordings).leave_message(4).wait()
    assert voicemail.targets[2] == "/recording"
    assert set(voicemail.forms[2]) == {
        *("AccountSid", "CallSid", "ErrorCode", "RecordingChannels", "RecordingDuration", "RecordingSid"),
        *("RecordingSource", "RecordingStartTime", "RecordingStatus", "RecordingUrl"),
    }
    assert voicemail.forms[2]["RecordingStatus"] == "completed"


@pytest.mark.parametrize(
    ("reports", "targets"),
    [
        ("once", ["/recording", "/status"]),
        ("twice", ["/recording", "/recording", "/status"]),
        ("lost", ["/status"]),
        ("late", ["/status", "/recording"]),
    ],
)
def test_a_report_may_be_lost_doubled_or_late(
    voicemail: "Office", recordings: ProviderRecordings, reports: str, targets: list[str]
):
    """As the network has it."""
    phone = caller(voicemail, recordings, reports=reports).leave_message(4).wait()
    assert voicemail.targets == ["/voice", "/turn/6", *targets]
    assert len(phone.callbacks) == len(targets)


@pytest.mark.parametrize(
    ("events", "said", "told"),
    [("", True, ["completed"]), ("", False, []), ('recordingStatusCallbackEvent="absent"', True, [])],
)
def test_only_what_was_asked_for_is_told(
    voicemail: "Office",
    recordings: ProviderRecordings,
    events: str,
    said: bool,  # noqa: FBT001 - parametrized
    told: list[str],
):
    """Docs: `completed` unless other events are named."""
    voicemail.says("/voice", RECORD.format(events), voicemail.redirect("/turn/6"))
    phone = caller(voicemail, recordings)
    (phone.leave_message(3) if said else phone).wait()
    reports = [form["RecordingStatus"] for form in phone.callbacks if "RecordingSid" in form]
    assert reports == told


@pytest.mark.parametrize("events", ["", "complete", "completed,absent", "completed  absent"])
def test_events_are_spelled_as_documented(voicemail: "Office", events: str):
    """13621: an invalid recordingStatusCallbackEvent."""
    voicemail.says("/voice", RECORD.format(f'recordingStatusCallbackEvent="{events}"'))
    with pytest.raises(DocumentRefused, match="recordingStatusCallbackEvent must be some of"):
        voicemail.phone().ring()


# --- scripts and handsets ---


@pytest.mark.parametrize(
    ("script", "digits", "seconds"),
    [
        ("{voicemail 12}", "", "12"),
        ("{voicemail 12}!", "hangup", "12"),
        ("{voicemail 12}#", "#", "12"),
        ("{voicemail 5} {voicemail 5},", "", "10"),
        ("{voicemail 9999}", "", "120"),
    ],
)
def test_a_script_leaves_a_message(voicemail: "Office", script: str, digits: str, seconds: str):
    """What comes next ends it: a key, silence, hanging up, or the length limit."""
    play(voicemail.line(), keys=script, strict=True)
    assert voicemail.forms[1].items() >= {"Digits": digits, "RecordingDuration": seconds}.items()


def test_a_message_needs_a_recording(office: "Office"):
    """A mistake of the test's."""
    office.says("/voice", office.gather(), office.redirect())
    with pytest.raises(HandsetError, match="nothing is recorded: the call is listening"):
        office.phone().ring().leave_message(3)


# --- the REST API: twilio.com/docs/voice/api/recording ---

ONE, TWO, CALL = "RE" + "1" * 32, "RE" + "2" * 32, "CA" + "3" * 32
ROOT = f"/2010-04-01/Accounts/{ACCOUNT}"


@pytest.fixture
def api(recordings: ProviderRecordings) -> Iterator[RestApi]:
    recordings.put(StoredRecording(ONE, CALL, 1, wav_tone(1, 1)))
    with RestApi(ACCOUNT, TOKEN, recordings) as running:
        yield running


def ask(
    api: RestApi, path: str, method: str = "GET", auth: tuple[str, str] = (ACCOUNT, TOKEN)
) -> requests.Response:
    with new_session() as session:
        return session.request(method, api.url + path, auth=auth, timeout=10)


def test_the_api_lists_describes_plays_and_deletes(api: RestApi, recordings: ProviderRecordings):
    """What the account's token may do with a recording, until it is gone."""
    (listed,) = ask(api, f"{ROOT}/Calls/{CALL}/Recordings.json").json()["recordings"]
    assert (listed["sid"], listed["call_sid"], listed["status"]) == (ONE, CALL, "completed")
    assert ask(api, f"{ROOT}/Recordings/{ONE}.json").json() == listed
    sound = ask(api, f"{ROOT}/Recordings/{ONE}.wav")
    assert (sound.headers["Content-Type"], sound.content) == ("audio/x-wav", wav_tone(1, 1))
    assert ask(api, f"{ROOT}/Recordings/{ONE}.json", "DELETE").status_code == 204
    assert recordings.all == []
    for method, path in (("GET", ".json"), ("GET", ".wav"), ("DELETE", ".json")):
        assert ask(api, f"{ROOT}/Recordings/{ONE}{path}", method).status_code == 404
    assert api.asked["DELETE recording"] == 2


@pytest.mark.parametrize("auth", [(ACCOUNT, "wrong"), ("AC1", TOKEN), ("", ""), (ACCOUNT, "é")])
def test_the_api_wants_the_accounts_token(api: RestApi, auth: tuple[str, str]):
    """Nobody else lists, hears or deletes anything."""
    for path in (f"/Calls/{CALL}/Recordings.json", f"/Recordings/{ONE}.json", f"/Recordings/{ONE}.wav"):
        assert ask(api, ROOT + path, auth=auth).status_code == 401
    assert ask(api, f"{ROOT}/Recordings/{ONE}.json", "DELETE", auth).status_code == 401
    assert api.asked == {}


def test_the_api_knows_one_account(api: RestApi):
    """A right token opens its own account only."""
    assert ask(api, f"/2010-04-01/Accounts/AC1/Recordings/{ONE}.json").status_code == 404
    assert ask(api, f"{ROOT}/Recordings").status_code == 404


def test_a_sound_may_come_early():
    """Until it is written its entry says so."""
    with RestApi(ACCOUNT, TOKEN, early=2) as api:
        api.recordings.put(StoredRecording(TWO, CALL, 1, wav_tone(1, 1)))
        answers = []
        for _ in range(3):
            answers.append(ask(api, f"{ROOT}/Recordings/{TWO}.wav").status_code)
            answers.append(ask(api, f"{ROOT}/Recordings/{TWO}.json").json()["status"])
    assert answers == [404, "processing", 404, "completed", 200, "completed"]


def test_a_phone_in_another_process_hands_its_messages_over(voicemail: "Office", api: RestApi):
    """The demo's line and its callers are two programs; the API has what callers left."""
    line = voicemail.line(keep=upload_to(api.url, ACCOUNT, TOKEN))
    phone = Phone(line).ring().leave_message(3).wait()
    (kept,) = api.recordings.of_call(phone.call_id)
    assert (kept.seconds, len(kept.sound)) == (3, 44 + 2 * 3 * RATE)


def test_a_phone_hears_when_nobody_takes_its_message(api: RestApi):
    """A wrong token is a mistake of whoever set the demo up."""
    with pytest.raises(requests.HTTPError):
        upload_to(api.url, ACCOUNT, "wrong")(StoredRecording(ONE, CALL, 1, b""))
