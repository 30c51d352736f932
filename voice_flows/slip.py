"""The payment slip of a letter: the number under its barcode names a line of the caller's own file."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, ask, do, end, menu, say, tells
from voice_flows.file import owed_on
from voice_flows.services import ActionContext

MAX_NUMBERS = 3
"""How many numbers that stand on no letter of the file a caller may key in."""


@tells("amount", "less", "known", slip_reference="digits")
@tells("amount", slip_amount="money")
@tells("less", slip_left="money")
def scan_slip(
    context: ActionContext, file: IdentifiedFile, barcode: str
) -> Literal["amount", "less", "known", "unknown", "given_up"]:
    """Tell what the payment slip asks for, or what is left to pay where that is less."""
    slip = context.files.slip(file, barcode)
    if slip is None:
        return "given_up" if context.count("unknown slips") >= MAX_NUMBERS else "unknown"
    context.tell(slip_reference=file.number)
    if slip.amount is None:
        return "known"
    left = owed_on(context, file)
    # Whoever has paid since the letter was written must not pay it once more.
    if left < slip.amount:
        context.tell(slip_left=left)
        return "less"
    context.tell(slip_amount=slip.amount)
    return "amount"


class Slip(Flow, topic=True):
    """The caller keys in the number under a barcode, and hears amount, account and what to mention."""

    # The letter must be looked for first, and the number on it is long.
    ask_barcode = ask(into="barcode", digits=(6, 20), seconds=20,
                      heard="scan", empty="back", silent="back", wrong="back")
    scan        = do(scan_slip, amount="amount", less="less", known="known", unknown="unknown",
                     given_up="given_up", down="sorry")
    amount      = say(then="account")
    less        = say(then="account")
    known       = say(then="account")
    account     = say(then="reference")
    reference   = say(then="choose")
    choose      = menu({"1": "ask_barcode", "2": "back"}, reminds="*", seconds=12,
                       silent="back", wrong="back")
    unknown     = say(then="ask_barcode")
    given_up    = say(then="back")
    sorry       = say(then="back")
    back        = end()
