"""One endpoint of Tagor as the bridge uses it: its request, its answer, and how often it may be sent.

What a caller's keys or an earlier answer bring into a request is checked here: each value has one shape.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from bridge.tagor.errors import TagorInvalidResponse, TagorRefused
from bridge.tagor.schema.answer import Reply, SaidNoError, UnreadableField
from bridge.tagor.schema.fields import Content

R = TypeVar("R")

Value = str | int | Decimal
"""The kinds of value that a field can have; an amount is euro with at most two decimals."""

TableRows = tuple[tuple[Value | None, ...], ...]
"""The rows of a table with `many` of them, each with one value for each of its fields."""

Given = Value | TableRows | None
"""What a request is given for one of its names; None leaves it out."""


class Effect(Enum):
    """What one request leaves behind in Tagor, and so how often it may be sent."""

    NOTHING = auto()
    """A read: sent once more if connecting failed, or with a new token after a 401."""
    AUDITED_READ = auto()
    """A read that leaves a note on the file: sent once more only if it certainly never left the bridge."""
    WRITE = auto()
    """A write: not idempotent, so it is sent once, on a connection of its own, whatever comes back."""


class Encoding(Enum):
    """How a request is written: flat fields, a context table, or an unwrapped form."""

    SERVICE = "service", "application/json"
    DATASET = "dataset", "application/json"
    FORM = "form", "application/x-www-form-urlencoded"

    def __init__(self, _name: str, content_type: str) -> None:
        """`content_type` is the media type of the body."""
        self.content_type = content_type


class Table(NamedTuple):
    """What a dataset call sends in a table: one row, or with `many` any number of them.

    `name` is what the table's parts share, as `TDOSINFOWeb`.
    """

    name: str
    fields: tuple[str, ...]
    many: bool = False

    @property
    def values(self) -> tuple[str, ...]:
        """The names of the values that a request gives: those of the one row, or all rows as one value."""
        return (self.name,) if self.many else self.fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[R]):
    """One endpoint: how its request is written and how its answer is read.

    Args:
        path: group and name, as in `TagorService/GetSaldo`.
        read: turns the fields of an answer into the bridge's own words; raises `ValueError` for an answer
            outside the contract and `SaidNoError` for a no.
        fields: the only fields that are ever sent; those of a dataset call are context keys.
        encoding: how the request is written.
        tables: the rows that a dataset call sends beside its context.
        signed: whether the request shows the credential.
        effect: what one request leaves behind.
        refused_by: the statuses that say no to the credential; after a write they may come after its effect,
            so there they are no clear no.
    """

    path: str
    read: Callable[[Content], R]
    fields: tuple[str, ...] = ()
    encoding: Encoding = Encoding.SERVICE
    tables: tuple[Table, ...] = ()
    signed: bool = True
    effect: Effect = Effect.NOTHING
    refused_by: tuple[int, ...] = (401, 403)

    def body(self, *values: Given) -> bytes:
        """Return the request with one value for each of `fields`, then for the values of `tables`.

        None leaves a field out, and nothing but None the whole table.
        """
        names = self.fields + tuple(name for table in self.tables for name in table.values)
        # As a tuple first: a value too many or too few must be noticed before anything is made of the others.
        pairs = iter(tuple(zip(names, values, strict=True)))
        own = {name: value for name, value in islice(pairs, len(self.fields)) if value is not None}
        if self.encoding is Encoding.FORM:
            return urlencode(own).encode()
        rows: dict[str, Sequence[Mapping[str, object]]] = {}
        if self.encoding is Encoding.DATASET:
            rows["WebContext"] = [{"ContextKey": key, "ContextValue": value} for key, value in own.items()]
        for table in self.tables:
            given: dict[str, Any] = {
                name: value for name, value in islice(pairs, len(table.values)) if value is not None
            }
            if given:
                rows[table.name] = [_row(table, row) for row in given[table.name]] if table.many else [given]
        # The parts of a dataset share a name, as in `TDOSINFOWeb`.
        tables = {f"ds{name}": {f"ds{name}": {f"tt{name}": found}} for name, found in rows.items()}
        request: Content = {**tables} if self.encoding is Encoding.DATASET else {**own, **tables}
        # Only an amount is no JSON by itself; a float keeps its cents as they are.
        return json.dumps({"request": request}, default=float).encode()

    def answer(self, reply: Reply) -> R:
        """Return the answer in the bridge's own words.

        Raises:
            TagorRefused: Tagor said no.
            TagorInvalidResponse: the reply differs from the contract.
        """
        if reply.status in self.refused_by and self.effect is not Effect.WRITE:
            raise TagorRefused(self.path, "Tagor does not accept the credential: check it and its rights.")
        content = reply.content()
        try:
            return self.read(content)
        except SaidNoError:
            # a request without a credential is the login itself: its no is a sign that Tagor is sick
            error: TagorRefused | TagorInvalidResponse = TagorRefused(
                self.path, "Tagor said no: a colleague takes over.", answered=self.signed
            )
        except ValueError as unreadable:
            field = unreadable.field if isinstance(unreadable, UnreadableField) else "a field"
            advice = f"{field} is missing or has an unknown form: a colleague takes over."
            error = TagorInvalidResponse(self.path, advice, answered=True)
        raise error  # here, not above: the errors of pydantic quote the answer

    def of_another(self, what: str) -> TagorInvalidResponse:
        """Return the error for an answer about another `what`, such as a file, than the request named."""
        advice = f"Tagor answered about another {what}: a colleague takes over."
        return TagorInvalidResponse(self.path, advice)


def _row(table: Table, values: tuple[Value | None, ...]) -> dict[str, Value]:
    pairs = zip(table.fields, values, strict=True)
    return {name: value for name, value in pairs if value is not None}


MAX_MONTHS = 999
"""Months that a plan can be asked for; what the office allows is far below."""

MAX_MONTHLY = Decimal(10_000_000)
"""Euro a month that a plan can be asked for."""

_CENT = Decimal("0.01")

LOGIN = r"[0-9A-Za-z](?:[0-9A-Za-z._@-]{0,62}[0-9A-Za-z])?"
"""The login of a Tagor user."""

_SHAPES = {
    "the file id": r"[0-9]{1,20}",
    "the party id": r"[0-9]{1,20}",
    # Neither `:` nor `|`: Tagor reads meaning into both (`file:pin`, `reference|index`).
    "the file name": r"[0-9A-Za-z][0-9A-Za-z ./_-]{0,39}",
    "the reference": r"[0-9A-Za-z][0-9A-Za-z ./_-]{0,39}",
    "the PIN": r"[0-9]{3,12}",
    "the house number": r"[0-9]{1,5}[0-9A-Za-z /-]{0,5}",
    "the phone number": r"\+[1-9][0-9]{6,14}",
    "the self-service configuration": r"[0-9A-Za-z][0-9A-Za-z ._/-]{0,99}",
    "the code id": r"[0-9]{0,20}",  # none where the office has not set one
    # A lone surrogate, as a broken emoji leaves it, cannot be written as UTF-8.
    "the text": r"(?=.*\S)[^\x00-\x1f\x7f\ud800-\udfff]{1,1000}",
    "the user id": r"[0-9]{1,20}",
    "the login": LOGIN,
    "the kind of file": r"[0-9]{1,20}",
    "the template code": r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}",
    # As Tagor has it, with or without the punctuation of a written number.
    "the mobile number": r"\+?\(?[0-9](?:[ ./()-]{0,2}[0-9]){7,14}",
    # One plain address. Offices also keep `an@b.be;jan@b.be` or `Jan <jan@b.be>`: those are not offered.
    "the mail address": (
        r"(?=.{3,254}\Z)[0-9A-Za-z!#$%&'*+/=?^_`{|}~.-]+@[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?"
    ),
    "the receiver": r"(?=.*\S)[^\x00-\x1f\x7f\ud800-\udfff]{1,100}",
    "the subject": r"(?=.*\S)[^\x00-\x1f\x7f\ud800-\udfff]{1,200}",
    "the attachment's name": r"[0-9A-Za-z][0-9A-Za-z._-]{0,99}",
    "the attachment's kind": r"[0-9a-z]{1,8}",
    "the comment": r"[^\x00-\x1f\x7f\ud800-\udfff]{0,200}",
    "the attachment's comment": r"[^\x00-\x1f\x7f\ud800-\udfff]{0,200}",
    "the line id": r"[0-9]{1,20}",
    "the message id": r"[0-9]{1,20}",
    "the document kind": r"[0-9]{1,20}",
    "the questionnaire id": r"[0-9]{1,20}",
    "the question id": r"[0-9]{1,20}",
    "the answer": r"(?=.*\S)[^\x00-\x1f\x7f\ud800-\udfff]{1,200}",
    "the code table": r"[A-Z][A-Z_]{1,39}",
    "the code": r"[0-9A-Za-z][0-9A-Za-z._ -]{0,39}",
    "the payment reference": r"[0-9A-Za-z]{1,35}",
    "the return address": r"https://[0-9A-Za-z.-]{1,200}(?::[0-9]{1,5})?(?:/[0-9A-Za-z._~/?=&%-]{0,500})?",
    "the barcode": r"[0-9]{4,40}",
    "the VAT number": r"[0-9A-Za-z](?:[0-9A-Za-z. -]{0,18}[0-9A-Za-z])?",
    "the link": r"[0-9A-Za-z_-]{8,200}",
    "the API key": r"[\x21-\x7e]{1,4096}",
    "the client id": r".{1,200}",
    "the client secret": r".{1,4096}",
}
_PATTERNS = {what: re.compile(shape) for what, shape in _SHAPES.items()}


class NotSendable(ValueError):
    """A value cannot be sent to Tagor, so nothing was sent; the text names it and holds nothing of it."""


def is_sendable(what: str, value: str | None) -> bool:
    """Tell whether `value` has the shape of `what`, so that Tagor can be asked with it."""
    return isinstance(value, str) and _PATTERNS[what].fullmatch(value) is not None


def checked(what: str, value: str) -> str:
    """Return `value` if it has the shape of `what`.

    Raises:
        NotSendable: it has not; the text names `what` and holds nothing of `value`.
    """
    if is_sendable(what, value):
        return value
    raise NotSendable(
        f"{what[0].upper()}{what[1:]} cannot be sent to Tagor: check its length and its characters."
    )


def checked_if_given(what: str, value: str | None) -> str | None:
    """Return None for None, else `value` if it has the shape of `what` (see `checked`)."""
    return None if value is None else checked(what, value)


def checked_months(months: int) -> int:
    """Return `months` if a plan can be asked for them; raises `NotSendable`, without the number."""
    if 1 <= months <= MAX_MONTHS:
        return months
    raise NotSendable(f"The months cannot be sent to Tagor: a plan has 1 to {MAX_MONTHS} of them.")


def checked_amount(amount: Decimal, what: str = "The monthly amount") -> Decimal:
    """Return `amount` in euro if it can be asked for; raises `NotSendable`, without the amount."""
    if amount.is_finite() and _CENT <= amount <= MAX_MONTHLY and amount == amount.quantize(_CENT):
        return amount
    raise NotSendable(f"{what} cannot be sent to Tagor: it is above zero, in whole cents.")
