"""What a caller confirmed with key 1, as the journal keeps it: a plan, a message, a contact, answers."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from bridge.operations.propagation import context_left
from bridge.store.decision import DecisionKind


@dataclass(frozen=True, slots=True, repr=False)
class WriteCommand:
    """One write that must never happen twice, with all it takes to send it and to look for its effect.

    The journal keeps the fields by these names.

    Args:
        kind: what is written.
        file: the file's id.
        party: the defendant's id.
        months: the months of a plan that is asked for by months, else None.
        monthly: euro a month of a plan that is asked for by its amount, else None.
        expected: euro a month of a plan, as the caller heard it.
        start: the day on which a plan begins.
        before: the ids of plans, contacts or documents there were, so that a new one can be told from them.
        plan: the id of the plan that an approval approves.
        language: the language of a confirmation (`nl`, `fr`, `de`, `en`).
        phone: the number (E.164) that a plan was asked from, or the mobile that an approval is confirmed to.
        code: the office's template of a message, the code of a contact's kind, the id of a document's kind
            or of a questionnaire.
        name: the office's name of a document, by which a new one is found on the file.
        address: the mobile (E.164) or the mail address that a message goes to, or the mobile of a contact.
        twin: whether the older of Tagor's two ways is taken.
        answers: what was answered in a questionnaire, by the ids of its questions.
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
    name: str = ""
    address: str = ""
    twin: bool = False
    answers: tuple[tuple[str, str], ...] = ()

    @property
    def subject(self) -> str:
        """What no other decision may be open on: the whole file for plans, its own kind for a message.

        For a contact it is the party's very number, whichever of the party's files the call is about, and for
        answers the party's own questionnaire, because another defendant on the file answers theirs.
        """
        # Two plans on a file end each other, two different texts do not.
        if self.kind in ("plan", "approval"):
            return self.file
        if self.kind == "contact":
            return f"{self.party} {self.kind} {self.address}"
        if self.kind == "answers":
            return f"{self.file} {self.party} {self.kind} {self.code}"
        return f"{self.file} {self.kind} {self.code}"

    def to_json(self) -> bytes:
        """Write it as the journal seals it, with the names of the turn that asks for it in the log."""
        return json.dumps({**asdict(self), "log": context_left().get("log")}, default=str).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "WriteCommand":
        """Read what `to_json` wrote; what only a newer version knows is left out."""
        told: dict[str, Any] = json.loads(text)
        known = {field.name: told[field.name] for field in fields(cls) if field.name in told}
        return cls(
            **known
            | {
                "monthly": Decimal(told["monthly"]) if told["monthly"] else None,
                "expected": Decimal(told["expected"]) if told["expected"] else None,
                "start": date.fromisoformat(told["start"]) if told["start"] else None,
                "before": tuple(told["before"]),
                "answers": tuple((question, answer) for question, answer in told.get("answers", ())),
            }
        )
