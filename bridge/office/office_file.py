"""Reads an office file as TOML and finds the line of every mistake in it."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from bridge.problem import Problem

_TABLE = re.compile(r"\s*\[\[?([^\[\]]+)\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*([\w."' -]+?)\s*=""")
_AT_LINE = re.compile(r"\s*\(at line (\d+), column (\d+)\)$")


class OfficeFileError(Exception):
    """A file cannot be read as TOML; `problem` says where and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class OfficeFile:
    """One office file: its text, and `data`, which is what TOML reads from it."""

    path: Path
    text: str
    data: dict[str, Any]

    def problem(self, entry: tuple[str | int, ...], sentence: str) -> Problem:
        """Return a problem with the entry at `entry`, on its line or on the nearest line above it."""
        return Problem(str(self.path), self._line(entry), sentence)

    def _line(self, entry: tuple[str | int, ...]) -> int:
        nearest = max(_places(self.text), key=lambda place: _common_length(place[1], entry), default=(1, ()))
        return nearest[0] if _common_length(nearest[1], entry) else 1


def read_office_file(file: Path) -> OfficeFile:
    """Read an office file; any line ends and a byte-order mark are accepted, because editors leave them.

    Raises:
        OfficeFileError: it cannot be opened, is not UTF-8, or is not TOML.
    """
    text = _decoded(file)
    try:
        return OfficeFile(file, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise OfficeFileError(_syntax_problem(file, text, str(error))) from None
    except RecursionError:
        sentence = (
            "holds a list in a list in a list, too deep to read: write it flat, as in offices/demo.toml."
        )
        raise OfficeFileError(Problem(str(file), 1, sentence)) from None


def _decoded(file: Path) -> str:
    try:
        raw = file.read_bytes()
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        sentence = "holds a letter that is not UTF-8: save the file again with the encoding UTF-8."
        raise OfficeFileError(Problem(str(file), line, sentence)) from None
    except OSError as error:
        raise OfficeFileError(Problem(str(file), 1, f"cannot be opened: {error.strerror}.")) from None


def _syntax_problem(file: Path, text: str, message: str) -> Problem:
    at = _AT_LINE.search(message)
    line, column = (int(at[1]), f", at column {at[2]}") if at else (text.count("\n") + 1, "")
    what = _AT_LINE.sub("", message)
    advice = 'words stand in "quotes", a list in [brackets], every name once'
    return Problem(str(file), line, f"cannot be read as TOML ({what}{column}): {advice}.")


def _places(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the number and the path of every line that opens a table or gives an entry."""
    # `tomllib` keeps no line of what it reads, so the text is searched for the entry once more.
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE.match(line):
            table = _path(header[1])
            yield number, table
        elif entry := _KEY.match(line):
            yield number, table + _path(entry[1])


def _common_length(here: tuple[str, ...], path: tuple[str | int, ...]) -> int:
    """Count how many parts two paths have in common from their start."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(here, path, strict=False))))


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
