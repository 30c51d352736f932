"""The last look at a reply: whatever builds it, only what a provider can run leaves."""

from __future__ import annotations

import dataclasses

import pytest

from bridge.telephony.address import PublicUrl
from bridge.telephony.providers import TWILIO
from bridge.telephony.reply_check import ReplyCheck, UnfitReplyError

PUBLIC = PublicUrl.parse("https://bridge.example.be")
BARE = {"fragment": "", "speech_recognition": {}, "empty_result": False, "ssml": False, "dial_extras": False}
PLAIN = dataclasses.replace(TWILIO, **BARE, whisper=False, sip=False, record_trim=False)
TURN = "https://bridge.example.be/voice/turn/4"
SAY = '<Say voice="Polly.Lisa-Neural" language="nl-BE">Dag.</Say>'
REDIRECT = f'<Redirect method="POST">{TURN}</Redirect>'
HOOK = f'action="{TURN}" method="POST"'
PLAY = "<Play>https://bridge.example.be/sounds/hold-0123456789abcdef.wav</Play>"
GATHER = f'<Gather {HOOK} timeout="5" numDigits="1">{SAY}</Gather>'
RECORD = f'<Record {HOOK} maxLength="60"/>'
NUMBER = "<Number>+3225550100</Number>"
CALLER = 'callerId="+3225550199" timeout="20"'
DIAL = f"<Dial {HOOK} {CALLER}>{NUMBER}</Dial>"
LAST_DIAL = f"<Dial {CALLER}>{NUMBER}</Dial>"
HANG_UP = "<Hangup/>"
FULL = dataclasses.replace(TWILIO, **BARE)
WHISPER = 'url="https://bridge.example.be/voice/whisper/demo/nl/known/balance" method="POST"'
WHISPERED = DIAL.replace("<Number>", f"<Number {WHISPER}>")
EXCHANGE = "sip:desk@pbx.example.be:5061;transport=tls;region=ie1?X-Tagor-File=2023-17"
SIP = DIAL.replace(NUMBER, f"<Sip {WHISPER}>{EXCHANGE}</Sip>")
REPORT = "https://bridge.example.be/voice/recording"
TOLD = RECORD.replace("/>", f' recordingStatusCallback="{REPORT}" recordingStatusCallbackMethod="POST"/>')
ACCEPT = 'action="https://bridge.example.be/voice/whisper/accept" method="POST"'
ROUND = GATHER.replace(HOOK, ACCEPT)


def reply(verbs: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{verbs}</Response>'.encode()


@pytest.mark.parametrize(
    "verbs",
    [
        HANG_UP,
        SAY + HANG_UP,
        SAY + REDIRECT,
        PLAY + REDIRECT,
        SAY + PLAY + REDIRECT,
        PLAY + SAY + PLAY + HANG_UP,
        PLAY + GATHER.replace(SAY, PLAY + SAY) + REDIRECT,
        GATHER + REDIRECT,
        SAY + GATHER + REDIRECT,
        RECORD + REDIRECT,
        SAY + DIAL,
        SAY + LAST_DIAL + SAY + HANG_UP,
        REDIRECT.replace("turn/4", "turn/4/on"),
        SAY.replace("Dag.", "x" * 3000) + HANG_UP,
    ],
)
def test_a_reply_a_provider_can_run_leaves_unchanged(verbs: str):
    """What is fit goes out byte for byte."""
    assert ReplyCheck(PUBLIC, PLAIN).check(reply(verbs)) == reply(verbs)


@pytest.mark.parametrize(
    ("verbs", "sentence"),
    [
        ("", "must end in one"),
        (SAY, "must end in one"),
        (GATHER, "must end in one"),
        (GATHER + HANG_UP, "must end in one"),
        (RECORD, "must end in one"),
        (LAST_DIAL, "must end in one"),
        (DIAL + HANG_UP, "must end in one"),
        (HANG_UP + SAY, "must end in one"),
        (REDIRECT + REDIRECT, "must end in one"),
        (GATHER + REDIRECT + GATHER + REDIRECT, "must end in one"),
        ("<Pause/>" + HANG_UP, "<Pause> is not one of our verbs|<Pause> may not stand"),
        ("<Reject/>", "<Reject> may not stand in <Response>"),
        ("<Number>+3225550100</Number>" + HANG_UP, "<Number> may not stand in <Response>"),
        (GATHER.replace(SAY, HANG_UP) + REDIRECT, "<Hangup> may not stand in <Gather>"),
        (SAY.replace("Dag.", HANG_UP) + HANG_UP, "<Hangup> may not stand in <Say>"),
        (SAY.replace("Dag.", '<prosody rate="80%">Dag.</prosody>') + HANG_UP, "<prosody> is not one of our"),
        (SAY.replace("Dag.", "") + HANG_UP, "<Say> holds 0 characters"),
        (SAY.replace("Dag.", "x" * 3001) + HANG_UP, "<Say> holds 3001 characters"),
        (SAY.replace("nl-BE", "fr-BE") + HANG_UP, "do not go together"),
        (SAY.replace(' language="nl-BE"', "") + HANG_UP, "<Say> lacks language"),
        (SAY.replace("<Say ", '<Say loop="0" ') + HANG_UP, "<Say> may not have this loop"),
        (GATHER.replace(HOOK, "") + REDIRECT, "<Gather> lacks action, method"),
        (GATHER.replace("POST", "GET") + REDIRECT, "<Gather> may not have this method"),
        (GATHER.replace("example.be", "example.com") + REDIRECT, "<Gather> may not have this action"),
        (GATHER.replace('timeout="5"', 'timeout="auto"') + REDIRECT, "<Gather> may not have this timeout"),
        (GATHER.replace("<Gather", '<Gather input="speech"') + REDIRECT, "<Gather> may not have this input"),
        (GATHER.replace("<Gather", '<Gather hints="a"') + REDIRECT, "<Gather> may not have this hints"),
        (GATHER.replace(SAY, "Dag.") + REDIRECT, "<Gather> may not hold text"),
        (GATHER.replace(SAY, SAY + "Dag.") + REDIRECT, "<Gather> may not hold text"),
        (SAY + "Dag." + HANG_UP, "<Response> may not hold text"),
        (f"<Play>/hold.wav</Play>{REDIRECT}", "<Play> holds what it may not"),
        ('<Play loop="0">https://a.be/hold.wav</Play>' + REDIRECT, "<Play> may not have this loop"),
        (f"<Hangup/>{PLAY}", "must end in one"),
        (f"{PLAY}", "must end in one"),
        (REDIRECT.replace("https", "http"), "<Redirect> holds what it may not"),
        (REDIRECT.replace("turn/4", "turn/x"), "<Redirect> holds what it may not"),
        (REDIRECT.replace("</R", "#rt=1</R"), "<Redirect> holds what it may not"),
        (REDIRECT.replace(TURN, "https://bridge.example.be.evil.com/voice/turn/4"), "<Redirect> holds"),
        (DIAL.replace("+3225550100", "112"), "<Number> holds what it may not"),
        (DIAL.replace(NUMBER, ""), "<Dial> must hold one number"),
        (DIAL.replace(NUMBER, NUMBER * 2), "<Dial> must hold one number"),
        (DIAL.replace(CALLER, ""), "<Dial> lacks callerId, timeout"),
        (DIAL.replace("timeout=", 'record="record-from-answer" timeout='), "<Dial> may not have this record"),
        (DIAL.replace("timeout=", 'timeLimit="9" timeout='), "<Dial> may not have this timeLimit"),
        (SAY.replace("Dag.", "\x01") + HANG_UP, "not well-formed"),
        (SAY.replace("Dag.", "&#55296;") + HANG_UP, "not well-formed"),
        (SAY.replace("Dag.", "\ufffe") + HANG_UP, "not well-formed"),
        (SAY.replace("</Say>", "") + HANG_UP, "not well-formed"),
        (SAY.replace("Dag.", "&x;") + HANG_UP, "not well-formed"),
        ("<!-- x -->" + HANG_UP, "nothing else declared"),
        (SAY.replace("Dag.", "<![CDATA[x]]>") + HANG_UP, "nothing else declared"),
    ],
)
def test_what_a_provider_cannot_run_never_leaves(verbs: str, sentence: str):
    """One mistake each, and a sentence that names the element but nothing that was said."""
    with pytest.raises(UnfitReplyError, match=sentence):
        ReplyCheck(PUBLIC, PLAIN).check(reply(verbs))


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (b"", "must be one <Response>"),
        (b"<Response/>", "must be one <Response>"),
        (b" " + reply(HANG_UP), "must be one <Response>"),
        (b'<?xml version="1.0" encoding="UTF-8"?><Response><Say>\xff</Say></Response>', "not well-formed"),
        (reply(SAY * 1200 + HANG_UP), "a provider reads less than 64000"),
    ],
)
def test_what_is_no_document_never_leaves(document: bytes, sentence: str):
    """Leading white space, another root, other bytes or too many: the provider would drop the call."""
    with pytest.raises(UnfitReplyError, match=sentence):
        ReplyCheck(PUBLIC, PLAIN).check(document)


def test_what_was_said_is_not_in_the_error():
    """An error's text may be logged, so it holds no word of the reply."""
    with pytest.raises(UnfitReplyError) as caught:
        ReplyCheck(PUBLIC, PLAIN).check(reply(SAY.replace("Dag.", "Janssens" * 999) + HANG_UP))
    assert "Janssens" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "verbs", [WHISPERED, SIP, DIAL, TOLD + REDIRECT, SIP.replace("?X-Tagor-File=2023-17", "")]
)
def test_whispers_exchanges_and_reports_are_for_providers_that_know_them(verbs: str):
    """What one provider plays leaves for it, and for another only if that plays it too."""
    assert ReplyCheck(PUBLIC, FULL).check(reply(verbs)) == reply(verbs)
    if verbs not in {DIAL, TOLD + REDIRECT}:
        with pytest.raises(UnfitReplyError):
            ReplyCheck(PUBLIC, PLAIN).check(reply(verbs))


@pytest.mark.parametrize(
    ("verbs", "sentence"),
    [
        (
            WHISPERED.replace("bridge.example.be/voice/w", "evil.example/voice/w"),
            "<Number> may not have this url",
        ),
        (WHISPERED.replace("/balance", "/balance?x=1"), "<Number> may not have this url"),
        (WHISPERED.replace("/balance", "/BALANCE"), "<Number> may not have this url"),
        (WHISPERED.replace("whisper/demo", "turn/4"), "<Number> may not have this url"),
        (WHISPERED.replace('POST">+', 'GET">+'), "<Number> may not have this method"),
        (WHISPERED.replace("<Number ", '<Number sendDigits="1" '), "<Number> may not have this sendDigits"),
        (SIP.replace("<Sip ", '<Sip password="x" '), "<Sip> may not have this password"),
        (SIP.replace("sip:desk@", "sips:desk@"), "<Sip> holds what it may not"),
        (SIP.replace("pbx.example.be", "pbx.example.be/x"), "<Sip> holds what it may not"),
        (SIP.replace("X-Tagor-File", "Route"), "<Sip> holds what it may not"),
        (SIP.replace("2023-17", "2023-17&amp;Route=x"), "<Sip> holds what it may not"),
        (SIP.replace("2023-17", "1" * 129), "<Sip> holds what it may not"),
        (DIAL.replace(NUMBER, NUMBER + f"<Sip>{EXCHANGE}</Sip>"), "<Dial> must hold one number"),
        (
            TOLD.replace("example.be/voice/r", "example.com/voice/r") + REDIRECT,
            "this recordingStatusCallback",
        ),
        (
            TOLD.replace("Method=", "Event=") + REDIRECT,
            "<Record> may not have this recordingStatusCallbackEvent",
        ),
        (TOLD.replace("/>", ' trim="do-not-trim"/>') + REDIRECT, "<Record> may not have this trim"),
        (TOLD.replace("/>", ' transcribe="true"/>') + REDIRECT, "<Record> may not have this transcribe"),
        (ROUND + ROUND + HANG_UP, "<Gather> may not have this action"),
    ],
)
def test_a_transfer_or_voicemail_leads_nowhere_else(verbs: str, sentence: str):
    """Whoever is rung, whatever is told and where: only the office's own, one mistake each."""
    with pytest.raises(UnfitReplyError, match=sentence):
        ReplyCheck(PUBLIC, FULL).check(reply(verbs))


def test_words_to_a_colleague_leave_unchanged():
    """Two rounds of one key, then the end."""
    words = reply(ROUND + ROUND + HANG_UP)
    assert ReplyCheck(PUBLIC, FULL).check(words, whispers=True) == words


@pytest.mark.parametrize(
    ("verbs", "sentence"),
    [
        ("", "must end in two rounds"),
        (HANG_UP, "must end in two rounds"),
        (ROUND + HANG_UP, "must end in two rounds"),
        (ROUND + ROUND, "must end in two rounds"),
        (ROUND * 3 + HANG_UP, "must end in two rounds"),
        (GATHER + GATHER + HANG_UP, "<Gather> may not have this action"),
        (
            ROUND.replace('numDigits="1"', 'numDigits="2"') * 2 + HANG_UP,
            "<Gather> may not have this numDigits",
        ),
        (ROUND.replace("<Gather", '<Gather actionOnEmptyResult="true"') * 2 + HANG_UP, "actionOnEmptyResult"),
        (DIAL, "<Dial> is not one of our verbs"),
        (ROUND + ROUND + REDIRECT, "<Redirect> is not one of our verbs"),
        (RECORD + HANG_UP, "<Record> is not one of our verbs"),
        (ROUND + WHISPERED + HANG_UP, "<Dial> is not one of our verbs"),
    ],
)
def test_words_to_a_colleague_do_nothing_else(verbs: str, sentence: str):
    """Nobody is dialled or recorded there, and silence connects nobody."""
    with pytest.raises(UnfitReplyError, match=sentence):
        ReplyCheck(PUBLIC, FULL).check(reply(verbs), whispers=True)
