"""Letters, documents and messages about a file: what can be had, and a message to the office."""

from typing import Literal

from bridge.flow import Flow, do, end, menu, run
from voice_flows.documents import Documents, SentLetters
from voice_flows.leave_word import Voicemail
from voice_flows.post import Post
from voice_flows.services import ActionContext

NO_MESSAGE = "no message"
"""The note that a message of this caller would reach nobody."""


def see_what_applies(context: ActionContext) -> Literal["seen"]:
    """Note what this caller is not offered."""
    context.notes[NO_MESSAGE] = not context.transfer.takes_messages
    return "seen"


class Letters(Flow):
    """The caller orders a document, hears which letters were sent, has answers sent, or leaves a message."""

    look      = do(see_what_applies, local=True, seen="choose", down="choose")
    choose    = menu({"1": "documents", "2": "sent", "3": "faq", "4": "message"}, unless={"4": NO_MESSAGE},
                     silent="back", wrong="back")
    documents = run(Documents, about="documents", back="back")
    sent      = run(SentLetters, back="back")
    faq       = run(Post, about="faq", back="back")
    message   = run(Voicemail, left="back", nothing="back")
    back      = end()
