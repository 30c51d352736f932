"""Finds cycles: flows that would run themselves, and places that come back to themselves."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bridge.flow.errors import FlowError
from bridge.flow.steps import FlowTable, Run
from bridge.problem import Problem

P = TypeVar("P", bound=tuple[Any, ...])


def flows_run_by(root: FlowTable) -> list[FlowTable]:
    """Give every flow that `root` runs, `root` first, in the order in which they are found.

    Raises:
        FlowError: they run each other in a circle, or two have the same name.
    """
    order: dict[str, FlowTable] = {}

    def visit(flow: FlowTable, running: tuple[FlowTable, ...]) -> None:
        if flow in running or order.get(flow.name, flow) is not flow:
            sentence = "runs itself, by way of others" if flow in running else "is the name of two flows"
            raise FlowError([Problem(flow.where.file, flow.where.line, f"{flow.name}: {sentence}")])
        order[flow.name] = flow
        for step in flow.steps.values():
            if isinstance(step, Run):
                visit(step.flow, (*running, flow))

    visit(root, ())
    return list(order.values())


def on_a_cycle(places: set[P], ways: Callable[[P], Iterable[P]]) -> list[P]:
    """Give the places that can come back to themselves within `places`."""
    left = set(places)
    # What leads nowhere, and what nothing leads to, lies on no cycle: take those away again and again.
    while dead := {place for place in left if not any(end in left for end in ways(place))}:
        left -= dead
    while dead := left - {end for place in left for end in ways(place)}:
        left -= dead
    return sorted(left)
