"""A call from beginning to end: the welcome, the language, what the caller wants, the goodbye."""

from typing import Literal

from bridge.flow import AGAIN, SLOWER, Flow, do, hangup, menu, run, say
from voice_flows.balance import Balance
from voice_flows.colleague import Colleague
from voice_flows.hints import hinted
from voice_flows.office import Office
from voice_flows.services import ActionContext
from voice_flows.trust import Trust

LANGUAGE_KEYS = {"1": "nl", "2": "fr", "3": "de", "4": "en"}


def recognise(context: ActionContext) -> Literal["seen"]:
    """Speak the language of the party that the number belongs to; nothing else may depend on that party."""
    language = hinted(context).language
    if language is not None:
        context.speak(language)
    return "seen"


def look_ahead(context: ActionContext) -> Literal["looked"]:
    """Ask who is in the office before the caller asks for a person."""
    context.note("opening", context.transfer.look_ahead())
    return "looked"


def speak(context: ActionContext, language_key: str) -> Literal["chosen"]:
    """Go on in the language that the caller chose."""
    context.speak(LANGUAGE_KEYS[language_key])
    return "chosen"


class Defendant(
    Flow,
    anytime={"0": "colleague", "*": AGAIN, "8": SLOWER, "9": "goodbye"},
    given={
        "office": "text",
        "address": "text",
        "hours": "text",
        "account": "iban",
        "keep_days": "count",
        "counselling": "text",
    },
):
    """Every call takes this flow; key 0 leads to a person at every question."""

    recognise = do(recognise, timeout=0.25, seen="ahead", down="ahead")
    ahead     = do(look_ahead, timeout=0, looked="welcome", down="welcome")
    welcome   = say(then="main")
    main      = menu({"1": "balance", "2": "office", "3": "language", "4": "trust"},
                     silent="colleague", wrong="colleague")
    balance   = run(Balance, back="main", stranger="colleague")
    office    = run(Office, back="main", over="goodbye")
    trust     = run(Trust, back="main", over="goodbye")
    language  = menu({"1": "speak", "2": "speak", "3": "speak", "4": "speak"}, into="language_key",
                     silent="main", wrong="main")
    speak     = do(speak, local=True, chosen="main", down="main")
    colleague = run(Colleague, over="goodbye")
    goodbye   = hangup()
