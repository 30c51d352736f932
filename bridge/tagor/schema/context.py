"""Reads and writes dataset calls: tables nested twice, arguments as keys and values in a context table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, TypeAdapter

from bridge.tagor.schema.fields import Content, Name, read_text

M = TypeVar("M", bound=BaseModel)

CONTEXT = "dsWebContext"
CONTEXT_TABLE = "ttWebContext"


def context_of(arguments: Mapping[str, object]) -> Content:
    """Return the request of a dataset call with these context keys and values."""
    rows = [{"ContextKey": key, "ContextValue": value} for key, value in arguments.items()]
    return {CONTEXT: {CONTEXT: {CONTEXT_TABLE: rows}}}


def rows_in(table: str, rows: Sequence[Mapping[str, object]]) -> Content:
    """Return a dataset with these rows, by the name that its parts share, as in `TDOSINFOWeb`."""
    return {f"ds{table}": {f"ds{table}": {f"tt{table}": rows}}}


def rows_of(value: object, inner: str, table: str) -> list[object]:
    """Return the rows in `table` inside `inner`; a level that is left out means that there are none.

    A table with one row may come as that row without its array, and a table without its inner object. Raises
    `ValueError` for any other form.
    """
    for key in (inner, table):
        if value is None:
            return []
        if not isinstance(value, dict):
            raise ValueError("a dataset is an object")  # noqa: TRY004 - pydantic passes a TypeError on
        parts = {name.lower(): part for name, part in value.items()}
        if key == inner and inner.lower() not in parts and table.lower() in parts:
            continue
        value = parts.get(key.lower())
    if isinstance(value, dict):
        return [value]
    if value is None or isinstance(value, list):
        return value or []
    raise ValueError("a table is an array of rows")


def nested(inner: str, table: str, *, readable: type[BaseModel] | None = None) -> BeforeValidator:
    """Mark a field whose rows stand in `table` inside `inner` (see `rows_of`).

    With `readable`, a row that cannot be read as this model is dropped. That is right only for rows of which
    any one may be missing: for a list that is searched for an effect, a dropped row would be a wrong no.
    """

    def rows(value: object) -> list[object]:
        found = rows_of(value, inner, table)
        return [row for row in found if readable is None or _is_readable(row, readable)]

    return BeforeValidator(rows)


def _is_readable(row: object, model: type[BaseModel]) -> bool:
    try:
        model.model_validate(row)
    except ValueError:
        return False
    return True


def table_reader(
    name: str, row: type[M], *, outer: str = "", every_row: bool = False
) -> Callable[[Content], list[M]]:
    """Return what reads the rows of a table from an answer, by the name that its parts share.

    `outer` is the name of its dataset where that is another one. A row that cannot be read is left out, but
    with `every_row` it costs the answer (see `nested`). An answer without the dataset raises `ValueError`.
    """
    dataset = f"ds{outer or name}"

    def read(content: Content) -> list[M]:
        if not has_table(content, outer or name):
            raise ValueError("the dataset is missing")
        kept = []
        for one in rows_of(part_of(content, dataset), f"ds{name}", f"tt{name}"):
            try:
                kept.append(row.model_validate(one))
            except ValueError:
                if every_row:
                    raise
        return kept

    return read


def has_table(content: Content, name: str) -> bool:
    """Tell whether an answer has the dataset of that name."""
    return f"ds{name}".lower() in map(str.lower, content)


def part_of(content: Content, key: str) -> object:
    """Return a part of an answer by its name, whatever its letter case; None if there is none."""
    return next((part for name, part in content.items() if name.lower() == key.lower()), None)


def context_value(content: Content, key: str) -> object:
    """Return a value of an answer's context table as it came, None if there is none."""
    for row in rows_of(part_of(content, CONTEXT), CONTEXT, CONTEXT_TABLE):
        named = row if isinstance(row, dict) else {}
        if str(part_of(named, "ContextKey")).lower() == key.lower():
            return part_of(named, "ContextValue")
    return None


def _context_text(value: object) -> str:
    # A context value is text, but some answers have `true` in it.
    return str(value).lower() if isinstance(value, bool) else read_text(value)


class _Pair(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)
    key: Name = Field(alias="ContextKey")
    value: Annotated[str, PlainValidator(_context_text)] = Field(alias="ContextValue")


# Made once: making an adapter costs far more than reading with it.
_PAIRS = TypeAdapter(Annotated[list[_Pair], nested(CONTEXT, CONTEXT_TABLE, readable=_Pair)])


def context_pairs(value: object) -> dict[str, str]:
    """Return a context table as a dictionary; a pair that cannot be read is left out."""
    return {pair.key: pair.value for pair in _PAIRS.validate_python(value)}


Context = Annotated[dict[str, str], PlainValidator(context_pairs)]
"""The context table of an answer as a dictionary; a context value is always text."""
