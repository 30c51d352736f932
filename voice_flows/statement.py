"""What is sent of how the amount is made up, by mail or by post, and of questions that are often asked."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, do, end, menu, run
from voice_flows.documents import STATEMENT, Documents
from voice_flows.post import Post
from voice_flows.services import ActionContext

NO_MAIL, NO_POST = "no statement by mail", "no statement by post"
"""The notes that this caller is not offered one of the two ways."""
ANSWERS: Literal["faq"] = "faq"
"""The subject of the message with answers to frequent questions."""
NO_ANSWERS = "no answers"
"""The note that this caller is not offered the answers to frequent questions."""


def find_statement(context: ActionContext, file: IdentifiedFile) -> Literal["some", "none"]:
    """Tell whether the caller can have a statement or answers, and note the ways that there are not."""
    by_mail, answers = (context.messaging.may_send(file, subject) for subject in (STATEMENT, ANSWERS))
    document = context.correspondence.statement(file, context.language)
    context.notes[STATEMENT] = [document.id, document.name] if document else []
    context.notes[NO_MAIL] = not by_mail
    context.notes[NO_POST] = document is None
    context.notes[NO_ANSWERS] = not answers
    return "some" if by_mail or document or answers else "none"


class DebtStatement(Flow):
    """The caller is offered a statement of the debt or answers, and has them sent; key 1 confirms it."""

    look   = do(find_statement, some="choose", none="back", down="back")
    choose = menu({"1": "mail", "2": "post", "3": "faq", "4": "back"},
                  unless={"1": NO_MAIL, "2": NO_POST, "3": NO_ANSWERS}, silent="back", wrong="back")
    mail   = run(Post, about=STATEMENT, back="back")
    post   = run(Documents, about=STATEMENT, back="back")
    faq    = run(Post, about=ANSWERS, back="back")
    back   = end()
