"""What came back from Tagor: a status and bytes, read into plain values or refused."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NoReturn

from bridge.tagor.errors import TagorBroken

Content = dict[str, object]
"""What stands inside the envelope of an answer, with numbers as `int` or `Decimal`."""

OK = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came over the wire; `body` is empty unless `status` is 200."""

    operation: str
    status: int
    body: bytes = field(repr=False)

    def content(self) -> Content:
        """Return what stands in the envelope; raises `TagorBroken` unless it is a JSON object with a 200."""
        if self.status != OK:
            raise TagorBroken(self.operation, f"Tagor answered {self.status}: check its address and its log.")
        document = _parsed(self.body)
        # Some offices' samples answer under `request`.
        content = document.get("response", document.get("request")) if isinstance(document, dict) else None
        if isinstance(content, dict):
            return content
        raise TagorBroken(self.operation, "Tagor's answer is not JSON in its envelope: check Tagor's log.")


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
