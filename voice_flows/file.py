"""What is known of the caller's file: Tagor is asked once per call, however often it is told."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bridge.flow import IdentifiedFile
from voice_flows.services import ActionContext

NOTHING_OWED = "nothing owed"
"""The note that nothing is owed on the file that the caller has opened."""
NO_PLAN = "no plan"
"""The note that the caller is offered no payment plan (any more)."""


@dataclass(frozen=True, slots=True, repr=False)
class ToldPayment:
    """A payment as it is told: its amount in euro and its day."""

    amount: Decimal
    date: date


@dataclass(frozen=True, slots=True, repr=False)
class KnownFacts:
    """What is told of a file besides its balance.

    `received` is the last payment that came in, `expected` one that is on its way; None where Tagor tells
    none for certain. `never_paid` is True only where Tagor says that nothing ever came in. `status`, `stage`,
    `manager` and `kind` are Tagor's codes of where the file stands, who manages it and its kind.
    """

    name: str
    status: str
    stage: str
    manager: str
    kind: str
    creditor: str
    never_paid: bool
    received: ToldPayment | None
    expected: ToldPayment | None


def look_up(context: ActionContext, file: IdentifiedFile) -> KnownFacts:
    """Give what Tagor tells of a file; it is asked once per call and file."""
    known = context.notes.get(f"facts {file.id}")
    if not isinstance(known, list):
        facts = context.files.facts(file)
        # A note of a call is a flat list of texts. An earlier version's note, named otherwise, held no stage.
        known = [facts.name, facts.status or "", facts.stage or "", facts.manager, facts.kind, facts.creditor]
        known.append("never" if facts.never_paid else "")
        for payment in (facts.last_payment, facts.unconfirmed_payment):
            known += [str(payment.amount), payment.date.isoformat()] if payment else ["", ""]
        context.notes[f"facts {file.id}"] = known
    name, status, stage, manager, kind, creditor, never, *paid = known
    received, expected = [
        ToldPayment(Decimal(amount), date.fromisoformat(day)) if amount else None
        for amount, day in zip(paid[::2], paid[1::2], strict=True)
    ]
    return KnownFacts(
        name=name,
        status=status,
        stage=stage,
        manager=manager,
        kind=kind,
        creditor=creditor,
        never_paid=bool(never),
        received=received,
        expected=expected,
    )


def received_on_line(context: ActionContext, file: IdentifiedFile) -> ToldPayment | None:
    """Give the last payment among the lines of a file, None if there is none; they are asked once a call."""

    def ask() -> list[str]:
        found = context.files.last_payment_line(file)
        return [str(found.amount), found.date.isoformat()] if found else ["", ""]

    amount, day = context.once(f"payment line {file.id}", ask)
    return ToldPayment(Decimal(amount), date.fromisoformat(day)) if amount else None


def owed_on(context: ActionContext, file: IdentifiedFile) -> Decimal:
    """Give what is owed in euro; Tagor is asked once per call and file, as it notes every question there."""
    return Decimal(context.once(f"owed {file.id}", lambda: str(context.files.balance(file))))
