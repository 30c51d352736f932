"""Renders an answer as TwiML: speech, then one thing to do, in the form this provider understands best."""

from collections.abc import Iterable
from urllib.parse import quote

from bridge.conversation.reply import Answer, DialTarget, LocalizedGather, Said
from bridge.flow.turn_output import HangUp, Record, Redirect
from bridge.telephony import whispers
from bridge.telephony.address import PublicUrl
from bridge.telephony.document import Document, Speakable
from bridge.telephony.provider import Provider
from bridge.telephony.reply_check import ReplyCheck
from bridge.telephony.speech_text import clean, slow_down, split
from bridge.telephony.voices import Voices

MAX_KEYS = 32
"""A caller who keeps pressing is stopped after so many keys."""

MAX_SPOKEN_CHARACTERS = 9000
"""Characters of one reply, some ten minutes: escaped and encoded they still fit into the provider's 64 kB."""

_SLOW_RATE = "80%"
_MAX_TRANSFER_SECONDS = 3600
_SILENCE_AFTER_VOICEMAIL = 5
_SECONDS_TO_ACCEPT = 6


class Renderer:
    """Renders the answers of one office; `public_url` is the bridge's own, `voices` come from `choose`."""

    def __init__(self, public_url: str, provider: Provider, voices: Voices) -> None:
        self._public_url = PublicUrl.parse(public_url)
        self._provider = provider
        self._voices = voices
        self._check = ReplyCheck(self._public_url, provider)

    def render(self, answer: Answer) -> bytes:
        """Write the answer as a checked document.

        Raises:
            UnfitReplyError, KeyError (a language without a voice): a mistake of the flow or the office file.
        """
        document = Document()
        next_turn = self._public_url.turn(answer.turn) + self._provider.fragment
        match answer.then:
            case LocalizedGather() as listening:
                self._speak(self._gather(document, listening, next_turn), answer.said)
                # Where silence posts no action, the redirect after the gather brings the caller back.
                document.redirect(next_turn)
            case Redirect():
                self._speak(document, answer.said)
                document.redirect(self._public_url.on(answer.turn) + self._provider.fragment)
            case HangUp():
                self._speak(document, answer.said)
                document.hang_up()
            case DialTarget() as target:
                self._speak(document, answer.said)
                self._dial(document, target, next_turn)
            case record:
                self._speak(document, answer.said)
                self._record(document, record, next_turn)
        return self._check.check(document.to_bytes())

    def whisper(self, said: Iterable[Said], again: Iterable[Said]) -> bytes:
        """Write what whoever picked up hears: `said`, then `again`, then the end of their leg.

        A mailbox presses no key, so that it hears both and is never connected.
        """
        document = Document()
        action = self._public_url.acceptance + self._provider.fragment
        for speech in (said, again):
            gather = document.gather(
                action, timeout=_SECONDS_TO_ACCEPT, digits=1, empty_result=False, recognition=None, hints=""
            )
            self._speak(gather, speech)
        document.hang_up()
        return self._check.check_whisper(document.to_bytes())

    def fallback_document(
        self, said: Iterable[Said], switchboard: DialTarget | None = None, unanswered: Iterable[Said] = ()
    ) -> bytes:
        """Write what is spoken when everything else failed: an apology, then the switchboard if there is one.

        The document needs no further webhook: when nobody answers, `unanswered` is spoken and the call ends.
        """
        document = Document()
        self._speak(document, said)
        if switchboard:
            self._dial(document, switchboard, None)
            self._speak(document, unanswered)
        document.hang_up()
        return self._check.check(document.to_bytes())

    def _speak(self, element: Speakable, said: Iterable[Said]) -> None:
        """Add speech in parts that a voice takes, up to the length that a whole reply may have."""
        left = MAX_SPOKEN_CHARACTERS
        for speech in said:
            voice = self._voices[speech.language]
            rate = _SLOW_RATE if speech.slow and self._provider.ssml else ""
            text = clean(speech.text)
            if speech.slow and not self._provider.ssml:
                text = slow_down(text)
            if len(text) > left:
                text = next(split(text, left)) if left else ""
            for part in split(text):
                element.say(part, voice, rate)
                left -= len(part)

    def _gather(self, document: Document, listening: LocalizedGather, action: str) -> Speakable:
        gather, (fewest, most) = listening.gather, listening.gather.digits
        hints = ",".join(filter(None, (clean(hint.replace(",", " ")) for hint in listening.hints)))
        return document.gather(
            action,
            timeout=gather.seconds,
            # A fixed number of keys is submitted at once; anything else is ended by the caller with #.
            digits=most if most in {1, fewest} else MAX_KEYS,
            empty_result=self._provider.empty_result,
            recognition=self._provider.speech_recognition.get(listening.language) if hints else None,
            hints=hints,
        )

    def _dial(self, document: Document, target: DialTarget, action: str | None) -> None:
        """Ring the office's exchange, with the file's id in a header, or its number where there is none."""
        address, whisper = target.number, None
        if target.sip and self._provider.sip:
            address = (
                f"{target.sip}?X-Tagor-File={quote(target.file, safe='')}" if target.file else target.sip
            )
        if target.whisper and self._provider.whisper:
            whisper = self._public_url.whisper(whispers.path(target.whisper)) + self._provider.fragment
        document.dial(
            address,
            target.caller_id,
            timeout=target.timeout,
            max_seconds=_MAX_TRANSFER_SECONDS if self._provider.dial_extras else None,
            action=action,
            whisper=whisper,
        )

    def _record(self, document: Document, record: Record, action: str) -> None:
        document.record(
            action,
            max_seconds=record.longest,
            silence=_SILENCE_AFTER_VOICEMAIL,
            status_callback=self._public_url.recording + self._provider.fragment,
            trim=self._provider.record_trim,
        )
        document.redirect(action)  # an empty recording posts no action
