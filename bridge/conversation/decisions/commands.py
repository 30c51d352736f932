"""What a caller confirmed with key 1, as the journal keeps it: a plan, its approval, a text or a mail."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bridge.store.decision import DecisionKind


@dataclass(frozen=True, slots=True, repr=False)
class WriteCommand:
    """One write that must never happen twice, with all it takes to send it and to look whether it happened.

    A plan is asked by `months` or by `monthly` (euro), never both, and was told as `expected` each month; an
    approval names the `plan` it approves. `before` are the ids of the plans there were, so that a new one can
    be told from them. A text or mail is the office's template `code` to an `address` on the file, sent by the
    older of Tagor's two ways if `twin`.
    """

    kind: DecisionKind
    file: str
    party: str | None
    months: int | None = None
    monthly: Decimal | None = None
    expected: Decimal | None = None
    start: date | None = None
    before: tuple[str, ...] = ()
    plan: str = ""
    language: str = ""
    phone: str = ""
    code: str = ""
    address: str = ""
    twin: bool = False

    @property
    def subject(self) -> str:
        """What no other decision may be open on: plans the whole file, a message only its own like."""
        return self.file if self.kind in ("plan", "approval") else f"{self.file} {self.kind} {self.code}"

    def to_json(self) -> bytes:
        """As the journal seals it."""
        return json.dumps(asdict(self), default=str).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "WriteCommand":
        """The wish that `to_json` wrote."""
        fields: dict[str, Any] = json.loads(text)
        return cls(
            **fields
            | {
                "monthly": Decimal(fields["monthly"]) if fields["monthly"] else None,
                "expected": Decimal(fields["expected"]) if fields["expected"] else None,
                "start": date.fromisoformat(fields["start"]) if fields["start"] else None,
                "before": tuple(fields["before"]),
            }
        )
