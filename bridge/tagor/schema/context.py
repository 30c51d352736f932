"""Reads and writes dataset calls: tables nested twice, arguments as keys and values in a context table."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, TypeAdapter

from bridge.tagor.http.response import Content
from bridge.tagor.schema.fields import Name, Text

CONTEXT = "dsWebContext"
CONTEXT_TABLE = "ttWebContext"


def context_of(arguments: Mapping[str, object]) -> Content:
    """Return the request of a dataset call with these context keys and values."""
    rows = [{"ContextKey": key, "ContextValue": value} for key, value in arguments.items()]
    return {CONTEXT: {CONTEXT: {CONTEXT_TABLE: rows}}}


def row_of(table: str, row: Mapping[str, object]) -> Content:
    """Return a dataset with one row, by the name that its parts share, as in `TDOSINFOWeb`."""
    return {f"ds{table}": {f"ds{table}": {f"tt{table}": [row]}}}


def rows_of(value: object, inner: str, table: str) -> list[object]:
    """Return the rows in `table` inside `inner`; a level that is left out means that there are none.

    A table with one row may come as that row without its array. Raises `ValueError` for any other form.
    """
    for key in (inner, table):
        if value is None:
            return []
        if not isinstance(value, dict):
            raise ValueError("a dataset is an object")  # noqa: TRY004 - pydantic passes a TypeError on
        value = next((part for name, part in value.items() if name.lower() == key.lower()), None)
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


class _Pair(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)
    key: Name = Field(alias="ContextKey")
    value: Text = Field(alias="ContextValue")


_PAIRS = TypeAdapter(Annotated[list[_Pair], nested(CONTEXT, CONTEXT_TABLE, readable=_Pair)])


def _pairs(value: object) -> dict[str, str]:
    return {pair.key: pair.value for pair in _PAIRS.validate_python(value)}


Context = Annotated[dict[str, str], PlainValidator(_pairs)]
"""The context table of an answer as a dictionary; a context value is always text."""
