"""What a fault does to the line, and how it ends again."""

from collections.abc import Callable

from bridge.simulators.rehearsal.play.scenario import Fault
from bridge.simulators.rehearsal.world.simulated_deployment import Simulated

LINE = ("tagor", "wire", "tagor_down", "tagor_slow", "store", "books")
"""The kinds of fault that befall the line; all others befall a call."""


def befall(line: Simulated, fault: Fault) -> Callable[[], None] | None:
    """Let it begin; what ends it is given back, if anything but the end of the story does."""
    match fault["kind"]:
        case "tagor":
            line.tagor.fault(**{name: value for name, value in fault.items() if name != "kind"})
        case "wire":
            line.way.lines[fault["endpoint"]] = fault["what"]
        case "tagor_down":
            line.way.down = True
            return lambda: setattr(line.way, "down", False)
        case "tagor_slow":
            line.way.slow = fault["seconds"]
            return lambda: setattr(line.way, "slow", 0.0)
        case "store":
            line.trouble.now = fault["what"]
            return lambda: setattr(line.trouble, "now", "")
        case "books" if fault["what"] == "forgets":
            return line.snapshot()
        case "books":
            line.spoil(fault["what"])
    return None
