"""What a fault does to the line, and how it ends again."""

from collections.abc import Callable

from bridge.simulators.rehearsal.play.scenario import Fault
from bridge.simulators.rehearsal.world.simulated_deployment import SimulatedDeployment

DEPLOYMENT_FAULTS = ("tagor", "network", "tagor_down", "tagor_slow", "database", "database_rows")
"""The kinds of fault that befall the line; all others befall a call."""


def apply_fault(deployment: SimulatedDeployment, fault: Fault) -> Callable[[], None] | None:
    """Let it begin; what ends it is given back, if anything but the end of the story does."""
    match fault["kind"]:
        case "tagor":
            deployment.tagor.fault(**{name: value for name, value in fault.items() if name != "kind"})
        case "network":
            deployment.transport.unreachable[fault["endpoint"]] = fault["what"]
        case "tagor_down":
            deployment.transport.down = True
            return lambda: setattr(deployment.transport, "down", False)
        case "tagor_slow":
            deployment.transport.slow = fault["seconds"]
            return lambda: setattr(deployment.transport, "slow", 0.0)
        case "database":
            deployment.database_fault.now = fault["what"]
            return lambda: setattr(deployment.database_fault, "now", "")
        case "database_rows" if fault["what"] == "forgets":
            return deployment.snapshot()
        case "database_rows":
            deployment.spoil(fault["what"])
    return None
