"""Letters, documents and messages about a file: what can be sent, and a message to the office."""

from typing import Literal

from bridge.flow import Flow, do, end, menu, run
from voice_flows.leave_word import Voicemail
from voice_flows.post import Post
from voice_flows.services import ActionContext

NO_MESSAGE = "no message"
"""The note that a message of this caller would reach nobody."""


def see_what_applies(context: ActionContext) -> Literal["seen"]:
    """Note what this caller is not offered."""
    context.note(NO_MESSAGE, not context.transfer.takes_messages)
    return "seen"


class Letters(Flow):
    """The caller has a copy of the file or answers to usual questions sent, or leaves a message."""

    look    = do(see_what_applies, local=True, seen="choose", down="choose")
    choose  = menu({"1": "copy", "2": "faq", "3": "message"}, unless={"3": NO_MESSAGE},
                   silent="back", wrong="back")
    copy    = run(Post, about="copy", back="back")
    faq     = run(Post, about="faq", back="back")
    message = run(Voicemail, left="back", nothing="back")
    back    = end()
