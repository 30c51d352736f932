"""The verbs that our replies may hold, with their attributes, and the order in which verbs may stand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from bridge.telephony.address import PublicUrl
from bridge.telephony.provider import Provider

CHILDREN: Mapping[str, set[str]] = {
    "Response": {"Say", "Play", "Gather", "Redirect", "Dial", "Record", "Hangup"},
    "Say": {"prosody"},
    "Gather": {"Say"},
    "Dial": {"Number", "Sip"},
}

NEEDED: Mapping[str, set[str]] = {
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
class Rules:
    """The patterns of each verb's attributes and text, and the order of verbs by letters (see `letter`)."""

    attributes: Mapping[str, Mapping[str, str]]
    texts: Mapping[str, str]
    shape: re.Pattern[str]
    ends: str

    def letter(self, verb: ET.Element) -> str:
        """Give a verb's letter; `d` is a dial without an action, after which the document goes on."""
        letter = _LETTERS[verb.tag]
        return "d" if letter == "D" and "action" not in verb.keys() else letter  # noqa: SIM118 - an Element is no dict


def call_rules(public: PublicUrl, provider: Provider) -> Rules:
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
    return Rules(
        attributes,
        {"Play": _SOUND, "Redirect": turn, "Number": _E164, "Sip": _SIP + _FILE},
        re.compile(r"S*(?:GR|P?R|D|CR|dS*H|H)"),
        "one listening, redirect, transfer or hang-up",
    )


def whisper_rules(public: PublicUrl, provider: Provider) -> Rules:
    """Give the rules of a document for a colleague: it asks twice for a key, then hangs up."""
    acceptance = re.escape(public.acceptance + provider.fragment)
    attributes = _speech_attributes(provider) | {
        "Gather": _keypad_attributes(acceptance) | {"numDigits": "1"}
    }
    return Rules(attributes, {}, re.compile(r"GGH"), "two rounds of listening and a hang-up")


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
