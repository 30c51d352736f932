"""Texts and documents that no Tagor should send, written as JSON."""

import json
from collections.abc import Callable
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
    "all null": _all_as(None),
    "all lists": _all_as([]),
    "all objects": _all_as({}),
    "proof absent": _proof(...),
    "proof null": _proof(None),
    "proof a number": _proof(1),
    "proof a list": _proof([True]),
    "proof empty": _proof(""),
}
