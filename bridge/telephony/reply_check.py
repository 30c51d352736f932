"""Checks a finished reply before it leaves: a document that the provider cannot run would drop the caller."""

import re
from collections.abc import Hashable
from typing import ClassVar
from xml.etree import ElementTree as ET

from bridge.telephony.address import PublicUrl
from bridge.telephony.provider import Provider
from bridge.telephony.reply_rules import CHILDREN, NEEDED, Rules, call_rules, whisper_rules
from bridge.telephony.speech_text import MAX_SAY_CHARACTERS

MAX_BYTES = 64_000
_PROLOGUE = b'<?xml version="1.0" encoding="UTF-8"?><Response>'


class UnfitReplyError(ValueError):
    """A reply must not leave; the sentence names elements and attributes, never what they hold."""


class ReplyCheck:
    """Compares a finished reply with what the provider can run and what an office may ever send."""

    checks_all: ClassVar[bool] = False
    """Whether every reply is checked, also when one of its shape was checked before; tests set it."""

    def __init__(self, public_url: PublicUrl, provider: Provider) -> None:
        self._voices = {(name, locale) for locale, names in provider.voices.items() for name in names}
        self._call = call_rules(public_url, provider)
        self._whisper = whisper_rules(public_url, provider)
        self._checked_shapes: set[Hashable] = set()

    def check(self, reply: bytes) -> bytes:
        """Give a reply to a caller back unchanged.

        Raises:
            UnfitReplyError: the provider cannot run it, or no reply of ours may say this.
        """
        return self._checked(reply, self._call)

    def check_shape(self, shape: Hashable, reply: bytes) -> bytes:
        """Give a reply to a caller back unchanged; only the first one of a shape is checked as by `check`.

        Two replies of one `shape` differ in the words that are spoken and in the turn's number only. Those
        cannot make a reply unfit: they are escaped, cut to a voice's length, and numbers.

        Raises:
            UnfitReplyError: as `check` does.
        """
        if self.checks_all or shape not in self._checked_shapes or len(reply) >= MAX_BYTES:
            self.check(reply)
            self._checked_shapes.add(shape)
        return reply

    def check_whisper(self, reply: bytes) -> bytes:
        """Give a document for a colleague who picks up back unchanged.

        Raises:
            UnfitReplyError: as `check` does.
        """
        return self._checked(reply, self._whisper)

    def _checked(self, reply: bytes, rules: Rules) -> bytes:
        if len(reply) >= MAX_BYTES:
            raise UnfitReplyError(f"the reply has {len(reply)} bytes; a provider reads less than {MAX_BYTES}")
        # An entity that is declared can grow without end when it is read, here and at the provider.
        if not reply.startswith(_PROLOGUE) or b"<!" in reply:
            raise UnfitReplyError(
                "the reply must be one <Response> with an XML declaration and nothing else declared"
            )
        try:
            root = ET.fromstring(reply)  # noqa: S314 - our own bytes, and no document type gets here
        except ET.ParseError:
            raise UnfitReplyError("the reply is not well-formed XML") from None
        self._check_element(root, rules)
        if rules.shape.fullmatch("".join(rules.letter(verb) for verb in root)) is None:
            raise UnfitReplyError(f"the reply's verbs must end in {rules.ends}")
        return reply

    def _check_element(self, element: ET.Element, rules: Rules) -> None:
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
            self._check_element(child, rules)
        self._check_content(element, rules)

    def _check_content(self, element: ET.Element, rules: Rules) -> None:
        text = "".join(element.itertext())
        if element.tag == "Dial" and len(element) != 1:
            raise UnfitReplyError("<Dial> must hold one number")
        if element.tag == "Say":
            self._check_say(element, text)
        elif shape := rules.texts.get(element.tag):
            if not re.fullmatch(shape, text):
                raise UnfitReplyError(f"<{element.tag}> holds what it may not")
        elif element.tag != "prosody" and (element.text or any(child.tail for child in element)):
            raise UnfitReplyError(f"<{element.tag}> may not hold text of its own")

    def _check_say(self, element: ET.Element, text: str) -> None:
        if not 0 < len(text) <= MAX_SAY_CHARACTERS:
            raise UnfitReplyError(
                f"<Say> holds {len(text)} characters; voices speak 1 to {MAX_SAY_CHARACTERS}"
            )
        # Each half may be right by itself: only the pair tells whether the provider can speak it.
        if (element.get("voice"), element.get("language")) not in self._voices:
            raise UnfitReplyError("<Say> has a voice and a language that do not go together")
