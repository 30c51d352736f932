"""The edges of what a webhook may say: the last value that is taken, and the first that is not."""

import pytest

from bridge.telephony.form import CALL, RECORDING, FormCheck, parse
from bridge.telephony.provider import TWILIO
from bridge.telephony.rejected import WebhookRejected

ACCOUNT = "AC" + "0a" * 16
RECORDING_ID = "RE" + "2c" * 16
USUAL = {
    "AccountSid": ACCOUNT,
    "ApiVersion": "2010-04-01",
    "CallSid": "CA" + "1b" * 16,
    "CallStatus": "ringing",
    "Direction": "inbound",
    "From": "+32470000001",
    "To": "+3220000001",
}


def words(text: str) -> list[str]:
    return text.split()


WATCHED = words("""
    CallDuration Confidence DialBridged DialCallDuration DialCallStatus Digits ErrorCode FinishedOnKey
    RecordingDuration RecordingStatus SpeechResult StirVerstat RecordingSid RecordingUrl
    FromCity FromState FromZip FromCountry ToCity ToState ToZip ToCountry
    CallerCity CallerState CallerZip CallerCountry CalledCity CalledState CalledZip CalledCountry
    Caller CallerName Called CalledVia ForwardedFrom ParentCallSid CallToken
    RecordingChannels RecordingSource RecordingStartTime RecordingTrack
    DialCallSid ErrorUrl CallbackSource SequenceNumber Language
    StirPassportToken SipCallId SipResponseCode SipDomain SipSourceIp UnstableSpeechResult
""")


@pytest.fixture
def form() -> FormCheck:
    return FormCheck(ACCOUNT, TWILIO.call_id, TWILIO.recording_id)


def reason(form: FormCheck, **said: str) -> str:
    """Why parameters beside the usual ones are refused; "taken" if they are not."""
    try:
        fields = form.check(list((USUAL | said).items()))
    except WebhookRejected as refused:
        return refused.reason
    assert fields == USUAL | said
    return "taken"


def url(tail: str = "", host: str = "x") -> str:
    return f"https://{host}/{RECORDING_ID}{tail}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("From", ""),
        ("From", "?" * 256),
        ("From", "two\nlines"),
        ("To", "112"),
        ("To", "+112"),
        ("To", "3" * 15),
        ("To", "sip:a"),
        ("To", "client:" + "a" * 255),
        ("ApiVersion", "2026-12-31"),
        ("Digits", ""),
        ("Digits", "1*#D" * 8),
        ("FinishedOnKey", ""),
        ("FinishedOnKey", "z" * 16),
        ("SpeechResult", ""),
        ("SpeechResult", "a\n" * 500),
        ("Confidence", ""),
        ("Confidence", "0." + "9" * 22),
        ("DialCallDuration", ""),
        ("DialCallDuration", "1234567"),
        ("CallDuration", ""),
        ("CallDuration", "1234567"),
        ("RecordingDuration", "1"),
        ("RecordingDuration", "123456"),
        ("RecordingDuration", "-1"),
        ("ErrorCode", "1"),
        ("ErrorCode", "123456"),
        ("StirVerstat", "TN-Validation"),
        ("StirVerstat", "No-TN-Validation"),
        ("StirVerstat", "TN-Validation-Passed-A"),
        ("RecordingUrl", ""),
        ("RecordingUrl", url()),
        ("RecordingUrl", url(".wav")),
        ("RecordingUrl", url(".mp3")),
        ("RecordingUrl", url().replace("https", "http")),
        ("RecordingUrl", url(host="x" * 500)),
    ],
)
def test_the_longest_and_the_shortest_value_is_taken(form: FormCheck, name: str, value: str):
    """What a provider may send at its edge does not cost a caller the call."""
    assert reason(form, **{name: value}) == "taken"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("From", "?" * 257),
        ("To", "12"),
        ("To", "3" * 16),
        ("To", "++3220000001"),
        ("To", "sip:"),
        ("To", "client:" + "a" * 256),
        ("ApiVersion", "20100-04-01"),
        ("ApiVersion", "2010-041-01"),
        ("ApiVersion", "2010-04-011"),
        ("Digits", "1" * 33),
        ("FinishedOnKey", "z" * 17),
        ("SpeechResult", "a" * 1001),
        ("Confidence", "9" * 25),
        ("DialCallDuration", "12345678"),
        ("CallDuration", "12345678"),
        ("RecordingDuration", ""),
        ("RecordingDuration", "1234567"),
        ("ErrorCode", ""),
        ("ErrorCode", "1234567"),
        ("RecordingUrl", url(host="x" * 501)),
        ("RecordingUrl", url(host="")),
        ("RecordingUrl", url(".ogg")),
        ("RecordingUrl", "ftp://x/" + RECORDING_ID),
    ],
)
def test_one_sign_beyond_is_refused(form: FormCheck, name: str, value: str):
    """A shape ends where it says."""
    assert reason(form, **{name: value}) == "field"


@pytest.mark.parametrize("name", WATCHED)
def test_every_name_we_know_is_missed_where_it_was_cut(form: FormCheck, name: str):
    """A name that is absent and still stands in what was signed was cut out of its place."""
    assert reason(form, Other=f"a{name}b") == "resplit"


@pytest.mark.parametrize("name", WATCHED[WATCHED.index("FromCity") :])
def test_a_name_we_know_and_ignore_is_let_through(form: FormCheck, name: str):
    """Also where a shorter name that is absent stands within it, as `Caller` in `CallerCity`."""
    assert reason(form, **{name: "a"}) == "taken"


@pytest.mark.parametrize("parts", [{"Tz": "Dig", "its": "1"}, {"Tz": "ToCi", "ty": "1"}])
def test_a_name_cut_across_two_parameters_is_missed(form: FormCheck, parts: dict[str, str]):
    """What is signed has no separators."""
    assert reason(form, **parts) == "resplit"


@pytest.mark.parametrize("known", ["FromCity", "Caller", "SipDomain"])
def test_a_name_may_stand_once_for_each_time_it_is_said(form: FormCheck, known: str):
    """A parameter's own name is no cut, one more in a value is one."""
    assert reason(form, **{known: "a"}) == "taken"
    assert reason(form, Other=known, Another=known) == "resplit"


def test_what_sorts_behind_the_callers_words_is_looked_for_in_them(form: FormCheck):
    """A later parameter could have been swallowed by what was said, an earlier one not."""
    assert reason(form, SpeechResult="Digits1") == "taken"
    assert reason(form, SpeechResult="ToCityGent") == "resplit"
    assert reason(form, SpeechResult="StirVerstatTN-Validation") == "resplit"


@pytest.mark.parametrize("missing", sorted(USUAL))
def test_every_usual_parameter_is_needed(form: FormCheck, missing: str):
    """A call's webhook carries all of what is needed, the account first."""
    with pytest.raises(WebhookRejected) as refused:
        form.check([(name, value) for name, value in USUAL.items() if name != missing])
    assert refused.value.reason == "missing"


def test_a_report_about_a_recording_needs_less_than_a_call():
    """Each kind of webhook has its own list."""
    assert frozenset(USUAL) == CALL
    assert frozenset({"AccountSid", "CallSid", "RecordingSid", "RecordingStatus"}) == RECORDING


@pytest.mark.parametrize("name", ["A", "A" * 64, "a0_.-"])
def test_a_name_of_up_to_64_signs_is_read(name: str):
    """Every sign a provider's names are made of is one of ours."""
    assert parse(f"{name}=1".encode()) == [(name, "1")]


@pytest.mark.parametrize("name", ["A" * 65, "0A", "_A", ""])
def test_a_longer_name_is_refused(name: str):
    """And so is one that begins otherwise."""
    with pytest.raises(WebhookRejected) as refused:
        parse(f"{name}=1".encode())
    assert refused.value.reason == "names"


def test_one_field_too_many_is_refused():
    """A hundred names are read."""
    names = [f"a{number}=1" for number in range(101)]
    assert len(parse("&".join(names[:100]).encode())) == 100
    with pytest.raises(WebhookRejected):
        parse("&".join(names).encode())


def test_a_blank_value_stays_and_half_a_letter_is_refused():
    """Nothing of what was signed is dropped or guessed at."""
    assert parse(b"A=&B=1") == [("A", ""), ("B", "1")]
    for broken in (b"A", b"A=%C3", b"A=1&", b"A=\xc3\xa9"):
        with pytest.raises(WebhookRejected):
            parse(broken)
