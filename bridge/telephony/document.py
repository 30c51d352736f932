"""A TwiML document: the only place that knows twilio's untyped classes, so a slip cannot reach a caller.

twilio's classes take any attribute name and any value; these methods take only what our replies use.
"""

from twilio.twiml import TwiML
from twilio.twiml.voice_response import VoiceResponse

from bridge.telephony.provider import SpeechRecognition
from bridge.telephony.voices import Voice


class Speakable:
    """An element in which can be spoken: the document itself, or a gather, whose words any key cuts short."""

    def __init__(self, element: TwiML) -> None:
        self._element = element

    def say(self, text: str, voice: Voice, rate: str = "") -> None:
        """Speak clean text in one voice; `rate` (`80%`) is for providers that take one."""
        words = self._element.say(None if rate else text, voice=voice.name, language=voice.locale)
        if rate:
            words.prosody(text, rate=rate)


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
        ear: SpeechRecognition | None,
        hints: str,
    ) -> Speakable:
        """Listen for at most `digits` keys, `#` ends them; with an `ear` also for the hinted words."""
        spoken = {}
        if ear:
            spoken = {
                "language": ear.locale,
                "hints": hints,
                "speech_timeout": ear.speech_timeout,
                "speech_model": ear.model or None,
                "profanity_filter": False,  # it would mask words as f***
            }
        return Speakable(
            self._response.gather(
                input="dtmf speech" if ear else "dtmf",
                action=action,
                method="POST",
                timeout=timeout,
                num_digits=digits,
                finish_on_key="#",
                action_on_empty_result=True if empty_result else None,
                **spoken,
            )
        )

    def redirect(self, address: str) -> None:
        """Ask for the next turn."""
        self._response.redirect(address, method="POST")

    def dial(
        self,
        target: str,
        caller_id: str,
        *,
        timeout: int,
        longest: int | None,
        action: str | None,
        whisper: str | None,
    ) -> None:
        """Connect to a number or a `sip:` address, to whoever accepts what `whisper` tells them.

        `longest` seconds and a ringing tone are for providers that know them, and so is a whisper.
        """
        dial = self._response.dial(
            action=action,
            method="POST" if action else None,
            caller_id=caller_id,
            timeout=timeout,
            time_limit=longest,
            answer_on_bridge=True if longest else None,
        )
        noun = dial.sip if target.startswith("sip:") else dial.number
        noun(target, url=whisper, method="POST" if whisper else None)

    def record(self, action: str, *, longest: int, silence: int, told: str, trim: bool) -> None:
        """Record after a beep, until any key, `silence` seconds of it, or `longest` seconds.

        `told` hears when the recording can be fetched; where it can `trim`, also that there was none.
        """
        self._response.record(
            action=action,
            method="POST",
            max_length=longest,
            timeout=silence,
            finish_on_key="1234567890*#",
            play_beep=True,
            recording_status_callback=told,
            recording_status_callback_method="POST",
            recording_status_callback_event="completed absent" if trim else None,
            trim="trim-silence" if trim else None,
        )

    def hang_up(self) -> None:
        """End the call."""
        self._response.hangup()

    def to_bytes(self) -> bytes:
        """Write it as XML in UTF-8."""
        return str(self._response.to_xml()).encode()
