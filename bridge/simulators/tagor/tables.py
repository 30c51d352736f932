"""Writes the answers of dataset calls: handlers give values, the contract gives the shape."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bridge.simulators.tagor.envelope import Refusal, Request, context
from bridge.simulators.tagor.wire_format import PLAIN, Id, WireFormat
from bridge.tagor_contract import Endpoint, contract_of

Row = Mapping[str, object]


@dataclass(frozen=True)
class Rows:
    """What a dataset call answers: rows of its first table, context, and how the office spells values.

    A row may leave fields out, which are then empty, and may have more than a generation knows.
    """

    rows: Iterable[Row] = ()
    context: Mapping[str, str] = field(default_factory=dict)
    wire_format: WireFormat = PLAIN


def shaped(endpoint: Endpoint, told: Rows, *, bare: bool) -> dict[str, object]:
    """Return an answer in the contract's shape; further tables are empty, `bare` leaves empty arrays out."""
    answer = context(told.context, bare=bare)
    for number, table in enumerate(endpoint.response_tables):
        given = told.rows if number == 0 else ()
        rows = [told.wire_format.spell(filled(table.row, row)) for row in given]
        answer[table.outer] = {table.inner: {} if bare and not rows else {table.table: rows}}
    return answer


def filled(kinds: Mapping[str, object], row: Row) -> dict[str, object]:
    """Return a row with every field of its kind, from the values that a handler gave."""
    return {name: _value(name, kind, row.get(name)) for name, kind in kinds.items()}


def _value(name: str, kind: object, given: object) -> object:
    if isinstance(kind, list):
        return given or []
    written = str(kind)
    if given is None:
        return _nothing(written)
    if isinstance(given, Decimal) and written.startswith("string"):
        return f"{given:.2f}"
    if written.startswith("string") and name.lower().endswith("id"):
        return Id(given)
    return given


def _nothing(kind: str) -> object:
    if kind.startswith(("number", "integer")):
        return 0
    if kind.startswith("boolean"):
        return False
    return None if "date" in kind or "null" in kind else ""


def fitting(name: str, generation: str, answer: dict[str, object]) -> dict[str, object]:
    """Return an answer without the fields of rows that a generation does not know."""
    endpoint = contract_of(generation).get(name)
    for table in endpoint.response_tables if endpoint else ():
        inner = _part(_part(answer, table.outer), table.inner)
        rows = inner.get(table.table)
        if isinstance(rows, list):
            inner[table.table] = [{key: row[key] for key in row if key in table.row} for row in rows]
    return answer


def paged(asked: Request, endpoint: Endpoint, answer: dict[str, object]) -> dict[str, object]:
    """Return the batch of the first table's rows that the context asks for; raises Refusal.

    `BATCH-SIZE` says how many, `BATCH-NUMBER` which batch, counted from 1. Without a size all rows come.
    """
    size, number = (asked.context.get(key, "") for key in ("batch-size", "batch-number"))
    if not size:
        return answer
    if not all(text.isascii() and text.isdigit() and int(text) for text in (size, number or "1")):
        raise Refusal("BATCH-SIZE en BATCH-NUMBER zijn gehele getallen vanaf 1.")
    start = int(size) * (int(number or "1") - 1)
    for table in endpoint.response_tables[:1]:
        inner = _part(_part(answer, table.outer), table.inner)
        rows = inner.get(table.table)
        if isinstance(rows, list):
            inner[table.table] = rows[start : start + int(size)]
    return answer


def _part(answer: object, name: str) -> dict[str, object]:
    part = answer.get(name) if isinstance(answer, dict) else None
    return part if isinstance(part, dict) else {}
