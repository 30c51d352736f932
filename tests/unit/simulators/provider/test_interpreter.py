"""One verb after the other, over real HTTP: what the caller hears, and what the office is asked next."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.provider.account import TWILIO
from bridge.simulators.provider.errors import DocumentRefused, RedirectLoop
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.turn import Utterance

if TYPE_CHECKING:
    from tests.unit.simulators.provider.conftest import Office

HANGUP = "<Hangup/>"
SILENCE = "/sounds/silence.wav"


def texts(heard: list[Utterance]) -> list[str]:
    return [utterance.text for utterance in heard]


# --- Say, Play, Pause: twilio.com/docs/voice/twiml/say, /play, /pause ---


def test_say_is_heard_with_its_language_and_voice(office: "Office"):
    """What is spoken arrives as text, in the language and voice it was asked for."""
    office.says("/voice", office.say("Goedendag"), HANGUP)
    assert office.phone().ring().heard == [Utterance("Goedendag", "nl-BE", "Polly.Lisa-Neural")]


def test_ssml_is_heard_as_its_words(office: "Office"):
    """Tags steer the voice; the caller hears the words between them, once."""
    slow = '<prosody rate="slow">een <s>twee</s></prosody> <break time="500ms"/>drie &amp; vier'
    office.says("/voice", office.say(slow), HANGUP)
    assert texts(office.phone().ring().heard) == ["een twee drie & vier"]


@pytest.mark.parametrize(("loop", "times"), [("1", 1), ("3", 3), ("0", 1000)])
def test_loop_repeats_the_words(office: "Office", loop: str, times: int):
    """loop=0 does not go on for ever: the provider stops at 1000."""
    office.says("/voice", office.say("een", loop=loop), HANGUP)
    assert texts(office.phone().ring().heard) == ["een"] * times


def test_play_is_heard_as_its_address(office: "Office"):
    """A sound has no words; the caption is where it comes from."""
    office.says("/voice", f"<Play>{SILENCE}</Play>", HANGUP)
    assert office.phone().ring().heard == [Utterance("", audio=SILENCE)]


def test_speech_that_nobody_can_interrupt_takes_its_time(office: "Office"):
    """A clock can be moved by what is spoken outside a Gather; inside one the caller's own time counts."""
    passed: list[float] = []
    verbs = [office.say("x" * 30), f"<Play>{SILENCE}</Play>", '<Pause length="4"/>', "<Pause/>"]
    office.says("/voice", *verbs, office.gather(office.say("y" * 300)), office.redirect())
    phone = office.phone(elapse=passed.append).ring()
    assert passed == [2.0, 1.0, 4.0, 1.0]
    assert phone.waiting.speaking == 20.0


# --- Gather: twilio.com/docs/voice/twiml/gather ---


def test_say_play_and_pause_may_stand_inside_a_gather(office: "Office"):
    """All of them can be interrupted; a pause is not heard."""
    inside = (office.say("een"), "<Pause/>", f"<Play>{SILENCE}</Play>", office.say("twee"))
    office.says("/voice", office.gather(*inside), office.redirect())
    assert texts(office.phone().ring().heard) == ["een", "", "twee"]


@pytest.fixture
def asking(office: "Office") -> "Office":
    """An office that asks for six digits and then says goodbye."""
    office.says(
        "/voice", office.gather(office.say("Uw pincode"), numDigits=6, timeout=7), office.redirect("/late")
    )
    office.says("/turn/1", office.say("Dank u"), HANGUP)
    office.says("/late", office.say("Bent u daar nog?"), HANGUP)
    return office


def test_a_gather_waits_after_its_words(asking: "Office"):
    """The caller has heard the question, and the call listens with the attributes it was given."""
    phone = asking.phone().ring()
    assert phone.state == "listening"
    assert texts(phone.last) == ["Uw pincode"]
    assert phone.listening["numDigits"] == "6"
    assert phone.waiting.timeout == 7


def test_the_last_of_num_digits_submits_at_once(asking: "Office"):
    """With numDigits no # and no silence is needed; FinishedOnKey stays empty."""
    phone = asking.phone().ring().press("482193")
    assert asking.forms[1].items() >= {"Digits": "482193", "FinishedOnKey": "", "msg": "Gather End"}.items()
    assert texts(phone.last) == ["Dank u"]


def test_keys_may_come_one_by_one(asking: "Office"):
    """The Gather keeps what was typed until it is enough."""
    phone = asking.phone().ring().press("48").press("21")
    assert (phone.state, phone.typed, len(asking.asked)) == ("listening", "4821", 1)
    phone.press("93")
    assert asking.forms[1]["Digits"] == "482193"


def test_keys_beyond_num_digits_are_lost(asking: "Office"):
    """Twilio keeps no type-ahead: what comes after the last digit belongs to nobody."""
    asking.says("/turn/1", asking.gather(asking.say("Nog iets?"), action="/turn/2"), asking.redirect())
    phone = asking.phone().ring().press("482193777")
    assert asking.forms[1]["Digits"] == "482193"
    assert (phone.state, phone.typed) == ("listening", "")


def test_the_finishing_key_is_not_among_the_digits(asking: "Office"):
    """`#` submits what there is, and is told apart in FinishedOnKey."""
    asking.phone().ring().press("48#")
    assert asking.forms[1].items() >= {"Digits": "48", "FinishedOnKey": "#"}.items()


def test_another_finishing_key_makes_hash_an_ordinary_one(office: "Office"):
    """FinishOnKey names the only key that ends the input."""
    office.says("/voice", office.gather(office.say("Toets"), finishOnKey="*"), office.redirect())
    office.says("/turn/1", HANGUP)
    office.phone().ring().press("1#2*")
    assert office.forms[1].items() >= {"Digits": "1#2", "FinishedOnKey": "*"}.items()


def test_without_a_finishing_key_only_silence_ends_the_input(office: "Office"):
    """finishOnKey="" collects # and * too."""
    office.says("/voice", office.gather(office.say("Toets"), finishOnKey=""), office.redirect())
    office.says("/turn/1", HANGUP)
    phone = office.phone().ring().press("#*#")
    assert phone.state == "listening"
    phone.wait()
    assert office.forms[1]["Digits"] == "#*#"


def test_silence_submits_the_keys_so_far(asking: "Office"):
    """A time-out after some keys is an answer, not silence."""
    asking.phone().ring().press("4821").wait()
    assert asking.forms[1].items() >= {"Digits": "4821", "FinishedOnKey": ""}.items()


@pytest.mark.parametrize(("deed", "finish"), [("wait", ""), ("hash", "#")])
def test_silence_and_a_lone_hash_reach_the_action_empty(asking: "Office", deed: str, finish: str):
    """actionOnEmptyResult="true": the office hears of it, with empty Digits."""
    phone = asking.phone().ring()
    phone.wait() if deed == "wait" else phone.press("#")
    assert asking.targets[1] == "/turn/1"
    assert asking.forms[1].items() >= {"Digits": "", "FinishedOnKey": finish}.items()


def test_some_providers_leave_digits_out_on_silence(asking: "Office"):
    """Somleng posts no Digits at all: one value of the profile."""
    asking.phone(profile=replace(TWILIO, silence=None)).ring().wait()
    assert "Digits" not in asking.forms[1]


def test_without_action_on_empty_result_silence_falls_through(office: "Office"):
    """The document goes on after the Gather, and nobody is asked."""
    office.says("/voice", '<Gather action="/turn/1"/>', office.say("Nu verder"), HANGUP)
    phone = office.phone(strict=False).ring().wait()
    assert texts(phone.heard) == ["Nu verder"]
    assert office.targets == ["/voice"]


def test_a_gather_without_action_asks_the_same_url_again(office: "Office"):
    """The default action is the current document: the loop telephony.md warns of."""
    office.says("/voice", '<Gather numDigits="1"/>')
    office.phone(strict=False).ring().press("5")
    assert office.targets == ["/voice", "/voice"]
    assert office.forms[1]["Digits"] == "5"


# --- Gather with speech ---


@pytest.fixture
def listening(office: "Office") -> "Office":
    """An office that also takes words."""
    menu = office.gather(office.say("Zeg saldo"), input="dtmf speech", language="nl-BE", hints="saldo,plan")
    office.says("/voice", menu, office.redirect())
    office.says("/turn/1", HANGUP)
    return office


def test_words_arrive_as_speech_result(listening: "Office"):
    """What was understood, how sure the recogniser is, and in which language; no Digits."""
    listening.phone().ring().speak("één saldo", confidence=0.75)
    form = listening.forms[1]
    assert (
        form.items() >= {"SpeechResult": "één saldo", "Confidence": "0.75000000", "Language": "nl-BE"}.items()
    )
    assert "Digits" not in form


def test_keys_win_over_words_once_typing_has_begun(listening: "Office"):
    """The first heard wins: after a key, words are not listened to."""
    listening.phone().ring().press("4").speak("saldo").press("#")
    assert listening.forms[1]["Digits"] == "4"


def test_a_keypad_gather_does_not_hear_words(asking: "Office"):
    """Speaking to a Gather of keys changes nothing."""
    assert asking.phone().ring().speak("saldo").state == "listening"
    assert len(asking.asked) == 1


def test_a_speech_gather_does_not_hear_keys(office: "Office"):
    """input="speech" takes no keys."""
    office.says(
        "/voice", office.gather(office.say("Zeg"), input="speech", language="nl-BE"), office.redirect()
    )
    assert office.phone().ring().press("5").typed == ""


# --- Redirect: twilio.com/docs/voice/twiml/redirect ---


def test_redirect_leaves_the_rest_unheard(office: "Office"):
    """What stands after a Redirect is unreachable."""
    office.says("/voice", office.redirect("/next?turn=2"), office.say("nooit"))
    office.says("/next", office.say("verder"), HANGUP)
    phone = office.phone().ring()
    assert texts(phone.heard) == ["verder"]
    assert office.targets == ["/voice", "/next?turn=2"]
    assert [turn.then for turn in phone.turns] == ["redirect", "hangup"]


def test_relative_urls_count_from_the_document(office: "Office"):
    """`2` inside /calls/1 means /calls/2."""
    office.says("/calls/1", office.redirect("2"))
    office.says("/calls/2", HANGUP)
    phone = Phone(office.line("/calls/1")).ring()
    assert phone.ended_by == "hangup"


def test_redirect_by_get_puts_everything_in_the_query(office: "Office"):
    """A GET carries no body; the query is what gets signed."""
    office.says("/voice", '<Redirect method="GET">/next?turn=2</Redirect>')
    office.says("/next", HANGUP)
    office.phone(strict=False).ring()
    assert office.asked[1].method == "GET"
    assert office.targets[1].startswith("/next?turn=2&AccountSid=AC0")
    assert "&From=%2B32470000001&" in office.targets[1]


# --- Ends: twilio.com/docs/voice/twiml ---


@pytest.mark.parametrize(
    ("verbs", "ended", "then"),
    [
        ("<Hangup/>", "hangup", "hangup"),
        ('<Reject reason="busy"/>', "reject", "reject"),
        ("", "end of document", "end"),
        ('<Say voice="Polly.Lisa-Neural" language="nl-BE">Dag</Say>', "end of document", "end"),
    ],
)
def test_how_a_call_ends(office: "Office", verbs: str, ended: str, then: str):
    """Running out of verbs hangs up just as Hangup does, but a test can tell the difference."""
    office.says("/voice", verbs)
    phone = office.phone().ring()
    assert (phone.state, phone.ended_by, phone.turns[0].then) == ("over", ended, then)


def test_going_round_in_a_loop_is_held_against_the_bridge(office: "Office"):
    """No provider counts documents; we do, at 60."""
    office.says("/voice", office.redirect("/voice"))
    with pytest.raises(RedirectLoop, match="more than 60 documents"):
        office.phone().ring()
    assert len(office.asked) == 60


def test_a_loop_ends_with_an_apology_and_not_with_the_fallback(office: "Office"):
    """When not strict, the loop guard ends the call; the fallback would only go round as well."""
    office.says("/voice", office.redirect("/voice"))
    line = office.line(fallback_url="/voice")
    phone = Phone(line, profile=replace(TWILIO, max_documents=5), strict=False).ring()
    assert (len(office.asked), phone.ended_by) == (5, "application error")


def test_the_caller_may_hang_up_while_listening(asking: "Office"):
    """Nobody is asked anything any more."""
    phone = asking.phone().ring().press("48").hang_up()
    assert (phone.state, phone.ended_by, len(asking.asked)) == ("over", "caller", 1)


# --- Dial: twilio.com/docs/voice/twiml/dial ---

DIAL = '<Dial action="/turn/5" method="POST" callerId="+3225550100" timeout="20">{}</Dial>'
NUMBER = "<Number>+3225550199</Number>"


@pytest.fixture
def dialling(office: "Office") -> "Office":
    """An office that transfers at once, and takes the call back afterwards."""
    office.says("/voice", office.say("Ik verbind u door"), DIAL.format(NUMBER), office.say("nooit"))
    office.says("/turn/5", office.say("Nog iets?"), HANGUP)
    return office


def test_dial_rings_its_targets(dialling: "Office"):
    """The call waits for somebody to pick up; keys and words reach nobody."""
    phone = dialling.phone().ring().press("5").speak("hallo")
    assert (phone.state, phone.dialled, phone.listening) == ("dialling", ["+3225550199"], None)
    assert len(dialling.asked) == 1


def test_an_answered_transfer_comes_back_as_completed(dialling: "Office"):
    """When the colleague hangs up, the action hears how long they talked, and its document goes on."""
    phone = dialling.phone().ring().answer_transfer(seconds=95)
    expected = {"DialCallStatus": "completed", "DialCallDuration": "95", "DialBridged": "true"}
    assert dialling.forms[1].items() >= expected.items()
    assert dialling.forms[1]["DialCallSid"].startswith("CA")
    assert texts(phone.heard) == ["Ik verbind u door", "Nog iets?"]


@pytest.mark.parametrize("outcome", ["busy", "no-answer", "failed", "canceled"])
def test_a_missed_transfer_comes_back_with_its_reason(dialling: "Office", outcome: str):
    """Nobody talked, so there is no duration."""
    dialling.phone().ring().miss_transfer(outcome)
    assert dialling.forms[1].items() >= {"DialCallStatus": outcome, "DialBridged": "false"}.items()
    assert "DialCallDuration" not in dialling.forms[1]


def test_silence_while_ringing_is_no_answer(dialling: "Office"):
    """The Dial's own time-out."""
    dialling.phone().ring().wait()
    assert dialling.forms[1]["DialCallStatus"] == "no-answer"


def test_dial_without_action_falls_through(office: "Office"):
    """Then the rest of the document is reachable."""
    office.says("/voice", '<Dial callerId="+3225550100">+3225550199</Dial>', office.say("terug"), HANGUP)
    phone = office.phone().ring().answer_transfer()
    assert (texts(phone.heard), phone.dialled) == (["terug"], ["+3225550199"])


def test_hanging_up_while_ringing_still_tells_the_action(dialling: "Office"):
    """The office hears `canceled`; what it answers is not played."""
    phone = dialling.phone().ring().hang_up()
    assert dialling.forms[1].items() >= {"DialCallStatus": "canceled", "CallStatus": "completed"}.items()
    assert (phone.ended_by, phone.turns[-1].then, phone.last) == ("caller", "ignored", [])


@pytest.mark.parametrize(
    ("shown", "inside"),
    [
        ("+3225550100", NUMBER),
        ("+32470000001", NUMBER),
        ("+3225550177", NUMBER),
        ("office", "<Sip>sip:a@b.be</Sip>"),
    ],
)
def test_a_transfer_may_show_these_numbers(office: "Office", shown: str, inside: str):
    """Docs: this call's To or From, an owned or verified number; a SIP leg may show a name."""
    office.says("/voice", f'<Dial callerId="{shown}">{inside}</Dial>')
    line = office.line(owned=frozenset({"+3225550177"}))
    assert Phone(line).ring().state == "dialling"


def test_a_transfer_must_not_show_a_stranger(office: "Office"):
    """13214: a caller id that is neither this call's nor the account's."""
    office.says("/voice", f'<Dial callerId="+33155550000">{NUMBER}</Dial>')
    with pytest.raises(DocumentRefused, match="13214: line 1: <Dial> shows a callerId"):
        office.phone().ring()


# --- Record: twilio.com/docs/voice/twiml/record ---

RECORD = (
    '<Record action="/turn/6" method="POST" maxLength="10" finishOnKey="#" '
    'recordingStatusCallback="/recording" recordingStatusCallbackMethod="POST"/>'
)


@pytest.fixture
def recording(office: "Office") -> "Office":
    """An office that takes a message."""
    office.says("/voice", office.say("Spreek na de toon"), RECORD, office.say("nooit"))
    office.says("/turn/6", office.say("Bewaard"), HANGUP)
    office.answers("/recording", status=204)
    return office


def test_a_message_ends_by_its_key(recording: "Office"):
    """The action hears where the recording lies, how long it is, and the key that ended it."""
    phone = recording.phone().ring().speak("x" * 45).press("12#")
    form = recording.forms[1]
    assert form.items() >= {"RecordingDuration": "3", "Digits": "#"}.items()
    assert form["RecordingUrl"].endswith(f"/Accounts/AC{'0' * 32}/Recordings/{form['RecordingSid']}")
    assert texts(phone.heard) == ["Spreek na de toon", "Bewaard"]


def test_keys_that_do_not_finish_are_part_of_the_message(recording: "Office"):
    """Only finishOnKey ends it."""
    assert recording.phone().ring().press("12").state == "recording"


def test_a_message_ends_by_silence(recording: "Office"):
    """No key was pressed, so Digits is empty."""
    recording.phone().ring().speak("hallo").wait()
    assert recording.forms[1]["Digits"] == ""


def test_a_message_ends_at_its_longest(recording: "Office"):
    """MaxLength cuts it off."""
    phone = recording.phone().ring().speak("x" * 900)
    assert recording.forms[1]["RecordingDuration"] == "10"
    assert phone.ended_by == "hangup"


def test_hanging_up_keeps_the_message(recording: "Office"):
    """The office hears Digits=hangup on a completed call; what it answers is not played."""
    phone = recording.phone().ring().speak("x" * 30).hang_up()
    assert recording.forms[1].items() >= {"Digits": "hangup", "CallStatus": "completed"}.items()
    assert (phone.ended_by, texts(phone.heard)) == ("caller", ["Spreek na de toon"])
    assert phone.callbacks[0]["RecordingDuration"] == "2"


def test_the_recording_callback_follows_the_action(recording: "Office"):
    """The file is told to be complete only after the call has gone on."""
    phone = recording.phone().ring().leave_message(4).wait()
    assert recording.targets == ["/voice", "/turn/6", "/recording"]
    assert (
        phone.callbacks[0].items()
        >= {"RecordingStatus": "completed", "RecordingSource": "RecordVerb"}.items()
    )
    assert phone.callbacks[0]["RecordingSid"] == recording.forms[1]["RecordingSid"]


def test_an_action_that_fails_after_hang_up_is_noted(recording: "Office"):
    """Nobody hears it, but the provider's log has it."""
    del recording.pages["/turn/6"]
    phone = recording.phone().ring().leave_message(4).hang_up()
    assert [fault.code for fault in phone.faults] == [11200]
