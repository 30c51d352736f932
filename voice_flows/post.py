"""A message to the caller: the balance, a payment link or a copy, by text or mail, to what is on the file."""

from collections.abc import Mapping
from typing import Literal

from bridge.flow import Flow, IdentifiedFile, confirm, decide, do, end, menu, say, tells
from voice_flows.services import ActionContext, MessageSubject

SUBJECTS: Mapping[str, MessageSubject] = {"1": "balance", "2": "link", "3": "faq", "4": "copy"}


@tells("both", mobile_end="digits")
@tells("text", mobile_end="digits")
def find_way(
    context: ActionContext, file: IdentifiedFile, thing: str
) -> Literal["both", "text", "mail", "none"]:
    """Tell how the message may go to the caller: only to a mobile or an address that is on the file."""
    addresses = context.messaging.addresses(file, SUBJECTS[thing])
    if addresses.mobile:
        context.tell(mobile_end=addresses.mobile[-2:])
        return "both" if addresses.mail else "text"
    return "mail" if addresses.mail else "none"


def send_text(
    context: ActionContext, file: IdentifiedFile, thing: str
) -> Literal["done", "refused", "unclear"]:
    """Send the message once as a text."""
    return context.messaging.send_text(file, SUBJECTS[thing]).state


def send_mail(
    context: ActionContext, file: IdentifiedFile, thing: str
) -> Literal["done", "refused", "unclear"]:
    """Send the message once by mail."""
    return context.messaging.send_mail(file, SUBJECTS[thing]).state


class Post(Flow, topic=True):
    """The caller chooses what to send and how, hears a part of the address, and sends it with key 1."""

    what      = menu({"1": "way", "2": "way", "3": "way", "4": "way"}, into="thing",
                     silent="back", wrong="person")
    way       = do(find_way, both="choose", text="text", mail="mail", none="none", down="sorry")
    choose    = menu({"1": "text", "2": "mail"}, silent="back", wrong="person")
    text      = confirm(yes="send_text", no="declined", silent="declined", wrong="person")
    send_text = decide(send_text, done="sent", refused="sorry", unclear="noted", down="sorry")
    mail      = confirm(yes="send_mail", no="declined", silent="declined", wrong="person")
    send_mail = decide(send_mail, done="sent", refused="sorry", unclear="noted", down="sorry")
    sent      = say(then="back")
    noted     = say(then="back")
    declined  = say(then="back")
    none      = say(then="person")
    sorry     = say(then="person")
    back      = end()
    person    = end()
