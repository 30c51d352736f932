"""One verb after the other, over real HTTP: what the caller hears, and what the office is asked next."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.provider.account import TWILIO
from bridge.simulators.provider.errors import DocumentRefused, RedirectLoop
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.sound import wav_seconds, wav_tone
from bridge.simulators.provider.turn import Utterance

if TYPE_CHECKING:
    from tests.unit.simulators.provider.conftest import Office

HANGUP = "<Hangup/>"
SILENCE = "/sounds/silence.wav"


def texts(heard: list[Utterance]) -> list[str]:
    return [utterance.text for utterance in heard]


# --- Say, Play, Pause: twilio.com/docs/voice/twiml/say, /play, /pause ---


@pytest.mark.parametrize(("loop", "times"), [("1", 1), ("3", 3), ("0", 1000)])
def test_loop_repeats_the_words(office: "Office", loop: str, times: int):
    """loop=0 does not go on for ever: the provider stops at 1000."""
    office.says("/voice", office.say("een", loop=loop), HANGUP)
    assert texts(office.phone().ring().heard) == ["een"] * times


def test_speech_that_nobody_can_interrupt_takes_its_time(office: "Office"):
    """A clock can be moved by what is spoken outside a Gather; inside one the caller's own time counts."""
    passed: list[float] = []
    office.answers(SILENCE, wav_tone(1.5, 1), mimetype="audio/wav")
    verbs = [office.say("x" * 30), f"<Play>{SILENCE}</Play>", '<Pause length="4"/>', "<Pause/>"]
    office.says("/voice", *verbs, office.gather(office.say("y" * 300)), office.redirect())
    phone = office.phone(elapse=passed.append).ring()
    assert passed == [2.0, 1.5, 4.0, 1.0]
    assert phone.waiting.speaking == 20.0


@pytest.mark.parametrize(("cached", "fetched"), [("public, max-age=60", 1), ("no-store", 3)])
def test_a_sound_is_fetched_as_often_as_its_headers_ask_for(office: "Office", cached: str, fetched: int):
    """A provider keeps what it may keep; the sound is asked for by a GET."""
    office.answers(SILENCE, wav_tone(0.5, 1), mimetype="audio/wav", headers={"Cache-Control": cached})
    office.says("/voice", f"<Play>{SILENCE}</Play>" * 3, HANGUP)
    assert sum(one.seconds for one in office.phone().ring().heard) == 1.5
    assert [one.method for one in office.asked if one.target == SILENCE] == ["GET"] * fetched


@pytest.mark.parametrize("sound", [{"status": 404}, {"body": b"no sound"}])
def test_a_sound_that_cannot_be_played_is_held_against_the_office(office: "Office", sound: dict[str, object]):
    """The call goes on at the fallback URL, as after a document that cannot be had."""
    office.answers(SILENCE, **sound)  # type: ignore[arg-type]
    office.says("/voice", f"<Play>{SILENCE}</Play>", HANGUP)
    office.says("/late", office.say("Excuses"), HANGUP)
    phone = Phone(office.line(fallback_url="/late")).ring()
    assert texts(phone.heard) == ["Excuses"]
    assert len(phone.faults) == 1


@pytest.mark.parametrize(
    "file",
    [
        b"RIFF\x04\0\0\0WAVE",
        wav_tone(0.1, 1)[:36],
        wav_tone(0.1, 1).replace(b"\x01\0\x01\0", b"\x55\0\x01\0", 1),
    ],
)
def test_only_files_with_samples_of_a_known_kind_are_sounds(file: bytes):
    """A file without samples, or packed as mp3, is none."""
    with pytest.raises(ValueError, match="WAV file"):
        wav_seconds(file)


# --- Gather: twilio.com/docs/voice/twiml/gather ---


@pytest.fixture
def asking(office: "Office") -> "Office":
    """An office that asks for six digits and then says goodbye."""
    office.says(
        "/voice", office.gather(office.say("Uw pincode"), numDigits=6, timeout=7), office.redirect("/late")
    )
    office.says("/turn/1", office.say("Dank u"), HANGUP)
    office.says("/late", office.say("Bent u daar nog?"), HANGUP)
    return office


@pytest.mark.parametrize(
    ("typed", "digits", "finished"),
    [
        (["482193"], "482193", ""),
        (["48", "21", "93"], "482193", ""),
        (["482193777"], "482193", ""),
        (["48#"], "48", "#"),
        (["4821", ","], "4821", ""),
        ([","], "", ""),
        (["#"], "", "#"),
    ],
)
def test_keys_are_submitted_by_their_number_by_hash_or_by_silence(
    asking: "Office", typed: list[str], digits: str, finished: str
):
    """Nothing is typed ahead, `#` is told apart, and actionOnEmptyResult sends silence too."""
    phone = asking.phone().ring()
    for keys in typed:
        assert len(asking.asked) == 1
        if keys == ",":
            phone.wait()
        else:
            phone.press(keys)
    expected = {"Digits": digits, "FinishedOnKey": finished, "msg": "Gather End"}
    assert asking.forms[1].items() >= expected.items()


@pytest.mark.parametrize(("finish", "typed", "digits"), [("*", "1#2*", "1#2"), ("", "#*#", "#*#")])
def test_only_the_finishing_key_ends_the_input(office: "Office", finish: str, typed: str, digits: str):
    """Where there is none, # and * are keys like others, and silence ends it."""
    office.says("/voice", office.gather(office.say("Toets"), finishOnKey=finish), office.redirect())
    office.says("/turn/1", HANGUP)
    phone = office.phone().ring().press(typed)
    if finish == "":
        phone.wait()
    assert office.forms[1].items() >= {"Digits": digits, "FinishedOnKey": finish}.items()


def test_some_providers_leave_digits_out_on_silence(asking: "Office"):
    """Somleng posts no Digits at all: one value of the profile."""
    asking.phone(profile=replace(TWILIO, silence=None)).ring().wait()
    assert "Digits" not in asking.forms[1]


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


# --- Redirect: twilio.com/docs/voice/twiml/redirect ---


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
    """No provider counts documents; we do, at 200."""
    office.says("/voice", office.redirect("/voice"))
    with pytest.raises(RedirectLoop, match="more than 200 documents"):
        office.phone().ring()
    assert len(office.asked) == 200


# --- Dial: twilio.com/docs/voice/twiml/dial ---

DIAL = '<Dial action="/turn/5" method="POST" callerId="+3225550100" timeout="20">{}</Dial>'
NUMBER = "<Number>+3225550199</Number>"


@pytest.fixture
def dialling(office: "Office") -> "Office":
    """An office that transfers at once, and takes the call back afterwards."""
    office.says("/voice", office.say("Ik verbind u door"), DIAL.format(NUMBER), office.say("nooit"))
    office.says("/turn/5", office.say("Nog iets?"), HANGUP)
    return office


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
def test_a_transfer_shows_a_number_of_its_own(office: "Office", shown: str, inside: str):
    """Docs: this call's To or From, an owned or verified number; a SIP leg may show a name. Else 13214."""
    office.says("/voice", f'<Dial callerId="{shown}">{inside}</Dial>')
    line = office.line(owned=frozenset({"+3225550177"}))
    assert Phone(line).ring().state == "dialling"
    office.says("/voice", f'<Dial callerId="+33155550000">{NUMBER}</Dial>')
    with pytest.raises(DocumentRefused, match="13214: line 1: <Dial> shows a callerId"):
        Phone(line).ring()
