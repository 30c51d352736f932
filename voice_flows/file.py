"""What is known of the caller's file: Tagor is asked once per call, however often it is told."""

from decimal import Decimal

from bridge.flow import IdentifiedFile
from voice_flows.services import ActionContext


def look_up(context: ActionContext, file: IdentifiedFile) -> list[str]:
    """Give the creditor, then the amount (euro) and the date of the last payment, if they are known.

    Nothing follows the creditor if there never was a payment, "" if Tagor does not tell it for certain.
    """

    def ask() -> list[str]:
        facts = context.files.facts(file)
        paid = facts.last_payment
        if paid:
            return [facts.creditor, str(paid.amount), paid.date.isoformat()]
        return [facts.creditor] if facts.never_paid else [facts.creditor, ""]

    return context.once(f"facts {file.id}", ask)


def owed_on(context: ActionContext, file: IdentifiedFile) -> Decimal:
    """Give what is owed in euro; Tagor is asked once per call and file, as it notes every question there."""
    return Decimal(context.once(f"owed {file.id}", lambda: str(context.files.balance(file))))
