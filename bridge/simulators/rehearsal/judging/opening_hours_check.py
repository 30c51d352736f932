"""Judges whether the office is open or closed when callers hear that it is."""

from datetime import datetime, timedelta
from typing import Protocol

from bridge.office.hours import is_open
from bridge.office.model import Office
from bridge.simulators.tagor import Case, StandIn

CLOSED = ("Office.closed_until", "Office.closed_now", "Colleague.closed_until", "Colleague.closed")
OPEN = ("Office.open_until", "Office.open_now")
SEEN_AGO = timedelta(minutes=3)
"""How old an answer of Tagor may be when it is spoken."""


class OfficeWithHours(Protocol):
    """A deployment whose office has hours, its own and Tagor's."""

    tagor: StandIn
    cases: tuple[Case, ...]
    office: Office

    def tagor_now(self) -> datetime:
        """Return the time as Tagor has it."""


def untrue_opening_hours(deployment: OfficeWithHours, prompt: str) -> str:
    """Return what is wrong with a prompt, empty when Tagor or the office's own hours say the same."""
    if prompt not in CLOSED + OPEN:
        return ""
    hours = deployment.tagor.tagor.hours
    kinds = ["", *{case.file_type for case in deployment.cases}]
    moments = (deployment.tagor_now(), deployment.tagor_now() - SEEN_AGO)
    said = {hours.is_open(at, kind) for at in moments for kind in kinds}
    said |= {is_open(deployment.office.hours, at) for at in moments}
    if prompt in CLOSED and False not in said:
        return "heard closed while it was open"
    return "heard open while it was closed" if prompt in OPEN and True not in said else ""
