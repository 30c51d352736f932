"""Checks a finished reply before it leaves: a document that the provider cannot run would drop the caller.

The rules say which verbs our replies may hold, with their attributes, and in which order verbs may stand.
"""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import ClassVar
from xml.etree import ElementTree as ET

from bridge.telephony.address import PublicUrl
from bridge.telephony.document import MAX_SAY_CHARACTERS
from bridge.telephony.provider import Provider

MAX_BYTES = 64_000
_PROLOGUE = b'<?xml version="1.0" encoding="UTF-8"?><Response>'

_CHILDREN: Mapping[str, set[str]] = {
    "Response": {"Say", "Play", "Gather", "Redirect", "Dial", "Record", "Hangup"},
    "Say": {"prosody"},
    "Gather": {"Say", "Play"},
    "Dial": {"Number", "Sip"},
}

_NEEDED: Mapping[str, set[str]] = {
    "Say": {"voice", "language"},
    "Gather": {"action", "method", "timeout", "numDigits"},
    "Record": {"action", "method", "maxLength"},
    "Redirect": {"method"},
    "Dial": {"callerId", "timeout"},
}
"""The attributes a verb must have: without an action the provider would ask the current address for ever."""

_LETTERS = {
    "Say": "S",
    "Play": "P",
    "Gather": "G",
    "Redirect": "R",
    "Record": "C",
    "Hangup": "H",
    "Dial": "D",
}

_SECONDS = r"[1-9][0-9]{0,3}"
_E164 = r"\+[1-9][0-9]{6,14}"
_SIP = r"sip:[A-Za-z0-9._+-]{1,64}@[a-z0-9.-]{1,120}(?::[0-9]{1,5})?(?:;[a-z]+=[a-z0-9]+)*"
_FILE = r"(?:\?X-Tagor-File=(?:[A-Za-z0-9._~-]|%[0-9A-F]{2}){1,128})?"
_YES = r"true"
_SOUND = r"https?://[A-Za-z0-9._~:/-]{1,500}\.wav"


@dataclass(frozen=True, slots=True)
class _Rules:
    """The patterns of each verb's attributes and text, and the order of verbs by their letters.

    `d` is a dial without an action, after which the document goes on.
    """

    attributes: Mapping[str, Mapping[str, str]]
    texts: Mapping[str, str]
    shape: re.Pattern[str]
    ends: str


class UnfitReplyError(ValueError):
    """A reply must not leave; the sentence names elements and attributes, never what they hold."""


class ReplyCheck:
    """Compares a finished reply with what the provider can run and what an office may ever send."""

    checks_all: ClassVar[bool] = False
    """Whether every reply is checked, also when one of its shape was checked before; tests set it."""

    def __init__(self, public_url: PublicUrl, provider: Provider) -> None:
        self._voices = {(name, locale) for locale, names in provider.voices.items() for name in names}
        self._call = _call_rules(public_url, provider)
        self._whisper = _whisper_rules(public_url, provider)
        self._checked_shapes: set[Hashable] = set()

    def check(self, reply: bytes, *, whispers: bool = False) -> bytes:
        """Give a reply to a caller back unchanged, or one that `whispers` to a colleague who picks up.

        Raises:
            UnfitReplyError: the provider cannot run it, or no reply of ours may say this.
        """
        rules = self._whisper if whispers else self._call
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
        letters = [
            "d" if verb.tag == "Dial" and verb.get("action") is None else _LETTERS[verb.tag] for verb in root
        ]
        if rules.shape.fullmatch("".join(letters)) is None:
            raise UnfitReplyError(f"the reply's verbs must end in {rules.ends}")
        return reply

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

    def _check_element(self, element: ET.Element, rules: _Rules) -> None:
        attributes = rules.attributes.get(element.tag)
        if attributes is None:
            raise UnfitReplyError(f"<{element.tag}> is not one of our verbs")
        for name, value in element.items():
            if name not in attributes or not re.fullmatch(attributes[name], value):
                raise UnfitReplyError(f"<{element.tag}> may not have this {name}")
        if missing := _NEEDED.get(element.tag, set()).difference(element.keys()):
            raise UnfitReplyError(f"<{element.tag}> lacks {', '.join(sorted(missing))}")
        for child in element:
            if child.tag not in _CHILDREN.get(element.tag, ()):
                raise UnfitReplyError(f"<{child.tag}> may not stand in <{element.tag}>")
            self._check_element(child, rules)
        self._check_content(element, rules)

    def _check_content(self, element: ET.Element, rules: _Rules) -> None:
        text = "".join(element.itertext())
        if element.tag == "Say":
            if not 0 < len(text) <= MAX_SAY_CHARACTERS:
                raise UnfitReplyError(
                    f"<Say> holds {len(text)} characters; voices speak 1 to {MAX_SAY_CHARACTERS}"
                )
            # Each half may be right by itself: only the pair tells whether the provider can speak it.
            if (element.get("voice"), element.get("language")) not in self._voices:
                raise UnfitReplyError("<Say> has a voice and a language that do not go together")
        elif shape := rules.texts.get(element.tag):
            if not re.fullmatch(shape, text):
                raise UnfitReplyError(f"<{element.tag}> holds what it may not")
        elif element.tag == "Dial" and len(element) != 1:
            raise UnfitReplyError("<Dial> must hold one number")
        elif element.tag != "prosody" and (element.text or any(child.tail for child in element)):
            raise UnfitReplyError(f"<{element.tag}> may not hold text of its own")


def _call_rules(public: PublicUrl, provider: Provider) -> _Rules:
    """Give the rules of a document for a caller."""
    fragment = re.escape(provider.fragment)
    turn = rf"{re.escape(f'{public}/voice/turn/')}[1-9][0-9]{{0,3}}(?:/on)?{fragment}"
    whisper = rf"{re.escape(f'{public}/voice/whisper/')}[a-z0-9_/-]{{1,99}}{fragment}"
    attributes = _speech_attributes(provider) | {
        "Gather": _gather_attributes(turn, provider),
        "Play": {},
        "Redirect": {"method": "POST"},
        "Record": _record_attributes(turn, re.escape(public.recording) + fragment, provider),
        **_dial_attributes(turn, whisper, provider),
    }
    return _Rules(
        attributes,
        {"Play": _SOUND, "Redirect": turn, "Number": _E164, "Sip": _SIP + _FILE},
        re.compile(r"[SP]*(?:GR|R|D|CR|dS*H|H)"),
        "one listening, redirect, transfer or hang-up",
    )


def _whisper_rules(public: PublicUrl, provider: Provider) -> _Rules:
    """Give the rules of a document for a colleague: it asks twice for a key, then hangs up."""
    acceptance = re.escape(public.acceptance + provider.fragment)
    attributes = _speech_attributes(provider) | {
        "Gather": _keypad_attributes(acceptance) | {"numDigits": "1"}
    }
    return _Rules(attributes, {}, re.compile(r"GGH"), "two rounds of listening and a hang-up")


def _speech_attributes(provider: Provider) -> dict[str, dict[str, str]]:
    return {
        "Response": {},
        "Say": {"voice": ".+", "language": ".+"},
        **({"prosody": {"rate": r"[1-9][0-9]%"}} if provider.ssml else {}),
        "Hangup": {},
    }


def _keypad_attributes(action: str) -> dict[str, str]:
    return {
        "action": action,
        "method": "POST",
        "input": "dtmf",
        "timeout": _SECONDS,
        "numDigits": r"[1-9]|[12][0-9]|3[0-2]",
        "finishOnKey": "#",
    }


def _gather_attributes(action: str, provider: Provider) -> dict[str, str]:
    gather = _keypad_attributes(action)
    if provider.empty_result:
        gather["actionOnEmptyResult"] = _YES
    if provider.speech_recognition:
        gather |= {
            "input": "dtmf(?: speech)?",
            "language": r"[a-z]{2}-[A-Z]{2}",
            "hints": r"[^,]{1,100}(?:,[^,]{1,100}){0,499}",
            "speechTimeout": _SECONDS,
            "speechModel": r"[a-z0-9_-]+",
            "profanityFilter": "false",
        }
    return gather


def _dial_attributes(action: str, whisper: str, provider: Provider) -> dict[str, dict[str, str]]:
    dial = {"action": action, "method": "POST", "callerId": _E164, "timeout": _SECONDS}
    if provider.dial_extras:
        dial |= {"timeLimit": _SECONDS, "answerOnBridge": _YES}
    target = {"url": whisper, "method": "POST"} if provider.whisper else {}
    return {"Dial": dial, "Number": target, **({"Sip": target} if provider.sip else {})}


def _record_attributes(action: str, status_callback: str, provider: Provider) -> dict[str, str]:
    record = {
        "action": action,
        "method": "POST",
        "maxLength": _SECONDS,
        "timeout": _SECONDS,
        "finishOnKey": r"1234567890\*#",
        "playBeep": _YES,
        "recordingStatusCallback": status_callback,
        "recordingStatusCallbackMethod": "POST",
    }
    if provider.record_trim:
        record |= {"trim": "trim-silence", "recordingStatusCallbackEvent": "completed absent"}
    return record
