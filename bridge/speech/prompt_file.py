"""Reads a prompt file as TOML and finds the line of every table and field in it."""

import re
import tomllib
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bridge.problem import Problem

_TABLE = re.compile(r"\s*\[([^\[\]]+)\]\s*(#.*)?")
_FIELD = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_-]+))\s*[.=]""")
_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class PromptFile:
    """The file of one language: its tables as TOML reads them, and the line of each (table, field)."""

    name: str
    language: str
    tables: Mapping[str, object]
    lines: Mapping[tuple[str, str], int]

    def line(self, table: str, field: str = "") -> int:
        """Return the line of a field, else of its table (`Balance.tell`), else of its flow, else 1."""
        flow, _, step = table.partition(".")
        places = ((table, field), (table, ""), (flow, step), (flow, ""))
        return next((self.lines[place] for place in places if place in self.lines), 1)


def read_prompt_file(path: Path, language: str, problems: list[Problem]) -> PromptFile | None:
    """Read a file and add its mistakes to `problems`; returns None when it cannot be read as TOML."""
    text = _decoded(path, problems)
    if text is None:
        return None
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(_syntax_problem(path, text, str(error)))
        return None
    return PromptFile(str(path), language, tables, _line_index(text))


def _decoded(path: Path, problems: list[Problem]) -> str | None:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        sentence = "the file is missing: every language of the line needs its own"
        problems.append(Problem(str(path), 1, sentence))
        return None
    except OSError as error:
        problems.append(Problem(str(path), 1, f"the file cannot be read: {error.strerror}"))
        return None
    if raw.startswith(BOM_UTF8):
        sentence = "the file begins with an invisible mark (BOM): save it as UTF-8 without BOM"
        problems.append(Problem(str(path), 1, sentence))
    return _as_utf8(path, raw.removeprefix(BOM_UTF8), problems)


def _as_utf8(path: Path, raw: bytes, problems: list[Problem]) -> str | None:
    try:
        # TOML allows line feeds only inside texts; an editor on Windows writes a carriage return before each.
        return raw.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        sentence = "a letter is not written in UTF-8 (Windows-1252, perhaps): save the file as UTF-8"
        problems.append(Problem(str(path), line, sentence))
        return None


def _syntax_problem(path: Path, text: str, message: str) -> Problem:
    where = _WHERE.search(message)
    # What is left open is reported at the "end of document": that is the last line with anything on it.
    line = int(where[1]) if where and where[1] else text.rstrip().count("\n") + 1
    reason = _WHERE.sub("", message)
    return Problem(str(path), line, f'this is no TOML: check the quotes, the "=" and the brackets ({reason})')


def _line_index(text: str) -> Mapping[tuple[str, str], int]:
    # `tomllib` keeps no line of what it reads, so the text is searched for the tables and fields once more.
    index: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if heading := _TABLE.fullmatch(line):
            table = ".".join(name.strip(" \t\"'") for name in heading[1].split("."))
            index.setdefault((table, ""), number)
        elif field := _FIELD.match(line):
            index.setdefault((table, field[field.lastindex or 0]), number)
    return index
