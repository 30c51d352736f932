"""The caller's own details and situation: address, mobile, trouble with paying, the office's questions."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, do, end, menu, run, say, tells
from voice_flows.call_back import CallBack
from voice_flows.contact import Contact
from voice_flows.file import NOTHING_OWED
from voice_flows.hardship import Hardship
from voice_flows.questionnaire import Questionnaire
from voice_flows.services import ActionContext

NO_ADDRESS = "no address"
"""The note that this caller is told no address, and changes none."""
NO_CONTACT = "no contact"
"""The note that this caller may not register a mobile."""


def look_at_proof(context: ActionContext, file: IdentifiedFile) -> Literal["address", "other", "nothing"]:
    """Tell what this caller's proof and the office allow, and note what is not offered."""
    address, contact = context.parties.may_hear_address(file), context.parties.may_register(file)
    context.notes[NO_ADDRESS] = not address
    context.notes[NO_CONTACT] = not contact
    if address:
        return "address"
    return "nothing" if context.notes.get(NOTHING_OWED) and not contact else "other"


@tells("known", street="text", house_end="count")
def ask_address(context: ActionContext, file: IdentifiedFile) -> Literal["known", "unknown"]:
    """Tell the address on file as much as its owner needs to know it by, if the office tells it at all."""
    address = context.parties.address(file)
    if address is None:
        return "unknown"
    context.tell(street=address.street, house_end=address.figure)
    return "known"


def may_be_asked(context: ActionContext, file: IdentifiedFile) -> Literal["yes", "no"]:
    """Tell whether the office asks this caller about their situation; whoever owes nothing is not asked."""
    asked = context.questionnaires.may_answer(file, context.language)
    return "yes" if asked and not context.notes.get(NOTHING_OWED) else "no"


def leave_moved(context: ActionContext, file: IdentifiedFile) -> Literal["left"]:
    """Have an employee ask for the new address; once a call and file, however often the caller says so."""
    if context.count(f"moved {file.id}") == 1:
        context.leave("moved")
    return "left"


class Moved(Flow, topic=True):
    """A new address is nothing for keys: an employee gets the task, and may be spoken to at once."""

    task      = do(leave_moved, local=True, left="tell", down="person")
    tell      = say(then="choose")
    choose    = menu({"1": "person", "2": "call_back", "3": "back"}, silent="back", wrong="back")
    call_back = run(CallBack, promised="back", voicemail="person", nothing="back")
    person    = end()
    back      = end()


class Situation(Flow, topic=True):
    """The caller hears which address is on file, says what has changed, or answers the office's questions."""

    proof        = do(look_at_proof, local=True, address="look", other="may", nothing="refer", down="refer")
    look         = do(ask_address, known="address", unknown="may", down="may")
    address      = say(then="may")
    may          = do(may_be_asked, local=True, yes="choose_asked", no="choose", down="choose")
    choose       = menu({"1": "moved", "2": "contact", "3": "hardship", "4": "back"},
                        unless={"1": NO_ADDRESS, "2": NO_CONTACT, "3": NOTHING_OWED},
                        silent="back", wrong="back")
    # A menu has four keys: where the office asks, only silence leads back.
    choose_asked = menu({"1": "moved", "2": "contact", "3": "hardship", "4": "asked"},
                        unless={"1": NO_ADDRESS, "2": NO_CONTACT, "3": NOTHING_OWED},
                        silent="back", wrong="back")
    moved        = run(Moved, back="back", person="person")
    contact      = run(Contact, back="back")
    hardship     = run(Hardship, back="back", person="person")
    asked        = run(Questionnaire, back="back")
    refer        = say(then="back")
    person       = end()
    back         = end()
