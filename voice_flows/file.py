"""What is known of the caller's file: asked of Tagor once per call, however often it is told."""

from decimal import Decimal

from bridge.flow import IdentifiedFile
from voice_flows.services import Errand


def look_up(errand: Errand, file: IdentifiedFile) -> list[str]:
    """Creditor, and the last payment's amount and date if there was one: asked once per call and file."""

    def ask() -> list[str]:
        facts = errand.desk.facts(file)
        paid = facts.last_payment
        return [facts.creditor, *([str(paid.amount), paid.date.isoformat()] if paid else [])]

    return errand.once(f"facts {file.id}", ask)


def owed_on(errand: Errand, file: IdentifiedFile) -> Decimal:
    """What is owed, asked once per call and file: every question leaves a note on the file."""
    return Decimal(errand.once(f"owed {file.id}", lambda: str(errand.desk.balance(file))))
