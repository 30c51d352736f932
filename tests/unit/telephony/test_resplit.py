"""The guard against parameters cut anew: a signature covers names and values without separators."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from telephony_bridge import ACCOUNT, CALL, RECORDING

from bridge.telephony.parameters import shapes_of
from bridge.telephony.providers import TWILIO
from bridge.telephony.resplit import MAX_NAMES, ResplitGuard

if TYPE_CHECKING:
    from tests.unit.telephony.telephony_bridge import Bridge, Twilio

TURN = "/voice/turn/3"
OTHER = "CA" + "9f" * 16
USUAL = {
    "AccountSid": ACCOUNT,
    "ApiVersion": "2010-04-01",
    "CallSid": CALL,
    "CallStatus": "in-progress",
    "Direction": "inbound",
    "From": "+32470000001",
    "FromCountry": "BE",
    "To": "+3225550101",
}


@pytest.fixture(scope="module")
def resplit_guard() -> ResplitGuard:
    return ResplitGuard(shapes_of(ACCOUNT, TWILIO.call_id, TWILIO.recording_id))


def text(fields: dict[str, str]) -> str:
    return "".join(name + fields[name] for name in sorted(fields))


def cut(genuine: dict[str, str], gone: str, put: dict[str, str]) -> dict[str, str]:
    """Cut the text of a genuine webhook anew; it must stay the same text."""
    forged = {name: value for name, value in genuine.items() if name not in gone.split()} | put
    assert text(forged) == text(genuine)
    return forged


@pytest.mark.parametrize(
    ("sent", "gone", "put"),
    [
        pytest.param({"Digits": "1234"}, "Digits", {"Digit": "s1234"}, id="name cut"),
        pytest.param({"Digits": "1234"}, "Digits", {"Digits12": "34"}, id="name grown"),
        pytest.param({"CallStatus": "?", "Digits": "1"}, "Digits", {"Digit": "s1"}, id="behind an odd value"),
        pytest.param(
            {"DeviceType": "tablet", "Digits": "1"}, "Digits", {"DeviceType": "tabletDigits1"}, id="swallowed"
        ),
        pytest.param(
            {"Digits": "1"}, "Digits", {"CallStatus": "in-progressDigits1"}, id="swallowed by a word"
        ),
        pytest.param({}, "FromCountry", {"From": "+32470000001FromCountryBE"}, id="caller grown"),
        pytest.param({"SpeechResult": "ja"}, "SpeechResult", {"Speech": "Resultja"}, id="words hidden"),
        pytest.param(
            {"SpeechResult": "ja", "StirVerstat": "TN-Validation"},
            "StirVerstat",
            {"SpeechResult": "jaStirVerstatTN-Validation"},
            id="words grown",
        ),
        pytest.param(
            {"SpeechResult": "ja", "StirPassportToken": ""},
            "StirPassportToken",
            {"SpeechResult": "jaStirPassportToken"},
            id="grown by a name",
        ),
        pytest.param(
            {"DialCallStatus": "completed"},
            "DialCallStatus Direction From FromCountry To",
            {
                "DialCallStatus": "com",
                "pleted": text({k: USUAL[k] for k in ("Direction", "From", "FromCountry", "To")}),
            },
            id="all the rest swallowed",
        ),
        pytest.param(
            {"CallerCity": "GENT", "Digits": "1"},
            "CallerCity Digits Direction From FromCountry",
            {
                "CallerCity": "GEN",
                "T": text({"Digits": "1"} | {k: USUAL[k] for k in ("Direction", "From", "FromCountry")}),
            },
            id="keys in the value of a name that sorts behind them",
        ),
        pytest.param(
            {"CallerCountry": "BE", "Digits": "1"},
            "CallerCountry Digits",
            {"CallerCountryBEDigits": "1"},
            id="two parameters in one name",
        ),
        pytest.param(
            {"SipHeader_X": f"CallSid{OTHER}CallStatusin-progressDigits1DirectioninboundFrom+32470000002"},
            "ApiVersion CallSid CallStatus Direction From FromCountry SipHeader_X",
            {
                "ApiVersion": f"2010-04-01CallSid{CALL}CallStatusin-progressDirectioninbound"
                "From+32470000001FromCountryBESipHeader_X",
                "CallSid": OTHER,
                "CallStatus": "in-progress",
                "Digits": "1",
                "Direction": "inbound",
                "From": "+32470000002",
            },
            id="another's call out of a header",
        ),
        pytest.param(
            {"RecordingSid": RECORDING},
            "RecordingSid",
            {"Recording": f"Sid{RECORDING}"},
            id="recording hidden",
        ),
    ],
)
def test_text_cut_into_other_parameters_is_refused(
    resplit_guard: ResplitGuard, sent: dict[str, str], gone: str, put: dict[str, str]
):
    """The same signed text, cut at another place, says something else."""
    genuine = USUAL | sent
    forged = cut(genuine, gone, put)
    assert resplit_guard.is_resplit(TURN, list(forged.items()))


@pytest.mark.parametrize(
    ("sent", "gone", "put"),
    [
        ({"Digits": ""}, "Digits", {"Digit": "s"}),
        ({"CalledCity": ""}, "CalledCity", {"CalledCit": "y"}),
        ({"CalledCity": "GENT"}, "CalledCity", {"CalledCit": "yGENT"}),
        ({"CallStatus": "?", "CalledCity": "GENT"}, "CalledCity", {"CalledCit": "yGENT"}),
        ({"CallerCity": "GENT"}, "CallerCity", {"Caller": "CityGENT"}),
        ({"SpeechResult": "ja", "ZZ": "1"}, "ZZ", {"Z": "Z1"}),
    ],
)
def test_a_cut_that_changes_nothing_is_no_forgery(
    resplit_guard: ResplitGuard, sent: dict[str, str], gone: str, put: dict[str, str]
):
    """Nobody acts on an empty field or on an unknown one, so that nothing can be won by cutting it."""
    forged = cut(USUAL | sent, gone, put)
    assert not resplit_guard.is_resplit(TURN, list(forged.items()))


@pytest.mark.parametrize(
    "sent",
    [
        {"From": "+32470000OO1"},
        {"From": "+32470000OO1", "CallerName": "Digits BVBA"},
        {"ToZip": "", "X)Z -0": "", "Param[0]": "Digits=1"},
        {"From": "client:ToZip", "To": "client:Digits1"},
        {"CustomDigits": "5", "DigitsCollected": "5", "FromNumber": "+32470000009", "ToNumber": "5"},
        {"CallSidOfParent": CALL, "Digit": "", "CallToCity": "To"},
        {"Digits": "1", "DigitsExtra": "Digits2", "SpeechResult": "", "SpeechResultLanguage": "nl"},
        {"Dj": "Digits1", "DjDigits1": ""},
        {"AddOns": "x", "SipHeader_XSpeechResult": "ja"},
        {"CallerName": "An CallerZip1000", "Callx": "Confidence0.9"},
        {"CallerName": "Digits BVBA"},
        {"CallerName": "SpeechResult ja"},
        {"CallerName": "Digits1", "CallerState": ""},
        {"CallerName": "CallerZip BVBA"},
        {"CallerName": "Digits1 & zonen", "CallerState": ""},
        {"CallerName": "Digits"},
        {"DialSipHeader_X-Note": "Digits: 1"},
        {"AddOns": '{"CallSid":"x","Digits":"12","From":"+32470000001","To":["ToCity"]}'},
        {"SipHeader_X-Digits": "1234", "SipHeader_X-CallerName": "To", "SipHeader_Called": "From"},
        {"SpeechResult": "Digits Language Caller"},
        {"SpeechResult": "RecordingSid 1", "ToCity": "GENT"},
        {"CalledCity": "", "CalledCountry": "BE", "DialCallDuration": "3", "ParentCallSid": CALL},
        {"RecordingSid": RECORDING, "RecordingUrl": f"https://x/{RECORDING}", "Digits": "hangup"},
        {"CallToken": '{"parentCallInfoToken":"ey.Digits","identityHeaderTokens":[]}'},
        {"DialSipCallId": "Digits1@x", "DialSipResponseCode": "486", "SipDomain": "a.sip.twilio.com"},
        {"2FA": "1", "_To": "To", "zz": "Digits1234"},
        {"ToA": "ToCityGentToZip9000"},
        {"SipHeader_X": 401 * "CallSid-"},
        {"DialCallStatus": "queued", "Confidence": "NaN", "DialCallDuration": "12.5"},
    ],
)
def test_words_of_third_parties_are_no_forgery(resplit_guard: ResplitGuard, sent: dict[str, str]):
    """A parameter's name among free text is one only between its neighbours, before a value of its shape."""
    assert not resplit_guard.is_resplit(TURN, list((USUAL | sent).items()))


@pytest.mark.parametrize(
    ("path", "extra", "refused"),
    [
        ("/voice/turn/3", {"1": ""}, True),
        ("/voice/turn/3", {"12": "3"}, True),
        ("/voice/turn/3", {"1": "2"}, True),
        ("/voice/turn/3", {"1": "", "2": ""}, True),
        ("/voice/turn/3", {"1A": ""}, True),
        ("/voice/turn/3", {"/on": ""}, True),
        ("/voice", {"/turn/3": ""}, True),
        ("/voice", {"/": "turn/31"}, True),
        ("/voice/whisper/demo/nl/known/a", {"1": ""}, True),
        ("/voice/turn/3", {"2FA": "1"}, False),
        ("/voice/turn/3", {"2": "FA"}, False),
        ("/voice/turn/9999", {"1": ""}, False),
        ("/voice/turn/3", {"AB": "1"}, False),
        ("/voice", {"[0]": "/turn/3"}, False),
    ],
)
def test_the_address_cannot_lend_its_end_to_a_name(
    resplit_guard: ResplitGuard,
    path: str,
    extra: dict[str, str],
    refused: bool,  # noqa: FBT001 - parametrized
):
    """Turn 31 and turn 3 with a name `1` share a signature; an odd name that ends no address is taken."""
    assert resplit_guard.is_resplit(path, list((USUAL | extra).items())) is refused


def test_cut_words_never_become_keys(twilio: Twilio, bridge: Bridge):
    """Nothing marks the end of a caller's words in the signed text: a cut may shorten them, nothing else."""
    genuine = twilio.fields(SpeechResult="Ja Tien")
    forged = twilio.fields(SpeechResult="Ja ", Tien="")
    assert twilio.sign(TURN, genuine) == twilio.sign(TURN, forged)
    assert twilio.post_raw(TURN, urlencode(forged), twilio.sign(TURN, genuine)).status_code == 200
    assert bridge.heard[0].event.text == "Ja"


@pytest.mark.parametrize("flood", ["To" * 5_000, "StirVerstatToFromCallerDigits" * 300, "CallSid" * 2_000])
def test_a_flood_of_names_costs_no_time(resplit_guard: ResplitGuard, flood: str):
    """Beyond what any honest text holds the guard refuses, before it weighs reading after reading."""
    assert resplit_guard.is_resplit(TURN, list((USUAL | {"SipHeader_X": flood}).items())) in {True, False}


@pytest.mark.parametrize(("names", "refused"), [(MAX_NAMES, False), (MAX_NAMES + 1, True)])
def test_more_names_than_are_weighed_are_refused(resplit_guard: ResplitGuard, names: int, refused: bool):  # noqa: FBT001
    """Each of them could stand there, and none of them would matter."""
    flood = {"ExtraNote": names * "FromCityG"}
    assert resplit_guard.is_resplit(TURN, list((USUAL | flood).items())) is refused
