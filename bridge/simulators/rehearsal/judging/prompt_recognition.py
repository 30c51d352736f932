"""Recognizes every sentence of the line: its prompt, its language, and the values it tells."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import product
from operator import attrgetter

import voice_flows
from bridge.simulators.rehearsal.judging.flow_facts import FLOW_FACTS
from bridge.simulators.rehearsal.world.offices import CANARIES, DEMO_OFFICE, MESSAGE
from bridge.simulators.tagor.seed import MESSAGES as SEEDED
from bridge.simulators.tagor.solvency import QUESTIONNAIRES
from bridge.speech import Catalogue

LANGUAGES = ("nl", "fr", "de", "en")
ANSWERS = FLOW_FACTS.answers(Catalogue.load(voice_flows.PROMPTS).prompts("nl"))
"""The prompts that answer what somebody phones for."""
OTHER_IDENTIFICATION = ("ByHouseNumber.", "ByCallerNumber.")
"""Flows of offices that identify callers in other ways: shared words are first taken for those of others."""
MESSAGES = tuple(
    f"{subject}. {text}"
    for subject, text in (
        *((MESSAGE[0], MESSAGE[1].format(creditor=creditor)) for creditor in CANARIES.values()),
        *((message.subject, message.text) for message in SEEDED),
    )
)
"""What is spoken of the messages that the rehearsed offices have left."""


ASKED_ALONE = {"combo": "Question.four", "logical": "Question.yes_no"}
"""The questions of which the line says nothing but their own words, by their kinds."""


@dataclass(frozen=True)
class HeardSentence:
    """A sentence that was recognized.

    `prompt` is `Flow.step`, `part` the part of that prompt as in the catalogue. `values` are the spoken
    values by the names of their placeholders. `foreign` marks a sentence that is spoken in another language
    than the rest of its prompt, as the choice of a language is.
    """

    prompt: str
    part: str
    language: str
    text: str
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    foreign: bool = False

    @property
    def flow(self) -> str:
        """The flow whose prompt it is."""
        return self.prompt.partition(".")[0]

    @property
    def private(self) -> bool:
        """Whether only an identified caller may hear it."""
        return self.prompt in FLOW_FACTS.private

    @property
    def answers(self) -> bool:
        """Whether it answers what somebody phones for."""
        return self.part == "text" and self.prompt in ANSWERS

    @property
    def holds(self) -> bool:
        """Whether it only asks the caller to wait."""
        return self.part == "text" and self.prompt in FLOW_FACTS.holds


@dataclass(frozen=True)
class _Shape:
    """The shape of one sentence with placeholders."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    found: HeardSentence

    def fill(self, words: str) -> HeardSentence:
        """Return the sentence that these words are, which must fit the pattern."""
        match = self.pattern.fullmatch(words)
        values = dict(zip(self.names, match.groups() if match else (), strict=True))
        return replace(self.found, text=words, values=values)


def plain(text: str) -> str:
    """Return the words with single blanks between them."""
    return " ".join(text.split())


class PromptRecognizer:
    """Holds all sentences of the catalogue and tells them apart by their words."""

    def __init__(self) -> None:
        self._catalogue = Catalogue.load(voice_flows.PROMPTS)
        self._fixed: dict[tuple[str, str], tuple[HeardSentence, ...]] = {}
        self._shaped: dict[str, list[_Shape]] = {}
        known = [(language, *one) for language in LANGUAGES for one in self._sentences(language)]
        foreign = {(prompt, part) for language, prompt, part, _, spoken in known if spoken != language}
        for _, prompt, part, pieces, spoken in known:
            self._learn(HeardSentence(prompt, part, spoken, "", foreign=(prompt, part) in foreign), pieces)
        for language, words in DEMO_OFFICE["counselling"].items():
            text = plain(words)
            self._fixed[language, text] = (HeardSentence("Hardship.counsel", "text", language, text),)
        for language, text in product(LANGUAGES, MESSAGES):
            self._fixed[language, text] = (HeardSentence("Messages.part_1", "text", language, text),)
        for language, asked in zip(LANGUAGES, QUESTIONNAIRES.values(), strict=True):
            for question in asked:
                # Amounts and numbers are asked in words of the line, which tell them from one another.
                alone = ASKED_ALONE.get(question.type)
                if alone:
                    self._fixed[language, question.name] = (
                        HeardSentence(alone, "text", language, question.name),
                    )
        for shapes in self._shaped.values():
            # A short sentence may be the beginning of a longer one, whose end would pass for its last value.
            shapes.sort(key=lambda shape: -len(shape.pattern.pattern))
        self._candidates = cache(self._find)
        self.say = cache(self._say)

    def _sentences(self, language: str) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
        """Yield every sentence of a language: its prompt, its part, its pieces and its own language."""
        prompts = self._catalogue.prompts(language).items()
        for name, prompt in sorted(prompts, key=lambda one: one[0].startswith(OTHER_IDENTIFICATION)):
            sentences = [*prompt.parts.items(), *(("text", form) for form in prompt.plurals.values())]
            for part, sentence in sentences:
                yield name, part, sentence.pieces, sentence.language

    def _learn(self, found: HeardSentence, pieces: tuple[str, ...]) -> None:
        words, names = pieces[::2], pieces[1::2]
        if not "".join(words).strip():  # only a placeholder: it would recognize any words
            return
        if not names:
            text = plain(words[0])
            known = self._fixed.get((found.language, text), ())
            self._fixed[found.language, text] = (*known, replace(found, text=text))
            return
        # The x keeps blanks at the ends of a piece, which `plain` would take away.
        pattern = re.compile("(.+)".join(re.escape(plain(f"x{piece}x"))[1:-1] for piece in words))
        self._shaped.setdefault(found.language, []).append(_Shape(pattern, names, found))

    def recognise(
        self, text: str, language: str, heard: Sequence[HeardSentence] = ()
    ) -> HeardSentence | None:
        """Return what these words are in this language; None when nobody wrote them.

        Several prompts may have the same words, as the keys of two questions do. They are of the one that
        was `heard` last, else of the flow that was: only what came before tells them apart.
        """
        found = self._candidates(text, language)
        if len(found) > 1:
            for whose, earlier in product((attrgetter("prompt"), attrgetter("flow")), reversed(heard)):
                for one in found:
                    if whose(one) == whose(earlier):
                        return one
        return found[0] if found else None

    def _find(self, text: str, language: str) -> tuple[HeardSentence, ...]:
        """Return all that these words may be, the likeliest first."""
        words = plain(text)
        if (fixed := self._fixed.get((language, words))) is not None:
            return fixed
        shapes = self._shaped.get(language, [])
        fits = next((shape.pattern for shape in shapes if shape.pattern.fullmatch(words)), None)
        return tuple(shape.fill(words) for shape in shapes if shape.pattern == fits)

    def _say(self, prompt: str, language: str, today: date, **values: str | int | Decimal | date) -> str:
        """Return how the line says a prompt with these values."""
        kinds = {int: "months", Decimal: "money", date: "date", str: "text"}
        filled = {name: (kinds[type(value)], str(value)) for name, value in values.items()}
        return plain(self._catalogue.say(prompt, "text", filled, language, today).text)
