"""Applies a fault to the deployment, and gives what ends it again."""

from collections.abc import Callable

from bridge.simulators.rehearsal.play.scenario import Fault
from bridge.simulators.rehearsal.world.simulated_deployment import SimulatedDeployment

DEPLOYMENT_FAULTS = (
    *("tagor", "network", "tagor_down", "tagor_slow", "employee_plan"),
    *("database", "database_rows"),
)
"""The kinds of fault that befall the deployment; all others befall a call."""

EMPLOYEE_PLAN = {"monthly": "77.70", "arrears": "0.00", "months": 3, "start": "2026-12-15"}
"""A plan that an employee makes while a caller decides."""


def apply_fault(deployment: SimulatedDeployment, fault: Fault) -> Callable[[], None] | None:
    """Let a fault begin; return what ends it, None when only the end of the scenario does."""
    match fault["kind"]:
        case "tagor":
            deployment.tagor.fault(**{name: value for name, value in fault.items() if name != "kind"})
        case "network":
            deployment.transport.unreachable[fault["endpoint"]] = fault["what"]
        case "employee_plan":
            deployment.tagor.controls.change(deployment.file, plan=EMPLOYEE_PLAN)
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
