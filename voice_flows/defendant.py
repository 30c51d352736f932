"""A call from beginning to end: the welcome, what the caller wants and in which language, the goodbye."""

from typing import Literal

from bridge.flow import AGAIN, SLOWER, Flow, do, hangup, menu, play, run, say
from voice_flows.balance import Balance
from voice_flows.colleague import Colleague
from voice_flows.identify import hinted
from voice_flows.office import Office
from voice_flows.services import ActionContext
from voice_flows.trust import Trust

LANGUAGE_KEYS = {"4": "nl", "5": "fr", "6": "de", "7": "en"}
"""The key of each language: the same for everybody, so that it tells nothing about a caller."""


def recognise(context: ActionContext) -> Literal["seen"]:
    """Speak the language of the party that the number belongs to; nothing else may depend on that party."""
    language = hinted(context).language
    if language is not None:
        context.speak(language)
    return "seen"


def look_ahead(context: ActionContext) -> Literal["looked"]:
    """Ask who is in the office before the caller asks for a person."""
    context.notes["opening"] = context.transfer.look_ahead()
    return "looked"


class Defendant(
    Flow,
    anytime={"0": "colleague", "*": AGAIN, "8": SLOWER, "9": "goodbye"},
    given={
        "office": "text",
        "address": "text",
        "hours": "text",
        "account": "iban",
        "keep_days": "count",
        "pin_digits": "count",
        "counselling": "text",
        "announcement": "text",
    },
):
    """Every call takes this flow; key 0 leads to a person at every question."""

    # Nobody waits for Tagor before the welcome: while the chime sounds it is asked for the caller's language,
    # and while the welcome is spoken for the office's hours, which are needed later only.
    recognise = do(recognise, timeout=0, seen="chime", down="chime")
    chime     = play("chime", then="ahead")
    ahead     = do(look_ahead, timeout=0, looked="welcome", down="welcome")
    welcome   = say(then="announce")
    # Said only while the office has an announcement up, and again to whoever chooses another language.
    announce  = say(then="main")
    main      = menu({"1": "balance", "2": "trust", "3": "office"}, languages=LANGUAGE_KEYS, speak="announce",
                     silent="colleague", wrong="colleague")
    balance   = run(Balance, back="main", over="goodbye", person="colleague")
    trust     = run(Trust, back="main", over="goodbye")
    office    = run(Office, back="main", over="goodbye")
    colleague = run(Colleague, over="goodbye")
    goodbye   = hangup()
