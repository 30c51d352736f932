"""Reads requests and writes replies, in as much of HTTP/1.1 as Tagor's clients use."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass
class HttpRequest:
    """A request as it came in: header names in lower case, `peer` is the sender's address."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    peer: str = "127.0.0.1"
    keep_alive: bool = True

    @property
    def wants_json(self) -> bool:
        """Whether errors may be JSON; without the header they come as a page, as Tagor's do."""
        return "application/json" in self.headers.get("accept", "")


@dataclass(frozen=True)
class HttpResponse:
    """What goes back: status, body, content type and further headers."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: object, status: int = 200) -> "HttpResponse":
        """Return the value as JSON."""
        return cls(status, json.dumps(value, separators=(",", ":")).encode())

    def head(self) -> bytes:
        """Return status line and headers, up to and including the empty line."""
        phrase = HTTPStatus(self.status).phrase
        lines = [f"HTTP/1.1 {self.status} {phrase}", f"Content-Length: {len(self.body)}"]
        if self.body:
            lines.append(f"Content-Type: {self.content_type}")
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        # Not UTF-8: headers are latin-1, and a fault may put any address into `Location`.
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Rejected(Exception):
    """The request goes no further: an HTTP error with its status and one sentence, or a body of its own."""

    def __init__(self, status: int, sentence: str, body: object = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.body = body

    def reply(self, *, as_json: bool) -> HttpResponse:
        """Return the error as JSON, or as the HTML that Tagor sends without `Accept: application/json`."""
        return (
            HttpResponse.of(self.body, self.status)
            if self.body
            else error(self.status, str(self), as_json=as_json)
        )


def error(status: int, sentence: str, *, as_json: bool) -> HttpResponse:
    """Return an error reply of the given status."""
    phrase = HTTPStatus(status).phrase
    if as_json:
        return HttpResponse.of({"error": phrase, "message": sentence}, status)
    page = f"<!DOCTYPE html><html><head><title>{status} {phrase}</title></head><body><h1>{phrase}</h1><p>"
    return HttpResponse(status, f"{page}{escape(sentence)}</p></body></html>".encode(), HTML)


def parse_head(lines: list[bytes], peer: str) -> HttpRequest:
    """Read the request line and the header lines; raises Rejected (400) when they are none."""
    try:
        method, target, version = lines[0].decode("latin-1").split()
        headers = dict(_header(line.decode("latin-1")) for line in lines[1:])
        parts = urlsplit(target)
    except ValueError:
        raise Rejected(400, "This is no HTTP request.") from None
    keep = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
    query = dict(parse_qsl(parts.query))
    return HttpRequest(method, unquote(parts.path), headers, query, peer=peer, keep_alive=keep)


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise ValueError("a header line without a colon")
    return name.strip().lower(), value.strip()
