"""Reads the body of an answer: JSON in its envelope becomes plain values, anything else is an error."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus

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
            # Any other 4xx is an answer to this question, and no sign that Tagor is sick.
            is_4xx = HTTPStatus.BAD_REQUEST <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR
            answered = is_4xx and self.status not in _TRANSIENT
            raise TagorInvalidResponse(self.operation, advice, answered=answered)
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
