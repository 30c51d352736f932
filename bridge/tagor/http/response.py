"""Reads the body of an answer: JSON in its envelope becomes plain values, anything else is an error."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import NoReturn

from bridge.tagor.errors import TagorInvalidResponse

Content = dict[str, object]
"""The fields inside the envelope of an answer, with numbers as `int` or `Decimal`."""

OK = 200
# These statuses say nothing about the question itself: the same question may be answered later.
_TRANSIENT = frozenset({401, 403, 408, 429})


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
            raise TagorInvalidResponse(self.operation, advice, answered=self._is_about_the_question)
        document = _parsed(self.body)
        # Some offices' samples answer under `request`.
        content = document.get("response", document.get("request")) if isinstance(document, dict) else None
        if isinstance(content, dict):
            return content
        raise TagorInvalidResponse(
            self.operation, "Tagor's answer is not JSON in its envelope: check Tagor's log."
        )

    @property
    def _is_about_the_question(self) -> bool:
        return HTTPStatus.BAD_REQUEST <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR and (
            self.status not in _TRANSIENT
        )


def _parsed(body: bytes) -> object:
    try:
        return json.loads(
            body, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_unique_fields
        )
    except (ValueError, ArithmeticError, RecursionError):
        return None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _unique_fields(pairs: list[tuple[str, object]]) -> Content:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("a field stands twice: which one holds?")
    return content
