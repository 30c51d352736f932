"""What Tagor may send that makes no sense: texts, documents, amounts, ids, dates; all written as JSON."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

ILLEGAL = [chr(point) for point in range(0x20) if chr(point) not in "\t\n\r"] + ["\ufffe", "\uffff", "\ud800"]
"""What XML cannot hold, not even escaped."""

MARKUP = [
    *("</Say><Dial>+32900123456</Dial>", "]]>", "&e;", "&amp;", "&#0;", "&#x1F;", "<![CDATA[x]]>"),
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    *('<?xml version="1.0"?>', "<!-- -->", "<!ELEMENT x ANY>", "\"'><Hangup/>"),
    *('<speak><audio src="https://evil.example/a.mp3"/></speak>', '<audio src="x"/>', '<break time="9s"/>'),
    *(
        '<prosody rate="x-fast">',
        "<Redirect>https://evil.example</Redirect>",
        "<Play>https://evil.example</Play>",
    ),
    *("{owed}{creditor}", "%s %(x)s"),
]
BIDI = list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
INVISIBLE = list("\u200b\u200c\u200d\ufeff\u00ad\u2028\u2029\u0085")
RARE = [
    *("\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e7\U0001f1ea", "1\ufe0f\u20e3"),
    *("\U0010ffff", "\ue000", "\U000e0001", "Z\u0337\u0321\u034e"),
]
LONG = ["a" * 100_000, "a " * 50_000, "<" * 100_000, "&" * 100_000]
BLANK = ["", " ", "\t\n\r", "\u3000"]
WORDS = ["null", "+32470000001#ct=1"]

MARK = "Zorgvuldig"
"""Stands in every payload that leaves room for it, so that a log can be searched."""

PAYLOADS = [
    *(f"{MARK} {text} Gent" for text in (*ILLEGAL, *MARKUP, *BIDI, *INVISIBLE, *RARE)),
    *LONG,
    *BLANK,
    *WORDS,
]

TEXT_FIELDS = [
    *(("ClipToFile", name) for name in ("Dossiernaam", "Taal", "Partijtype")),
    *(
        ("GetDosInfo", name)
        for name in (
            *("Dossiernaam", "Aanlegger", "Verweerder", "DossiersoortId", "StatusId", "StopstatusId"),
            *("DosbehId", "EmailVerweerder", "GsmVerweerder", "UrlFAQ", "Error"),
        )
    ),
]

OPERATIONS = [
    *("Token", "ClipToFile", "PinToFile", "GetDosInfo", "GetSaldo", "KantoorOpen", "PaymentInfo"),
    *("GetPaymentPlanCriteria", "SavePaymentPlan", "ApprovePaymentPlan", "SelfServiceAllowed"),
    *("SetUserDossier", "SendSms", "SendMail"),
]


def _all_as(value: object) -> Callable[[bytes], bytes]:
    """Every field, the verdict among them, is this."""

    def change(body: bytes) -> bytes:
        return json.dumps({"response": dict.fromkeys(_content(body), value)}).encode()

    return change


def _proof(value: object) -> Callable[[bytes], bytes]:
    """The one field that says whether it worked is this, or is not there at all."""

    def change(body: bytes) -> bytes:
        content = {name: told for name, told in _content(body).items() if name not in {"Success", "token"}}
        name = "Success" if "Success" in _content(body) else "token"
        return json.dumps({"response": content if value is ... else {**content, name: value}}).encode()

    return change


def _content(body: bytes) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(body)["response"]
    return content


def _is(text: bytes) -> Callable[[bytes], bytes]:
    return lambda _body: text


SHAPES: dict[str, Callable[[bytes], bytes]] = {
    "empty": _is(b""),
    "blank": _is(b" \r\n"),
    "page": _is(b"<!DOCTYPE html><html><body>Onderhoud</body></html>"),
    "truncated": lambda body: body[: len(body) // 2],
    "twice": lambda body: body + body,
    "not utf-8": lambda body: body.replace(b'"', b"\xff", 1),
    "utf-16": lambda body: b"\xff\xfe" + body.decode().encode("utf-16-le")[:-1],
    "null": _is(b"null"),
    "number": _is(b"1"),
    "text": _is(b'"response"'),
    "list": lambda body: b"[" + body + b"]",
    "deep": _is(b'{"response":' + b"[" * 100_000),
    "no envelope": lambda body: json.dumps(_content(body)).encode(),
    "envelope null": _is(b'{"response":null}'),
    "envelope list": _is(b'{"response":[]}'),
    "envelope text": lambda body: json.dumps({"response": body.decode()}).encode(),
    "envelope empty": _is(b'{"response":{}}'),
    "field twice": lambda body: body.replace(b'{"response":{', b'{"response":{"Error":"","Error":"",', 1),
    "NaN": lambda body: body.replace(b'{"response":{', b'{"response":{"Rest":NaN,', 1),
    "Infinity": lambda body: body.replace(b'{"response":{', b'{"response":{"Rest":-Infinity,', 1),
    "all null": _all_as(None),
    "all lists": _all_as([]),
    "all objects": _all_as({}),
    "proof absent": _proof(...),
    "proof null": _proof(None),
    "proof a number": _proof(1),
    "proof a list": _proof([True]),
    "proof empty": _proof(""),
}
JSON_SHAPES = [(operation, shape) for operation in OPERATIONS for shape in SHAPES]

MONEY: dict[str, str | None] = {
    "0": "0",
    "0.00": "0",
    "-0.0": "0",
    "-0": "0",
    '"-0.00"': "0",
    "0.005": None,
    "2.675": None,
    "0.01": "0.01",
    "1E-2": "0.01",
    "0.1": "0.10",
    "1": "1",
    "1.0": "1",
    "1.000": "1",
    "1e2": "100",
    "12.5": "12.50",
    "1234.56": "1234.56",
    "9999999.99": "9999999.99",
    "10000000": "10000000",
    "10000000.01": None,
    "1e400": None,
    "-1e400": None,
    "1e-400": None,
    "NaN": None,
    "Infinity": None,
    "-Infinity": None,
    "null": None,
    "true": None,
    "[]": None,
    "{}": None,
    '""': None,
    '"12,50"': "12.50",
    '"12.50"': "12.50",
    '"1.234"': None,
    '"1,234"': None,
    '"1.234,56"': None,
    '"1 234"': None,
    '"\\u0663"': None,
    '"5 EUR"': None,
    "-18.75": "-18.75",
    "-10000000.01": None,
}
"""An amount as Tagor may write it, and the euro it means; None is no amount."""

LANGUAGES = ("nl", "fr", "de", "en")
AMOUNTS = [
    (token, None if told is None else Decimal(told), language)
    for token, told in MONEY.items()
    for language in LANGUAGES
]

IDS: dict[str, str | None] = {
    '"9000000000000000001"': "9000000000000000001",
    "9000000000000000001": "9000000000000000001",
    "9000000000000001706.0": None,
    "9.000000000000001e18": None,
    "-1": None,
    "true": None,
    "null": None,
    '"12345678901234567890"': "12345678901234567890",
    '"123456789012345678901"': None,
    '"?"': None,
    '"0"': "0",
    '"007"': "007",
    '"1|2"': None,
    '"1:2"': None,
    '"1\\r\\n2"': None,
    '" 1"': None,
}
"""A file's id as Tagor may write it, and what it is read as."""

NUMBERS: dict[str, bool] = {
    "20230118": True,
    "0": True,
    "007": True,
    "1|2": False,
    "1:2": False,
    "1\r\nX: 2": False,
    "\u0663\u0663": False,
    "": False,
}
"""A file's number as a caller may bring it, and whether it may go to Tagor."""

DATES: dict[str, str | None] = {
    '"2024-02-29"': "29 februari 2024",
    '"2023-02-29"': None,
    '"2026-03-29"': "29 maart",
    '"2026-10-25"': "25 oktober",
    '"2025-12-25"': "25 december 2025",
    '"2031-01-01"': "1 januari 2031",
    '"0000-00-00"': "",
    '""': "",
    "null": "",
    '"9999-12-31"': None,
    '"1899-12-31"': None,
    '"2026-13-01"': None,
    '"2026-02-30"': None,
    '"01/03/2026"': None,
    '"2026-3-1"': None,
    "20260301": None,
    '" 2026-03-01"': None,
    '"2026-03-01T00:00:00"': None,
    "[]": None,
    '"\\u0662026-03-01"': None,
}
"""The day of the last payment as Tagor may write it, and how it is heard: "" not at all, None is no day."""
