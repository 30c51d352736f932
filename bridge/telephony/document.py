"""A TwiML document; the only module that touches twilio's untyped classes, so that no slip reaches a caller.

Those classes take any attribute name and any value; these methods take only what our replies use.
"""

from twilio.twiml import TwiML
from twilio.twiml.voice_response import VoiceResponse

from bridge.telephony.provider import SpeechRecognition
from bridge.telephony.voices import Voice


class Speakable:
    """An element that can hold speech: the document itself, or a gather, whose speech any key cuts short."""

    def __init__(self, element: TwiML) -> None:
        self._element = element

    def say(self, text: str, voice: Voice, rate: str = "") -> None:
        """Add clean text in one voice; `rate` (such as `80%`) is for providers that take one."""
        say = self._element.say(None if rate else text, voice=voice.name, language=voice.locale)
        if rate:
            say.prosody(text, rate=rate)


class Document(Speakable):
    """One reply, built verb by verb; addresses are absolute, times are seconds, every webhook is a POST."""

    def __init__(self) -> None:
        self._response = VoiceResponse()
        super().__init__(self._response)

    def gather(
        self,
        action: str,
        *,
        timeout: int,
        digits: int,
        empty_result: bool,
        recognition: SpeechRecognition | None,
        hints: str,
    ) -> Speakable:
        """Listen for at most `digits` keys, which `#` ends; with `recognition` also for the hinted words."""
        speech = {}
        if recognition:
            speech = {
                "language": recognition.locale,
                "hints": hints,
                "speech_timeout": recognition.speech_timeout,
                "speech_model": recognition.model or None,
                "profanity_filter": False,  # the filter would mask words as f***
            }
        return Speakable(
            self._response.gather(
                input="dtmf speech" if recognition else "dtmf",
                action=action,
                method="POST",
                timeout=timeout,
                num_digits=digits,
                finish_on_key="#",
                action_on_empty_result=True if empty_result else None,
                **speech,
            )
        )

    def redirect(self, address: str) -> None:
        """Make the provider ask for the next document at `address`."""
        self._response.redirect(address, method="POST")

    def dial(
        self,
        target: str,
        caller_id: str,
        *,
        timeout: int,
        max_seconds: int | None,
        action: str | None,
        whisper: str | None,
    ) -> None:
        """Connect the caller to a number or a `sip:` address.

        `max_seconds` limits the talk and lets the caller hear it ring; None is for providers that know
        neither. `whisper` is the address of a document that whoever picks up hears first. Without an
        `action` the call goes on with the next verb.
        """
        dial = self._response.dial(
            action=action,
            method="POST" if action else None,
            caller_id=caller_id,
            timeout=timeout,
            time_limit=max_seconds,
            answer_on_bridge=True if max_seconds else None,
        )
        add_target = dial.sip if target.startswith("sip:") else dial.number
        add_target(target, url=whisper, method="POST" if whisper else None)

    def record(
        self, action: str, *, max_seconds: int, silence: int, status_callback: str, trim: bool
    ) -> None:
        """Record after a beep, until any key, `silence` seconds of silence, or `max_seconds` seconds.

        `status_callback` is told when the recording can be fetched; with `trim` also that it is empty.
        """
        self._response.record(
            action=action,
            method="POST",
            max_length=max_seconds,
            timeout=silence,
            finish_on_key="1234567890*#",
            play_beep=True,
            recording_status_callback=status_callback,
            recording_status_callback_method="POST",
            recording_status_callback_event="completed absent" if trim else None,
            trim="trim-silence" if trim else None,
        )

    def hang_up(self) -> None:
        """End the call."""
        self._response.hangup()

    def to_bytes(self) -> bytes:
        """Write the document as XML in UTF-8."""
        return str(self._response.to_xml()).encode()
