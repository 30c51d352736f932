"""What is known of the caller's file: asked of Tagor once per call, however often it is told."""

from decimal import Decimal

from bridge.flow import IdentifiedFile
from voice_flows.services import ActionContext


def look_up(context: ActionContext, file: IdentifiedFile) -> list[str]:
    """Creditor, and the last payment's amount and date if there was one: asked once per call and file."""

    def ask() -> list[str]:
        facts = context.files.facts(file)
        paid = facts.last_payment
        return [facts.creditor, *([str(paid.amount), paid.date.isoformat()] if paid else [])]

    return context.once(f"facts {file.id}", ask)


def owed_on(context: ActionContext, file: IdentifiedFile) -> Decimal:
    """What is owed, asked once per call and file: every question leaves a note on the file."""
    return Decimal(context.once(f"owed {file.id}", lambda: str(context.files.balance(file))))
