"""A message to the caller about one subject, by text or mail, to what is on the file."""

from typing import Literal, cast

from bridge.flow import Flow, IdentifiedFile, confirm, decide, do, end, menu, say, tells
from voice_flows.services import ActionContext, MessageSubject


def subject(context: ActionContext) -> MessageSubject:
    """Return the subject of the message, which the flow that runs `Post` set as `about`."""
    return cast("MessageSubject", context.about)


@tells("both", mobile_end="digits")
@tells("text", mobile_end="digits")
def find_way(context: ActionContext, file: IdentifiedFile) -> Literal["both", "text", "mail", "none"]:
    """Tell how the message may go to the caller: only to a mobile or an address that is on the file."""
    addresses = context.messaging.addresses(file, subject(context))
    if addresses.mobile:
        # Two digits tell the owner which mobile it is, and a stranger nothing.
        context.tell(mobile_end=addresses.mobile[-2:])
        return "both" if addresses.mail else "text"
    return "mail" if addresses.mail else "none"


def send_text(context: ActionContext, file: IdentifiedFile) -> Literal["done", "refused", "unclear"]:
    """Send the message once as a text."""
    return context.messaging.send_text(file, subject(context)).state


def send_mail(context: ActionContext, file: IdentifiedFile) -> Literal["done", "refused", "unclear"]:
    """Send the message once by mail."""
    return context.messaging.send_mail(file, subject(context)).state


class Post(Flow, topic=True):
    """The caller chooses how to have it, hears a part of the address, and sends it with key 1."""

    way       = do(find_way, both="choose", text="text", mail="mail", none="none", down="sorry")
    choose    = menu({"1": "text", "2": "mail"}, silent="back", wrong="back")
    text      = confirm(yes="send_text", no="declined", silent="declined", wrong="declined")
    send_text = decide(send_text, done="sent", refused="sorry", unclear="noted", down="sorry")
    mail      = confirm(yes="send_mail", no="declined", silent="declined", wrong="declined")
    send_mail = decide(send_mail, done="sent", refused="sorry", unclear="noted", down="sorry")
    sent      = say(then="back")
    noted     = say(then="back")
    declined  = say(then="back")
    # Why it cannot be had is said, and the call goes on where it was: a person is one key away.
    none      = say(then="back")
    sorry     = say(then="back")
    back      = end()
