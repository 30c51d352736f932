"""What a caller must get whatever came in: a document that the provider plays, or nothing but a refusal."""

from collections.abc import Iterator

from bridge.simulators.provider.account import TWILIO
from bridge.simulators.provider.document import read
from bridge.simulators.provider.house_rules import check
from bridge.simulators.provider.markup import Verb
from bridge.simulators.provider.wire import Reply

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


def verbs(reply: Reply) -> frozenset[str]:
    """The verbs of an answer; AssertionError or ProviderError unless a provider can play it."""
    status, headers, body = reply
    assert status == 200, f"status {status}"
    document = read(body, headers["Content-Type"], TWILIO)
    check(document)
    found = list(_all(document))
    assert {verb.own_text for verb in found if verb.name == "Number"} <= COLLEAGUES
    return frozenset(verb.name for verb in found) - {"prosody"}


def _all(document: list[Verb]) -> Iterator[Verb]:
    for verb in document:
        yield verb
        yield from _all(verb.children)
