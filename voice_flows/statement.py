"""How the amount is made up, in writing: by mail, or by post to the address on file."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, do, end, menu, run
from voice_flows.documents import STATEMENT, Documents
from voice_flows.post import Post
from voice_flows.services import ActionContext

NO_MAIL, NO_POST = "no statement by mail", "no statement by post"
"""The notes that this caller is not offered one of the two ways."""


def find_statement(context: ActionContext, file: IdentifiedFile) -> Literal["some", "none"]:
    """Tell whether the caller can have a statement, and note the ways that there are not."""
    by_mail = context.messaging.may_send(file, STATEMENT)
    document = context.correspondence.statement(file, context.language)
    context.notes[STATEMENT] = [document.id, document.name] if document else []
    context.notes[NO_MAIL] = not by_mail
    context.notes[NO_POST] = document is None
    return "some" if by_mail or document else "none"


class DebtStatement(Flow):
    """The caller is offered a statement of the debt, and has it sent; key 1 of the way confirms it."""

    look   = do(find_statement, some="choose", none="back", down="back")
    choose = menu({"1": "mail", "2": "post", "3": "back"}, unless={"1": NO_MAIL, "2": NO_POST},
                  silent="back", wrong="back")
    mail   = run(Post, about=STATEMENT, back="back")
    post   = run(Documents, about=STATEMENT, back="back")
    back   = end()
