"""What Tagor can be asked, one module per subject; importing this package registers all of it."""

from bridge.simulators.tagor.operations import (
    agenda,
    document,
    file,
    identification,
    login,
    message,
    office,
    people,
    plan,
    sending,
)
from bridge.simulators.tagor.registry import OPERATIONS, find

__all__ = [
    "OPERATIONS",
    "agenda",
    "document",
    "file",
    "find",
    "identification",
    "login",
    "message",
    "office",
    "people",
    "plan",
    "sending",
]
