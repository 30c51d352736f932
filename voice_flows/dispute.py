"""A caller who does not agree with the claim says why, and an employee looks into it."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, do, end, menu, run, say
from voice_flows.leave_word import NO_MESSAGE, Voicemail, see_what_applies
from voice_flows.services import ActionContext

Reason = Literal["paid", "amount", "debtor", "other"]

REASONS: dict[str, Reason] = {"1": "paid", "2": "amount", "3": "debtor", "4": "other"}
EXPLAIN = "2"
"""The key by which the caller explains the dispute in a voice message as well."""


def take_reason(_context: ActionContext, reason_key: str) -> Reason:
    """Take the reason that the caller chose."""
    return REASONS[reason_key]


def leave_dispute(context: ActionContext, file: IdentifiedFile, reason_key: str) -> Reason:
    """Have an employee look into the dispute; once a call, file and reason, however often it is said."""
    reason = REASONS[reason_key]
    if context.count(f"disputed {file.id} {reason}") == 1:
        context.leave(f"disputed_{reason}")
    return reason


def recall_wish(_context: ActionContext, how_key: str) -> Literal["explain", "back"]:
    """Tell whether the caller explains it in a voice message as well."""
    return "explain" if how_key == EXPLAIN else "back"


class Dispute(Flow, topic=True):
    """The caller chooses a reason, hears it back, and passes it on to an employee with key 1 or 2."""

    look     = do(see_what_applies, local=True, seen="choose", down="choose")
    choose   = menu({"1": "reason", "2": "reason", "3": "reason", "4": "reason"}, into="reason_key",
                    silent="back", wrong="back")
    reason   = do(take_reason, local=True, paid="paid", amount="amount", debtor="debtor", other="other",
                  down="person")
    paid     = say(then="ask")
    amount   = say(then="ask")
    debtor   = say(then="ask")
    other    = say(then="ask")
    ask      = menu({"1": "task", "2": "task", "3": "declined"}, into="how_key", unless={"2": NO_MESSAGE},
                    silent="declined", wrong="declined")
    task     = do(leave_dispute, local=True, paid="noted", amount="noted", debtor="noted", other="noted",
                  down="person")
    noted    = say(then="wish")
    wish     = do(recall_wish, local=True, explain="explain", back="back", down="back")
    explain  = run(Voicemail, left="back", nothing="back")
    declined = say(then="back")
    person   = end()
    back     = end()
