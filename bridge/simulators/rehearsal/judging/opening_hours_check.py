"""Whether what callers hear of open and closed is true."""

from datetime import timedelta

from bridge.office.hours import is_open
from bridge.simulators.rehearsal.world.simulated_deployment import SimulatedDeployment

CLOSED = ("Office.closed_until", "Office.closed_now", "Colleague.closed_until", "Colleague.closed")
OPEN = ("Office.open_until", "Office.open_now")
SEEN_AGO = timedelta(minutes=3)
"""How long ago the office may have been seen as it is told."""


def untrue_opening_hours(deployment: SimulatedDeployment, place: str) -> str:
    """What is wrong with this sentence, if anything: neither Tagor nor the office's own hours say so."""
    if place not in CLOSED + OPEN:
        return ""
    hours = deployment.tagor.tagor.hours
    kinds = ["", *{case.file_type for case in deployment.cases}]
    moments = (deployment.tagor_now(), deployment.tagor_now() - SEEN_AGO)
    said = {hours.is_open(at, kind) for at in moments for kind in kinds}
    said |= {is_open(deployment.office.hours, at) for at in moments}
    if place in CLOSED and False not in said:
        return "heard closed while it was open"
    return "heard open while it was closed" if place in OPEN and True not in said else ""
