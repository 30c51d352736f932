"""What else a caller may want to know, have or say about a file."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, do, end, menu, run
from voice_flows.details import Details
from voice_flows.dispute import Dispute
from voice_flows.file import NOTHING_OWED
from voice_flows.letters import Letters
from voice_flows.services import ActionContext
from voice_flows.situation import Situation

NO_DISPUTE = "no dispute"
"""The note that there is nothing to dispute for this caller, or that their proof is too weak for it."""


def look_at_claim(context: ActionContext, file: IdentifiedFile) -> Literal["seen"]:
    """Note whether this caller may dispute the claim: something is owed, and it is no neighbour."""
    context.notes[NO_DISPUTE] = bool(context.notes.get(NOTHING_OWED)) or not file.strong
    return "seen"


class More(Flow):
    """The caller hears more about the file, letters and documents, talks about themselves, or disputes."""

    look      = do(look_at_claim, local=True, seen="choose", down="choose")
    choose    = menu({"1": "details", "2": "letters", "3": "situation", "4": "dispute"},
                     unless={"4": NO_DISPUTE}, silent="back", wrong="back")
    details   = run(Details, back="back")
    letters   = run(Letters, back="back")
    situation = run(Situation, back="back", person="person")
    dispute   = run(Dispute, back="back", person="person")
    back      = end()
    person    = end()
