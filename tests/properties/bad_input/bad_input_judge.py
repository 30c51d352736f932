"""What a caller must get whatever came in: a document that the provider plays, or nothing but a refusal."""

import re
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Self

from bridge.clock import SYSTEM_CLOCK
from bridge.simulators.provider.account import TWILIO
from bridge.simulators.provider.document import read
from bridge.simulators.provider.house_rules import check
from bridge.simulators.provider.markup import Verb
from bridge.simulators.provider.wire import Reply
from bridge.simulators.tagor import CASES, Case
from bridge.tagor import Deadline
from bridge.tagor.http.circuit_breaker import PROBE_SECONDS

if TYPE_CHECKING:
    from tests.conftest import Line

ASKED = frozenset({"Say", "Gather", "Redirect"})
"""The verbs of a question."""

CHIME = frozenset({"Play", "Redirect"})
"""The verbs of the line's first answer."""

CONNECTED = frozenset({"Say", "Dial", "Number"})
"""The verbs of a transfer to a person."""

LEFT = frozenset({"Say", "Hangup"})
"""The verbs of a goodbye."""

APOLOGY = CONNECTED | LEFT
"""The verbs of the last words, which need no further webhook."""

COLLEAGUES = frozenset({"+3220000010", "+3220000011", "+32460000012"})
"""Whom the demo's office lets the line dial."""

_numbers = count(1)


def verbs(reply: Reply) -> frozenset[str]:
    """The verbs of an answer; AssertionError or ProviderError unless a provider can play it."""
    status, headers, body = reply
    assert status == 200, f"status {status}"
    document = read(body, headers["Content-Type"], TWILIO)
    check(document)
    found = list(_all(document))
    assert {verb.own_text for verb in found if verb.name == "Number"} <= COLLEAGUES
    return frozenset(verb.name for verb in found) - {"prosody"}


def said(reply: Reply) -> list[str]:
    """What is spoken, sentence by sentence."""
    document = read(reply[2], reply[1]["Content-Type"], TWILIO)
    return [verb.words for verb in _all(document) if verb.name == "Say"]


def refused(reply: Reply) -> bool:
    """Whether it is a refusal, which carries nothing of the request."""
    return reply[0] in {403, 404, 405, 413} and (reply[0] in {404, 405} or reply[2] == b"")


def _all(document: list[Verb]) -> Iterator[Verb]:
    for verb in document:
        yield verb
        yield from _all(verb.children)


class Talk:
    """One call by its bare webhooks, so that a caller may send what no handset could."""

    def __init__(self, line: "Line", caller: str = "anonymous") -> None:
        self.line, self.caller = line, caller
        self.id = f"CA{next(_numbers):032x}"
        self.reply: Reply = (0, {}, b"")

    @property
    def next(self) -> str:
        """The path that the newest answer wants to be asked next."""
        found = re.search(rb"https://line\.example\.be(/voice/turn/[0-9]+(?:/on)?)", self.reply[2])
        assert found, "the call is over"
        return found[1].decode()

    def ring(self, **fields: str) -> Self:
        """Begin, and let the chime sound."""
        self.reply = self.post("/voice", **fields)
        self.reply = self.send(**fields)
        return self

    def keys(self, *deeds: str) -> Self:
        """Press keys, one question after the other."""
        for keys in deeds:
            self.reply = self.send(Digits=keys)
        return self

    def send(self, **fields: str) -> Reply:
        """Post fields to where the newest answer wants it; the call's newest answer stays."""
        return self.post(self.next, **fields)

    def fall_back(self) -> Reply:
        """Tell, as the provider does, that an answer was of no use."""
        return self.post("/voice/fallback", ErrorCode="11200")

    def post(self, path: str, **fields: str) -> Reply:
        """Post fields to a path, signed."""
        return self.line.webhook(path, self.id, **({"From": self.caller} | fields))


def identified(line: "Line", case: Case = CASES[0]) -> Talk:
    """A caller who has keyed in the right PIN, so long after the last that no breaker is open."""
    line.clock.move(seconds=PROBE_SECONDS)
    return Talk(line, case.phone or "").ring().keys("1", case.pin)


def soon() -> Deadline:
    """Within half a minute."""
    return Deadline(SYSTEM_CLOCK, 30)
