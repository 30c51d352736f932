"""Holds the sentences that an office reads on a file about a call, in every language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bridge.problem import Problem
from bridge.speech.languages import LANGUAGES
from bridge.speech.problems import CatalogueError, nearest
from bridge.speech.prompt_file import PromptFile, read_prompt_file
from bridge.speech.wording import Values
from bridge.speech.written import write

_LEFT = frozenset({"ref", "caller", "day", "language"})
_PROMISED = frozenset({"ref", "number", "day", "from", "until", "language"})
_ON_FILE = (
    *("Task.not_agreed", "Task.unconfirmed", "Task.unapproved", "Task.moved", "Task.paid", "Task.paid_line"),
    *("Task.disputed_paid", "Task.disputed_amount", "Task.disputed_debtor", "Task.disputed_other"),
)
"""What an employee is asked to do by a line on the file."""

WITHOUT_STEP: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("Note.begin", "Note.goodbye", "Note.hung_up", "Note.lost"), frozenset[str]()),
    **dict.fromkeys(("Task.voicemail", "Task.voicemail_text"), _LEFT),
    **dict.fromkeys(("Task.callback", "Task.callback_text"), _PROMISED),
    **dict.fromkeys(_ON_FILE, frozenset({"ref"})),
}
"""The sentences that belong to no step, each with the values that it may mention: how a note begins, how the
call ended, and subject and text of what an employee is asked to do."""

TASK_SUBJECTS = ("Task.voicemail", "Task.callback", *_ON_FILE)
"""These must mention {ref}: by it a task is found again in Tagor, so that it is never given twice."""

_STEPLESS_TABLES = ("Note", "Task")

LONGEST = 160
"""How many characters a sentence may have; a note holds several of them."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class NoteBook:
    """The sentences of `nl.toml`, `fr.toml`, `de.toml` and `en.toml`; `load` makes it, nothing changes it."""

    _sentences: Mapping[str, Mapping[str, str]]
    _files: Mapping[str, PromptFile]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the four files; raises `CatalogueError` with all mistakes."""
        problems: list[Problem] = []
        read = {name: read_prompt_file(folder / f"{name}.toml", name, problems) for name in LANGUAGES}
        files = {language: file for language, file in read.items() if file is not None}
        sentences = {language: dict(_sentences(file, problems)) for language, file in files.items()}
        problems.extend(_differences(files, sentences))
        problems.extend(_wrong_values(files, sentences))
        if problems:
            raise CatalogueError(problems)
        return cls(sentences, files)

    @property
    def marks(self) -> Mapping[str, frozenset[str]]:
        """The exits that are noted, as `Flow.step.exit`, each with the values that its sentence needs."""
        [first, *_] = self._sentences.values()
        return {mark: _needs(text) for mark, text in first.items() if not _is_without_step(mark)}

    def sentence(self, mark: str, language: str) -> str:
        """Return the sentence for what happened with its `{placeholders}`; raises KeyError for none."""
        return self._sentences[language][mark]

    def write(self, mark: str, values: Values, language: str) -> str:
        """Return the sentence for what happened; `values` maps each placeholder to its (kind, value)."""
        return _PLACEHOLDER.sub(
            lambda name: write(*values[name[1]], language), self._sentences[language][mark]
        )

    def place(self, mark: str) -> tuple[str, int]:
        """Return where the sentence stands in the first of the files: its name and line."""
        [first, *_] = self._files.values()
        return first.name, first.line(mark)


def _sentences(file: PromptFile, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Yield every sentence with its mark; what is no sentence is noted and yielded as an empty one."""
    for flow, table in file.tables.items():
        if not isinstance(table, dict):
            why = f"{flow} stands outside a flow: begin with a line like [Balance]"
            problems.append(Problem(file.name, file.line("", flow), why))
            continue
        for name, text in table.items():
            good = isinstance(text, str) and 0 < len(text.strip()) <= LONGEST and not _CONTROL.search(text)
            mark = f"{flow}.{name}"
            # A mark without its sentence is given all the same, or it would be told as missing as well.
            yield mark, text if good else ""
            if not good:
                why = f'write "step.exit" = "a sentence of at most {LONGEST} characters, on one line"'
                problems.append(Problem(file.name, file.line(mark), f"{mark}: {why}"))


def _differences(
    files: Mapping[str, PromptFile], sentences: Mapping[str, Mapping[str, str]]
) -> Iterator[Problem]:
    """Yield the sentences that a language lacks or in which it mentions other values than another."""
    needed = {mark: _needs(text) for found in sentences.values() for mark, text in found.items() if text}
    for language, file in files.items():
        own = sentences[language]
        others = set(WITHOUT_STEP).union(*(found for name, found in sentences.items() if name != language))
        for mark in {*needed, *WITHOUT_STEP} - own.keys():
            near = nearest(mark, own.keys() - others)
            hint = f" (is {near} what was meant?)" if near else ""
            yield Problem(file.name, file.line(mark), f"{mark}: has no sentence here{hint}")
        for mark, text in own.items():
            if text and _needs(text) != needed[mark]:
                why = f"{mark}: mentions other {{names}} than in another language"
                yield Problem(file.name, file.line(mark), why)


def _wrong_values(
    files: Mapping[str, PromptFile], sentences: Mapping[str, Mapping[str, str]]
) -> Iterator[Problem]:
    """Yield the sentences without a step that mention values which are not known there."""
    for language, file in files.items():
        for mark, text in sentences[language].items():
            if text and _is_without_step(mark):
                place, why = file.line(mark), _misfit(mark, _needs(text))
                yield from [Problem(file.name, place, f"{mark}: {why}")] if why else ()


def _misfit(mark: str, named: frozenset[str]) -> str:
    if mark not in WITHOUT_STEP:
        return "nothing that happens has this name"
    if mark in TASK_SUBJECTS and "ref" not in named:
        return "must mention {ref}, by which it is found again"
    return ", ".join(
        f"mentions {{{name}}}, which is not known there" for name in sorted(named - WITHOUT_STEP[mark])
    )


def _is_without_step(mark: str) -> bool:
    return mark.partition(".")[0] in _STEPLESS_TABLES


def _needs(text: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(text))
