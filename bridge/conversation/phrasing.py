"""Turns what a flow wants said into sentences of the caller's language."""

from dataclasses import dataclass
from datetime import date

import structlog

from bridge.conversation.office_context import OfficeContext
from bridge.conversation.reply import Answer, DialTarget, LocalizedGather, ReplyEnd, Said, Whisper
from bridge.flow.call import Call
from bridge.flow.facts import Note
from bridge.flow.turn_output import Dial, Gather, PromptRef, Record, TurnEnd, TurnOutput
from bridge.office.model import Office
from bridge.speech import LANGUAGES, Catalogue, Unspeakable

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Phrased:
    """An answer in sentences, and the prompts (`Flow.step`) whose sentences are all part of it."""

    answer: Answer
    spoken: frozenset[str]


class Phrasing:
    """Finds the words; which voice speaks them is the provider's side."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._prompts = {language: catalogue.prompts(language) for language in LANGUAGES}
        self._gathers: dict[tuple[TurnEnd, str], LocalizedGather] = {}

    def phrase(
        self, output: TurnOutput, call: Call, office_context: OfficeContext, *, turn: int, today: date
    ) -> Phrased:
        """Put one turn into words; `turn` is the number of the next one.

        An optional sentence that cannot be spoken is left out and logged by its name.

        Raises:
            Unspeakable: a fact of a sentence that the caller needs cannot be spoken.
        """
        said: list[Said] = []
        spoken, left_out = set[str](), set[str]()
        for prompt in output.prompts:
            try:
                words = self._said(prompt, call, office_context, today)
            except Unspeakable:
                if not prompt.optional:
                    raise
                left_out.add(prompt.prompt)
                log.warning("sentence_left_out", place=prompt.prompt, kind=prompt.part)
            else:
                if words is not None:
                    said.append(words)
                    spoken.add(prompt.prompt)
        # The words that may be spoken at a question are the same in every call, and so looked up once.
        known = self._gathers.get((output.then, call.language))
        then = known or self._then(output.then, call, office_context)
        return Phrased(Answer(tuple(said), then, turn), frozenset(spoken - left_out))

    def key_for(self, prompt: str, words: str, language: str) -> str | None:
        """Give the key that spoken words mean at a menu (`Flow.step`), if any."""
        return self._catalogue.key_for(prompt, words, language)

    def whisper(self, whisper: Whisper, office: Office) -> list[Said]:
        """Give what an employee of the office hears before a caller is connected: no word of any file."""
        language = office.default_language
        prompts = self._prompts[language]
        topics = {key.partition(".")[0].lower(): key for key in prompts if key.endswith(".topic")}
        proof = "Whisper.known" if whisper.known else "Whisper.unknown"
        keys = [f"Whisper.{whisper.language}", proof, topics.get(whisper.wish, ""), "Whisper.accept"]
        return [Said(prompts[key].text, language) for key in keys if key]

    def _said(self, line: PromptRef, call: Call, office_context: OfficeContext, today: date) -> Said | None:
        """Say a part of a prompt, or what stands in for words it lacks; None for a menu without words."""
        prompt, part = line.prompt, line.part
        own = self._prompts[call.language].get(prompt)
        if own is None:
            prompt = "Anytime.moment"
        elif part not in own.parts:
            if part not in ("silent", "wrong"):
                return None
            prompt, part = f"Anytime.{part}", "text"
        values = {name: (fact.kind, fact.value) for name, fact in line.facts.items()}
        # What the office says of itself wins: no fact of a file may take its name.
        values |= office_context.given[call.language]
        spoken = self._catalogue.say(prompt, part, values, call.language, today)
        return Said(spoken.text, spoken.language, call.slow, spoken.pieces)

    def _then(self, end: TurnEnd, call: Call, office_context: OfficeContext) -> ReplyEnd:
        match end:
            case Gather():
                hints = self._catalogue.hints(end.prompt, call.language, end.menu_keys)
                found = self._gathers[end, call.language] = LocalizedGather(end, call.language, hints)
                return found
            case Dial():
                return _dial_target(call.notes.get(end.to), call, office_context.office)
            case Record():
                return Record(min(end.longest, office_context.office.voicemail.longest))
            case _:
                return end


def _dial_target(noted: Note, call: Call, office: Office) -> DialTarget:
    """Ring whom an action has found, if that is one of the office's own numbers, else the switchboard."""
    transfer, file = office.transfer, call.proven
    whisper = Whisper(office.key, call.language, file is not None, call.topic.lower())
    number = str(noted) if noted in office.may_dial else office.switchboard
    return DialTarget(
        number,
        office.caller_id,
        transfer.timeout,
        whisper if transfer.whisper else None,
        sip=transfer.sip if number == office.switchboard else "",
        file=file.id if file else "",
    )
