"""Help for callers who cannot pay: a service that advises them, and a person who listens."""

from typing import Literal

from bridge.flow import Flow, do, end, menu, run, say
from voice_flows.call_back import CallBack
from voice_flows.file import NO_PLAN
from voice_flows.services import ActionContext


def know_counsel(context: ActionContext) -> Literal["words", "none"]:
    """Tell whether the office names a service that helps people with debts."""
    # Whoever cannot pay is not offered a plan once more.
    context.notes[NO_PLAN] = True
    return "words" if context.transfer.names_counselling else "none"


class Hardship(Flow, topic=True):
    """The caller is not pressed: help is named, and a person calls back or listens."""

    heard     = say(then="look")
    look      = do(know_counsel, local=True, words="counsel", none="choose", down="choose")
    counsel   = say(then="choose")
    choose    = menu({"1": "person", "2": "call_back", "3": "back"}, silent="person", wrong="person")
    call_back = run(CallBack, promised="back", voicemail="person", nothing="back")
    person    = end()
    back      = end()
