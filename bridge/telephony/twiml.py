"""An answer rendered as TwiML: words, then one thing to do, in the form this provider understands best."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from bridge.conversation.reply import Answer, Dial, Gather, GoOn, HangUp, Record, Said
from bridge.telephony import whispers
from bridge.telephony.address import PublicUrl
from bridge.telephony.document import Document, Speakable
from bridge.telephony.provider import Provider
from bridge.telephony.reply_check import ReplyCheck
from bridge.telephony.speech_text import clean, pieces, slowed
from bridge.telephony.voices import Voices

MAX_KEYS = 32
"""A caller who keeps pressing is stopped here: a longer webhook is refused, and the line falls silent."""

MAX_SPOKEN = 9000
"""Characters of one reply, some ten minutes: escaped and encoded they still fit into the provider's 64 kB."""

_SLOW = "80%"
_LONGEST_TRANSFER = 3600
_SILENCE_AFTER_VOICEMAIL = 5
_SECONDS_TO_ACCEPT = 6


class Renderer:
    """Renders for one office: `voices` come from `voices.choose`, `public_url` is the bridge's own."""

    def __init__(self, public_url: str, provider: Provider, voices: Voices) -> None:
        self._public = PublicUrl.parse(public_url)
        self._provider = provider
        self._voices = voices
        self._check = ReplyCheck(self._public, provider)

    def render(self, answer: Answer) -> bytes:
        """Write the answer, checked.

        UnfitReplyError, and KeyError for a language without a voice, are mistakes of flow or office file.
        """
        document = Document()
        turn = self._public.turn(answer.turn) + self._provider.fragment
        match answer.then:
            case Gather() as gather:
                self._speak(self._listen(document, gather, turn), answer.said)
                document.redirect(turn)
            case GoOn():
                self._speak(document, answer.said)
                document.redirect(self._public.on(answer.turn) + self._provider.fragment)
            case HangUp():
                self._speak(document, answer.said)
                document.hang_up()
            case Dial() as dial:
                self._speak(document, answer.said)
                self._dial(document, dial, turn)
            case record:
                self._speak(document, answer.said)
                self._record(document, record, turn)
        return self._check.check(document.to_bytes())

    def whisper(self, said: Iterable[Said], again: Iterable[Said]) -> bytes:
        """Write what whoever picked up hears: `said`, then `again`, and after silence the end of their leg.

        It is a mailbox that says nothing and presses nothing.
        """
        document = Document()
        action = self._public.acceptance + self._provider.fragment
        for words in (said, again):
            place = document.gather(
                action, timeout=_SECONDS_TO_ACCEPT, digits=1, empty_result=False, ear=None, hints=""
            )
            self._speak(place, words)
        document.hang_up()
        return self._check.check_whisper(document.to_bytes())

    def fallback_document(
        self, said: Iterable[Said], desk: Dial | None = None, nobody: Iterable[Said] = ()
    ) -> bytes:
        """Write what is spoken when everything else failed: an apology, then the switchboard if there is one.

        It needs no further webhook: when nobody answers, `nobody` is spoken and the call ends.
        """
        document = Document()
        self._speak(document, said)
        if desk:
            self._dial(document, desk, None)
            self._speak(document, nobody)
        document.hang_up()
        return self._check.check(document.to_bytes())

    def _speak(self, place: Speakable, said: Iterable[Said]) -> None:
        left = MAX_SPOKEN
        for one in said:
            voice, rate = self._voices[one.language], _SLOW if one.slow and self._provider.ssml else ""
            for text in self._texts(one, left):
                place.say(text, voice, rate)
                left -= len(text)

    def _texts(self, said: Said, left: int) -> Iterator[str]:
        """Give the stretches of one text that `left` characters leave room for."""
        text = clean(said.text)
        if said.slow and not self._provider.ssml:
            text = slowed(text)
        if len(text) > left:
            text = next(pieces(text, left)) if left else ""
        return pieces(text)

    def _listen(self, document: Document, gather: Gather, action: str) -> Speakable:
        fewest, most = gather.digits
        hints = ",".join(filter(None, (clean(hint.replace(",", " ")) for hint in gather.hints)))
        return document.gather(
            action,
            timeout=gather.timeout,
            digits=most if most in {1, fewest} else MAX_KEYS,
            empty_result=self._provider.empty_result,
            ear=self._provider.ears.get(gather.language) if hints else None,
            hints=hints,
        )

    def _dial(self, document: Document, dial: Dial, action: str | None) -> None:
        document.dial(
            self._target(dial),
            dial.caller_id,
            timeout=dial.timeout,
            longest=_LONGEST_TRANSFER if self._provider.dial_extras else None,
            action=action,
            whisper=self._whispered(dial),
        )

    def _target(self, dial: Dial) -> str:
        """Give the office's exchange with the file's id in a header, else the number."""
        if not (dial.sip and self._provider.sip):
            return dial.number
        return f"{dial.sip}?X-Tagor-File={quote(dial.file, safe='')}" if dial.file else dial.sip

    def _whispered(self, dial: Dial) -> str | None:
        if not (dial.whisper and self._provider.whisper):
            return None
        return self._public.whisper(whispers.path(dial.whisper)) + self._provider.fragment

    def _record(self, document: Document, record: Record, action: str) -> None:
        document.record(
            action,
            longest=record.longest,
            silence=_SILENCE_AFTER_VOICEMAIL,
            told=self._public.recording + self._provider.fragment,
            trim=self._provider.record_trim,
        )
        document.redirect(action)  # an empty recording posts nothing
