"""Renders an answer as TwiML: speech, then one thing to do, in the form this provider understands best."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import quote

from bridge.conversation.reply import Answer, DialTarget, LocalizedGather, Said
from bridge.flow.turn_output import HangUp, Record, Redirect, SoundName
from bridge.speech import RecordedWords, in_belgian_words
from bridge.telephony import document, whispers
from bridge.telephony.address import PublicUrl
from bridge.telephony.document import MAX_SAY_CHARACTERS, clean, slow_down, split
from bridge.telephony.provider import Provider
from bridge.telephony.reply_check import ReplyCheck
from bridge.telephony.voices import Voices

MAX_KEYS = 32
"""A caller who keeps pressing is stopped after so many keys."""

MAX_SPOKEN_CHARACTERS = 9000
"""Characters of one reply, some ten minutes: escaped and encoded they still fit into the provider's 64 kB."""

_SLOW_RATE = "80%"
_FRANCE = "fr-FR"
"""The locale of voices that read numbers as in France."""
_MAX_TRANSFER_SECONDS = 3600
_SILENCE_AFTER_VOICEMAIL = 5
_SECONDS_TO_ACCEPT = 6


class Renderer:
    """Renders the answers of one office.

    `public_url` is the bridge's own, `voices` come from `choose`, and `sounds` are the addresses of the
    office's sounds by their names. `recorded` are those of recorded words by their names.
    """

    def __init__(
        self,
        public_url: str,
        provider: Provider,
        voices: Voices,
        sounds: Mapping[SoundName, str] = MappingProxyType({}),
        recorded: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._public_url = PublicUrl.parse(public_url)
        self._turns, self._provider = self._public_url.turns, provider
        self._voices = voices
        self._sounds, self._recorded = sounds, recorded
        self._gathers: dict[tuple[LocalizedGather, bool], document.Template] = {}
        self._check = ReplyCheck(self._public_url, provider)

    def render(self, answer: Answer) -> bytes:
        """Write the answer as a checked document.

        Raises:
            UnfitReplyError, KeyError (a language without a voice, a sound without an address): a mistake of
                the flow or the office file.
        """
        next_turn = f"{self._turns}{answer.turn}{self._provider.fragment}"
        said = self._speech(answer.said)
        match answer.then:
            case LocalizedGather() as listening:
                # Where silence posts no action, the redirect after the gather brings the caller back.
                end = [self._gather(listening, said, next_turn), document.redirect().fill(next_turn)]
                said = []
            case Redirect(sound):
                end = [document.play().fill(self._sounds[sound])] if sound else []
                back = f"{self._turns}{answer.turn}/on{self._provider.fragment}"
                end.append(document.redirect().fill(back))
            case HangUp():
                end = [document.hang_up().fill()]
            case DialTarget() as target:
                return self._check.check(document.document(*said, self._dial(target, next_turn)))
            case record:
                end = self._record(record, next_turn)
        kinds = tuple([(one.language, one.slow, bool(one.pieces)) for one in answer.said])
        shape = (kinds, len(said), answer.then)
        return self._check.check_shape(shape, document.document(*said, *end))

    def whisper(self, said: Iterable[Said], again: Iterable[Said]) -> bytes:
        """Write what whoever picked up hears: `said`, then `again`, then the end of their leg.

        A mailbox presses no key, so that it hears both and is never connected.
        """
        action = self._public_url.acceptance + self._provider.fragment
        round_ = document.gather(
            timeout=_SECONDS_TO_ACCEPT,
            digits=1,
            empty_result=False,
            recognition=None,
            hints="",
            speaks=True,
        )
        rounds = [round_.fill(said="".join(self._speech(speech)), action=action) for speech in (said, again)]
        return self._check.check(document.document(*rounds, document.hang_up().fill()), whispers=True)

    def fallback_document(
        self, said: Iterable[Said], switchboard: DialTarget | None = None, unanswered: Iterable[Said] = ()
    ) -> bytes:
        """Write what is spoken when everything else failed: an apology, then the switchboard if there is one.

        The document needs no further webhook: when nobody answers, `unanswered` is spoken and the call ends.
        """
        elements = self._speech(said)
        if switchboard:
            elements += [self._dial(switchboard, None), *self._speech(unanswered)]
        return self._check.check(document.document(*elements, document.hang_up().fill()))

    def _speech(self, said: Iterable[Said]) -> list[str]:
        """Write speech in parts that a voice takes, up to the length that a whole reply may have."""
        parts: list[str] = []
        left = MAX_SPOKEN_CHARACTERS
        for speech in said:
            # A recording cannot be slowed down, and nobody hears half of one.
            if speech.pieces and not speech.slow and len(speech.text) <= left:
                parts += self._mixed(speech)
                left -= len(speech.text)
                continue
            voice = self._voices[speech.language]
            template = document.say(voice, _SLOW_RATE if speech.slow and self._provider.ssml else "")
            text = clean(speech.text)
            if voice.locale == _FRANCE:
                text = in_belgian_words(text)
            if speech.slow and not self._provider.ssml:
                text = slow_down(text)
            if len(text) > left:
                text = next(split(text, left)) if left else ""
            spoken = [text] if 0 < len(text) <= MAX_SAY_CHARACTERS else list(split(text))
            parts += [template.fill(part) for part in spoken]
            left -= sum(map(len, spoken))
        return parts

    def _mixed(self, speech: Said) -> Iterator[str]:
        """Play what is recorded of some speech, and speak the values between."""
        for piece in speech.pieces:
            if isinstance(piece, RecordedWords):
                yield document.play().fill(self._recorded[piece.name])
            else:
                yield from self._speech([Said(piece, speech.language)])

    def _gather(self, listening: LocalizedGather, said: list[str], action: str) -> str:
        """Listen while the words are spoken; what is asked where, and for which words, differs never."""
        template = self._gathers.get((listening, bool(said)))
        if template is None:
            gather, (fewest, most) = listening.gather, listening.gather.digits
            hints = ",".join(filter(None, (clean(hint.replace(",", " ")) for hint in listening.hints)))
            template = self._gathers[listening, bool(said)] = document.gather(
                timeout=gather.seconds,
                # A fixed number of keys is submitted at once; anything else is ended by the caller with #.
                digits=most if most in {1, fewest} else MAX_KEYS,
                empty_result=self._provider.empty_result,
                recognition=self._provider.speech_recognition.get(listening.language) if hints else None,
                hints=hints,
                speaks=bool(said),
            )
        return template.fill(said="".join(said), action=action)

    def _dial(self, target: DialTarget, action: str | None) -> str:
        """Ring the office's exchange, with the file's id in a header, or its number where there is none."""
        address, whisper = target.number, ""
        if target.sip and self._provider.sip:
            address = (
                f"{target.sip}?X-Tagor-File={quote(target.file, safe='')}" if target.file else target.sip
            )
        if target.whisper and self._provider.whisper:
            whisper = self._public_url.whisper(whispers.path(target.whisper)) + self._provider.fragment
        template = document.dial(
            is_sip=address.startswith("sip:"),
            timeout=target.timeout,
            max_seconds=_MAX_TRANSFER_SECONDS if self._provider.dial_extras else None,
            comes_back=action is not None,
            whispers=bool(whisper),
        )
        return template.fill(address, caller_id=target.caller_id, action=action or "", whisper=whisper)

    def _record(self, record: Record, action: str) -> list[str]:
        template = document.record(
            max_seconds=record.longest, silence=_SILENCE_AFTER_VOICEMAIL, trim=self._provider.record_trim
        )
        callback = self._public_url.recording + self._provider.fragment
        recording = template.fill(action=action, status_callback=callback)
        return [recording, document.redirect().fill(action)]  # an empty recording posts no action
