"""Reads the folder with one file per office at start, and tells all mistakes of all files at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from bridge.office.advice import warnings
from bridge.office.fields import ReadingContext
from bridge.office.model import Office
from bridge.office.office_file import OfficeFile, OfficeFileError, read_office_file
from bridge.problem import Problem

_SENTENCES = {
    "missing": "is missing: offices/demo.toml shows how to write it",
    "tuple_type": 'must be a list, like ["one", "other"]',
    "frozen_set_type": 'must be a list, like ["one", "other"]',
    "model_type": "must be a part of the file of its own, headed by its name in [brackets]",
    "dict_type": "must be a part of the file of its own, headed by its name in [brackets]",
    "string_type": 'must be words in "quotes"',
    "string_too_short": "must not be empty",
    "string_too_long": "must be no longer than {max_length} signs",
    "string_pattern_mismatch": "must begin with a small letter, and hold small letters, digits, - and _ only",
}


class OfficeError(Exception):
    """The office files cannot be used as they are: `problems` name every mistake."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Offices:
    """All offices that this bridge answers for, by the dialled number, and what is unwise in their files."""

    by_number: Mapping[str, Office]
    warnings: tuple[Problem, ...] = ()

    def __iter__(self) -> Iterator[Office]:
        """Yield each office once, in the order of the file names."""
        return iter({office.key: office for office in self.by_number.values()}.values())

    def for_number(self, dialled: str) -> Office | None:
        """Return the office that is reached at `dialled`, one of its `numbers`; None when there is none."""
        return self.by_number.get(dialled)


def read_offices(
    folder: Path,
    environ: Mapping[str, str],
    *,
    demo: bool,
    services: Collection[str] = (),
    voices: Mapping[str, frozenset[str]] | None = None,
    whispers: bool = True,
) -> Offices:
    """Read every `*.toml` file in `folder`.

    `services` are the names that `switched_off` may hold, and `voices` those of the provider by language.
    Where the provider `whispers`, whoever picks up a transfer is asked for a key first. Where it does not, a
    mailbox would swallow the caller: then only numbers that the file marks as staffed are ever rung.
    A file that says `demo = true` counts in demo mode only.

    Raises:
        OfficeError: with every mistake in every file, or because there is no office at all.
    """
    context = ReadingContext(folder, frozenset(services), voices or {}, demo, environ)
    offices: list[tuple[OfficeFile, Office]] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            file = read_office_file(path)
            if demo or file.data.get("demo") is not True:
                offices.append((file, _office(file, context)))
        except OfficeFileError as error:
            problems.append(error.problem)
        except OfficeError as error:
            problems += error.problems
    problems += [*_shared_numbers(offices), *_dials_another_line(offices)]
    if not whispers:
        problems += _unstaffed(offices)
        offices = [(file, _staffed_only(office)) for file, office in offices]
    if not folder.is_dir():
        sentence = "is no folder: set BRIDGE_OFFICES to the folder that holds one file per office."
        problems.append(Problem(str(folder), 1, sentence))
    elif not offices and not problems:
        sentence = "holds no office: bridge office new NAME writes one; demo = true is for the demo only."
        problems.append(Problem(str(folder), 1, sentence))
    if problems:
        raise OfficeError(problems)
    by_number = {number: office for _, office in offices for number in office.numbers}
    return Offices(by_number, tuple(warning for pair in offices for warning in warnings(*pair)))


def complaint(data: Mapping[str, Any], entry: str, context: ReadingContext) -> str:
    """Return what is wrong with one entry (as in `tagor.url`) of a file with this `data`; "" if nothing.

    Its other entries may be wrong or missing.
    """
    try:
        Office.model_validate({"file name": "office", **data}, context=context)
    except ValidationError as error:
        path = entry.split(".")
        mistakes = error.errors(include_input=False, include_url=False)
        about = [one for one in mistakes if list(map(str, one["loc"]))[: len(path)] == path]
        return next((_sentence(one) for one in about if one["type"] != "missing"), "")
    return ""


def _office(file: OfficeFile, context: ReadingContext) -> Office:
    try:
        return Office.model_validate({**file.data, "file name": file.path.stem}, context=context)
    except ValidationError as error:
        mistakes = error.errors(include_input=False, include_url=False)
    problems = [file.problem(mistake["loc"], _sentence(mistake)) for mistake in mistakes]
    raise OfficeError(sorted(problems, key=lambda problem: problem.line))


def _sentence(mistake: Mapping[str, Any]) -> str:
    # pydantic writes `[key]` where not a value but its name is wrong; it stands in no file.
    *table, last = (part for part in mistake["loc"] if part != "[key]")
    place = ".".join(map(str, table))
    name = f"{place}, entry {last + 1}," if isinstance(last, int) else ".".join(filter(None, [place, last]))
    if mistake["type"] == "extra_forbidden":
        near = get_close_matches(last, _names(table), n=1)
        return f"{name} is unknown: {f'did you mean {near[0]}?' if near else 'take it out.'}"
    ours = _SENTENCES.get(mistake["type"], "").format(**mistake.get("ctx", {}))
    return f"{name} {ours or mistake['msg'].removeprefix('Value error, ').removeprefix('Input ')}."


def _names(table: Sequence[str | int]) -> list[str]:
    """Return the names that may stand in a table of an office file."""
    model: Any = Office
    for part in table:
        model = _entries(model)[str(part)]
    return list(_entries(model))


def _entries(model: Any) -> dict[str, Any]:  # noqa: ANN401 - a part, as its annotation names it
    # A part that may be left out is annotated with None besides it.
    part = next(one for one in (get_args(model) or (model,)) if hasattr(one, "model_fields"))
    return {info.alias or name: info.annotation for name, info in part.model_fields.items()}


def _shared_numbers(offices: Sequence[tuple[OfficeFile, Office]]) -> Iterator[Problem]:
    first: dict[str, OfficeFile] = {}
    for file, office in offices:
        for number in office.numbers:
            if first.setdefault(number, file) is not file:
                owner = first[number].path.name
                yield file.problem(
                    ("numbers",), f"numbers holds {number}, which {owner} has already: take it out of one."
                )


def _dials_another_line(offices: Sequence[tuple[OfficeFile, Office]]) -> Iterator[Problem]:
    """Yield the numbers to dial that are another office's line: the two would ring each other without end."""
    lines = {number: office.key for _, office in offices for number in office.numbers}
    for file, office in offices:
        for number in sorted(office.may_dial & lines.keys()):
            entry = "switchboard" if number == office.switchboard else "employees"
            told = f"{entry} holds {number}, which is the line of {lines[number]}: write another."
            yield file.problem((entry,), told)


def _unstaffed(offices: Sequence[tuple[OfficeFile, Office]]) -> Iterator[Problem]:
    """Yield the switchboards where a mailbox may pick up, which cannot be told apart from a person."""
    for file, office in offices:
        if office.switchboard not in office.staffed:
            yield file.problem(
                ("switchboard",),
                f"switchboard {office.switchboard} is not marked as staffed: this provider cannot ask "
                "whoever picks up for a key, so that a mailbox would swallow the caller. If a person "
                f'always picks up there, write staffed = ["{office.switchboard}"].',
            )


def _staffed_only(office: Office) -> Office:
    """Take out the employees whose mailbox may pick up; their callers reach the switchboard."""
    return office.model_copy(update={"employees": tuple(set(office.employees) & set(office.staffed))})
