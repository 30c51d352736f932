"""Letters and documents about a file: which letters were sent, and then which documents can be had."""

from typing import Literal

from bridge.flow import Flow, do, end, run
from voice_flows.documents import Documents, SentLetters
from voice_flows.services import ActionContext


def may_tell_letters(context: ActionContext) -> Literal["yes", "no"]:
    """Tell whether the office tells callers which letters it sent."""
    return "yes" if context.correspondence.tells_letters else "no"


def may_offer_documents(context: ActionContext) -> Literal["yes", "no"]:
    """Tell whether the office offers documents by phone."""
    return "yes" if context.correspondence.offers_documents else "no"


class Letters(Flow):
    """The caller hears which letters were sent, and then chooses a document."""

    # No menu stands between the two, because it would be the fourth that a caller has to go through.
    look      = do(may_tell_letters, local=True, yes="sent", no="may", down="may")
    sent      = run(SentLetters, back="may")
    may       = do(may_offer_documents, local=True, yes="documents", no="back", down="back")
    documents = run(Documents, about="documents", back="back")
    back      = end()
