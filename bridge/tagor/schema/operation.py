"""One endpoint of Tagor as the bridge uses it: what is sent, what is read, how often it may be sent."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from itertools import islice
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from bridge.tagor.errors import TagorInvalidResponse, TagorRefused
from bridge.tagor.http.response import Content, Reply
from bridge.tagor.schema.context import context_of, row_of

R = TypeVar("R")

Value = str | int | Decimal
"""What a field can be sent as; an amount is euro with at most two decimals."""


class Effect(Enum):
    """What one send leaves behind in Tagor, and so how often it may be sent."""

    NOTHING = auto()
    """A read: once more after a connect that failed, or with a new token after a 401."""
    AUDITED_READ = auto()
    """A read that leaves a note on the file: once more only if it certainly never left the bridge."""
    WRITE = auto()
    """A write: one send on a connection of its own, whatever comes back."""


class Encoding(Enum):
    """How a request is written: flat fields, a context table, or an unwrapped form."""

    SERVICE = auto()
    DATASET = auto()
    FORM = auto()


class Table(NamedTuple):
    """The one row a dataset call sends in a table: the name its parts share, as in `TDOSINFOWeb`."""

    name: str
    fields: tuple[str, ...]


class SaidNoError(Exception):
    """Raised while reading an answer with `Success: false` where that is no answer to the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[R]):
    """One endpoint: `fields` and those of `tables` are all it is ever sent, `read` makes its answer ours.

    The fields of a dataset call are context keys. `read` raises `ValueError` for an answer outside the
    contract and `SaidNoError` for a no; a status in `refused_by` is a no to the credential, unless the
    operation is a write: then it may come after the effect.
    """

    path: str
    read: Callable[[Content], R]
    fields: tuple[str, ...] = ()
    dialect: Encoding = Encoding.SERVICE
    tables: tuple[Table, ...] = ()
    signed: bool = True
    effect: Effect = Effect.NOTHING
    refused_by: tuple[int, ...] = (401, 403)

    def body(self, *values: Value | None) -> bytes:
        """Return the request with one value for each of `fields`, then for those of `tables`.

        None leaves a field out, and nothing but None the whole table.
        """
        names = self.fields + tuple(name for table in self.tables for name in table.fields)
        pairs = iter(tuple(zip(names, values, strict=True)))
        given = _given(pairs, self.fields)
        if self.dialect is Encoding.FORM:
            return urlencode(given).encode()
        request: Content = context_of(given) if self.dialect is Encoding.DATASET else {**given}
        for table in self.tables:
            if row := _given(pairs, table.fields):
                request |= row_of(table.name, row)
        # Only an amount is no JSON by itself; as a float, its cents are written as they are.
        return json.dumps({"request": request}, default=float).encode()

    @property
    def content_type(self) -> str:
        """The kind of document `body` is."""
        return "application/x-www-form-urlencoded" if self.dialect is Encoding.FORM else "application/json"

    def answer(self, reply: Reply) -> R:
        """Return what `reply` says.

        Raises:
            TagorRefused: Tagor said no.
            TagorBroken: it says something else than the contract.
        """
        if reply.status in self.refused_by and self.effect is not Effect.WRITE:
            raise TagorRefused(self.path, "Tagor does not accept the credential: check it and its rights.")
        content = reply.content()
        try:
            return self.read(content)
        except SaidNoError:
            # a no to what shows no credential is a no to the login: nobody gets any further
            error: TagorRefused | TagorInvalidResponse = TagorRefused(
                self.path, "Tagor said no: a colleague takes over.", answered=self.signed
            )
        except ValueError:
            error = TagorInvalidResponse(
                self.path, "a field is missing or has an unknown form: a colleague takes over.", answered=True
            )
        raise error  # here, not above: what pydantic says quotes the answer


def _given(pairs: Iterator[tuple[str, Value | None]], names: tuple[str, ...]) -> dict[str, Value]:
    """Take as many pairs as there are names, and keep those with a value."""
    return {name: value for name, value in islice(pairs, len(names)) if value is not None}
