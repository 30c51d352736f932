"""The last look at a reply before it leaves: a document the provider cannot run would drop the caller."""

import re
from xml.etree import ElementTree as ET

from bridge.telephony.address import PublicUrl
from bridge.telephony.provider import Provider
from bridge.telephony.utterance import MOST_IN_ONE

MOST_BYTES = 64_000
_START = b'<?xml version="1.0" encoding="UTF-8"?><Response>'

_SECONDS = r"[1-9][0-9]{0,3}"
_E164 = r"\+[1-9][0-9]{6,14}"
_YES = r"true"
_CHILDREN = {
    "Response": {"Say", "Gather", "Redirect", "Dial", "Record", "Hangup"},
    "Say": {"prosody"},
    "Gather": {"Say"},
    "Dial": {"Number"},
}
# Without an action the provider would ask the current address again, for ever.
_NEEDED = {
    "Say": {"voice", "language"},
    "Gather": {"action", "method", "timeout", "numDigits"},
    "Record": {"action", "method", "maxLength"},
    "Redirect": {"method"},
    "Dial": {"callerId", "timeout"},
}
_LETTERS = {"Say": "S", "Gather": "G", "Redirect": "R", "Record": "C", "Hangup": "H", "Dial": "D"}
# A lower-case d is a dial that falls through: it has no action.
_SHAPE = re.compile(r"S*(?:GR|R|D|CR|dS*H|H)")


class UnfitReplyError(ValueError):
    """A reply that must not leave; the sentence names elements and attributes, never what they hold."""


class ReplyCheck:
    """Holds a finished reply against what a provider can run and what an office may ever send."""

    def __init__(self, public_url: PublicUrl, provider: Provider) -> None:
        self._voices = {(name, locale) for locale, names in provider.voices.items() for name in names}
        ours, fragment = re.escape(f"{public_url}/voice/turn/"), re.escape(provider.fragment)
        address = rf"{ours}[1-9][0-9]{{0,3}}(?:/on)?{fragment}"
        self._texts = {"Redirect": re.compile(address), "Number": re.compile(_E164)}
        self._attributes = _attributes(address, provider)

    def check(self, reply: bytes) -> bytes:
        """Give the reply back if it is fit; else UnfitReplyError."""
        if len(reply) >= MOST_BYTES:
            raise UnfitReplyError(
                f"the reply has {len(reply)} bytes; a provider reads less than {MOST_BYTES}"
            )
        if not reply.startswith(_START) or b"<!" in reply:
            raise UnfitReplyError(
                "the reply must be one <Response> with an XML declaration and nothing else declared"
            )
        try:
            root = ET.fromstring(reply)  # noqa: S314 - our own bytes, and no document type gets here
        except ET.ParseError:
            raise UnfitReplyError("the reply is not well-formed XML") from None
        self._element(root)
        if _SHAPE.fullmatch("".join(_letter(verb) for verb in root)) is None:
            raise UnfitReplyError(
                "the reply's verbs must end in one listening, redirect, transfer or hang-up"
            )
        return reply

    def _element(self, element: ET.Element) -> None:
        rules = self._attributes.get(element.tag)
        if rules is None:
            raise UnfitReplyError(f"<{element.tag}> is not one of our verbs")
        for name, value in element.items():
            if name not in rules or not re.fullmatch(rules[name], value):
                raise UnfitReplyError(f"<{element.tag}> may not have this {name}")
        if missing := _NEEDED.get(element.tag, set()).difference(element.keys()):
            raise UnfitReplyError(f"<{element.tag}> lacks {', '.join(sorted(missing))}")
        for child in element:
            if child.tag not in _CHILDREN.get(element.tag, ()):
                raise UnfitReplyError(f"<{child.tag}> may not stand in <{element.tag}>")
            self._element(child)
        self._content(element)

    def _content(self, element: ET.Element) -> None:
        text = "".join(element.itertext())
        if element.tag == "Dial" and len(element) != 1:
            raise UnfitReplyError("<Dial> must hold one number")
        if element.tag == "Say":
            self._spoken(element, text)
        elif shape := self._texts.get(element.tag):
            if not shape.fullmatch(text):
                raise UnfitReplyError(f"<{element.tag}> holds what it may not")
        elif element.tag != "prosody" and (element.text or any(child.tail for child in element)):
            raise UnfitReplyError(f"<{element.tag}> may not hold text of its own")

    def _spoken(self, element: ET.Element, text: str) -> None:
        if not 0 < len(text) <= MOST_IN_ONE:
            raise UnfitReplyError(f"<Say> holds {len(text)} characters; voices speak 1 to {MOST_IN_ONE}")
        if (element.get("voice"), element.get("language")) not in self._voices:
            raise UnfitReplyError("<Say> has a voice and a language that do not go together")


def _attributes(address: str, provider: Provider) -> dict[str, dict[str, str]]:
    """List each verb's attributes with the shape of their values, as far as the provider knows them."""
    hook = {"action": address, "method": "POST"}
    gather = {
        **hook,
        "input": "dtmf",
        "timeout": _SECONDS,
        "numDigits": r"[1-9]|[12][0-9]|3[0-2]",
        "finishOnKey": "#",
    }
    dial = {**hook, "callerId": _E164, "timeout": _SECONDS}
    if provider.empty_result:
        gather["actionOnEmptyResult"] = _YES
    if provider.ears:
        gather |= {
            "input": "dtmf(?: speech)?",
            "language": r"[a-z]{2}-[A-Z]{2}",
            "hints": r"[^,]{1,100}(?:,[^,]{1,100}){0,499}",
            "speechTimeout": _SECONDS,
            "speechModel": r"[a-z0-9_-]+",
            "profanityFilter": "false",
        }
    if provider.dial_extras:
        dial |= {"timeLimit": _SECONDS, "answerOnBridge": _YES}
    return {
        "Response": {},
        "Say": {"voice": ".+", "language": ".+"},
        **({"prosody": {"rate": r"[1-9][0-9]%"}} if provider.ssml else {}),
        "Gather": gather,
        "Redirect": {"method": "POST"},
        "Dial": dial,
        "Number": {},
        "Record": {
            **hook,
            "maxLength": _SECONDS,
            "timeout": _SECONDS,
            "finishOnKey": r"1234567890\*#",
            "playBeep": _YES,
        },
        "Hangup": {},
    }


def _letter(verb: ET.Element) -> str:
    letter = _LETTERS[verb.tag]
    return "d" if letter == "D" and "action" not in verb.keys() else letter  # noqa: SIM118 - an Element is no dict
