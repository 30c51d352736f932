"""Whispers: what a colleague hears, and what the caller's action is told of who picked up."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.provider.account import TWILIO
from bridge.simulators.provider.errors import DocumentRefused
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.script import play

if TYPE_CHECKING:
    from tests.unit.simulators.provider.conftest import Office

HANGUP = "<Hangup/>"
NUMBER = '<Number url="/whisper" method="POST">+3225550199</Number>'
SIP = '<Sip url="/whisper" method="POST">sip:desk@pbx.be;transport=tls?X-Tagor-File=17</Sip>'
DIAL = '<Dial action="/turn/5" method="POST" callerId="+3225550100" timeout="20">{}</Dial>'
ROUND = '<Gather action="/accept" method="POST" numDigits="1" timeout="6">{}</Gather>'


@pytest.fixture
def whispering(office: "Office") -> "Office":
    """An office that transfers at once, and whose colleagues accept with 1."""
    office.says("/voice", office.say("Ik verbind u door"), DIAL.format(NUMBER))
    rounds = [ROUND.format(office.say(words)) for words in ("Een beller", "Toets 1")]
    office.says("/whisper", *rounds, HANGUP)
    office.does("/accept", lambda asked: _document("" if asked.form["Digits"] == "1" else HANGUP))
    office.says("/turn/5", office.say("Nog iets?"), HANGUP)
    return office


def _document(verbs: str) -> str:
    return f"<Response>{verbs}</Response>"


def _spoken(phone: Phone) -> tuple[list[str], list[str]]:
    """What the caller heard, and what the colleague."""
    return [one.text for one in phone.heard], [one.text for one in phone.whispered]


def test_a_colleague_hears_the_whisper_and_accepts(whispering: "Office"):
    """The caller hears nothing of it; when the two have talked, the action is told so."""
    phone = whispering.phone().ring().answer_transfer(seconds=95)
    assert _spoken(phone) == (["Ik verbind u door", "Nog iets?"], ["Een beller"])
    assert whispering.targets == ["/voice", "/whisper", "/accept", "/turn/5"]
    told = {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "95"}
    assert whispering.forms[3].items() >= told.items()


def test_the_colleagues_leg_is_a_call_of_its_own(whispering: "Office"):
    """Docs: the whisper's request is about the dialled party; its parent is the caller's call."""
    phone = whispering.phone().ring().answer_transfer()
    leg = whispering.forms[1]
    assert leg["CallSid"] == whispering.forms[2]["CallSid"] == whispering.forms[3]["DialCallSid"]
    assert leg["CallSid"] != phone.call_id
    expected = {"ParentCallSid": phone.call_id, "Direction": "outbound-dial", "CallStatus": "in-progress"}
    assert leg.items() >= (expected | {"From": "+3225550100", "To": "+3225550199"}).items()
    assert "ParentCallSid" not in whispering.forms[3]


@pytest.mark.parametrize(
    ("how", "targets", "whispered"),
    [
        ("mailbox", ["/whisper"], ["Een beller", "Toets 1"]),
        ("declined", ["/whisper", "/accept"], ["Een beller"]),
        ("hung-up", ["/whisper"], ["Een beller"]),
    ],
)
def test_who_picks_up_and_does_not_accept_is_not_connected(
    whispering: "Office", how: str, targets: list[str], whispered: list[str]
):
    """Twilio then posts `completed` with DialBridged=false: the leg was answered, and nobody talked."""
    phone = whispering.phone().ring().decline_transfer(how)
    assert whispering.targets == ["/voice", *targets, "/turn/5"]
    told = {"DialCallStatus": "completed", "DialBridged": "false", "DialCallDuration": "9"}
    assert whispering.forms[-1].items() >= told.items()
    assert _spoken(phone) == (["Ik verbind u door", "Nog iets?"], whispered)


def test_without_a_whisper_a_mailbox_swallows_the_caller(office: "Office"):
    """That is what whispers are for."""
    office.says("/voice", DIAL.format("+3225550199"))
    office.says("/turn/5", HANGUP)
    office.phone().ring().decline_transfer("mailbox")
    assert office.forms[1]["DialBridged"] == "true"


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled", "rejected"])
def test_who_does_not_pick_up_hears_nothing(whispering: "Office", status: str):
    """Twilio knows no `rejected`: who declines while it rings is busy."""
    phone = whispering.phone().ring().miss_transfer(status)
    assert whispering.targets == ["/voice", "/turn/5"]
    posted = "busy" if status == "rejected" else status
    assert whispering.forms[1].items() >= {"DialCallStatus": posted, "DialBridged": "false"}.items()
    assert phone.whispered == []


@pytest.mark.parametrize(
    ("verbs", "sentence"),
    [
        (DIAL.format("+3225550199") + HANGUP, "<Dial> cannot stand inside <Response>"),
        ('<Record action="/x" method="POST"/>' + HANGUP, "<Record> cannot stand inside <Response>"),
        ("<Reject/>", "<Reject> cannot stand inside <Response>"),
        (ROUND.format(""), "<Gather> must not be a whisper's end: silence would connect a mailbox"),
        ('<Redirect method="POST">/more</Redirect>', "<Redirect> must not be a whisper's end"),
        ('<Say voice="Polly.Lisa-Neural" language="nl-BE">Dag</Say>', "<Say> must not be a whisper's end"),
        ("<Say>Dag</Say>" + HANGUP, "<Say> needs voice and language"),
        ('<Gather method="POST"/>' + HANGUP, "<Gather> needs action"),
    ],
)
def test_a_whisper_that_cannot_be_played_or_connects_a_mailbox_is_raised(
    whispering: "Office", verbs: str, sentence: str
):
    """The provider's rules for the colleague's leg, and the house's."""
    whispering.says("/whisper", verbs)
    with pytest.raises(DocumentRefused) as refused:
        whispering.phone().ring().answer_transfer()
    assert refused.value.sentence.startswith(f"line 1: {sentence}")


def test_a_whisper_that_goes_round_in_a_loop_is_raised(whispering: "Office"):
    """Nobody is kept on the phone for ever."""
    whispering.says("/whisper", ROUND.format("").replace("/accept", "/whisper"), HANGUP)
    with pytest.raises(DocumentRefused, match="more than 10 documents"):
        whispering.phone().ring().answer_transfer()


def test_a_whisper_that_cannot_be_had_ends_the_leg(whispering: "Office"):
    """The caller goes on, and the provider's log has it, strict or not."""
    whispering.answers("/whisper", status=403)
    phone = whispering.phone().ring().answer_transfer()
    assert [fault.code for fault in phone.faults] == [11200]
    assert whispering.forms[-1].items() >= {"DialCallStatus": "completed", "DialBridged": "false"}.items()


@pytest.mark.parametrize("inside", [NUMBER, SIP])
def test_a_provider_without_whispers_does_not_play_them(office: "Office", inside: str):
    """A capability like any other."""
    office.says("/voice", DIAL.format(inside))
    profile = replace(TWILIO, name="plain", capabilities=TWILIO.capabilities - {"whisper"})
    with pytest.raises(DocumentRefused, match="plain has no attribute url"):
        office.phone(profile=profile).ring()


def test_a_whisper_is_asked_for_by_post(office: "Office"):
    """A rule of the house, as for every other address."""
    office.says("/voice", DIAL.format(NUMBER.replace(' method="POST"', "")))
    with pytest.raises(DocumentRefused, match='<Number> needs method="POST"'):
        office.phone().ring()


@pytest.mark.parametrize(
    ("script", "bridged"),
    [("{answered}", "true"), ("{mailbox}", "false"), ("{declined}", "false"), ("{hung-up}", "false")],
)
def test_a_script_says_who_picks_up(whispering: "Office", script: str, bridged: str):
    """The turn that dialled tells what the colleague heard."""
    turns = play(whispering.line(), keys=script, strict=True)
    assert whispering.forms[-1]["DialBridged"] == bridged
    assert turns[0]["whispered"][0]["text"] == "Een beller"
    assert turns[1]["keys"] == script
    assert "whispered" not in turns[1]
