"""Asks any operation of Tagor by its name: the request is checked against the contract, and so is the answer.

What flows use has typed methods, which say more and cost less. This is for everything else: an integrator's
script, a check of the office's settings, an operation that no flow needs yet.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import structlog

from bridge.tagor.models import Generation
from bridge.tagor.schema.answer import (
    CONTEXT,
    SaidNoError,
    UnreadableField,
    Verdict,
    context_pairs,
    has_table,
    part_of,
    rows_of,
)
from bridge.tagor.schema.fields import (
    Content,
    read_bool,
    read_count,
    read_date,
    read_moment,
    read_money,
    read_text,
    write_moment,
)
from bridge.tagor.schema.operation import (
    Effect,
    Encoding,
    Given,
    NotSendable,
    Operation,
    Table,
)
from bridge.tagor_contract import DatasetTable, Endpoint, contract_of

log = structlog.get_logger()

Answer = dict[str, Any]
"""An answer by Tagor's names: text, Decimal, bool, date and datetime; tables as lists of rows, `context`."""

# They widen rights or mark a request as a web site's: a phone line must not send them.
FORBIDDEN = frozenset({"overridechecks", "ipadres", "user-login"})
MAX_TEXT = 1 << 20
# Not each `Get` is a read: GetSaldo leaves a record, a Voxtron look-up may write the caller's number.
_READS = re.compile(
    r"[A-Za-z]+/(Get(?!Saldo|Voxtron)\w*|Search|Info|Ping|Version|User|CanAccess|DefendantSettings|ClipToFile"
    r"|PinToFile|HashToFile|KantoorOpen|PaymentInfo|PaymentDetails|ScanBarcode)"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def operation_of(
    name: str, request: Mapping[str, object], context: Mapping[str, str], generation: Generation
) -> tuple[Operation[Answer], list[Given]]:
    """Return an operation that reads its answer by a generation's contract, and the values to ask it with.

    Raises:
        NotSendable: the contract has no such operation, or the request is not as it says. The text names the
            operation and the field, and holds nothing of a value.
    """
    endpoint = contract_of(generation.value).get(name)
    if endpoint is None or endpoint.form or name.endswith("]"):
        raise NotSendable(f"{name} cannot be asked: it is no operation of Tagor's that a client calls.")
    refuse = partial(_refused, name)
    for field in (*request, *context):
        if field.lower() in FORBIDDEN:
            raise refuse(field, "must not be sent by a phone line")
    for field in endpoint.required:
        if request.get(field) in (None, ""):
            raise refuse(field, "is needed")
    if not endpoint.is_dataset:
        if context:
            raise refuse("the context", "does not exist here: give fields")
        given = [_written(endpoint.request, field, value, refuse) for field, value in request.items()]
        return _operation(name, endpoint, tuple(request), ()), list(given)
    tables = [_table(endpoint, field, rows, refuse) for field, rows in request.items()]
    rows_given: list[Given] = [rows for _, rows in tables]
    sent = tuple(table for table, _ in tables)
    return _operation(name, endpoint, tuple(context), sent), [*context.values(), *rows_given]


Refuse = Callable[[str, str], NotSendable]


def _refused(name: str, field: str, why: str) -> NotSendable:
    return NotSendable(f"{name} cannot be asked: {field} {why}.")


def _operation(
    name: str, endpoint: Endpoint, fields: tuple[str, ...], tables: tuple[Table, ...]
) -> Operation[Answer]:
    effect = Effect.AUDITED_READ if name == "TagorService/GetSaldo" else Effect.WRITE
    return Operation(
        path=name,
        read=partial(_read, endpoint),
        fields=fields,
        encoding=Encoding.DATASET if endpoint.is_dataset else Encoding.SERVICE,
        tables=tables,
        signed=bool(endpoint.schemes),
        effect=Effect.NOTHING if _READS.fullmatch(name) else effect,
    )


def _table(endpoint: Endpoint, field: str, rows: object, refuse: Refuse) -> tuple[Table, Given]:
    """Return a table of a request and its rows as tuples, by the name that its parts share."""
    found = next((table for table in endpoint.request_tables if table.name == field), None)
    if found is None:
        raise refuse(field, "is no table of its request")
    if not isinstance(rows, Sequence) or not all(isinstance(row, Mapping) for row in rows):
        raise refuse(field, "is a list of rows")
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    written = tuple(tuple(_written(found.row, name, row.get(name), refuse) for name in names) for row in rows)
    return Table(field, names, many=True), written


def _written(kinds: Mapping[str, object], field: str, value: Any, refuse: Refuse) -> Any:  # noqa: ANN401 - any kind
    """Return a value as it is sent, if it is of the kind that the contract gives its field."""
    if field not in kinds:
        raise refuse(field, "is no field of its request")
    kind = str(kinds[field])
    typed, _, choices = kind.partition(" in ")
    if value is None:
        return None
    if isinstance(value, datetime):
        value = write_moment(value)
    elif isinstance(value, date):
        value = f"{value:%Y-%m-%d}"
    fits = _fits(typed, value)
    if fits and choices:
        fits = value in choices.split(", ")
    if not fits:
        raise refuse(field, f"is not of its kind ({kind})")
    return value


def _fits(typed: str, value: object) -> bool:
    if typed.startswith("boolean"):
        return isinstance(value, bool)
    if typed.startswith(("integer", "number")):
        return type(value) is int or (isinstance(value, Decimal) and value.is_finite())
    if "(date)" in typed:
        return isinstance(value, str) and _DAY.fullmatch(value) is not None
    return isinstance(value, str)


def _read(endpoint: Endpoint, content: Content) -> Answer:
    """Return an answer read by the contract; a field that cannot be read is left out.

    Raises `SaidNoError` for a no, `UnreadableField` for a verdict or a dataset that cannot be read.
    """
    if "Success" in endpoint.response:
        try:
            success = Verdict.model_validate(content).success
        except ValueError:
            raise UnreadableField("Success") from None
        if not success:
            raise SaidNoError
    flat = {name: kind for name, kind in endpoint.response.items() if not isinstance(kind, dict)}
    answer = _fields(flat, content)
    if CONTEXT in endpoint.response:
        try:
            answer["context"] = context_pairs(part_of(content, CONTEXT))
        except ValueError:
            raise UnreadableField(CONTEXT) from None
    for table in endpoint.response_tables:
        answer[table.name] = _rows(content, table)
    return answer


def _rows(content: Content, table: DatasetTable) -> list[Answer]:
    if not has_table(content, table.outer.removeprefix("ds")):
        raise UnreadableField(table.outer)
    try:
        rows = rows_of(part_of(content, table.outer), table.inner, table.table)
    except ValueError:
        raise UnreadableField(table.outer) from None
    return [_fields(table.row, row) for row in rows if isinstance(row, dict)]


def _fields(kinds: Mapping[str, Any], row: Mapping[str, object]) -> Answer:
    """Return the fields of a row that can be read, by the contract's names, whatever their letter case."""
    spelled = {name.lower(): value for name, value in row.items()}
    told: Answer = {}
    for name, kind in kinds.items():
        if (value := row.get(name, spelled.get(name.lower()))) is None:
            continue
        try:
            told[name] = _value(name, kind, value)
        except ValueError:
            log.info("field_left_empty", kind=name)
    return told


def _value(name: str, kind: Any, value: object) -> Any:  # noqa: ANN401 - of each kind
    if isinstance(kind, list):
        return (
            [_fields(kind[0], row) for row in value if isinstance(row, dict)]
            if isinstance(value, list)
            else []
        )
    typed, _, choices = str(kind).partition(" in ")
    told = _reader(name, typed)(value)
    if choices and told not in choices.split(", "):
        raise ValueError("a word that the contract does not have")
    return told


def _reader(name: str, typed: str) -> Callable[[object], object]:
    """Return what reads a value of a kind: in form tolerantly, in meaning strictly."""
    if typed.startswith("boolean"):
        return read_bool
    if typed.startswith("integer"):
        return read_count
    if typed.startswith("number"):
        return read_money
    if name.startswith("TimeStamp"):
        return read_moment
    if "(date)" in typed:
        return read_date
    return partial(read_text, longest=MAX_TEXT)
