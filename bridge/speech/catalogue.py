"""The catalogue: all words the line can say, complete and checked in every language before the first call."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from bridge.problem import Problem
from bridge.speech.comparison import Prompts, differences
from bridge.speech.languages import LANGUAGES
from bridge.speech.problems import CatalogueError, listed
from bridge.speech.prompt_file import read_prompt_file
from bridge.speech.prompt_reader import read_prompts
from bridge.speech.understanding import key_meant
from bridge.speech.wording import SpokenText, Values


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every prompt in every language; made by `load`, unchanged afterwards, safe for many threads."""

    _prompts: Mapping[str, Prompts]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `nl.toml`, `fr.toml`, `de.toml` and `en.toml`; `CatalogueError` lists all mistakes at once."""
        problems = list(_strangers(folder))
        prompts, readable = {}, {}
        for language in LANGUAGES:
            source = read_prompt_file(folder / f"{language}.toml", language, problems)
            if source is not None:
                prompts[language] = readable[source.name] = read_prompts(source, problems)
        problems.extend(differences(readable))
        if problems:
            raise CatalogueError(problems)
        return cls(prompts)

    def prompts(self, language: str) -> Prompts:
        """Give one language's prompts by key, in the order of the file."""
        return self._prompts[language]

    def say(self, key: str, part: str, values: Values, language: str, today: date) -> SpokenText:
        """Speak a part of a prompt: `text`, `silent`, `wrong` or a menu key.

        `values` maps each placeholder to its (kind, value). The only failure a checked flow can meet is
        `Unspeakable`: a value that does not fit its kind.
        """
        return self._prompts[language][key].sentence(part, values).spoken(values, today)

    def key_for(self, prompt_key: str, spoken_text: str, language: str) -> str | None:
        """Find the menu key a caller means by words; None when no key, or more than one, is meant."""
        return key_meant(self._prompts[language][prompt_key].words, spoken_text)

    def hints(self, prompt_key: str, language: str, keys: Iterable[str]) -> tuple[str, ...]:
        """List the words a caller may say for the given menu keys, as the speech recogniser wants to know."""
        words = self._prompts[language][prompt_key].words
        return tuple(word for key in keys for word in words.get(key, ()))


def _strangers(folder: Path) -> Iterator[Problem]:
    for path in folder.glob("*.toml"):
        if path.stem not in LANGUAGES:
            sentence = f"{path.stem} is no language of the line: the files are named {listed(LANGUAGES)}"
            yield Problem(str(path), 1, sentence)
