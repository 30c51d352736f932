"""Reads the recordings that take the voice's place: the words of prompts, read by a person.

`audio/<language>/` beside the prompt files holds them, and `recorded.toml` with the words that each of them
says. The words before, between and after the values of a sentence are a recording each, counted from 1, so
that a voice speaks the values between them: `Balance.tell.text.1.wav`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bridge.problem import Problem
from bridge.speech.prompts import Prompt
from bridge.speech.wording import RecordedWords, Sentence
from bridge.wav_file import is_silent, wav_seconds

WORDS_FILE = "recorded.toml"
MAX_BYTES = 2_000_000
MAX_SECONDS = 60.0

_SIGNS = {"*": "star", "#": "hash"}
"""How keys are called in file names and addresses."""

Recorded = Mapping[tuple[str, str], tuple[RecordedWords, ...]]
"""The recordings of whole sentences of one language, by the prompt's key and the part (`text.one`, `1`)."""


def part_name(part: str, plural: str = "") -> str:
    """Name a part as files do: `text`, `text.other`, `1`, `star`."""
    return ".".join(filter(None, (_SIGNS.get(part, part), plural)))


def read_recorded_words(
    folder: Path, language: str, prompts: Mapping[str, Prompt], problems: list[Problem]
) -> Recorded:
    """Read the recordings of one language, and note every mistake; without the folder there are none."""
    if not folder.is_dir():
        return {}
    return _Folder(folder, language, problems).recorded(prompts)


@dataclass
class _Folder:
    """The recordings in one folder; `used` are the names that belong to a prompt."""

    folder: Path
    language: str
    problems: list[Problem]
    used: set[str] = field(default_factory=set)

    def recorded(self, prompts: Mapping[str, Prompt]) -> Recorded:
        said = self._words()
        there = {path.stem for path in self.folder.glob("*.wav")}
        found = {}
        for key, prompt in prompts.items():
            for part, sentence in sentences_of(prompt):
                whole = self._of_sentence(f"{key}.{part}", sentence, said, there)
                if whole:
                    found[key, part] = whole
        for name in sorted((there | said.keys()) - self.used):
            self._note(name, "belongs to no words of a prompt: take it away")
        return found

    def _of_sentence(
        self, name: str, sentence: Sentence, said: Mapping[str, str], there: set[str]
    ) -> tuple[RecordedWords, ...]:
        """Read all recordings of a sentence; none unless each of them can be used."""
        words = {f"{name}.{number}": one for number, one in enumerate(sentence.literal_words, 1)}
        self.used |= words.keys()
        if not words.keys() & (there | said.keys()):
            return ()
        read = []
        for one, spoken in words.items():
            try:
                content = self._content(one, spoken, said.get(one), is_there=one in there)
            except ValueError as error:
                self._note(one, str(error))
            else:
                read.append(RecordedWords(f"{self.language}-{one}", content))
        return tuple(read) if len(read) == len(words) else ()

    def _content(self, name: str, words: str, said: str | None, *, is_there: bool) -> bytes:
        """Read one recording; raises ValueError with what is wrong, to follow its name."""
        if not is_there:
            raise ValueError(f'is missing: record "{words}", or take the other recordings of it away')
        if said is None:
            raise ValueError(f"is not in {WORDS_FILE}: write there which words it says")
        if said.split() != words.split():
            raise ValueError(f'says "{said}", and the prompt "{words}" since: record it anew')
        path = self.folder / f"{name}.wav"
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"has more than {MAX_BYTES} bytes: record it anew, 8 kHz is enough")
        content = path.read_bytes()
        if not 0 < wav_seconds(content) <= MAX_SECONDS or is_silent(content):
            raise ValueError(f"is silent or longer than {MAX_SECONDS:.0f} seconds: record it anew")
        return content

    def _words(self) -> Mapping[str, str]:
        path = self.folder / WORDS_FILE
        try:
            said = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self.problems.append(Problem(str(path), 1, f"cannot be read as TOML: {error}"))
            return {}
        wrong = [name for name, words in said.items() if not isinstance(words, str)]
        for name in wrong:
            self.problems.append(
                Problem(str(path), 1, f'{name} must be written as in "Balance.tell.text.1" = "You have"')
            )
        return {name: words for name, words in said.items() if name not in wrong}

    def _note(self, name: str, sentence: str) -> None:
        self.problems.append(Problem(str(self.folder / f"{name}.wav"), 1, sentence))


def sentences_of(prompt: Prompt) -> Iterator[tuple[str, Sentence]]:
    """Yield every sentence of a prompt by the name of its part."""
    for part, sentence in prompt.parts.items():
        if part == "text" and prompt.plurals:
            yield from ((part_name(part, form), one) for form, one in prompt.plurals.items())
        else:
            yield part_name(part), sentence
