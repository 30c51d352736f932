"""The language calls are written in: steps, tables, checks, engine, drawings; no input or output at all."""

from bridge.flow.action_context import ActionContext, IdentifiedFile, Proof
from bridge.flow.actions import echoes, proves, tells
from bridge.flow.errors import FlowError
from bridge.flow.facts import Note
from bridge.flow.steps import (
    AGAIN,
    SLOWER,
    ask,
    confirm,
    decide,
    do,
    end,
    hangup,
    menu,
    play,
    record,
    run,
    say,
    transfer,
)
from bridge.flow.table import Flow

__all__ = [
    "AGAIN",
    "SLOWER",
    "ActionContext",
    "Flow",
    "FlowError",
    "IdentifiedFile",
    "Note",
    "Proof",
    "ask",
    "confirm",
    "decide",
    "do",
    "echoes",
    "end",
    "hangup",
    "menu",
    "play",
    "proves",
    "record",
    "run",
    "say",
    "tells",
    "transfer",
]
