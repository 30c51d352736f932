"""Reads an answer: its envelope, its tables and its fields, each as tolerantly as its meaning allows.

The tables of a dataset call are nested twice, and its context table holds keys and values.

This is the only place that decides what an unreadable field costs. A field with a default is optional: it is
left empty. A field without a default decides what the answer means (a balance, an id, `Success`): it
costs the answer. So does a `NEEDED` field, which may be absent: the bridge searches it, say for what it wrote
itself, and a wrong "it is not there" would make it write twice.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from itertools import chain
from typing import Annotated, Any, ClassVar, Self, TypeVar

import structlog
from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo

from bridge.tagor.errors import TagorInvalidResponse
from bridge.tagor.schema.fields import Content, Flag, Name, read_bool, read_text

M = TypeVar("M", bound=BaseModel)

log = structlog.get_logger()

OK = 200
# These statuses say nothing about the question itself: the same question may be answered later.
_TRANSIENT = frozenset({401, 403, 408, 429})

NEEDED: dict[str, Any] = {"needed": True}
"""Marks a field that may be absent, but must be readable if it is there (as `json_schema_extra`)."""


CONTEXT = "dsWebContext"
CONTEXT_TABLE = "ttWebContext"
_MISSING = object()


class SaidNoError(Exception):
    """Tagor answered `Success: false`, which is no answer to the question."""


class UnreadableField(ValueError):
    """A field that decides what an answer means cannot be read; `field` is Tagor's name of it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came over the wire; `body` is empty unless `status` is 200."""

    operation: str
    status: int
    body: bytes = field(repr=False)

    def content(self) -> Content:
        """Return the fields in the envelope; `TagorInvalidResponse` unless it is a JSON object with a 200."""
        if self.status != OK:
            advice = f"Tagor answered {self.status}: check its address and its log."
            # Any other 4xx is an answer to this question, and no sign that Tagor is sick.
            is_4xx = HTTPStatus.BAD_REQUEST <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR
            answered = is_4xx and self.status not in _TRANSIENT
            raise TagorInvalidResponse(self.operation, advice, answered=answered, status=self.status)
        try:
            # As it comes, `json` takes NaN for a number, turns 1234567890123456.78 into ...56.8, and of a
            # field that stands twice it silently keeps the second. NaN and Infinity cost only their field.
            document: object = json.loads(
                self.body,
                parse_float=Decimal,
                parse_constant=lambda _: None,
                object_pairs_hook=_unique_fields,
            )
        except (ValueError, ArithmeticError, RecursionError):  # the last for a thousand brackets in a row
            document = None
        # Some offices' samples answer under `request`.
        content = document.get("response", document.get("request")) if isinstance(document, dict) else None
        if isinstance(content, dict):
            return content
        raise TagorInvalidResponse(
            self.operation, "Tagor's answer is not JSON in its envelope: check Tagor's log."
        )


def _unique_fields(pairs: list[tuple[str, object]]) -> Content:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("a field stands twice: which one holds?")
    return content


class AnswerModel(BaseModel):
    """A part of an answer under Tagor's names; a field it does not name is dropped unread."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
    _spellings: ClassVar[tuple[str, ...]]

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:  # noqa: ANN401 - as pydantic hands them on
        """Collect how each field may be spelled once, not for each answer."""
        cls._spellings = tuple(chain(*(_names(name, field) for name, field in cls.model_fields.items())))

    @model_validator(mode="before")
    @classmethod
    def _find_names(cls, value: object) -> object:
        """Find each field by its name, whatever its letter case: Tagor spells some names in two ways."""
        if not isinstance(value, dict):
            return value
        found = {spelled: value[spelled] for spelled in cls._spellings if spelled in value}
        if len(found) < len(cls._spellings):
            in_lower: dict[str, list[str]] = {}
            for given in value:
                in_lower.setdefault(given.lower(), []).append(given)
            for spelled in cls._spellings:
                # Two spellings of one name in the same answer say nothing certain, unless one is exact.
                alike = in_lower.get(spelled.lower(), ())
                if spelled not in found and len(alike) == 1:
                    found[spelled] = value[alike[0]]
        return found

    @field_validator("*", mode="wrap")
    @classmethod
    def _leave_empty(cls, value: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
        """Read a field; an optional one that cannot be read has its default."""
        try:
            return read(value)
        except ValueError:
            field = cls.model_fields[str(info.field_name)]
            if field.is_required() or field.json_schema_extra == NEEDED:
                raise
            log.info("field_left_empty", kind=str(info.field_name))
            return field.get_default(call_default_factory=True)


def _names(name: str, field: FieldInfo) -> tuple[str, ...]:
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return tuple(str(choice) for choice in alias.choices)
    return (str(alias or name),)


class Verdict(AnswerModel):
    """Whether a service call succeeded; an answer that does not say so is invalid."""

    success: Flag = Field(alias="Success")


class ServiceAnswer(Verdict):
    """An answer whose other fields hold only when it succeeded."""

    @classmethod
    def granted(cls, content: Content) -> Self:
        """Return the answer; raises `SaidNoError` if Tagor said no, `ValueError` if it is invalid."""
        if answer := cls.unless_no(content):
            return answer
        raise SaidNoError

    @classmethod
    def unless_no(cls, content: Content) -> Self | None:
        """Return the answer, None if Tagor said no; raises `ValueError` if it is invalid."""
        return cls.model_validate(content) if Verdict.model_validate(content).success else None


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
        found = part_of(content, dataset, _MISSING)
        if found is _MISSING:
            raise ValueError("the dataset is missing")
        kept = []
        for one in rows_of(found, f"ds{name}", f"tt{name}"):
            try:
                kept.append(row.model_validate(one))
            except ValueError:
                if every_row:
                    raise
        return kept

    return read


def has_table(content: Content, name: str) -> bool:
    """Tell whether an answer has the dataset of that name."""
    return part_of(content, f"ds{name}", _MISSING) is not _MISSING


def part_of(content: Content, key: str, default: object = None) -> object:
    """Return a part of an answer by its name, whatever its letter case; `default` if there is none."""
    return next((part for name, part in content.items() if name.lower() == key.lower()), default)


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


def refuse_unless_done(content: Content) -> bool:
    """Return True for a change that Tagor made; raises `SaidNoError` where its context says `success: false`.

    The contract promises no such key: an answer without it is a yes.
    """
    if not has_table(content, "WebContext"):
        raise ValueError("the context is missing")
    said = context_value(content, "success")
    if said is not None and not read_bool(said):
        raise SaidNoError
    return True
