"""Everything that can go wrong between the bridge and Tagor, and what no error about it may tell."""

import gzip
import json
import socket
import traceback

from tagor_questions import FILE, NAME, NUMBER, PARTY, PIN, REFERENCE
from tagor_server import Play, http, raw, reset, stall

from bridge.tagor import TagorError, TagorInvalidResponse, TagorRefused, TagorUnreachable

CANARY = "Canary-Janssens-8846"
SECRETS = (CANARY, FILE, PARTY, PIN, NAME, REFERENCE, NUMBER, "KEY-canary-5513")
LINE = b"HTTP/1.1 200 OK\r\n"
TELLING = {
    "Success": CANARY,
    "Naam": CANARY,
    "Saldo": CANARY,
    "TDOS_Id": CANARY,
    "dsWebContext": CANARY,
} | dict.fromkeys(("Bedrag", "Periodes", "Medium", "BedragMax", "dsTDOSAFBDETWeb", "dsTDOSINFOWeb"), CANARY)
JSON_ERROR = json.dumps({"response": TELLING}).encode()
HTML = f"<html><body>{CANARY}</body></html>".encode()
SHORT = 0.02


def body(data: bytes) -> Play:
    return http(200, data)


FAULTS: dict[str, tuple[Play, type[TagorError]]] = {
    "reset before send": (reset, TagorUnreachable),
    "reset after send": (reset, TagorUnreachable),
    "closed without a word": (raw(b""), TagorUnreachable),
    "reset in the body": (
        lambda sock, _: (sock.sendall(LINE + b"Content-Length: 99\r\n\r\n{"), reset(sock)),
        TagorUnreachable,
    ),
    "read time-out": (stall(), TagorUnreachable),
    "read time-out in the headers": (stall(LINE + b"X-Name: " + CANARY.encode()), TagorUnreachable),
    "read time-out in the body": (stall(LINE + b"Content-Length: 99\r\n\r\n{"), TagorUnreachable),
    "301": (http(301, HTML, "Location: http://127.0.0.1:1/v1/web"), TagorInvalidResponse),
    "302": (http(302, HTML, "Location: //127.0.0.1:1/"), TagorInvalidResponse),
    "307": (http(307, HTML, "Location: http://127.0.0.1:1/v1/web"), TagorInvalidResponse),
    "308": (http(308, HTML, "Location: http://127.0.0.1:1/v1/web"), TagorInvalidResponse),
    "201": (http(201, JSON_ERROR), TagorInvalidResponse),
    "204": (http(204), TagorInvalidResponse),
    "400 JSON": (http(400, JSON_ERROR), TagorInvalidResponse),
    "400 HTML": (http(400, HTML), TagorInvalidResponse),
    "401": (http(401, JSON_ERROR), TagorRefused),
    "403": (http(403, HTML), TagorRefused),
    "404": (http(404, HTML), TagorInvalidResponse),
    "422": (http(422, JSON_ERROR), TagorInvalidResponse),
    "429": (http(429, HTML, "Retry-After: 3600"), TagorInvalidResponse),
    "500": (http(500, HTML), TagorInvalidResponse),
    "502 HTML": (http(502, HTML), TagorInvalidResponse),
    "503": (http(503, HTML, "Retry-After: 3600"), TagorInvalidResponse),
    "504": (http(504, HTML), TagorInvalidResponse),
    "empty": (body(b""), TagorInvalidResponse),
    "HTML": (body(HTML), TagorInvalidResponse),
    "truncated JSON": (body(JSON_ERROR[:-9]), TagorInvalidResponse),
    "truncated body": (http(200, JSON_ERROR, length=len(JSON_ERROR) + 9), TagorInvalidResponse),
    "truncated chunk": (raw(LINE + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{"), TagorInvalidResponse),
    "chunk of no size": (raw(LINE + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{"), TagorInvalidResponse),
    "two lengths": (raw(LINE + b"Content-Length: 5, 7\r\n\r\n{}   "), TagorInvalidResponse),
    "null": (body(b"null"), TagorInvalidResponse),
    "array": (body(b"[]"), TagorInvalidResponse),
    "no envelope": (body(json.dumps(TELLING).encode()), TagorInvalidResponse),
    "envelope of null": (body(b'{"response": null}'), TagorInvalidResponse),
    "wrong types": (body(JSON_ERROR), TagorInvalidResponse),
    "number without end": (body(b'{"response": {"Saldo": 1e99999999999999999999}}'), TagorInvalidResponse),
    "integer without end": (body(b'{"response": {"Saldo": ' + b"9" * 5000 + b"}}"), TagorInvalidResponse),
    "nested without end": (body(b'{"response":' * 100_000), TagorInvalidResponse),
    "field twice": (body(b'{"response": {"Success": false, "Success": true}}'), TagorInvalidResponse),
    "no UTF-8": (body(b'{"response": {"Error": "\xe9"}}'), TagorInvalidResponse),
    "50 MB": (raw(LINE + b"Content-Length: 52428800\r\n\r\n" + b" " * (2 << 20)), TagorInvalidResponse),
    "50 MB in chunks": (
        raw(LINE + b"Transfer-Encoding: chunked\r\n\r\n" + b"10000\r\n" + b" " * 65536),
        TagorInvalidResponse,
    ),
    "gzip bomb": (http(200, gzip.compress(b" " * (4 << 20)), "Content-Encoding: gzip"), TagorInvalidResponse),
    "no HTTP": (raw(CANARY.encode() + b"\r\n\r\n"), TagorInvalidResponse),
    "headers without end": (raw(LINE + b"X-Name: Canary-Janssens-8846\r\n" * 200), TagorInvalidResponse),
    "header line without end": (raw(LINE + b"X-Name: " + b"8846" * 20_000), TagorInvalidResponse),
    "header that is none": (
        raw(LINE + b"Connection: close\r\nContent-Length: 0\r\n" + CANARY.encode() + b"\r\n\r\n"),
        TagorInvalidResponse,
    ),
    "HTTP of no version": (raw(b"HTTP/7.0 200 " + CANARY.encode() + b"\r\n\r\n"), TagorInvalidResponse),
}


def assert_tells_nothing(error: TagorError, logged: str) -> None:
    """No value, no foreign exception: neither in the texts nor behind them."""
    texts = [str(error), repr(error), repr(vars(error)), "".join(traceback.format_exception(error)), logged]
    assert not [(secret, text) for text in texts for secret in SECRETS if secret in text]
    assert error.__context__ is None
    assert error.__cause__ is None
    assert str(error).endswith(".")


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
