"""What a caller confirmed with key 1, as the journal keeps it: a plan, or the approval of one."""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Kind = Literal["plan", "approval"]


@dataclass(frozen=True, slots=True, repr=False)
class Wish:
    """One write that must never happen twice, with all it takes to send it and to look whether it happened.

    A plan is asked by `months` or by `monthly` (euro), never both, and was told as `expected` each month; an
    approval names the `plan` it approves. `before` are the ids of the plans there were, so that a new one can
    be told from them.
    """

    kind: Kind
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

    @property
    def terms(self) -> str:
        """What makes two wishes of one call the same."""
        return f"{self.months} {self.monthly} {self.start} {self.plan}"

    def seeing(self, before: tuple[str, ...]) -> "Wish":
        """The same wish, knowing which plans there were before it."""
        return replace(self, before=before)

    def confirmed_to(self, phone: str) -> "Wish":
        """The same wish, its confirmation going to this mobile, or by mail when it is empty."""
        return replace(self, phone=phone)

    def to_json(self) -> bytes:
        """As the journal seals it."""
        return json.dumps(asdict(self), default=str).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Wish":
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


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a wish; `plan` is the new plan's id where it is known."""

    state: Literal["done", "refused", "unclear"]
    months: int = 0
    monthly: Decimal = field(default=Decimal(0))
    medium: Literal["sms", "mail", "none"] = "none"
    plan: str = ""

    def to_json(self) -> bytes:
        """As the journal seals it for the call that is still speaking."""
        return json.dumps(asdict(self), default=str).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Decided":
        """What `to_json` wrote."""
        fields: dict[str, Any] = json.loads(text)
        return cls(**fields | {"monthly": Decimal(fields["monthly"])})
