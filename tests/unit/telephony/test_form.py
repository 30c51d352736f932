"""The webhook's parameters: one test per way to be wrong, each signed as it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from bridge.telephony.form import MAX_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.telephony.telephony_bridge import Bridge, Twilio

TURN = "/voice/turn/3"


def refused(twilio: Twilio, bridge: Bridge, reason: str, status: int = 403, **changes: str | None) -> bool:
    posted = twilio.post(TURN, **changes)
    assert (posted.status_code, posted.data) == (status, b"")
    assert (bridge.heard, bridge.refused) == ([], [reason])
    return True


@pytest.mark.parametrize(
    "name", ["CallSid", "AccountSid", "From", "To", "CallStatus", "Direction", "ApiVersion"]
)
def test_a_webhook_without_one_of_its_usual_parameters_is_refused(twilio: Twilio, bridge: Bridge, name: str):
    """Every provider sends these seven with every webhook of a call."""
    assert refused(twilio, bridge, "missing", **{name: None})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CallSid", ""),
        ("CallSid", "CA1"),
        ("CallSid", "CA" + "1B" * 16),
        ("CallSid", "CA" + "1b" * 16 + "\n"),
        ("CallSid", "CA" + "1b" * 17),
        ("From", "+" * 257),
        ("To", ""),
        ("To", "+3225550101 "),
        ("To", "+٣٢٢٥٥٥"),
        ("To", "tel:+3225550101"),
        ("CallStatus", "In-Progress"),
        ("CallStatus", "in-progressDigits1234"),
        ("Direction", "outbound"),
        ("ApiVersion", "2010-4-1"),
        ("ApiVersion", "٢٠١٠-04-01"),
        ("Digits", "1" * 33),
        ("Digits", "12 34"),
        ("Digits", "E"),
        ("Digits", "٣"),
        ("Digits", "²"),
        ("Digits", "1\n"),
        ("FinishedOnKey", "#" * 17),
        ("SpeechResult", "a" * 1001),
        ("Confidence", "high"),
        ("DialCallStatus", ""),
        ("DialCallStatus", "COMPLETED"),
        ("DialCallDuration", "-1"),
        ("RecordingSid", "RE1"),
        ("RecordingSid", "re" + "1b" * 16),
        ("RecordingDuration", ""),
        ("RecordingDuration", "1.5"),
        ("CallDuration", "ten"),
        ("ErrorCode", "11200 "),
        ("ErrorCode", "1" * 7),
        ("StirVerstat", "No-"),
        ("RecordingUrl", "https://api.example.com/"),
        ("RecordingStatus", "gone"),
        ("RecordingDuration", "-2"),
        ("DialCallStatus", "declined"),
        ("DialBridged", "False"),
        ("DialBridged", ""),
    ],
)
def test_a_value_of_another_shape_is_refused(twilio: Twilio, bridge: Bridge, name: str, value: str):
    """A signature proves the sender, not the shape: what no provider sends does not come in."""
    assert refused(twilio, bridge, "field", **{name: value})


def test_another_account_is_refused(twilio: Twilio, bridge: Bridge):
    """A secret shared by two accounts does not let one speak for the other."""
    assert refused(twilio, bridge, "account", AccountSid="AC" + "0b" * 16)


@pytest.mark.parametrize("name", ["1Digits", "Di gits", "Digits\n", "Dígits", "", "_Digits", "D" * 65])
def test_a_name_no_provider_would_use_is_refused(twilio: Twilio, bridge: Bridge, name: str):
    """A name starts with a letter: so the address cannot lend its last digit to the first name."""
    assert refused(twilio, bridge, "names", **{name: "1"})


def test_an_unknown_parameter_is_let_through(twilio: Twilio, bridge: Bridge):
    """Providers add parameters unannounced: they are signed over and then ignored."""
    assert twilio.post(TURN, Digits="1", SipHeader_X_New="a b", **{"AddOns.v2-x": ""}).status_code == 200
    assert len(bridge.heard) == 1


def test_a_hundred_parameters_are_taken_and_no_more(twilio: Twilio, bridge: Bridge):
    """A flood of small parameters costs nothing."""
    more = {f"SipHeader_X-{number}": "" for number in range(MAX_FIELDS - len(twilio.fields()))}
    assert twilio.post(TURN, **more).status_code == 200
    assert twilio.post(TURN, **more, OneMore="").status_code == 403
    assert bridge.refused == ["body"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda body: body + "&", id="empty field"),
        pytest.param(lambda body: body + "&Digits", id="name without a value"),
        pytest.param(lambda body: body + "&A=%ff", id="not UTF-8"),
        pytest.param(lambda body: body + "&A=%ed%a0%80", id="lone surrogate"),
        pytest.param(lambda body: body + "&A=é", id="not escaped"),
        pytest.param(lambda _: "[]", id="no form at all"),
    ],
)
def test_a_body_that_is_no_strict_form_is_refused(
    twilio: Twilio, bridge: Bridge, spoil: Callable[[str], str]
):
    """What could be read in two ways is not read."""
    fields = twilio.fields()
    body = spoil(urlencode(fields)).encode()
    assert twilio.post_raw(TURN, body, twilio.sign(TURN, fields)).status_code == 403
    assert bridge.refused == ["body"]


# A signature covers names and values without separators (safety.md section 11.1), so each of these keeps it.
@pytest.mark.parametrize(
    ("gone", "put", "reason"),
    [
        pytest.param("CallSid", {"CallSi": "dCA" + "1b" * 16}, "missing", id="required name cut"),
        pytest.param("Digits", {"Digit": "s1234"}, "resplit", id="optional name cut"),
        pytest.param("Digits", {"Digits12": "34"}, "resplit", id="optional name grown"),
        pytest.param(
            "DeviceType",
            {"CallStatus": "in-progressDeviceTypetablet"},
            "field",
            id="swallowed by a known value",
        ),
        pytest.param(
            "Digits", {"DeviceType": "tabletDigits1234"}, "resplit", id="swallowed by an unknown value"
        ),
        pytest.param("FromCountry", {"From": "+32470000001FromCountryBE"}, "resplit", id="caller changed"),
        pytest.param(
            "StirVerstat", {"SpeechResult": "jaStirVerstatNo-TN-Validation"}, "resplit", id="words grown"
        ),
        pytest.param("SpeechResult", {"Speech": "Resultja"}, "resplit", id="words hidden"),
    ],
)
def test_text_cut_into_other_parameters_is_refused(
    twilio: Twilio, bridge: Bridge, gone: str, put: dict[str, str], reason: str
):
    """The same signed text, cut at another place, says something else and is refused."""
    all_fields = {
        "DeviceType": "tablet",
        "Digits": "1234",
        "SpeechResult": "ja",
        "StirVerstat": "No-TN-Validation",
    }
    genuine = twilio.fields(**all_fields)
    cut = {name: value for name, value in genuine.items() if name != gone} | put
    assert twilio.sign(TURN, genuine) == twilio.sign(TURN, cut)
    assert twilio.post_raw(TURN, urlencode(cut), twilio.sign(TURN, genuine)).status_code == 403
    assert (bridge.heard, bridge.refused) == ([], [reason])


def test_parameters_moved_into_the_address_are_refused(twilio: Twilio, bridge: Bridge):
    """An empty body whose parameters hide in the path shares the signature, and is refused."""
    genuine = twilio.fields(Digits="1234")
    path = "/voice/turn/3" + "".join(name + genuine[name] for name in sorted(genuine))
    assert twilio.sign(path, {}) == twilio.sign("/voice/turn/3", genuine)
    posted = twilio.post_raw(path, "", twilio.sign(path, {}))
    assert (posted.status_code, bridge.heard, bridge.refused) == (403, [], ["address"])


def test_a_turn_number_cannot_lend_its_last_digit(twilio: Twilio, bridge: Bridge):
    """Turn 31 and turn 3 with a name that starts with 1 share a signature, and only one is taken."""
    genuine = twilio.fields()
    cut = {("1" if name == "AccountSid" else "") + name: value for name, value in genuine.items()}
    assert twilio.sign("/voice/turn/31", genuine) == twilio.sign("/voice/turn/3", cut)
    assert (
        twilio.post_raw("/voice/turn/3", urlencode(cut), twilio.sign("/voice/turn/3", cut)).status_code == 403
    )
    assert (bridge.heard, bridge.refused) == ([], ["names"])


def test_repeats_in_another_order_are_refused(twilio: Twilio, bridge: Bridge):
    """`Digits=1, 2` and `2, 1` share a signature: neither is taken."""
    for first, second in ("12", "21", "11"):
        body = urlencode([*twilio.fields().items(), ("Digits", first), ("Digits", second)])
        assert twilio.post_raw(TURN, body, twilio.sign(TURN, twilio.fields(Digits=first))).status_code == 403
    assert (bridge.heard, bridge.refused) == ([], ["names"] * 3)


@pytest.mark.parametrize("words", ["Digits Language Caller", "To Called From", "RecordingSid 1"])
def test_a_caller_may_say_a_parameters_name(twilio: Twilio, bridge: Bridge, words: str):
    """Words are words: a caller who happens to say "Digits" is not taken for a forger."""
    assert twilio.post(TURN, SpeechResult=words, ToCity="TOURNAI").status_code == 200
    assert bridge.heard[0].event.text == words


def test_a_name_within_a_longer_name_is_no_forgery(twilio: Twilio, bridge: Bridge):
    """`Called` is absent and `CalledCity` is there: an honest webhook."""
    assert twilio.post(TURN, CalledCity="", CalledCountry="BE", DialCallDuration="3").status_code == 200
    assert bridge.refused == []


def test_cut_words_never_become_keys(twilio: Twilio, bridge: Bridge):
    """Nothing marks the end of a caller's words in the signed text: a cut may shorten them, nothing else."""
    genuine = twilio.fields(SpeechResult="Ja Tien")
    cut = twilio.fields(SpeechResult="Ja ", Tien="")
    assert twilio.sign(TURN, genuine) == twilio.sign(TURN, cut)
    assert twilio.post_raw(TURN, urlencode(cut), twilio.sign(TURN, genuine)).status_code == 200
    assert bridge.heard[0].event.text == "Ja"
