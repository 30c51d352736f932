"""One endpoint of Tagor as the bridge uses it: what is sent, what is read, how often it may be sent."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Generic, TypeVar
from urllib.parse import urlencode

from bridge.tagor.context import context_of, row_of
from bridge.tagor.errors import TagorBroken, TagorRefused
from bridge.tagor.reply import Content, Reply

R = TypeVar("R")

Value = str | int | Decimal
"""What a field can be sent as; an amount is euro with at most two decimals."""


class Effect(Enum):
    """What one send leaves behind in Tagor, and so how often it may be sent."""

    NOTHING = auto()
    """A read: once more after a connect that failed, or with a new token after a 401."""
    NOTE = auto()
    """A read that leaves a note on the file: once more only if it certainly never left the bridge."""
    CHANGE = auto()
    """A write: one send on a connection of its own, whatever comes back."""


class Dialect(Enum):
    """How a request is written: flat fields, a context table, or an unwrapped form."""

    SERVICE = auto()
    DATASET = auto()
    FORM = auto()


class SaidNoError(Exception):
    """Raised while reading an answer with `Success: false` where that is no answer to the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[R]):
    """One endpoint: `fields` are all it is ever sent, `read` makes its answer ours.

    The fields of a dataset call are context keys, or with `table` the one row of that table. `read` raises
    `ValueError` for an answer outside the contract and `SaidNoError` for a no; a status in `refused_by` is a
    no to the credential, unless the operation is a write: then it may come after the effect.
    """

    path: str
    read: Callable[[Content], R]
    fields: tuple[str, ...] = ()
    dialect: Dialect = Dialect.SERVICE
    table: str = ""
    signed: bool = True
    effect: Effect = Effect.NOTHING
    refused_by: tuple[int, ...] = (401, 403)

    def body(self, *values: Value | None) -> bytes:
        """Return the request with one value for each of `fields`; None leaves a field out."""
        pairs = zip(self.fields, values, strict=True)
        given = {name: value for name, value in pairs if value is not None}
        if self.dialect is Dialect.FORM:
            return urlencode(given).encode()
        # Only an amount is no JSON by itself; as a float, its cents are written as they are.
        return json.dumps({"request": self._arranged(given)}, default=float).encode()

    def _arranged(self, given: dict[str, Value]) -> Content:
        if self.dialect is Dialect.SERVICE:
            return {**given}
        return context_of({}) | row_of(self.table, given) if self.table else context_of(given)

    @property
    def content_type(self) -> str:
        """The kind of document `body` is."""
        return "application/x-www-form-urlencoded" if self.dialect is Dialect.FORM else "application/json"

    def answer(self, reply: Reply) -> R:
        """Return what `reply` says.

        Raises:
            TagorRefused: Tagor said no.
            TagorBroken: it says something else than the contract.
        """
        if reply.status in self.refused_by and self.effect is not Effect.CHANGE:
            raise TagorRefused(self.path, "Tagor does not accept the credential: check it and its rights.")
        content = reply.content()
        try:
            return self.read(content)
        except SaidNoError:
            error: TagorRefused | TagorBroken = TagorRefused(
                self.path, "Tagor said no: a colleague takes over."
            )
        except ValueError:
            error = TagorBroken(
                self.path, "a field is missing or has an unknown form: a colleague takes over."
            )
        raise error  # here, not above: what pydantic says quotes the answer
