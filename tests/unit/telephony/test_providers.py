"""The providers beside Twilio: what they sign, what they leave out, and where they keep recordings."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from telephony_bridge import PUBLIC, VECTOR_FIELDS
from telephony_sounds import provider, saying
from werkzeug.datastructures import Headers

from bridge.clock import Clock
from bridge.flow.inbound import Keys, Recorded, Silence
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.profiles import PROFILES as SIMULATED
from bridge.simulators.provider.recording_store import StoredRecording
from bridge.simulators.provider.sound import wav_tone
from bridge.telephony import voices, webhook_events
from bridge.telephony.call_handler import ProviderAccount
from bridge.telephony.fallback_documents import FallbackDocuments, FallbackSet
from bridge.telephony.providers import PROVIDERS, SIGNALWIRE, SOMLENG, TELNYX, TWILIO
from bridge.telephony.recordings import Gone, NotReady, Recordings, Unreachable
from bridge.telephony.rejected import WebhookRejected
from bridge.telephony.signature import Posted
from bridge.telephony.webhook_verifier import FormReader
from bridge.telephony.webhooks import voice_blueprint

if TYPE_CHECKING:
    from telephony_bridge import Bridge

    from bridge.telephony.provider import Provider

URL = "https://bridge.example.be/voice/turn/3"
PUBLIC_KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
AT = 1_795_896_000
TELNYX_CALL = "v3:9X2vxPDFY2RHSJ1EdMS0RHRksMTg7ldNxdjWbVr9zBjbGjGsSe-aiQ"
TELNYX_ACCOUNT = "f5586561-8ff0-4291-a51b-c7dfe4139ff9"
TELNYX_BODY = urlencode(
    {
        "AccountSid": TELNYX_ACCOUNT,
        "CallSid": TELNYX_CALL,
        "CallSidLegacy": TELNYX_CALL,
        "From": "+32470000001",
        "To": "+3220000001",
        "Digits": "1",
    }
).encode()
TELNYX_SIGNATURE = "qtF2y5T00TtUHDKQnWW5kYPCq3teOMvuXLI7U4sfFmU9zBnL0J3eYky7/WBbOsBFom0hKBaKHLHqAveDrU09CA=="
UUID = "7a3d1f1e-5c1b-4c2e-9f0a-0d8c2b7e4a11"
SOUND = wav_tone(1, 7)


def is_proved(
    one: Provider, header: str, signature: str, *, tokens: tuple[str, ...] = (), keys: tuple[str, ...] = ()
) -> bool:
    """Check the vector's form at its address, with that signature under that header."""
    posted = Posted([URL], Headers({header: signature}), urlencode(VECTOR_FIELDS).encode(), VECTOR_FIELDS)
    return one.signature.verify(posted, tokens, keys)


def is_telnyx(
    signature: str = TELNYX_SIGNATURE, at: str = str(AT), late: float = 0.0, **more: object
) -> bool:
    """Check Telnyx's vector with something changed."""
    headers = Headers({"telnyx-signature-ed25519": signature, "telnyx-timestamp": at})
    body, keys = more.get("body", TELNYX_BODY), more.get("keys", [PUBLIC_KEY])
    posted = Posted([URL], headers, body, [], AT + late)  # type: ignore[arg-type]
    return TELNYX.signature.verify(posted, ["a token"], keys)  # type: ignore[arg-type]


def test_signalwires_vector_is_proved_with_the_signing_key_alone():
    """Its package makes the same; the API token signs nothing, and the older header counts too."""
    key, made = "PSK_0123456789abcdef", "N4Zqc7UZQmFKH/LIPCpRn291WiU="
    assert is_proved(SIGNALWIRE, "X-SignalWire-Signature", made, keys=(key,))
    assert is_proved(SIGNALWIRE, "X-Twilio-Signature", made, keys=(key,))
    assert not is_proved(SIGNALWIRE, "X-SignalWire-Signature", made, tokens=(key,))
    assert not is_proved(SIGNALWIRE, "X-SignalWire-Signature", made, keys=("PSK_another",))
    assert not is_proved(SIGNALWIRE, "X-Other-Signature", made, keys=(key,))


def test_somlengs_vector_is_proved_as_it_signs_an_address_without_a_fragment():
    """It signs what the document says, fragment and all: ours has none for it, or nothing would fit."""
    assert SOMLENG.fragment == ""
    assert is_proved(SOMLENG, "X-Twilio-Signature", "7BADEDZLUZNotTj8hTdJzLyBkkA=", tokens=("12345",))
    assert not is_proved(SOMLENG, "X-Twilio-Signature", "93KKEDGt6xuExRIlFP5gXNiE5v0=", tokens=("12345",))
    assert not is_proved(SOMLENG, "X-Twilio-Signature", "7BADEDZLUZNotTj8hTdJzLyBkkA=", keys=("12345",))


@pytest.mark.parametrize("late", [0, 10, 300, -300])
def test_telnyxs_vector_is_proved_for_five_minutes(late: float):
    """Its own package accepts the same, in both directions: clocks differ."""
    assert is_telnyx(late=late)
    assert is_telnyx(late=late, keys=[PUBLIC_KEY[::-1].replace("=", "A", 1)[:43] + "=", PUBLIC_KEY])


@pytest.mark.parametrize(
    "changed",
    [
        {"late": 301},
        {"late": -301},
        {"body": TELNYX_BODY.replace(b"Digits=1", b"Digits=2")},
        {"at": str(AT + 1)},
        {"at": ""},
        {"at": f" {AT}"},
        {"at": "1e9"},
        {"at": "٣"},
        {"signature": ""},
        {"signature": TELNYX_SIGNATURE[:-4] + "AA=="},
        {"keys": []},
        {"keys": ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]},
    ],
    ids=str,
)
def test_nothing_else_is_telnyxs(changed: dict[str, object]):
    """Too late, too early, other bytes, another time, no time, no signature, another key."""
    assert not is_telnyx(**changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed", [{"signature": "!" + TELNYX_SIGNATURE}, {"keys": ["!" + PUBLIC_KEY]}], ids=str
)
def test_what_is_no_base64_proves_nothing(changed: dict[str, object]):
    """A reader that skips odd signs would take many texts for one signature, or for one key."""
    with pytest.raises(ValueError, match="base64"):
        is_telnyx(**changed)  # type: ignore[arg-type]


def post_telnyx(bridge: Bridge, *, body: bytes = TELNYX_BODY, key: str = PUBLIC_KEY, **changes: str) -> int:
    """Post a body to turn 3 at the vector's moment, with headers changed; give the status."""
    account = ProviderAccount(
        public_url=PUBLIC,
        provider=TELNYX,
        account=TELNYX_ACCOUNT,
        secrets=["a token"],
        signing_keys=[key],
    )
    clock = Clock(lambda: datetime.fromtimestamp(AT, UTC))
    goodbye = FallbackSet(bridge.bye, bridge.bye, bridge.bye)
    app = Flask("line")
    app.register_blueprint(voice_blueprint(account, bridge, FallbackDocuments(account, {}, goodbye), clock))
    client = app.test_client()
    headers = {"telnyx-signature-ed25519": TELNYX_SIGNATURE, "telnyx-timestamp": str(AT)} | changes
    kind = "application/x-www-form-urlencoded"
    return client.post("/voice/turn/3", data=body, headers=headers, content_type=kind).status_code


def test_a_webhook_of_telnyx_is_a_turn_though_it_says_so_little(bridge: Bridge):
    """It tells neither the call's state nor its direction, and names the call in a way of its own."""
    assert post_telnyx(bridge) == 200
    [heard] = bridge.heard
    assert (heard.call, heard.turn, heard.event) == (TELNYX_CALL, 3, Keys("1"))


@pytest.mark.parametrize("signature", ["", "no base64", "AAAA"])
def test_a_webhook_that_telnyx_did_not_sign_is_refused(bridge: Bridge, signature: str):
    """Also one whose signature cannot even be read."""
    assert post_telnyx(bridge, **{"telnyx-signature-ed25519": signature}) == 403
    assert bridge.untouched


def reader(one: Provider, account: str) -> FormReader:
    return FormReader(
        account,
        one.call_id,
        one.recording_id,
        joined=not one.signature.covers_body,
        recording_in_url=one.recording_in_url,
    )


def somleng(**changes: str) -> object:
    """What the office hears of a webhook of Somleng's, with these parameters besides the usual ones."""
    pairs = [*((name, value) for name, value in VECTOR_FIELDS if name != "Digits"), *changes.items()]
    return webhook_events.turn(
        reader(SOMLENG, VECTOR_FIELDS[0][1]).read("/voice/turn/3", pairs, needs_call=True), 3
    ).event


def test_a_recording_is_known_by_its_address_where_it_has_no_id():
    """Somleng posts the address alone, with or without an ending; another address names no recording."""
    place = f"https://api.somleng.org/2010-04-01/Accounts/{VECTOR_FIELDS[0][1]}/Recordings"
    assert somleng(RecordingUrl=f"{place}/{UUID}", RecordingDuration="12") == Recorded(UUID, 12)
    assert somleng(RecordingUrl=f"{place}/{UUID}.wav", RecordingDuration="12") == Recorded(UUID, 12)
    assert somleng(RecordingUrl=f"{place}/RE1", RecordingDuration="12") == Silence()
    assert somleng() == Silence()


def test_an_address_is_no_id_where_the_provider_sends_one():
    """Twilio's own id counts, and what its address ends in does not."""
    account, call = "AC" + "0" * 32, "CA" + "0" * 32
    address = f"https://api.twilio.com/2010-04-01/Accounts/{account}/Recordings/RE{'1' * 32}"
    pairs = [("AccountSid", account), ("CallSid", call), ("RecordingUrl", address)]
    fields = reader(TWILIO, account).read("/voice/turn/3", pairs, needs_call=True)
    assert "RecordingSid" not in fields


def test_a_signed_body_cannot_be_cut_anew():
    """What looks like a forgery where names and values are joined is mere words where bytes are."""
    words = "xDigits1From+32470000002"
    pairs = [("AccountSid", TELNYX_ACCOUNT), ("CallSid", TELNYX_CALL), ("Comment", words)]
    assert reader(TELNYX, TELNYX_ACCOUNT).read("/voice/turn/3", pairs, needs_call=True)
    with pytest.raises(WebhookRejected, match="resplit"):
        reader(replace(TELNYX, signature=SOMLENG.signature), TELNYX_ACCOUNT).read(
            "/voice/turn/3", pairs, needs_call=True
        )


def test_words_like_a_forgery_reach_a_line_whose_provider_signs_the_body(bridge: Bridge):
    """No caller is lost by what a third party has written about them."""
    mine = Ed25519PrivateKey.from_private_bytes(bytes(32))
    body = TELNYX_BODY + b"&Comment=xDigits1From%2B32470000002"
    made = base64.b64encode(mine.sign(f"{AT}|".encode() + body)).decode()
    key = base64.b64encode(mine.public_key().public_bytes_raw()).decode()
    assert post_telnyx(bridge, body=body, key=key, **{"telnyx-signature-ed25519": made}) == 200


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_provider_is_simulated_as_it_is_described(name: str):
    """The simulator has the voices, ids and capabilities that the bridge counts on, and no others."""
    ours, theirs = PROVIDERS[name], SIMULATED[name]
    flags = ("empty_result", "ssml", "dial_extras", "whisper", "record_trim")
    assert {flag for flag in flags if getattr(ours, flag)} == theirs.capabilities & set(flags)
    assert bool(ours.speech_recognition) == ("speech" in theirs.capabilities)
    assert all(ours.voices[locale] <= theirs.voices[locale] for locale in ours.voices)
    assert voices.choose(ours.voices)
    random = Random(name)
    assert ours.call_id.fullmatch(theirs.call_id(random))
    assert ours.recording_id.fullmatch(theirs.recording_id(random))
    assert ours.call_id.fullmatch(ours.nobodys_call)
    assert ours.recordings.accounts == theirs.accounts
    assert ours.recordings.deletes is theirs.deletes


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_recording_is_fetched_and_deleted_as_the_provider_lets_it(name: str):
    """By its own paths, its own way to show the token, and where it says that the sound is."""
    one = PROVIDERS[name]
    random = Random(name)
    call, recording = SIMULATED[name].call_id(random), SIMULATED[name].recording_id(random)
    with RestApi(VECTOR_FIELDS[0][1], "a token", profile=SIMULATED[name], early=1) as api:
        api.recordings.put(StoredRecording(recording, call, 1, SOUND))
        mine = Recordings(api.url, VECTOR_FIELDS[0][1], "a token", provider=one)
        mine.check_account(one.nobodys_call)
        assert mine.of_call(call) == [recording]
        with pytest.raises(NotReady):
            mine.fetch(recording)
        assert mine.fetch(recording) == SOUND
        with pytest.raises(Unreachable, match="BRIDGE_TOKENS"):
            Recordings(api.url, VECTOR_FIELDS[0][1], "another", provider=one).fetch(recording)
        mine.delete(recording)
        assert mine.of_call(call) == ([] if one.recordings.deletes else [recording])
        assert api.asked["DELETE recording"] == (1 if one.recordings.deletes else 0)


def telnyx_says(*entries: bytes | None) -> bytes:
    """What is fetched when Telnyx answers with these entries, the last one being the sound's own place."""
    plays = [saying("404 Not Found") if entry is None else saying("200 OK", entry) for entry in entries]
    with provider(*plays) as (url, asked):
        mine = Recordings(url, TELNYX_ACCOUNT, "a token", provider=TELNYX)
        try:
            return mine.fetch(UUID)
        finally:
            assert len(asked) == min(len(plays), len(asked))


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (None, Gone),
        (b'{"status": "deleted", "media_url": "https://x.telnyx.com/a.wav"}', Gone),
        (b'{"status": "completed"}', NotReady),
        (b'{"status": "completed", "media_url": null}', NotReady),
        (b"{}", Unreachable),
        (b"[]", Unreachable),
        (b"no JSON", Unreachable),
        (b'{"status": "completed", "media_url": "https://x:port/"}', Unreachable),
        (b'{"status": "completed", "media_url": "https://evil.example/a.wav"}', Unreachable),
        (b'{"status": "completed", "media_url": "https://eviltelnyx.com/a.wav"}', Unreachable),
        (b'{"status": "completed", "media_url": "http://x.telnyx.com/a.wav"}', Unreachable),
        (b'{"status": "completed", "media_url": "http://127.0.0.1:1/a.wav"}', Unreachable),
        (b'{"status": "completed", "media_url": "https://x.telnyx.com"}', Unreachable),
        (b'{"status": "completed", "media_url": "https://x.telnyx.com/a\\u00e9.wav"}', Unreachable),
    ],
    ids=str,
)
def test_a_sound_is_fetched_nowhere_else(entry: bytes | None, reason: type[Exception]):
    """Gone, not there yet, unreadable, or at a place that is none of the provider's: no request is made."""
    with pytest.raises(reason):
        telnyx_says(entry)
