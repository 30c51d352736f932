"""Reports about recordings: an id and a word are believed, an address never."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.telephony.telephony_bridge import Bridge, Twilio

ACCOUNT = "AC" + "0a" * 16
CALL = "CA" + "1b" * 16
RECORDING = "RE" + "2c" * 16
HOME = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/"


def test_the_line_is_told_what_became_of_a_recording(twilio: Twilio, bridge: Bridge):
    """Twilio tells the ids and little else: not who phoned whom, nor how the call stands."""
    posted = twilio.post_report()
    assert (posted.status_code, posted.data) == (204, b"")
    assert bridge.reports == [(CALL, "completed")]


@pytest.mark.parametrize("status", ["completed", "absent", "failed", "in-progress", "processing"])
def test_the_providers_word_is_handed_on(twilio: Twilio, bridge: Bridge, status: str):
    """What it means for the voicemail is decided behind the line."""
    twilio.post_report(RecordingStatus=status)
    assert bridge.reports == [(CALL, status)]


def test_a_report_may_come_with_the_whole_call_or_the_bare_ids(twilio: Twilio, bridge: Bridge):
    """Providers differ; a silent recording has no length and no address."""
    assert twilio.post_fields("/voice/recording", twilio.fields() | twilio.report()).status_code == 204
    bare = {"AccountSid": ACCOUNT, "CallSid": CALL, "RecordingSid": RECORDING, "RecordingStatus": "absent"}
    assert twilio.post_fields("/voice/recording", bare).status_code == 204
    assert twilio.post_report(RecordingUrl="", RecordingDuration="-1").status_code == 204
    assert len(bridge.reports) == 3


def test_a_report_that_comes_twice_is_told_twice(twilio: Twilio, bridge: Bridge):
    """Whoever is told decides that once is enough: it has the store."""
    twilio.post_report()
    twilio.post_report()
    assert len(bridge.reports) == 2


def test_trouble_behind_the_line_is_no_error_to_the_provider(twilio: Twilio, bridge: Bridge):
    """The recording will be looked for anyway; the log has the place and no value."""
    bridge.trouble = LookupError(RECORDING)
    assert twilio.post_report().status_code == 204
    ((view, what),) = bridge.failed
    assert view == "recording"
    assert RECORDING not in what


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/iam",
        "http://[::1]:8080",
        "http://[::ffff:127.0.0.1]",
        "http://2130706433",
        "http://0x7f000001",
        "http://127.1",
        "http://localhost:5432",
        "https://api.twilio.com@evil.example",
        "https://user:pass@api.twilio.com",
        "https://api.twilio.com.evil.example",
        "https://evil.example/?https://api.twilio.com",
        "https://evil.example#api.twilio.com",
        "http://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1",
        "https://api.twilio.com/2010-04-01/Accounts/AC" + "9" * 32 + "/Recordings/RE1",
        "https://api.twilio.com/2010-04-01/../../etc/passwd",
        "https://api.twilio.com/%2e%2e/%2e%2e",
    ],
)
def test_a_hostile_address_leads_nowhere(twilio: Twilio, bridge: Bridge, address: str):
    """Signed or not, it is never looked at: the id is all that is handed on, and no socket is opened."""
    assert twilio.post_report(RecordingUrl=f"{address}/Recordings/{RECORDING}").status_code == 204
    assert bridge.reports == [(CALL, "completed")]


@pytest.mark.parametrize(
    "changes",
    [
        {"RecordingUrl": HOME},
        {"RecordingUrl": HOME + RECORDING[:-1]},
        {"RecordingUrl": HOME + RECORDING + ".exe"},
        {"RecordingUrl": "http://169.254.169.254/latest/meta-data/iam"},
        {"RecordingUrl": "file:///etc/passwd"},
        {"RecordingUrl": "gopher://127.0.0.1:70/x"},
        {"RecordingUrl": "//169.254.169.254/x"},
        {"RecordingUrl": "javascript:alert(1)"},
        {"RecordingUrl": HOME + "RE1\r\nHost: evil.example"},
        {"RecordingUrl": "https://" + "a" * 600},
        {"RecordingSid": "../../Calls"},
        {"RecordingSid": "RE" + "2c" * 16 + "/../x"},
        {"RecordingSid": "RE" + "2C" * 16},
        {"RecordingSid": "RE" + "2c" * 16 + "\n"},
        {"RecordingSid": "http://169.254.169.254/"},
        {"RecordingSid": ""},
        {"RecordingSid": None},
        {"RecordingStatus": "Completed"},
        {"RecordingStatus": "deleted; drop"},
        {"RecordingStatus": None},
        {"RecordingDuration": "1e9"},
        {"RecordingDuration": "-2"},
        {"CallSid": "CA1"},
        {"CallSid": None},
        {"AccountSid": "AC" + "9" * 32},
        {"AccountSid": None},
    ],
)
def test_a_report_of_another_shape_is_refused(twilio: Twilio, bridge: Bridge, changes: dict[str, str | None]):
    """Ids are built into addresses later: only the provider's own shape is one."""
    assert twilio.post_report(**changes).status_code == 403
    assert bridge.reports == []


def test_a_stranger_reports_nothing(twilio: Twilio, bridge: Bridge):
    """A report is signed like everything else, over its own address."""
    fields = twilio.report()
    body = "&".join(f"{name}={value}" for name, value in fields.items())
    assert twilio.post_raw("/voice/recording", body, None).status_code == 403
    assert twilio.post_raw("/voice/recording", body, twilio.sign("/voice/status", fields)).status_code == 403
    assert twilio.post("/voice/status", **twilio.report(), CallStatus="completed").status_code == 204
    assert bridge.reports == []


def test_a_report_is_no_end_of_a_call(twilio: Twilio, bridge: Bridge):
    """The other addresses still want the whole call's parameters."""
    for path in ("/voice", "/voice/turn/1", "/voice/status", "/voice/whisper/accept"):
        assert twilio.post_fields(path, twilio.report()).status_code == 403
    assert (bridge.heard, bridge.over) == ([], [])
