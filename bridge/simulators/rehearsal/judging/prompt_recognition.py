"""Knows every sentence of the line again: which prompt it is, in which language."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

import voice_flows
from bridge.package_files import DEMO_OFFICE, package_file
from bridge.speech import Catalogue

LANGUAGES = ("nl", "fr", "de", "en")
PRIVATE = frozenset(
    [
        *("Agreement", "Balance", "Confirmation", "Hardship", "OwnTerms", "Payments", "PaymentPlan"),
        *("Post", "RunningPlan", "StartDate", "Terms"),
    ]
)
"""Flows that only an identified caller can be in."""
HELP: dict[str, str] = tomllib.loads(package_file(DEMO_OFFICE).read_text("utf-8"))["counselling"]
"""Whom the demo's office names to people in trouble."""
ELSEWHERE = ("ByReference.", "ByHouseNumber.", "ByCallerNumber.")
"""Flows of offices that identify in other ways; their sentences are partly the same."""


@dataclass(frozen=True)
class HeardSentence:
    """A sentence that was known again; `place` is `Flow.step`, `part` as in the catalogue."""

    place: str
    part: str
    language: str
    text: str

    @property
    def private(self) -> bool:
        """Whether nobody may hear it before they are identified."""
        return self.place.partition(".")[0] in PRIVATE


def plain(text: str) -> str:
    """The words with single blanks."""
    return " ".join(text.split())


class PromptRecognizer:
    """All sentences of the catalogue, to be told apart by their words."""

    def __init__(self) -> None:
        self._catalogue = Catalogue.load(voice_flows.PROMPTS)
        self._exact: dict[tuple[str, str], tuple[str, str]] = {}
        self._shaped: dict[str, list[tuple[re.Pattern[str], str, str]]] = {}
        for language in LANGUAGES:
            for place, prompt in self._catalogue.prompts(language).items():
                sentences = [*prompt.parts.items(), *(("text", form) for form in prompt.plurals.values())]
                for part, sentence in () if place.startswith(ELSEWHERE) else sentences:
                    self._learn(place, part, sentence.pieces, sentence.language)
        for language, words in HELP.items():
            self._exact[language, plain(words)] = ("Hardship.counsel", "text")
        self.recognise = cache(self._recognise)
        self.say = cache(self._say)

    def _learn(self, place: str, part: str, pieces: tuple[str, ...], language: str) -> None:
        if not "".join(pieces[::2]).strip():  # the office's own words: anything would be them
            return
        if len(pieces) == 1:
            self._exact.setdefault((language, plain(pieces[0])), (place, part))
            return
        shape = re.compile("(.+)".join(re.escape(plain(f"x{piece}x"))[1:-1] for piece in pieces[::2]))
        self._shaped.setdefault(language, []).append((shape, place, part))

    def _recognise(self, text: str, language: str) -> HeardSentence | None:
        words = plain(text)
        found = self._exact.get((language, words))
        if found is None:
            shaped = self._shaped[language]
            found = next(((place, part) for shape, place, part in shaped if shape.fullmatch(words)), None)
        return None if found is None else HeardSentence(*found, language, words)

    def _say(self, place: str, language: str, today: date, **values: str | int | Decimal | date) -> str:
        kinds = {int: "months", Decimal: "money", date: "date", str: "text"}
        told = {name: (kinds[type(value)], str(value)) for name, value in values.items()}
        return plain(self._catalogue.say(place, "text", told, language, today).text)
