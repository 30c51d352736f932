"""The last look at a reply before it leaves: a document the provider cannot run would drop the caller."""

import re
from xml.etree import ElementTree as ET

from bridge.telephony.address import PublicUrl
from bridge.telephony.provider import Provider
from bridge.telephony.reply_rules import CHILDREN, NEEDED, Rules, call_rules, whisper_rules
from bridge.telephony.speech_text import MAX_IN_ONE

MAX_BYTES = 64_000
_START = b'<?xml version="1.0" encoding="UTF-8"?><Response>'


class UnfitReplyError(ValueError):
    """A reply that must not leave; the sentence names elements and attributes, never what they hold."""


class ReplyCheck:
    """Holds a finished reply against what a provider can run and what an office may ever send."""

    def __init__(self, public_url: PublicUrl, provider: Provider) -> None:
        self._voices = {(name, locale) for locale, names in provider.voices.items() for name in names}
        self._call = call_rules(public_url, provider)
        self._whisper = whisper_rules(public_url, provider)

    def check(self, reply: bytes) -> bytes:
        """Give the reply to a caller back if it is fit; else UnfitReplyError."""
        return self._checked(reply, self._call)

    def check_whisper(self, reply: bytes) -> bytes:
        """Give the words to a colleague back if they are fit; else UnfitReplyError."""
        return self._checked(reply, self._whisper)

    def _checked(self, reply: bytes, rules: Rules) -> bytes:
        if len(reply) >= MAX_BYTES:
            raise UnfitReplyError(f"the reply has {len(reply)} bytes; a provider reads less than {MAX_BYTES}")
        if not reply.startswith(_START) or b"<!" in reply:
            raise UnfitReplyError(
                "the reply must be one <Response> with an XML declaration and nothing else declared"
            )
        try:
            root = ET.fromstring(reply)  # noqa: S314 - our own bytes, and no document type gets here
        except ET.ParseError:
            raise UnfitReplyError("the reply is not well-formed XML") from None
        self._element(root, rules)
        if rules.shape.fullmatch("".join(rules.letter(verb) for verb in root)) is None:
            raise UnfitReplyError(f"the reply's verbs must end in {rules.ends}")
        return reply

    def _element(self, element: ET.Element, rules: Rules) -> None:
        attributes = rules.attributes.get(element.tag)
        if attributes is None:
            raise UnfitReplyError(f"<{element.tag}> is not one of our verbs")
        for name, value in element.items():
            if name not in attributes or not re.fullmatch(attributes[name], value):
                raise UnfitReplyError(f"<{element.tag}> may not have this {name}")
        if missing := NEEDED.get(element.tag, set()).difference(element.keys()):
            raise UnfitReplyError(f"<{element.tag}> lacks {', '.join(sorted(missing))}")
        for child in element:
            if child.tag not in CHILDREN.get(element.tag, ()):
                raise UnfitReplyError(f"<{child.tag}> may not stand in <{element.tag}>")
            self._element(child, rules)
        self._content(element, rules)

    def _content(self, element: ET.Element, rules: Rules) -> None:
        text = "".join(element.itertext())
        if element.tag == "Dial" and len(element) != 1:
            raise UnfitReplyError("<Dial> must hold one number")
        if element.tag == "Say":
            self._spoken(element, text)
        elif shape := rules.texts.get(element.tag):
            if not re.fullmatch(shape, text):
                raise UnfitReplyError(f"<{element.tag}> holds what it may not")
        elif element.tag != "prosody" and (element.text or any(child.tail for child in element)):
            raise UnfitReplyError(f"<{element.tag}> may not hold text of its own")

    def _spoken(self, element: ET.Element, text: str) -> None:
        if not 0 < len(text) <= MAX_IN_ONE:
            raise UnfitReplyError(f"<Say> holds {len(text)} characters; voices speak 1 to {MAX_IN_ONE}")
        if (element.get("voice"), element.get("language")) not in self._voices:
            raise UnfitReplyError("<Say> has a voice and a language that do not go together")
