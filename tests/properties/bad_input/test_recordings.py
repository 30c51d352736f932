"""Reports about recordings: whatever address they name, only the provider's own is ever asked (T12)."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from bad_input_judge import Talk, refused
from bad_input_recordings import ACCOUNT, REPORTS, SID
from twilio.request_validator import RequestValidator

from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.recording_store import StoredRecording
from bridge.simulators.provider.sound import wav_tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.provider.wire import Reply
    from tests.conftest import Line
    from tests.shared_guard import Guard


@pytest.fixture
def api() -> Iterator[RestApi]:
    """Where the provider truly keeps recordings."""
    with RestApi(ACCOUNT, "3f1e5a7b9c2d4068") as running:
        yield running


@pytest.fixture
def voicemail_line(open_line: "Callable[..., Line]", api: RestApi) -> "Line":
    """The demo's office, which fetches from that provider."""
    return open_line(environ={"BRIDGE_PROVIDER_API": api.url})


def reported(line: "Line", call: str, **changes: str) -> "Reply":
    """Post a signed report about this call's recording."""
    usual = {
        "AccountSid": ACCOUNT,
        "CallSid": call,
        "RecordingSid": SID,
        "RecordingStatus": "completed",
        "RecordingUrl": f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{SID}",
    }
    form, url = usual | changes, f"{line.public}/voice/recording"
    signature = RequestValidator(line.token).compute_signature(url, form)
    kind = "application/x-www-form-urlencoded"
    return line.post(url, list(form.items()), {"X-Twilio-Signature": signature, "Content-Type": kind})


def test_30_reports_reach_nobody_but_the_provider(
    voicemail_line: "Line", api: RestApi, guard: "Guard", log: io.StringIO
):
    """A voicemail is fetched by its id from the configured address; no report can lead elsewhere."""
    line = voicemail_line
    talk = Talk(line).ring().keys("0")
    talk.reply = talk.send(DialCallStatus="no-answer", DialBridged="false")
    talk.keys("2")
    assert b"<Record " in talk.reply[2]
    api.recordings.put(StoredRecording(SID, talk.id, 3, wav_tone(3, 1)))
    for changes in REPORTS:
        reply = reported(line, talk.id, **changes)
        assert refused(reply) if "AccountSid" in changes else reply[0] == 204, changes
        on_turn = Talk(line).ring().post("/voice/turn/2", **{"RecordingSid": SID} | changes)
        assert on_turn[0] == 200 or refused(on_turn), changes
    talk.send(RecordingSid=SID, RecordingDuration="3", RecordingUrl=f"http://169.254.169.254/{SID}")
    talk.post("/voice/status", CallStatus="completed")
    line.clock.move(minutes=5)
    line.app.extensions["bridge"].outbox_worker.round()
    assert guard.strays == []
    assert api.asked["GET sound"] > 0
    assert "evil.example" not in log.getvalue()
