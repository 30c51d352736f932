"""Scripted calls: one line of text leads a whole call."""

import json
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.provider.errors import HandsetError
from bridge.simulators.provider.script import parse, play
from bridge.simulators.provider.sound import wav_tone

if TYPE_CHECKING:
    from tests.unit.simulators.provider.conftest import Office


def told(turns: list[dict[str, object]], *names: str) -> list[tuple[object, ...]]:
    return [tuple(turn[name] for name in names) for turn in turns]


@pytest.fixture
def line(office: "Office") -> "Office":
    """Language by one key, pincode of six, a menu, a transfer."""
    office.says(
        "/voice", office.gather(office.say("Taal"), numDigits=1, action="/pin"), office.redirect("/voice")
    )
    office.says("/pin", office.gather(office.say("Pincode"), action="/menu"), office.redirect("/voice"))
    menu = office.gather(
        office.say("Saldo of collega"), action="/do", input="dtmf speech", language="nl-BE", numDigits=1
    )
    office.says("/menu", menu, office.redirect("/voice"))
    dial = '<Dial action="/after" method="POST" callerId="+3225550100"><Number>+3225550199</Number></Dial>'
    office.says("/do", office.say("Ik verbind u door"), dial)
    office.says("/after", office.say("Tot ziens"), "<Hangup/>")
    return office


def test_without_bars_each_gather_takes_the_keys_it_needs(line: "Office"):
    """One key, then up to the #, then one key; the transfer then rings out."""
    turns = play(line.line(), keys="1 482193# 2")
    assert told(turns, "turn", "keys", "then") == [
        (0, "", "gather"),
        (1, "1", "gather"),
        (2, "482193#", "gather"),
        (3, "2", "dial"),
        (4, ",", "hangup"),
    ]
    assert line.forms[4]["DialCallStatus"] == "no-answer"
    assert turns[-1]["ended_by"] == "hangup"


def test_a_turn_is_told_in_full(line: "Office"):
    """The whole dict, fit for JSON."""
    turn = play(line.line(), keys="!")[0]
    assert json.loads(json.dumps(turn)) == turn
    assert turn.pop("seconds") >= 0
    assert turn == {
        "turn": 0,
        "url": f"{line.base}/voice",
        "keys": "",
        "heard": [{"text": "Taal", "language": "nl-BE", "voice": "Polly.Lisa-Neural"}],
        "then": "gather",
        "status": 200,
        "ended_by": "caller",
    }


def test_with_bars_a_piece_belongs_to_one_gather(line: "Office"):
    """Keys too many are lost; a piece without # is ended by silence."""
    turns = play(line.line(), keys="12|482193|2!")
    assert told(turns, "keys") == [("",), ("12",), ("482193,",), ("2",), ("!",)]
    assert line.forms[1]["Digits"] == "1"
    assert turns[-1]["ended_by"] == "caller"


def test_a_comma_is_silence(line: "Office"):
    """The Gather's time-out; here the pincode is not given, and the menu takes the next key."""
    turns = play(line.line(), "anonymous", "1,2!")
    assert told(turns, "keys") == [("",), ("1",), (",",), ("2",), ("!",)]
    assert [form.get("Digits") for form in line.forms] == [None, "1", "", "2", None]
    assert line.forms[0]["From"] == "+266696687"


def test_keys_nobody_listens_for_are_lost(line: "Office"):
    """Typed while a colleague is rung, they are told as typed and reach nobody."""
    turns = play(line.line(), keys="1 1# 2 345 {busy}")
    assert turns[4]["keys"] == "345{busy}"
    assert "Digits" not in line.forms[4]


def test_an_outcome_nobody_waits_for_has_no_effect(line: "Office"):
    """As on a real line; so has everything after the end."""
    turns = play(line.line(), keys="{busy}!123{busy},")
    assert told(turns, "then") == [("gather",)]


def test_a_silent_caller_is_led_to_an_end(office: "Office"):
    """After the script the caller says nothing more; at the most turns given, he hangs up."""
    office.says("/voice", office.gather(office.say("Nog?"), action="/voice"), office.redirect("/voice"))
    turns = play(office.line(), turns=5)
    assert (len(turns), turns[-1]["ended_by"]) == (5, "caller")


def test_what_went_wrong_is_told(office: "Office"):
    """A failing webhook shows its status and the provider's sentence."""
    turns = play(office.line())
    assert told(turns, "status", "then", "error") == [
        (404, "error", "11200: the webhook answered 404, 200 is expected")
    ]
    assert turns[0]["heard"][0]["text"] == "An application error has occurred. Goodbye."


def test_sounds_are_told_by_their_address(office: "Office"):
    """A Play has no words."""
    office.answers("/silence.wav", wav_tone(0.1, 1), mimetype="audio/wav")
    office.says("/voice", "<Play>/silence.wav</Play>", "<Hangup/>")
    assert play(office.line())[0]["heard"] == [{"audio": "/silence.wav"}]


@pytest.mark.parametrize(
    ("script", "steps"),
    [
        ("", []),
        (" 12 , ", ["1", "2", ","]),
        ("12|3#|!", ["12", "|", "3#", "|", "!"]),
        ('"één, twee!"{no-answer}', ['"één, twee!"', "{no-answer}"]),
    ],
)
def test_scripts_are_read(script: str, steps: list[str]):
    """Blanks separate; quotes keep what they hold."""
    assert parse(script) == steps


@pytest.mark.parametrize(
    ("script", "place"), [("12x", 3), ('1 "open', 3), ("{vanished}", 1), ("{busy", 1), ("٣", 1)]
)
def test_a_mistake_in_a_script_is_told_with_its_place(script: str, place: int):
    """Before anything is dialled."""
    with pytest.raises(HandsetError, match=f"script, character {place}: expected keys"):
        parse(script)
