"""Documents about a file: which can be ordered, one of them ordered by post, and which letters were sent."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, confirm, decide, do, end, menu, run, say, tells
from voice_flows.post import Post
from voice_flows.services import ActionContext

STATEMENT: Literal["statement"] = "statement"
"""The subject of whoever wants the statement of the debt only, and the note of that document: id, name."""
OFFERED = 3
"""How many documents a menu offers, beside the copy by mail."""
ONLY_ONE, ONLY_TWO = "one document", "two documents"
"""The notes that take keys without a document away."""


@tells("some", document_1="text", document_2="text", document_3="text")
@tells("one", document="text")
def ask_documents(context: ActionContext, file: IdentifiedFile) -> Literal["some", "one", "none"]:
    """Tell which documents can be ordered about the file; who wants the statement hears of that one only."""
    noted = context.notes.get(STATEMENT)
    if context.about == STATEMENT and isinstance(noted, list):
        context.notes["document"] = noted[0]
        context.tell(document=noted[1])
        return "one"
    found = context.correspondence.orderable(file, context.language)[:OFFERED]
    if not found:
        return "none"
    names = [document.name for document in found]
    context.notes["documents"] = [part for document in found for part in (document.id, document.name)]
    context.notes[ONLY_ONE] = len(found) == 1
    context.notes[ONLY_TWO] = len(found) < OFFERED
    # A key without a document is not told, so what its sentence would say does not matter.
    first, second, third = (names * OFFERED)[:OFFERED]
    context.tell(document_1=first, document_2=second, document_3=third)
    return "some"


@tells(document="text")
def choose_document(context: ActionContext, file: IdentifiedFile, document_key: str) -> Literal["chosen"]:  # noqa: ARG001 - whose it is
    """Keep the document that the caller chose, and tell its name."""
    noted = context.notes.get("documents")
    known = noted if isinstance(noted, list) else []
    at = 2 * (int(document_key) - 1)
    context.notes["document"] = known[at]
    context.tell(document=known[at + 1])
    return "chosen"


def may_mail_copy(context: ActionContext, file: IdentifiedFile) -> Literal["yes", "no"]:
    """Tell whether this caller may have a copy of the file by mail."""
    return "yes" if context.messaging.may_send(file, "copy") else "no"


def order_document(context: ActionContext, file: IdentifiedFile) -> Literal["done", "refused", "unclear"]:
    """Order the chosen document once."""
    return context.correspondence.order(file, str(context.notes.get("document"))).state


@tells("three", letter_3="text", letter_3_on="date")
@tells("three", "two", letter_2="text", letter_2_on="date")
@tells("three", "two", "one", letter_1="text", letter_1_on="date")
def ask_letters(context: ActionContext, file: IdentifiedFile) -> Literal["three", "two", "one", "none"]:
    """Tell the last letters, newest first; `letter_1` is the oldest of them."""
    match context.correspondence.sent(file)[:3]:
        case [newest, middle, oldest]:
            context.tell(letter_3=newest.name, letter_3_on=newest.day)
            context.tell(letter_2=middle.name, letter_2_on=middle.day)
            context.tell(letter_1=oldest.name, letter_1_on=oldest.day)
            return "three"
        case [newest, oldest]:
            context.tell(letter_2=newest.name, letter_2_on=newest.day)
            context.tell(letter_1=oldest.name, letter_1_on=oldest.day)
            return "two"
        case [only]:
            context.tell(letter_1=only.name, letter_1_on=only.day)
            return "one"
    return "none"


class Documents(Flow, topic=True):
    """The caller chooses a document, hears where it goes, and orders it with key 1; or has a copy mailed."""

    look     = do(ask_documents, some="choose", one="ask", none="mailed", down="mailed")
    choose   = menu({"1": "keep", "2": "keep", "3": "keep", "4": "copy"}, into="document_key",
                    unless={"2": ONLY_ONE, "3": ONLY_TWO}, spoken=False, silent="back", wrong="back")
    keep     = do(choose_document, local=True, chosen="ask", down="sorry")
    ask      = confirm(yes="order", no="declined", silent="declined", wrong="declined")
    order    = decide(order_document, done="ordered", refused="sorry", unclear="noted", down="sorry")
    # What is sent by mail is not sent by post, so it can be had where nothing can be ordered.
    mailed   = do(may_mail_copy, yes="only", no="none", down="none")
    only     = menu({"1": "copy", "2": "back"}, silent="back", wrong="back")
    copy     = run(Post, about="copy", back="back")
    ordered  = say(then="back")
    noted    = say(then="back")
    declined = say(then="back")
    sorry    = say(then="back")
    none     = say(then="back")
    back     = end()


class SentLetters(Flow):
    """The caller hears which letters were sent last, and when."""

    look     = do(ask_letters, three="letter_3", two="letter_2", one="letter_1", none="none", down="unknown")
    letter_3 = say(then="letter_2")
    letter_2 = say(then="letter_1")
    letter_1 = say(then="back")
    none     = say(then="back")
    unknown  = say(then="back")
    back     = end()
