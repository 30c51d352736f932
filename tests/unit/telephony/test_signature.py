"""The 22 vectors of docs/usage/security and the validator suites of twilio's own libraries."""

from __future__ import annotations

import random
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from telephony_bridge import VECTOR_FIELDS
from twilio.request_validator import HMAC_SHA256, RequestValidator
from werkzeug.datastructures import Headers

from bridge.telephony.address import PublicUrl
from bridge.telephony.signature import HmacSignature, Posted, sign

if TYPE_CHECKING:
    from tests.unit.telephony.telephony_bridge import Bridge, Twilio


KEY = "12345"
QUERY = "/myapp.php?foo=1&bar=2"
U = "https://mycompany.com" + QUERY
UH = "http://mycompany.com" + QUERY
DOCS = "https://example.com" + QUERY
ESCAPED = "https://bridge.example.be/v/a%2fb%7e?x=%C3%A9&t=7"
JSON_BODY = '{"property": "value", "boolean": true}'
P = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]
DOCS_P = [(name, "+14158675310" if name in {"Caller", "From"} else value) for name, value in P]
REPEATED = [
    ("Sid", "CA123"),
    ("SidAccount", "AC123"),
    ("Digits", "5678"),
    ("Digits", "1234"),
    ("Digits", "1234"),
]
BODY_HASH = "&bodySHA256=" + sha256(JSON_BODY.encode()).hexdigest()
FIRST = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def proved(
    base: str, path: str, pairs: list[tuple[str, str]], signature: str, secrets: tuple[str, ...] = (KEY,)
) -> bool:
    """Check as the door does: a configured base and the raw path."""
    headers = Headers({"X-Twilio-Signature": signature})
    addresses = [begun + path for begun in PublicUrl.parse(base).signed_bases]
    posted = Posted(addresses, headers, urlencode(pairs).encode(), pairs)
    return HmacSignature().verify(posted, secrets, ())


@pytest.mark.parametrize(
    ("base", "path", "pairs", "signature"),
    [
        pytest.param("https://mycompany.com", QUERY, P, FIRST, id="1"),
        pytest.param("https://mycompany.com:443", QUERY, P, FIRST, id="1 with 443"),
        pytest.param("https://mycompany.com:1234", QUERY, P, FIRST, id="1 with 1234"),
        pytest.param("https://mycompany.com:8443", QUERY, P, FIRST, id="1 with 8443"),
        pytest.param("http://mycompany.com:1234", QUERY, P, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=", id="2"),
        pytest.param("https://mycompany.com", QUERY, P, "kvajT1Ptam85bY51eRf/AJRuM3w=", id="3"),
        pytest.param("https://mycompany.com:443", QUERY, P, "kvajT1Ptam85bY51eRf/AJRuM3w=", id="3 with 443"),
        pytest.param("http://mycompany.com", QUERY, P, "0ZXoZLH/DfblKGATFgpif+LLRf4=", id="4"),
        pytest.param("http://mycompany.com:80", QUERY, P, "0ZXoZLH/DfblKGATFgpif+LLRf4=", id="4 with 80"),
        pytest.param("http://mycompany.com", QUERY, P, "OyGYPqTF6ztdbRNCvuQO/oPvqQ4=", id="5"),
        pytest.param("https://example.com", QUERY, DOCS_P, "L/OH5YylLD5NRKLltdqwSvS0BnU=", id="12"),
        pytest.param("https://mycompany.com", QUERY, [], "zYQTYrRWXE7LtzbG4PfP7/bkkGo=", id="15"),
        pytest.param(
            "https://mycompany.com",
            QUERY,
            [("CallSid", "CA1"), ("Digits", "")],
            "jWI9eSVl/p6tg7sBmyyL7KS1XaU=",
            id="16",
        ),
        pytest.param(
            "https://mycompany.com",
            QUERY,
            [("CallSid", "CA1"), ("SpeechResult", "één vraag")],
            "OgNmkSmATDa78L/P4VvaxcGIwQY=",
            id="17",
        ),
        pytest.param(
            "https://mycompany.com",
            QUERY,
            [("CallSid", "CA1"), ("SpeechResult", " ja ")],
            "A4tzE0HEeISVHwsoV6mtE7L/3L8=",
            id="18",
        ),
        pytest.param(
            "https://mycompany.com",
            QUERY,
            [("a", "1"), ("B", "2"), ("CallSid", "CA1")],
            "RqUcPvlxQnU9V5Fq2fefTwwTlBI=",
            id="19",
        ),
        pytest.param(
            "https://bridge.example.be",
            ESCAPED.removeprefix("https://bridge.example.be"),
            [("CallSid", "CA1")],
            "2TL6+E+E1Xn1BKmzFkkXxFsmi9k=",
            id="20",
        ),
    ],
)
def test_what_the_provider_signed_is_proved(
    base: str, path: str, pairs: list[tuple[str, str]], signature: str
):
    """Whatever spelling of the port the provider chose, its signature is recognised."""
    assert proved(base, path, pairs, signature)


@pytest.mark.parametrize(
    ("base", "path", "pairs", "signature"),
    [
        pytest.param(
            "https://example.com",
            QUERY,
            DOCS_P,
            "qMztBq0IANMH/q0K9sCfKQJLylezvRdRzRS647SAVow=",
            id="13 SHA-256",
        ),
        pytest.param(
            "https://mycompany.com", QUERY, P, "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s=", id="14 SHA-256"
        ),
        pytest.param(
            "https://bridge.example.be",
            "/v/a/b~?x=é&t=7",
            [("CallSid", "CA1")],
            "2TL6+E+E1Xn1BKmzFkkXxFsmi9k=",
            id="20 decoded path",
        ),
        pytest.param("https://mycompany.com", QUERY + "#ct=2000", P, FIRST, id="21 fragment"),
        pytest.param("https://mycompany.com", QUERY, P, "", id="empty"),
        pytest.param("https://mycompany.com", QUERY, P, "é" * 28, id="not ASCII"),
        pytest.param("https://mycompany.com", QUERY, P, FIRST.lower(), id="other case"),
        pytest.param("https://mycompany.com", QUERY, P, FIRST + "," + FIRST, id="twice"),
        pytest.param("https://mycompany.be", QUERY, P, FIRST, id="other host"),
        pytest.param("http://mycompany.com:1234", QUERY, P, FIRST, id="other scheme"),
        pytest.param("https://mycompany.com", QUERY, P[:-1], FIRST, id="parameter missing"),
    ],
)
def test_what_the_provider_did_not_sign_is_not_proved(
    base: str, path: str, pairs: list[tuple[str, str]], signature: str
):
    """One byte elsewhere, or an algorithm we did not choose, proves nothing."""
    assert not proved(base, path, pairs, signature)


@pytest.mark.parametrize(
    ("address", "pairs", "signature"),
    [
        pytest.param(U + BODY_HASH, [], "a9nBmqA0ju/hNViExpshrM61xv4=", id="6"),
        pytest.param(
            "https://mycompany.com/myapp.php?" + BODY_HASH[1:], [], "y77kIzt2vzLz71DgmJGsen2scGs=", id="7"
        ),
        pytest.param(
            U.replace(".com", ".com:443") + "&bodySHA256=" + sha256(b"{}").hexdigest(),
            [],
            "Ldidvp12m26NI7eqEvxnEpkd9Hc=",
            id="8",
        ),
        pytest.param(
            U + "&bodySHA256=" + sha256(b"{}").hexdigest(),
            [],
            "rw/jVviOgicj2+kHZULvebnA4ag=",
            id="8 without port",
        ),
        pytest.param(U, REPEATED, "IK+Dwps556ElfBT0I3Rgjkr1wJU=", id="9"),
        pytest.param(
            U.replace("mycompany.com", "user:pass@mycompany.com:443"),
            P,
            "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=",
            id="10",
        ),
        pytest.param(
            U.replace("mycompany.com", "user:pass@mycompany.com"),
            P,
            "CukzLTc1tT5dXEDIHm/tKBanW10=",
            id="10 bare",
        ),
        pytest.param(
            U.replace("mycompany.com", "user@mycompany.com:443"), P, "aZfj4hyX1MLZhSS6QIL18Vn2/RA=", id="11"
        ),
        pytest.param(
            U.replace("mycompany.com", "user@mycompany.com"), P, "2YRLlVAflCqxaNicjMpJcSTgzSs=", id="11 bare"
        ),
    ],
)
def test_the_bytes_equal_also_where_we_refuse(address: str, pairs: list[tuple[str, str]], signature: str):
    """Signed JSON, repeated names and user names are refused elsewhere, not for lack of a right signature."""
    assert sign(KEY, address, pairs).decode() == signature


@pytest.mark.parametrize("body", [JSON_BODY, JSON_BODY + " "], ids=["6", "22"])
def test_signed_json_is_refused(twilio: Twilio, body: str):
    """Vectors 6 and 22: calls are posted as forms; JSON is refused whether its hash is right or not."""
    path = "/voice?" + BODY_HASH[1:]
    posted = twilio.post_raw(path, body, twilio.sign(path, {}), content_type="application/json")
    assert (posted.status_code, posted.data) == (403, b"")


def test_the_settings_header_cannot_choose_the_algorithm(twilio: Twilio, bridge: Bridge):
    """Twilio's settings header is not signed: a SHA-256 signature stays one we did not ask for."""
    fields = twilio.fields()
    made = RequestValidator("new secret").compute_signature(twilio.public + "/voice", fields, HMAC_SHA256)
    header = {"X-Twilio-Webhooks-Signature-Settings": "key=x,algorithm=HMAC_SHA256"}
    assert twilio.post_raw("/voice", urlencode(fields), made, header).status_code == 403
    assert bridge.refused == ["signature"]


# docs/usage/webhooks/webhook-shared-keys; the first two vectors are facts of a provider, the third our own.
SHARED_KEY, SHARED_URL = "SK_secret_0123456789", "https://bridge.example.be"


@pytest.mark.parametrize(
    ("signature", "as_token", "as_signing_key"),
    [
        pytest.param("YL/8lVl0IX5C04gdQzWpIWEuTCX+1+rhlefv7f4VAU4=", False, True, id="SHA-256"),
        pytest.param("q+KFVaYyaSA9p+ifV2w4okhRYZQ=", True, False, id="SHA-1"),
    ],
)
def test_a_secret_signs_with_its_own_algorithm_only(
    signature: str,
    as_token: bool,  # noqa: FBT001 - parametrized
    as_signing_key: bool,  # noqa: FBT001 - parametrized
):
    """A shared key signs with SHA-256 and a token with SHA-1, whatever the unsigned settings header says."""
    headers = Headers(
        {
            "X-Twilio-Signature": signature,
            "X-Twilio-Webhooks-Signature-Settings": "key=SK1,algorithm=HMAC_SHA256",
        }
    )
    addresses = [begun + "/voice/turn/3" for begun in PublicUrl.parse(SHARED_URL).signed_bases]
    posted = Posted(addresses, headers, b"", VECTOR_FIELDS)
    assert HmacSignature().verify(posted, [SHARED_KEY], []) is as_token
    assert HmacSignature().verify(posted, [], [SHARED_KEY]) is as_signing_key


@pytest.mark.parametrize(
    ("secret", "algorithm", "status"),
    [
        ("new secret", "sha1", 200),
        ("old secret", "sha1", 200),
        ("older secret", "sha1", 403),
        ("shared key", "sha256", 200),
        ("shared key", "sha1", 403),
    ],
)
def test_secrets_are_rotated_without_a_lost_call(twilio: Twilio, secret: str, algorithm: str, status: int):
    """While two tokens and a shared key are configured all are valid, and no other."""
    fields = twilio.fields()
    made = sign(secret, twilio.public + "/voice", list(fields.items()), algorithm).decode()
    assert twilio.post_raw("/voice", urlencode(fields), made).status_code == status


def test_twilios_own_validator_agrees():
    """For 1,000 random posts ours makes the very signature twilio's validator makes and accepts."""
    seed = 20_261
    print(f"seed {seed}")  # noqa: T201 - pytest shows it beside a failure
    dice = random.Random(seed)
    letters = "abAB01+ é€#&=%*\U0001f642"
    for _ in range(1_000):
        fields = {
            "".join(dice.choices("ABCabc_.-", k=dice.randint(1, 8))): "".join(
                dice.choices(letters, k=dice.randint(0, 9))
            )
            for _ in range(dice.randint(0, 9))
        }
        secret = "".join(dice.choices(letters, k=dice.randint(1, 40)))
        base = dice.choice(["https://a.be", "https://a.be:8443", "http://a.be:8080", "http://a.be"])
        signature = sign(secret, base + "/voice", list(fields.items())).decode()
        assert RequestValidator(secret).validate(base + "/voice", fields, signature)
        assert proved(base, "/voice", list(fields.items()), signature, (secret,))
        assert not proved(base, "/voic", list(fields.items()), signature, (secret,))


def test_another_provider_may_name_the_header_itself():
    """Who copied the way to sign need not have copied the name; without the header nobody signed."""
    headers = Headers({"X-Other": sign("key", U, P).decode()})
    posted = Posted([U], headers, b"", P)
    assert HmacSignature("X-Other").verify(posted, ["key"], [])
    assert not HmacSignature().verify(posted, ["key"], [])
    assert not HmacSignature().verify(Posted([""], Headers(), b"", []), [""], [])
