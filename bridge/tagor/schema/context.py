"""Tagor's dataset calls: tables, each nested twice; arguments are keys and values in a context table."""

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


def rows_of(value: object, inner: str, table: str) -> object:
    """Return what stands in `table` inside `inner`; a level that is left out means no rows."""
    for key in (inner, table):
        if value is None:
            return []
        if not isinstance(value, dict):
            raise ValueError("a dataset is an object")  # noqa: TRY004 - pydantic passes a TypeError on
        value = value.get(key)
    return [] if value is None else value


def nested(inner: str, table: str) -> BeforeValidator:
    """Mark a field whose rows stand in `table` inside `inner` (see `rows_of`)."""
    return BeforeValidator(lambda value: rows_of(value, inner, table))


class _Pair(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)
    key: Name = Field(alias="ContextKey")
    value: Text = Field(alias="ContextValue")


_PAIRS = TypeAdapter(Annotated[list[_Pair], nested(CONTEXT, CONTEXT_TABLE)])


def _pairs(value: object) -> dict[str, str]:
    return {pair.key: pair.value for pair in _PAIRS.validate_python(value)}


Context = Annotated[dict[str, str], PlainValidator(_pairs)]
"""The context table of an answer as a dictionary; a context value is always text."""
