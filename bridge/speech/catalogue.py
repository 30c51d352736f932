"""Holds all words of the line, complete and checked in every language before the first call."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Self

from bridge.problem import Problem
from bridge.speech.comparison import Prompts, differences
from bridge.speech.key_words import is_part_of_wish, key_spoken
from bridge.speech.languages import LANGUAGES, PLURAL_CATEGORY
from bridge.speech.problems import CatalogueError, listed
from bridge.speech.prompt_file import read_prompt_file
from bridge.speech.prompt_reader import read_prompts
from bridge.speech.recorded_words import Recorded, part_name, read_recorded_words
from bridge.speech.understanding import keys_meant
from bridge.speech.wording import RecordedWords, SpokenText, Values, plural_number

_FILE_NAMES = f"the files are named {listed(LANGUAGES)}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every prompt in every language; `load` makes it, nothing changes it, and any thread may read it."""

    _prompts: Mapping[str, Prompts]
    _recorded: Mapping[str, Recorded] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `nl.toml`, `fr.toml`, `de.toml` and `en.toml`, and the recordings in `audio/<language>/`.

        Raises:
            CatalogueError: with all mistakes.
        """
        problems = [
            Problem(str(path), 1, f"{path.stem} is no language of the line: {_FILE_NAMES}")
            for path in folder.glob("*.toml")
            if path.stem not in LANGUAGES
        ]
        prompts, readable = {}, {}
        for language in LANGUAGES:
            source = read_prompt_file(folder / f"{language}.toml", language, problems)
            if source is not None:
                prompts[language] = readable[source.name] = read_prompts(source, problems)
        problems.extend(differences(readable))
        recorded = {
            language: read_recorded_words(folder / "audio" / language, language, known, problems)
            for language, known in prompts.items()
        }
        if problems:
            raise CatalogueError(problems)
        return cls(prompts, recorded)

    def recorded_words(self) -> Iterator[RecordedWords]:
        """Yield all recordings that callers may hear."""
        for recorded in self._recorded.values():
            for of_sentence in recorded.values():
                yield from of_sentence

    def prompts(self, language: str) -> Prompts:
        """Return the prompts of one language by key, in the order of the file."""
        return self._prompts[language]

    def say(self, key: str, part: str, values: Values, language: str, today: date) -> SpokenText:
        """Return a part of a prompt (`text`, `silent`, `wrong` or a menu key) with its values filled in.

        `values` maps each placeholder to its (kind, value).

        Raises:
            Unspeakable: a value does not fit its kind; nothing else fails once the flows are proved.
        """
        prompt = self._prompts[language][key]
        sentence, plural = prompt.parts[part], ""
        if part == "text" and prompt.plurals:
            number = plural_number(*values[prompt.count])
            plural = PLURAL_CATEGORY[sentence.language](number)
            sentence = prompt.plurals[plural]
        recorded = self._recorded.get(language)
        if not recorded:
            return sentence.spoken(values, today)
        return sentence.spoken(values, today, recorded.get((key, part_name(part, plural)), ()))

    def key_for(self, prompt_key: str, spoken_text: str, language: str) -> str | None:
        """Return the key that a caller means by words at a menu; None when no key or more than one is meant.

        The menu's own words count first, then figures, number words and words for `0`, `*`, `8` and `9`.
        """
        # A menu may give a common word a meaning of its own, which is the one that its caller has just heard.
        words = self._prompts[language][prompt_key].words
        meant = keys_meant(words, spoken_text)
        own = [key for key in meant if not is_part_of_wish(words[key], spoken_text, language)]
        if own:
            return own[0] if len(own) == 1 else None
        return key_spoken(spoken_text, language)

    def hints(self, prompt_key: str, language: str, keys: Iterable[str]) -> tuple[str, ...]:
        """Return the words that a caller may say for these menu keys; the speech recogniser is told them."""
        words = self._prompts[language][prompt_key].words
        return tuple(word for key in keys for word in words.get(key, ()))
