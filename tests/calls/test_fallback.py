"""The provider's fallback brings a caller back, rings nobody twice, and admits a new call as any other."""

from typing import TYPE_CHECKING

import pytest
import structlog
from structlog.testing import capture_logs

from bridge.operations.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Calling
    from tests.shared_line import Line

AN = "+32470000001"
STRANGER, SECOND = "CA" + "5" * 32, "CA" + "6" * 32


@pytest.fixture
def dialling(calling: "Calling", line: "Line") -> "Callable[..., bytes]":
    """Lead a caller into a transfer; give what posts its fallback, with what the provider tells."""
    caller = calling(AN, language="nl").keys("0").reaches(line.switchboard)
    call, action = caller.phone.call_id, caller.phone.waiting.verb.get("action").partition("#")[0]

    def fallback(*, of: int = 0, **told: str) -> bytes:
        turn = int(action.rpartition("/")[2]) + of
        url = f"{line.public}/voice/turn/{turn}"
        status, _, body = line.webhook("/voice/fallback", call, **{"ErrorUrl": url, **told})
        assert status == 200
        return body

    return fallback


@pytest.mark.parametrize(
    "told",
    [
        {"ErrorCode": "11200", "DialCallStatus": "busy"},
        {"ErrorCode": "11200", "DialCallStatus": "no-answer", "DialCallDuration": "12.5"},
        {"ErrorCode": "11200", "DialSipCallId": "a@b", "DialSipResponseCode": "486"},
        {"ErrorCode": "11200", "DialCallStatus": "queued"},
        {"ErrorCode": "11200"},
        {"ErrorCode": "", "ErrorUrl": ""},
        {"ErrorCode": "13214"},
    ],
)
def test_a_fallback_after_a_transfer_never_rings_again(
    dialling: "Callable[..., bytes]", told: dict[str, str]
):
    """Whatever is known of the transfer, the caller may leave word, and a second fallback says the same."""
    first, again = dialling(**told), dialling(**told)
    assert b"<Dial" not in first
    assert b"<Gather" in first
    assert b"niemand" in first or b"in gesprek" in first
    assert again == first


@pytest.mark.parametrize(
    "told", [{"DialCallStatus": "completed", "DialBridged": "true"}, {"DialSipResponseCode": "200"}]
)
def test_a_fallback_after_a_talk_ends_the_call(dialling: "Callable[..., bytes]", told: dict[str, str]):
    """The colleague has hung up: nobody is rung once more, and the caller is not told that nobody came."""
    body = dialling(ErrorCode="11200", **told)
    assert b"<Dial" not in body
    assert b"<Hangup" in body


def test_a_transfer_that_never_left_rings_now(dialling: "Callable[..., bytes]", line: "Line"):
    """The provider could not fetch the document with the transfer, so nobody has been rung yet."""
    body = dialling(of=-1, ErrorCode="11205")
    assert f">{line.switchboard}</Number>".encode() in body


def test_a_document_that_the_provider_could_not_run_is_not_sent_again(dialling: "Callable[..., bytes]"):
    """It would fail again, and then the provider's own error would be the last word."""
    assert b"<Dial" not in dialling(of=-1, ErrorCode="13214")


@pytest.mark.parametrize(
    "dialled",
    ["3220000001", "003220000001", "020000001", "sip:+3220000001@line.example.be", "whatsapp:+3220000001"],
)
def test_an_office_is_found_by_the_digits_of_its_number(line: "Line", dialled: str):
    """Providers write the dialled number in several ways; the caller hears the welcome all the same."""
    status, _, body = line.webhook("/voice", STRANGER, To=dialled)
    assert (status, b"/sounds/chime-" in body) == (200, True)
    assert b"<Gather" in line.webhook("/voice/turn/1/on", STRANGER, To=dialled)[2]
    later = line.webhook("/voice/turn/2", STRANGER, To=dialled, Digits="2")
    assert b"<Gather" in later[2]


@pytest.mark.parametrize("path", ["/voice", "/voice/fallback"])
@pytest.mark.parametrize("dialled", ["+3220009999", "sip:reception@x", "", "tel:?"])
def test_a_number_of_no_office_is_promised_nothing(line: "Line", path: str, dialled: str):
    """The caller hears in each language that we cannot help here; the one office's switchboard rings."""
    status, _, body = line.webhook(path, STRANGER, To=dialled)
    assert status == 200
    for words in ("kan ik u niet helpen", "ne peux pas vous aider", "nicht helfen", "cannot help you"):
        assert words.encode() in body
    assert b"Een medewerker helpt u" not in body
    assert f">{line.switchboard}</Number>".encode() in body
    assert b"<Gather" not in body


def test_the_log_has_the_number_that_was_dialled(line: "Line", monkeypatch: pytest.MonkeyPatch):
    """It is meant to be an office's number, never a caller's: without it nobody finds the fault."""
    monkeypatch.setattr("bridge.app.call_handler.log", structlog.get_logger())
    with capture_logs() as logged:
        line.webhook("/voice", STRANGER, To="+3220009999", From="+32470123456")
    [written] = [redact(entry) for entry in logged if entry["event"] == "unknown_number"]
    assert written["dialled"] == "+3220009999"
    assert "470123456" not in str(logged)


def test_a_call_that_begins_by_a_fallback_counts_as_any_other(open_line: "Callable[..., Line]"):
    """Beyond the office's limit it gets the switchboard at once; a call under way goes on."""
    limits = {"calls_a_minute = 10000 ": "calls_a_minute = 1 "}
    line = open_line(office=limits, environ={"BRIDGE_WORKERS": "1"})
    assert b"<Play" in line.webhook("/voice/fallback", STRANGER, ErrorCode="11200")[2]
    refused = line.webhook("/voice/fallback", SECOND, ErrorCode="11200")[2]
    assert b"<Play" not in refused
    assert f">{line.switchboard}</Number>".encode() in refused
    assert b"<Play" in line.webhook("/voice/fallback", STRANGER, ErrorCode="11200")[2]
