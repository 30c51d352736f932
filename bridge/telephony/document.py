"""Templates of TwiML: twilio's own classes write each element once, and a turn fills values into its holes.

Only this module touches those classes: they take any attribute name and any value, and they are slow. The
functions here take only what our replies use. Times are seconds, and every webhook is a POST.

Text is made fit for a voice here as well: only what can be spoken, slow where asked, in parts a voice takes.
"""

import re
from collections.abc import Iterator
from functools import cache
from html import escape

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Dial, Gather, Hangup, Play, Record, Redirect, Say, VoiceResponse

from bridge.telephony.provider import SpeechRecognition
from bridge.telephony.voices import Voice

_HOLE = re.compile("\ue000([a-z_]+)\ue001")
_TEXT, _SAID, _ACTION, _CALLER_ID, _STATUS_CALLBACK, _WHISPER = (
    f"\ue000{name}\ue001" for name in ("text", "said", "action", "caller_id", "status_callback", "whisper")
)
_RESPONSE = VoiceResponse()
_RESPONSE.nest(_SAID)
_BEGIN, _END = str(_RESPONSE).split(_SAID)


class Template:
    """An element as twilio writes it, with a hole for each value that differs from turn to turn."""

    def __init__(self, element: TwiML) -> None:
        # The holes are of characters that no text of ours holds, and `%` begins a hole from here on.
        self._text = _HOLE.sub(r"%(\1)s", element.to_xml(xml_declaration=False).replace("%", "%%"))

    def fill(self, text: str = "", *, said: str = "", **attributes: str) -> str:
        """Write the element with its text and attributes, and with speech within it, which is XML already."""
        values = {
            name: escape(value, quote=False).replace('"', "&quot;") for name, value in attributes.items()
        }
        return self._text % {**values, "text": escape(text, quote=False), "said": said}


def document(*elements: str) -> bytes:
    """Write a whole document, in UTF-8."""
    return "".join([_BEGIN, *elements, _END]).encode()


@cache
def say(voice: Voice, rate: str = "") -> Template:
    """Speak the text in one voice; `rate` (such as `80%`) is for providers that take one."""
    element = Say(None if rate else _TEXT, voice=voice.name, language=voice.locale)
    if rate:
        element.prosody(_TEXT, rate=rate)
    return Template(element)


def gather(
    *,
    timeout: int,
    digits: int,
    empty_result: bool,
    recognition: SpeechRecognition | None,
    hints: str,
    speaks: bool,
) -> Template:
    """Listen at `action` for at most `digits` keys, which `#` ends; any key cuts the speech within it short.

    With `recognition` the words of `hints` are heard too. `speaks` tells whether there is speech within it.
    """
    speech: dict[str, object] = {}
    if recognition:
        speech = {
            "language": recognition.locale,
            "hints": hints,
            "speech_timeout": recognition.speech_timeout,
            "speech_model": recognition.model or None,
            "profanity_filter": False,  # the filter would mask words as f***
        }
    element = Gather(
        input="dtmf speech" if recognition else "dtmf",
        action=_ACTION,
        method="POST",
        timeout=timeout,
        num_digits=digits,
        finish_on_key="#",
        action_on_empty_result=True if empty_result else None,
        **speech,
    )
    if speaks:
        element.nest(_SAID)
    return Template(element)


@cache
def play() -> Template:
    """Let the caller hear the sound at the address that is the text."""
    return Template(Play(_TEXT))


@cache
def redirect() -> Template:
    """Make the provider ask for the next document at the address that is the text."""
    return Template(Redirect(_TEXT, method="POST"))


@cache
def dial(
    *, is_sip: bool, timeout: int, max_seconds: int | None, comes_back: bool, whispers: bool
) -> Template:
    """Connect the caller to the number or `sip:` address that is the text, showing `caller_id`.

    `max_seconds` limits the talk and lets the caller hear it ring; None is for providers that know neither.
    With `whispers` whoever picks up hears the document at `whisper` first. If the call `comes_back`, its
    outcome goes to `action`; otherwise it goes on with the next verb.
    """
    element = Dial(
        action=_ACTION if comes_back else None,
        method="POST" if comes_back else None,
        caller_id=_CALLER_ID,
        timeout=timeout,
        time_limit=max_seconds,
        answer_on_bridge=True if max_seconds else None,
    )
    add_target = element.sip if is_sip else element.number
    add_target(_TEXT, url=_WHISPER if whispers else None, method="POST" if whispers else None)
    return Template(element)


@cache
def record(*, max_seconds: int, silence: int, trim: bool) -> Template:
    """Record after a beep, until any key, `silence` seconds of silence, or `max_seconds` seconds.

    `status_callback` is told when the recording can be fetched; with `trim` also that it is empty.
    """
    return Template(
        Record(
            action=_ACTION,
            method="POST",
            max_length=max_seconds,
            timeout=silence,
            finish_on_key="1234567890*#",
            play_beep=True,
            recording_status_callback=_STATUS_CALLBACK,
            recording_status_callback_method="POST",
            recording_status_callback_event="completed absent" if trim else None,
            trim="trim-silence" if trim else None,
        )
    )


@cache
def hang_up() -> Template:
    """End the call."""
    return Template(Hangup())


MAX_SAY_CHARACTERS = 3000
"""How many characters of one prompt every voice of every provider speaks (Polly's limit, the smallest)."""

_SENTENCE_END = re.compile(r"[.!?]\s")
_WORDS_BETWEEN_PAUSES = 3


def clean(text: str) -> str:
    """Keep what can be spoken and written as XML: no control or bidi characters, single spaces."""
    if not text.isprintable():
        text = "".join(one if one.isprintable() else " " if one.isspace() else "" for one in text)
    return " ".join(text.split())


def slow_down(text: str) -> str:
    """Make any voice pause after every third word, by commas, for providers that take no speaking rate."""
    words = text.split(" ")
    for at in range(_WORDS_BETWEEN_PAUSES - 1, len(words) - 1, _WORDS_BETWEEN_PAUSES):
        words[at] += "" if words[at][-1] in ",.;:!?" else ","
    return " ".join(words)


def split(text: str, max_length: int = MAX_SAY_CHARACTERS) -> Iterator[str]:
    """Cut text into parts of at most `max_length`: after a sentence, else between words, else anywhere."""
    while len(text) > max_length:
        head = text[:max_length]
        sentence_ends = [found.end() for found in _SENTENCE_END.finditer(head)]
        end = sentence_ends[-1] if sentence_ends else max(head.rfind(" "), 0) or len(head)
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text
