"""Reads Tagor's contract in both generations: each endpoint, who may ask it, its fields.

`contract.yaml` holds generation 2.00, `generation_1_08.yaml` what the earlier one has in another form. They
are facts of the vendor's, no code of the bridge: the client and the simulated Tagor both read them here. The
files are YAML of the plainest kind: indented names, quoted kinds, lists of one row. Reading that much takes
the lines below; a YAML library would be a dependency of the whole package for these two files.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

CONTEXT_ROW: dict[str, object] = {"ContextKey": "string", "ContextValue": "string"}
_CONTEXT: dict[str, object] = {"dsWebContext": {"ttWebContext": [CONTEXT_ROW]}}
_OFFERED = ("Tgr", "Hash", "Pin")  # `Orng`, the vendor's own scheme, is nobody else's to use


@dataclass(frozen=True)
class DatasetTable:
    """One table of a dataset call: the three names by which it is nested, and its row's fields by kind."""

    outer: str
    inner: str
    table: str
    row: Mapping[str, object]

    @property
    def name(self) -> str:
        """What its names share, as in `TDOSINFOWeb`."""
        return self.table.removeprefix("tt")


@dataclass(frozen=True)
class Endpoint:
    """One endpoint of the contract.

    `request` and `response` map each field to its kind, such as "string | null", or to its parts: a dict for
    an object, a list of one dict for a table's rows. `required` names request fields; a `form` is sent
    without the JSON envelope.
    """

    schemes: tuple[str, ...]
    request: dict[str, object]
    required: tuple[str, ...]
    response: dict[str, object]
    form: bool

    @cached_property
    def response_leaves(self) -> dict[str, str]:
        """The response fields that hold a single value, by name, each with its kind."""
        return dict(_leaves(self.response))

    @property
    def is_dataset(self) -> bool:
        """Whether it is asked in the older dialect of named tables."""
        return any(field.startswith("ds") for field in self.request)

    @cached_property
    def request_tables(self) -> tuple[DatasetTable, ...]:
        """The tables that a request may carry beside its context."""
        return _tables(self.request)

    @cached_property
    def response_tables(self) -> tuple[DatasetTable, ...]:
        """The tables that an answer carries beside its context."""
        return _tables(self.response)


def read_contract(text: str) -> dict[str, Endpoint]:
    """Read a contract; raises ValueError for a line of another form."""
    return {name: _endpoint(facts) for name, facts in _read(text).items() if isinstance(facts, dict)}


def _read(text: str) -> dict[str, Any]:
    stripped = ((line, line.strip()) for line in text.splitlines())
    return _object(deque(line for line, said in stripped if said and not said.startswith("#")), 0)


def _endpoint(facts: dict[str, object]) -> Endpoint:
    request, response = facts.get("request"), facts.get("response")
    stated: dict[str, object] = request if isinstance(request, dict) else {}
    return Endpoint(
        tuple(scheme for scheme in _OFFERED if scheme in str(facts["auth"])),
        {name.rstrip("*"): kind for name, kind in stated.items()},
        tuple(name[:-1] for name in stated if name.endswith("*")),
        response if isinstance(response, dict) else {},
        "request_content_type" in facts,
    )


def _object(lines: deque[str], depth: int) -> dict[str, object]:
    """Take the lines of one object, which all begin `depth` blanks in, off the front of `lines`."""
    found: dict[str, object] = {}
    while lines and _depth(lines[0]) == depth:
        name, colon, value = lines.popleft().strip().partition(":")
        if not colon:
            raise ValueError(f"The contract has a line without a colon: {name}")
        kind = value.strip()
        if kind == "CONTEXT":
            found[name] = _CONTEXT  # the contract's short word for the table that every dataset call has
        else:
            found[name] = kind.strip('"') if kind else _inner(lines, depth)
    return found


def _inner(lines: deque[str], depth: int) -> object:
    deeper = _depth(lines[0]) if lines else 0
    if deeper <= depth:
        return {}
    if lines[0].strip() != "-":
        return _object(lines, deeper)
    lines.popleft()
    return [_object(lines, _depth(lines[0]))]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _leaves(kind: object, name: str = "") -> list[tuple[str, str]]:
    if isinstance(kind, list):
        return _leaves(kind[0], name)
    if isinstance(kind, dict):
        return [leaf for inner, part in kind.items() for leaf in _leaves(part, inner)]
    return [(name, str(kind))]


def _tables(fields: Mapping[str, Any]) -> tuple[DatasetTable, ...]:
    return tuple(
        DatasetTable(outer, inner, table, rows[0])
        for outer, parts in fields.items()
        if outer != "dsWebContext" and isinstance(parts, dict)
        for inner, tables in parts.items()
        for table, rows in tables.items()
    )


def _in_earlier_words(kind: Any, rows: Mapping[str, object]) -> Any:  # noqa: ANN401 - a kind, or its parts
    """Return a kind with the tables replaced that the earlier generation has with other fields."""
    if isinstance(kind, list):
        return [_in_earlier_words(kind[0], rows)]
    if isinstance(kind, dict):
        return {name: rows.get(name) or _in_earlier_words(part, rows) for name, part in kind.items()}
    return kind


def _text(name: str) -> str:
    return (files("bridge.tagor_contract") / name).read_text()


@cache
def contract_of(generation: str) -> Mapping[str, Endpoint]:
    """Return every endpoint that a generation of Tagor ("1.08" or "2.00") has, by group and name."""
    known = read_contract(_text("contract.yaml"))
    if generation != "1.08":
        return known
    earlier = _read(_text("generation_1_08.yaml"))
    rows, answers = earlier["rows"], earlier["answers"]
    return {
        name: replace(
            endpoint,
            request=_in_earlier_words(endpoint.request, rows),
            response=answers.get(name) or _in_earlier_words(endpoint.response, rows),
        )
        for name, endpoint in known.items()
        if name not in earlier["later"]
    }
