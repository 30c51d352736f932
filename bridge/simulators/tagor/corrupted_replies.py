"""Makes replies that are valid HTTP but not what the contract says."""

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from bridge.simulators.tagor.faults import Fault
from bridge.simulators.tagor.odd_values import ABSENT
from bridge.simulators.tagor.wire import HTML, HttpResponse, error

MEGABYTE = 1024 * 1024
_VERDICT = {"Success", "Error"}
_MARK = "@put the odd value here@"
_AMOUNT = re.compile(r"-?\d+\.\d+")


def _status(_reply: HttpResponse, fault: Fault) -> HttpResponse:
    failed = error(fault.status, "The stand-in was told to fail.", as_json=fault.body != "html")
    after = fault.retry_after if fault.retry_after is not None else 1
    return replace(failed, headers={"Retry-After": str(after)} if fault.status in (429, 503) else {})


def _redirect(_reply: HttpResponse, fault: Fault) -> HttpResponse:
    status = fault.status if fault.status in (301, 302, 303, 307, 308) else 302
    return HttpResponse(status, headers={"Location": fault.location})


def _empty(_reply: HttpResponse, _fault: Fault) -> HttpResponse:
    return HttpResponse()


def _html(_reply: HttpResponse, _fault: Fault) -> HttpResponse:
    return HttpResponse(200, b"<!DOCTYPE html><html><body><h1>Onderhoud</h1></body></html>", HTML)


def _wrong_type(reply: HttpResponse, fault: Fault) -> HttpResponse:
    return _respell(reply, fault, _other_type)


def _other_type(value: object) -> object:
    return {"value": value} if isinstance(value, (str, list)) else [value]


def _null_fields(reply: HttpResponse, fault: Fault) -> HttpResponse:
    return _respell(reply, fault, lambda _value: None)


def _nan(reply: HttpResponse, fault: Fault) -> HttpResponse:
    return _put_json(_respell(reply, fault, lambda value: _MARK if _is_number(value) else value), fault)


def _replace_fields(reply: HttpResponse, fault: Fault) -> HttpResponse:
    """Put the same odd value into every field the fault names, or take those fields out."""
    return _put_json(_respell(reply, fault, lambda _value: _MARK), fault)


def _put_json(reply: HttpResponse, fault: Fault) -> HttpResponse:
    # The mark is written as text and replaced afterwards, because 1e400 is no number that Python writes.
    if fault.value == ABSENT:
        return replace(reply, body=json.dumps(_without_marks(json.loads(reply.body))).encode())
    return replace(reply, body=reply.body.replace(json.dumps(_MARK).encode(), fault.value.encode()))


def _without_marks(value: object) -> object:
    if isinstance(value, list):
        return [_without_marks(inner) for inner in value]
    if isinstance(value, dict):
        return {name: _without_marks(inner) for name, inner in value.items() if inner != _MARK}
    return value


def _rows_unwrapped(reply: HttpResponse, _fault: Fault) -> HttpResponse:
    """Send a table with one row as that row, without its array."""

    def walk(value: object) -> object:
        if isinstance(value, list):
            rows = [walk(inner) for inner in value]
            return rows[0] if len(rows) == 1 else rows
        return {name: walk(inner) for name, inner in value.items()} if isinstance(value, dict) else value

    return replace(reply, body=json.dumps(walk(_parsed(reply))).encode())


def _names_in_lower_case(reply: HttpResponse, _fault: Fault) -> HttpResponse:
    """Spell every field's name in lower case, but for the envelope's."""

    def walk(value: object) -> object:
        if isinstance(value, list):
            return [walk(inner) for inner in value]
        return (
            {name.lower(): walk(inner) for name, inner in value.items()} if isinstance(value, dict) else value
        )

    return replace(reply, body=json.dumps(walk(_parsed(reply))).encode())


def _gzip(reply: HttpResponse, _fault: Fault) -> HttpResponse:
    """Pack the body, although nobody asked for it."""
    headers = {**reply.headers, "Content-Encoding": "gzip"}
    return replace(reply, body=gzip.compress(reply.body), headers=headers)


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return _AMOUNT.fullmatch(value) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _success_false(_reply: HttpResponse, _fault: Fault) -> HttpResponse:
    return HttpResponse.of({"response": {"Success": False, "Error": "De bewerking is niet gelukt."}})


def _success_absent(reply: HttpResponse, _fault: Fault) -> HttpResponse:
    parsed = _parsed(reply)
    parsed.get("response", {}).pop("Success", None)
    return replace(reply, body=json.dumps(parsed).encode())


def _huge(_reply: HttpResponse, fault: Fault) -> HttpResponse:
    return HttpResponse(body=_long(fault.megabytes or 50))


def _gzip_bomb(_reply: HttpResponse, fault: Fault) -> HttpResponse:
    return HttpResponse(body=_bomb(fault.megabytes or 1024), headers={"Content-Encoding": "gzip"})


# Cached, because a rehearsal plays the same megabytes on one operation after the other.
@lru_cache(maxsize=1)
def _long(megabytes: int) -> bytes:
    return b'{"response":{"Success":true,"Error":"' + b"0" * (megabytes * MEGABYTE) + b'"}}'


@lru_cache(maxsize=4)
def _bomb(megabytes: int) -> bytes:
    # A gzip stream may have many members, so one packed megabyte of zeros makes any number of them.
    start, end = gzip.compress(b'{"response":{"Success":true,"Error":"'), gzip.compress(b'"}}')
    return start + gzip.compress(b"0" * MEGABYTE) * megabytes + end


def _parsed(reply: HttpResponse) -> dict[str, Any]:
    try:
        parsed = json.loads(reply.body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _respell(reply: HttpResponse, fault: Fault, spoil: Callable[[object], object]) -> HttpResponse:
    """Return the reply with its fields spoiled: those the fault names, or all but the verdict."""

    def walk(value: object) -> object:
        if isinstance(value, list):
            return [walk(inner) for inner in value]
        if isinstance(value, dict):
            return {name: field(name, inner) for name, inner in value.items()}
        return value

    def field(name: str, value: object) -> object:
        if isinstance(value, (dict, list)) and value and name not in fault.names:
            return walk(value)
        chosen = name in fault.names if fault.names else name not in _VERDICT
        return spoil(value) if chosen else value

    return replace(reply, body=json.dumps(walk(_parsed(reply))).encode())


SPOILED: dict[str, Callable[[HttpResponse, Fault], HttpResponse]] = {
    "status": _status,
    "redirect": _redirect,
    "empty": _empty,
    "html": _html,
    "wrong_type": _wrong_type,
    "null_fields": _null_fields,
    "nan": _nan,
    "replace_fields": _replace_fields,
    "rows_unwrapped": _rows_unwrapped,
    "names_in_lower_case": _names_in_lower_case,
    "gzip": _gzip,
    "success_false": _success_false,
    "success_absent": _success_absent,
    "huge": _huge,
    "gzip_bomb": _gzip_bomb,
}
