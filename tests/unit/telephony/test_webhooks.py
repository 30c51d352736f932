"""The provider's addresses: whatever goes wrong behind them, the caller hears words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from telephony_bridge import ACCOUNT_GIVEN

from bridge.telephony.reply_check import UnfitReplyError

if TYPE_CHECKING:
    from tests.unit.telephony.telephony_bridge import Bridge, Twilio

CALL = "CA" + "1b" * 16
SPOKEN = ["/voice", "/voice/turn/1", "/voice/turn/9999", "/voice/turn/1/on", "/voice/fallback"]


@pytest.mark.parametrize("path", SPOKEN)
def test_the_reply_is_sent_as_it_was_stored(twilio: Twilio, bridge: Bridge, path: str):
    """A repeated turn must get equal bytes, so nothing is done to them here."""
    posted = twilio.post(path)
    assert (posted.status_code, posted.data) == (200, bridge.reply)
    assert posted.headers["Content-Type"] == "text/xml; charset=utf-8"


@pytest.mark.parametrize("path", SPOKEN)
def test_trouble_behind_the_view_is_an_apology(twilio: Twilio, bridge: Bridge, path: str):
    """Any exception becomes the office's last words with status 200, and a log line without values."""
    bridge.trouble = LookupError("dossier 2023/4711 van Janssens")
    posted = twilio.post(path)
    assert (posted.status_code, posted.data) == (200, bridge.sorry)
    ((_, what),) = bridge.failed
    assert what.startswith("LookupError at ")
    assert "Janssens" not in what


def test_the_apology_is_the_dialled_offices_own(twilio: Twilio, bridge: Bridge):
    """Each office apologises in its own language and gives its own switchboard."""
    bridge.trouble = RuntimeError()
    assert twilio.post("/voice/turn/1", To="+3225550200").data == bridge.sorry_elsewhere
    assert twilio.post("/voice/turn/1", To="sip:003225550200@x").data == bridge.sorry_elsewhere
    assert twilio.post("/voice/turn/1", To="025550200").data == bridge.sorry_elsewhere
    assert twilio.post("/voice/turn/1", To="+3225550209").data == bridge.sorry


@pytest.mark.parametrize("path", ["/voice/turn/4", "/voice/fallback"])
def test_nobody_is_rung_again_for_a_caller_who_comes_back_from_a_colleague(
    twilio: Twilio, bridge: Bridge, path: str
):
    """Whoever talked to somebody hears goodbye, and everybody else that nobody can help now."""
    bridge.trouble = LookupError()
    assert twilio.post(path, DialCallStatus="completed").data == bridge.bye
    assert twilio.post(path, DialCallStatus="completed", DialBridged="false").data == bridge.later
    assert twilio.post(path, DialCallStatus="no-answer", To="+3225550200").data == bridge.later


def test_a_log_that_fails_does_not_silence_the_line(
    twilio: Twilio, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
):
    """A log that raises while something else is wrong changes nothing for the caller."""
    monkeypatch.setattr("bridge.telephony.webhooks.log", None)
    bridge.trouble = RuntimeError()
    assert twilio.post("/voice").data == bridge.sorry
    assert twilio.post("/voice", AccountSid="AC1").status_code == 403


def test_a_call_that_may_not_begin_gets_the_fallback_document(twilio: Twilio, bridge: Bridge):
    """Nobody behind the view is asked, and no failure is told; a call under way is not even weighed."""
    bridge.admitted = lambda ring: ring.event.caller != "+32470000001"
    assert twilio.post("/voice").data == bridge.sorry
    assert (bridge.heard, bridge.failed) == ([], [])
    assert twilio.post("/voice", From="+32470000002").data == bridge.reply
    assert twilio.post("/voice/turn/1").data == bridge.reply


@pytest.mark.parametrize("status", ["completed", "busy", "failed", "no-answer", "canceled"])
def test_the_end_of_a_call_is_told(twilio: Twilio, bridge: Bridge, status: str):
    """Whatever ended the call, its state can be wiped."""
    posted = twilio.post("/voice/status", CallStatus=status, CallDuration="61", SequenceNumber="3")
    assert (posted.status_code, posted.data) == (204, b"")
    assert bridge.over == [CALL]


@pytest.mark.parametrize("status", ["queued", "initiated", "ringing", "in-progress"])
def test_a_call_that_goes_on_is_not_ended(twilio: Twilio, bridge: Bridge, status: str):
    """Status reports of a living call change nothing."""
    assert twilio.post("/voice/status", CallStatus=status).status_code == 204
    assert bridge.over == []


def test_trouble_with_a_report_is_logged_only(twilio: Twilio, bridge: Bridge):
    """Nobody listens any more; the provider is not told to retry."""
    bridge.trouble = RuntimeError("x")
    assert twilio.post("/voice/status", CallStatus="completed").status_code == 204
    assert twilio.post_report().status_code == 204
    assert [view for view, _ in bridge.failed] == ["status", "recording"]


def test_a_signature_holds_for_its_own_address_only(twilio: Twilio, bridge: Bridge):
    """A webhook that was signed for one view says nothing to another."""
    body, signed = urlencode(twilio.report()), twilio.sign("/voice/status", twilio.report())
    posted = twilio.post_raw("/voice/recording", body, signed)
    assert (posted.status_code, posted.data, bridge.refused) == (403, b"", ["signature"])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"public_url": "bridge.example.be"}, "public_url must look like"),
        ({"account": ""}, "needs the provider's account id"),
        ({"secrets": ()}, "at least one secret"),
        ({"secrets": ("a", "")}, "none of them empty"),
    ],
)
def test_a_line_that_could_not_work_is_not_opened(bridge: Bridge, change: dict[str, object], sentence: str):
    """The operator reads a sentence at the start, not a caller a silence later."""
    with pytest.raises(ValueError, match=sentence):
        bridge.opened(replace(ACCOUNT_GIVEN, **change))


def test_fallback_documents_are_checked_before_they_are_needed(bridge: Bridge):
    """An apology the provider cannot speak stops the start."""
    with pytest.raises(UnfitReplyError):
        bridge.opened(otherwise=b"<Response/>")


def test_secrets_do_not_show():
    """An account in a traceback or a log keeps its secrets."""
    assert "secret" not in repr(ACCOUNT_GIVEN)
