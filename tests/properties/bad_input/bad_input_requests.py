"""Requests as bytes, framed, headed, signed and filled as no provider would; what a webhook looks like."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from bridge.simulators.demo import Card

FORM = "application/x-www-form-urlencoded"
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    """One signed webhook of one call, byte for byte; `framing` stands in place of a Content-Length."""

    card: Card
    call: str
    target: str = "/voice"
    method: str = "POST"
    body: bytes = b""
    host: str = ""
    kind: str = FORM
    signature: str | None = ""
    headers: Sequence[str] = ()
    framing: Sequence[str] = field(default=())

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of a good one."""
        return [
            *(("AccountSid", self.card.account), ("ApiVersion", "2010-04-01"), ("CallSid", self.call)),
            *(("CallStatus", "in-progress"), ("Direction", "inbound"), ("From", "+32470000001")),
            ("To", self.card.number),
        ]

    def filled(self, *more: tuple[str, str], signed: Pairs | None = None) -> "Request":
        """The same with further parameters, signed, or signed for others."""
        pairs = [*self.pairs, *more]
        meant = dict(pairs if signed is None else signed)
        made = RequestValidator(self.card.token).compute_signature(self.card.public + self.target, meant)
        return replace(self, body=urlencode(pairs).encode(), signature=made)

    @property
    def raw(self) -> bytes:
        """What goes over the wire."""
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"Host: {self.host or urlsplit(self.card.public).netloc}"] if self.host != "-" else []
        lines += [f"Content-Type: {self.kind}"] if self.kind else []
        lines += [f"X-Twilio-Signature: {self.signature}"] if self.signature is not None else []
        lines += [*self.headers, *(self.framing or [f"Content-Length: {len(self.body)}"])]
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1", "replace") + self.body


Spoil = Callable[[Request], Request]


def _with(**changes: object) -> Spoil:
    return lambda request: replace(request.filled(), **changes)  # type: ignore[arg-type]


def _header(*lines: str) -> Spoil:
    return _with(headers=lines)


def _recut(taken: Pairs, signed: Pairs) -> Spoil:
    return lambda request: request.filled(*taken, signed=[*request.pairs, *signed])


def _repeated(*pairs: tuple[str, str]) -> Spoil:
    return lambda request: request.filled(*pairs, signed=[*request.pairs, *dict(pairs).items()])


def _framed(*framing: str, before: bytes = b"", after: bytes = b"") -> Spoil:
    def spoil(request: Request) -> Request:
        good = request.filled()
        return replace(good, framing=framing, body=before + good.body + after)

    return spoil


def _chunked(request: Request) -> Request:
    good = request.filled()
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(good.body), good.body)
    return replace(good, framing=("Transfer-Encoding: chunked",), body=chunk)


def _both(request: Request) -> Request:
    chunked = _chunked(request)
    return replace(chunked, framing=("Content-Length: 4", *chunked.framing))


SMUGGLED = b"0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"

SAME: dict[str, Spoil] = {
    "another host": _with(host="evil.example"),
    "a host with a port that is none": _with(host="evil.example:abc"),
    "a forwarded host": _header("X-Forwarded-Host: evil.example"),
    "a forwarded scheme": _header("X-Forwarded-Proto: https", "X-Forwarded-Ssl: on"),
    "a forwarded prefix": _header("X-Forwarded-Prefix: /evil", "X-Script-Name: /evil"),
    "the forwarded header": _header("Forwarded: for=1.2.3.4;host=evil.example;proto=https"),
    "another address in a header": _header("X-Original-URL: /console", "X-Rewrite-URL: /console"),
    "another method in a header": _header("X-HTTP-Method-Override: GET"),
    "a peer in a header": _header("X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1"),
    "no host": _with(host="-"),
    "chunks": _chunked,
}
"""These change nothing: the reply is that of the good webhook."""

REFUSED: dict[str, Spoil] = {
    "re-split: a name loses a letter": _recut([("Digit", "s1234")], [("Digits", "1234")]),
    "re-split: a name gets one": _recut([("Digits1", "234")], [("Digits", "1234")]),
    "re-split: a value swallows all": _recut([("ApiVersio", "n2010-04-01")], []),
    "re-split: in the address": lambda request: replace(
        request.filled(), target="/voiceAccountSid" + request.card.account, body=b""
    ),
    "keys twice": _repeated(("Digits", "1"), ("Digits", "2")),
    "the same keys twice": _repeated(("Digits", "1"), ("Digits", "1")),
    "two calls": _repeated(("CallSid", "CA" + "0" * 32)),
    "two accounts": _repeated(("AccountSid", "AC" + "0" * 32)),
    "no signature": _with(signature=None),
    "an empty signature": _with(signature=""),
    "a signature that is no ASCII": _with(signature="\xe9\xff"),
    "a signature of something else": _with(signature="c2lnbmF0dXJl"),
    "two signatures": lambda request: replace(
        request.filled(), headers=["X-Twilio-Signature: " + str(request.filled().signature)], signature="x"
    ),
    "a signature cut short": lambda request: replace(
        request.filled(), signature=str(request.filled().signature)[:-2]
    ),
    "a GET with keys": lambda request: replace(
        request.filled(), method="GET", target="/voice?Digits=482193", body=b""
    ),
    "a HEAD": _with(method="HEAD"),
    "a PUT": _with(method="PUT"),
    "a DELETE": _with(method="DELETE"),
    "OPTIONS": _with(method="OPTIONS"),
    "a method of somebody's own": _with(method="TURN"),
    "JSON": _with(kind="application/json"),
    "multipart": _with(kind="multipart/form-data; boundary=x"),
    "plain text": _with(kind="text/plain"),
    "no type": _with(kind=""),
    "another charset": _with(kind=f"{FORM}; charset=utf-16"),
    "XML": _with(kind="text/xml"),
    "two slashes": _with(target="//voice"),
    "an encoded address": _with(target="/v%6fice"),
    "an address of dots": _with(target="/x/../voice"),
    "an address with a query": _with(target="/voice?x=1"),
    "lengths and chunks": _both,
    "two lengths": _framed("Content-Length: 4", "Content-Length: 400"),
    "a negative length": _framed("Content-Length: -1"),
    "a length that is a word": _framed("Content-Length: 12abc"),
    "an encoding nobody knows": _framed("Transfer-Encoding: gzip, chunked"),
    "a chunk that is no number": _framed("Transfer-Encoding: chunked", before=b"zz\r\n"),
    "a request within the body": _framed("Transfer-Encoding: xchunked", after=SMUGGLED),
    "50 MB": _framed("Content-Length: 50000000", after=b"&x=" + b"0" * 70_000),
    "5,000 fields": lambda request: request.filled(*((f"Field{number}", "") for number in range(5000))),
}
"""These are turned away: a refusal without a word, or gunicorn's own."""
