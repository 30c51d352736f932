"""What came back from Tagor: a status and bytes, read into plain values or refused."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import NoReturn

from bridge.tagor.errors import TagorInvalidResponse

Content = dict[str, object]
"""What stands inside the envelope of an answer, with numbers as `int` or `Decimal`."""

OK = 200
_NOT_NOW = frozenset({401, 403, 408, 429})
"""Refusals that say nothing about the question."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came over the wire; `body` is empty unless `status` is 200."""

    operation: str
    status: int
    body: bytes = field(repr=False)

    def content(self) -> Content:
        """Return what is in the envelope; `TagorInvalidResponse` unless it is a JSON object with a 200."""
        if self.status != OK:
            advice = f"Tagor answered {self.status}: check its address and its log."
            raise TagorInvalidResponse(self.operation, advice, answered=self._means_the_question)
        document = _parsed(self.body)
        # Some offices' samples answer under `request`.
        content = document.get("response", document.get("request")) if isinstance(document, dict) else None
        if isinstance(content, dict):
            return content
        raise TagorInvalidResponse(
            self.operation, "Tagor's answer is not JSON in its envelope: check Tagor's log."
        )

    @property
    def _means_the_question(self) -> bool:
        return HTTPStatus.BAD_REQUEST <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR and (
            self.status not in _NOT_NOW
        )


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, ArithmeticError, RecursionError):
        return None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _once(pairs: list[tuple[str, object]]) -> Content:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("a field stands twice: which one holds?")
    return content
