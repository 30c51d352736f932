"""The signature on every request: the vendors' verifiers accept it, and their vectors are signed alike.

SignalWire and Somleng tell their customers to verify as Twilio's do, and SignalWire's own package for Python
hands every form to Twilio's verifier. SignalWire's package for Node and Telnyx's for Python are too large for
a test: docs/providers.md says how they were tried.
"""

import base64
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from twilio.request_validator import RequestValidator

from bridge.simulators.provider.account import TWILIO, TWILIO_AS_SEEN
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.profiles import PROFILES
from bridge.simulators.provider.signature import (
    as_written,
    hmac_sha1,
    signalwire,
    signed_url,
    somleng,
    telnyx,
    twilio,
    twilio_shared_key,
)

if TYPE_CHECKING:
    from tests.unit.simulators.provider.conftest import Office

KEY = "12345"
P = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
U = "https://mycompany.com/myapp.php?foo=1&bar=2"
UH = U.replace("https", "http")
DOCS = U.replace("mycompany", "example")


def with_port(url: str, port: int) -> str:
    return url.replace(".com/", f".com:{port}/")


VECTORS = [
    (1, U, P, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (1, with_port(U, 443), P, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (1, with_port(U, 8443), P, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (1, U.replace("mycompany", "user:pass@mycompany"), P, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (1, U + "#ct=2000", P, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (2, with_port(UH, 1234), P, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    (4, with_port(UH, 80), P, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    (5, UH, P, "OyGYPqTF6ztdbRNCvuQO/oPvqQ4="),
    (12, DOCS, P | {"Caller": "+14158675310", "From": "+14158675310"}, "L/OH5YylLD5NRKLltdqwSvS0BnU="),
    (15, U, {}, "zYQTYrRWXE7LtzbG4PfP7/bkkGo="),
    (16, U, {"CallSid": "CA1", "Digits": ""}, "jWI9eSVl/p6tg7sBmyyL7KS1XaU="),
    (17, U, {"CallSid": "CA1", "SpeechResult": "één vraag"}, "OgNmkSmATDa78L/P4VvaxcGIwQY="),
    (18, U, {"CallSid": "CA1", "SpeechResult": " ja "}, "A4tzE0HEeISVHwsoV6mtE7L/3L8="),
    (19, U, {"a": "1", "B": "2", "CallSid": "CA1"}, "RqUcPvlxQnU9V5Fq2fefTwwTlBI="),
    (
        20,
        "https://bridge.example.be/v/a%2fb%7e?x=%C3%A9&t=7",
        {"CallSid": "CA1"},
        "2TL6+E+E1Xn1BKmzFkkXxFsmi9k=",
    ),
]


@pytest.mark.parametrize(("vector", "url", "form", "signature"), VECTORS)
def test_vectors(vector: int, url: str, form: dict[str, str], signature: str):
    """Each vector is signed as Twilio signs it: without HTTPS port, credentials and fragment."""
    assert twilio(KEY, url, form.items()) == {"X-Twilio-Signature": signature}, f"vector {vector}"


def test_somleng_signs_the_url_as_it_is_written():
    """Vector 3: port kept. The same code, another pair of values: providers are data."""
    assert somleng.keywords["text"] is as_written
    assert somleng(KEY, with_port(U, 443), P.items())["X-Twilio-Signature"] == "kvajT1Ptam85bY51eRf/AJRuM3w="
    assert somleng(KEY, U + "#ct=2000", P.items()) != somleng(KEY, U, P.items())


SHARED_KEY = "SK_secret_0123456789"
TURN = "https://bridge.example.be/voice/turn/3"
TURN_FORM = {
    "AccountSid": "b3877c40-da60-4998-90ad-b792e98472af",
    "ApiVersion": "2010-04-01",
    "CallSid": "7a3d1f1e-5c1b-4c2e-9f0a-0d8c2b7e4a11",
    "CallStatus": "in-progress",
    "Digits": "1",
    "Direction": "inbound",
    "From": "+32470000001",
    "To": "+3220000001",
}


def test_a_shared_key_signs_with_sha256_and_says_so():
    """The vector of providers.md, section 3."""
    headers = twilio_shared_key(SHARED_KEY, TURN, TURN_FORM.items())
    assert headers["X-Twilio-Signature"] == "YL/8lVl0IX5C04gdQzWpIWEuTCX+1+rhlefv7f4VAU4="
    assert headers["X-Twilio-Webhooks-Signature-Settings"].endswith("algorithm=HMAC_SHA256")
    assert twilio(SHARED_KEY, TURN, TURN_FORM.items()) == {
        "X-Twilio-Signature": "q+KFVaYyaSA9p+ifV2w4okhRYZQ="
    }


def test_signalwires_vector_is_signed_under_its_own_header():
    """Its package for Node (compatibility-api, validateRequest) accepts this one."""
    made = signalwire("PSK_0123456789abcdef", TURN, TURN_FORM.items())
    assert made == {"X-SignalWire-Signature": "N4Zqc7UZQmFKH/LIPCpRn291WiU="}
    assert RequestValidator("PSK_0123456789abcdef").validate(TURN, TURN_FORM, *made.values())


def test_somlengs_vectors_are_signed_with_and_without_a_fragment():
    """The source of its switch signs the address as the document has it."""
    signed = {
        "": "7BADEDZLUZNotTj8hTdJzLyBkkA=",
        "#ct=2000&rt=5000": "93KKEDGt6xuExRIlFP5gXNiE5v0=",
    }
    for fragment, signature in signed.items():
        assert somleng(KEY, TURN + fragment, TURN_FORM.items()) == {"X-Twilio-Signature": signature}
        assert RequestValidator(KEY).validate(TURN + fragment, TURN_FORM, signature)


TELNYX_SEED = base64.b64encode(bytes(range(32))).decode()
TELNYX_PUBLIC = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
TELNYX_BODY = (
    b"AccountSid=f5586561-8ff0-4291-a51b-c7dfe4139ff9"
    b"&CallSid=v3%3A9X2vxPDFY2RHSJ1EdMS0RHRksMTg7ldNxdjWbVr9zBjbGjGsSe-aiQ"
    b"&CallSidLegacy=v3%3A9X2vxPDFY2RHSJ1EdMS0RHRksMTg7ldNxdjWbVr9zBjbGjGsSe-aiQ"
    b"&From=%2B32470000001&To=%2B3220000001&Digits=1"
)


def test_telnyxs_vector_is_signed_with_its_time():
    """Its package for Python (verify_webhook_signature) accepts this one ten seconds later."""
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    assert base64.b64encode(private.public_key().public_bytes_raw()).decode() == TELNYX_PUBLIC
    assert telnyx(TELNYX_SEED, TELNYX_BODY, 1_795_896_000) == {
        "telnyx-timestamp": "1795896000",
        "telnyx-signature-ed25519": (
            "qtF2y5T00TtUHDKQnWW5kYPCq3teOMvuXLI7U4sfFmU9zBnL0J3eYky7/WBbOsBFom0hKBaKHLHqAveDrU09CA=="
        ),
    }


def test_everything_that_was_seen_is_posted_and_signed(office: "Office"):
    """SIP headers, odd names, a repeated name, add-ons: all of it arrives, and verifies as it was sent."""
    office.says("/voice", office.gather(office.say("Pincode")), office.redirect())
    office.says("/turn/1", "<Hangup/>")
    Phone(office.line(), profile=TWILIO_AS_SEEN, seed=3).ring().press("482193#")
    for asked in office.asked:
        names = [name for name, _ in asked.pairs]
        assert {"_new", "2FA", "P[0]", "AddOns", "CallerName"} <= {*names}
        assert any(name.startswith("Sip") for name in names)
        assert names.count("Tag") == 2
        assert twilio("a token of the test account", office.base + asked.target, asked.pairs) == {
            "X-Twilio-Signature": asked.headers["X-Twilio-Signature"]
        }


def test_an_ipv4_host_over_https_loses_its_port_only():
    """Path and query stay as they are, escapes included."""
    assert signed_url("https://10.0.0.1:5000/a%2Fb?x=%C3%A9#rt=1") == "https://10.0.0.1/a%2Fb?x=%C3%A9"


def plays_a_call(office: "Office", name: str, token: str) -> None:
    """Let one caller of that provider press a key: a first webhook, an action and a callback come."""
    waits = '<Gather action="/turn/1" method="POST" {}/>'
    empty = 'actionOnEmptyResult="true"' if "empty_result" in PROFILES[name].capabilities else ""
    office.says("/voice", waits.format(empty), office.redirect())
    office.says("/turn/1", "<Hangup/>")
    office.answers("/status", status=204)
    fragment = "#ct=2000" if name == "twilio" else ""
    line = replace(office.line(f"/voice?line=1{fragment}", status_url="/status"), auth_token=token)
    Phone(line, profile=PROFILES[name]).ring().press("482193#")
    assert office.targets == ["/voice?line=1", "/turn/1", "/status"]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("twilio", "X-Twilio-Signature"),
        ("signalwire", "X-Signalwire-Signature"),
        ("somleng", "X-Twilio-Signature"),
    ],
)
def test_twilios_verifier_accepts_every_request_of_a_call(office: "Office", name: str, header: str):
    """What arrives over HTTP verifies with Twilio's own library, where it is signed as by Twilio."""
    plays_a_call(office, name, "a signing key")
    ours, another = RequestValidator("a signing key"), RequestValidator("another key")
    for asked in office.asked:
        url, signature = office.base + asked.target, asked.headers[header]
        assert ours.validate(url, asked.form, signature)
        assert not ours.validate(url, asked.form | {"Digits": "1"}, signature)
        assert not another.validate(url, asked.form, signature)


def test_every_request_of_telnyx_verifies_as_its_documentation_says(office: "Office"):
    """The time, a bar and the very bytes of the body: developers.telnyx.com, webhook fundamentals."""
    plays_a_call(office, "telnyx", TELNYX_SEED)
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(TELNYX_PUBLIC))
    for asked in office.asked:
        signature = base64.b64decode(asked.headers["Telnyx-Signature-Ed25519"], validate=True)
        signed = asked.headers["Telnyx-Timestamp"].encode() + b"|" + asked.body
        public.verify(signature, signed)
        with pytest.raises(InvalidSignature):
            public.verify(signature, signed + b"0")


def test_another_provider_signs_under_its_own_header(office: "Office"):
    """SignalWire: the same algorithm, its own header, UUIDs, five seconds."""
    sign = partial(hmac_sha1, header="X-SignalWire-Signature", text=signed_url)
    profile = replace(
        TWILIO, name="signalwire", sign=sign, call_id=lambda random: f"{random.getrandbits(128):x}"
    )
    office.says("/voice", "<Hangup/>")
    phone = Phone(office.line(), profile=profile, seed=7).ring()
    assert "X-Signalwire-Signature" in office.asked[0].headers
    assert re.fullmatch(r"[0-9a-f]{20,32}", phone.call_id)


def test_the_token_is_not_shown(office: "Office"):
    """A line can be printed in a test's output."""
    assert "a token" not in repr(office.line())
