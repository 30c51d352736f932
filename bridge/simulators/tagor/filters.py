"""Compares rows with the lines of `dsFilter`, as the searches of Tagor take them."""

from collections.abc import Callable, Iterable

from bridge.simulators.tagor.envelope import Refusal, Request
from bridge.simulators.tagor.tables import Row

OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "=": str.__eq__,
    "<>": str.__ne__,
    "begins": str.startswith,
    "matches": str.__contains__,
    ">=": str.__ge__,
    "<=": str.__le__,
}


def filters_of(request: Request) -> list[Request]:
    """Return the lines of a request's filter."""
    return [Request(row) for row in request.rows("Filter")]


def passing(rows: Iterable[Row], wanted: Iterable[Request]) -> list[Row]:
    """Return the rows that pass every line of a filter; raises Refusal for a line that cannot be compared."""
    chosen = list(rows)
    for line in wanted:
        chosen = [row for row in chosen if _passes(row, line)]
    return chosen


def _passes(row: Row, wanted: Request) -> bool:
    """Tell whether a row passes; a line names its field with or without the table, in any letter case."""
    field, compare = (
        wanted.text("Veld").rpartition(".")[2].lower(),
        OPERATORS.get(wanted.text("Operator").lower()),
    )
    found = {name.lower(): value for name, value in row.items()}
    if field not in found or compare is None:
        raise Refusal("Dit filter is niet gekend.")
    return compare(str(found[field]).lower(), wanted.text("Waarde").lower())
