"""Lists the options of an office file: what an editor needs of them (JSON Schema), and what people do."""

import ast
import inspect
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bridge.office.hours import DayPeriod
from bridge.office.model import Office

SCHEMA_FILE = "office.schema.json"
"""The name of the file that holds the JSON Schema, beside office files and in docs/reference."""

_OUR_OWN = "file name"
"""The alias of the one field that is no entry of the file."""


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of an office file: its `path` as in `tagor.url`, what it is for, and its JSON Schema.

    `default` is the JSON value that counts without the entry, None for nothing; `required` must be written.
    """

    path: str
    description: str
    schema: Mapping[str, Any]
    required: bool
    default: Any


def options() -> Iterator[Option]:
    """Yield every option in the order of the model, those of a part of the file after its name."""
    schema = Office.model_json_schema(by_alias=True)
    yield from _options(Office, schema, schema["$defs"], "")


def _options(
    model: type[BaseModel], schema: Mapping[str, Any], parts: Mapping[str, Any], above: str
) -> Iterator[Option]:
    said = _descriptions(model)
    for name, info in model.model_fields.items():
        entry = info.alias or name
        if entry == _OUR_OWN:
            continue
        path = above + entry
        if part := _part_of(info):
            whose = said.get(name, "") if above else ""
            for one in _options(part, parts[part.__name__], parts, f"{path}."):
                yield replace(one, description=f"{whose} {one.description}".strip())
            continue
        told = schema["properties"][entry]
        yield Option(path, said.get(name, ""), told, entry in schema.get("required", ()), _default(info))


def _default(info: FieldInfo) -> Any:  # noqa: ANN401 - a value of JSON
    """Return what counts without the entry, as the file would have it; None where that is nothing."""
    match info.default:
        case DayPeriod(start=start, end=end):
            return f"{start:%H:%M}-{end:%H:%M}"
        case tuple() | frozenset() | set():
            return list(info.default)
        case str() | int():
            return info.default
    return None


def _part_of(info: FieldInfo) -> type[BaseModel] | None:
    """Return the model of a field that is a part of the file by itself, also of one that may be left out."""
    kinds = get_args(info.annotation) or (info.annotation,)
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


@cache
def _descriptions(model: type[BaseModel]) -> dict[str, str]:
    """Return the text that stands below each field of a model, on one line, without the marks of code."""
    [body] = [
        node.body
        for node in ast.parse(textwrap.dedent(inspect.getsource(model))).body
        if isinstance(node, ast.ClassDef)
    ]
    found = {}
    for field, text in pairwise(body):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                found[name] = re.sub(r"\s+", " ", words).strip()
    return found


def json_schema(services: Collection[str]) -> dict[str, Any]:
    """Return the JSON Schema of office files; `services` are the names that `switched_off` may hold.

    Editors show it while somebody writes. It knows forms only: `bridge check` knows what goes together.
    """
    schema = Office.model_json_schema(by_alias=True)
    _describe(Office, schema, schema["$defs"])
    schema["properties"]["switched_off"]["items"] = {"type": "string", "enum": sorted(services)}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **schema,
        "title": "An office file of the bridge",
    }


def _describe(model: type[BaseModel], schema: dict[str, Any], parts: dict[str, Any]) -> None:
    """Put the text of each field into its schema, and take out what no file holds."""
    said, entries = _descriptions(model), schema["properties"]
    if entries.pop(_OUR_OWN, None):
        schema["required"].remove(_OUR_OWN)
    for name, info in model.model_fields.items():
        if not (told := entries.get(info.alias or name)):
            continue
        for word in ("title", "default"):
            told.pop(word, None)
        # TOML has no null: an entry that may be left out is simply not there.
        if {"type": "null"} in told.get("anyOf", ()):
            told |= next(kind for kind in told.pop("anyOf") if kind != {"type": "null"})
        if (default := _default(info)) is not None:
            told["default"] = default
        if name in said:
            told["description"] = said[name]
        if part := _part_of(info):
            _describe(part, parts[part.__name__], parts)
