"""Lists the 504 cells of the plan drill: where a process dies, what Tagor and the provider do."""

from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any, Literal

STEPS = ("confirmed", "written", "to be marked", "marked as sent", "answered", "settled")
BOUNDARIES = (
    *(f"plan: {step}" for step in STEPS),
    *(f"approval: {step}" for step in STEPS),
    "turn: led",
    "turn: saved",
)
OPERATIONS = {"plan": "TagorService/SavePaymentPlan", "approval": "TagorService/ApprovePaymentPlan"}

TagorFault = dict[str, Any]

_BAD_REPLIES: tuple[TagorFault, ...] = (
    {"fault": "reset_after"},
    {"fault": "status", "status": 502, "body": "html"},
    {"fault": "truncated"},
    {"fault": "no_reply", "seconds": 7.0},
    {"fault": "empty"},
    {"fault": "status", "status": 401},
)
# A yes without an effect would be a lie, which no bridge can find out: there the verdict itself is null.
_NO_VERDICT: TagorFault = {"fault": "null_fields", "names": ["Success"]}
TAGOR_FAULTS: dict[str, tuple[TagorFault, ...]] = {
    "done": ({}, *_BAD_REPLIES, {"fault": "null_fields"}, {"fault": "success_absent"}),
    "none": (*_BAD_REPLIES, _NO_VERDICT, {"fault": "success_false"}, {"fault": "refuse"}),
}
"""What becomes of Tagor's reply, by whether the write took effect; an empty fault is a good reply."""

HALF = 0.5
HELD_REPLY: TagorFault = {"fault": "no_reply", "seconds": 12.0}
"""A reply that is still awaited when the process dies."""


@dataclass(frozen=True, slots=True)
class PlanCell:
    """Names one way in which everything goes wrong.

    - `boundary`: the process that passes this step of the protocol dies there.
    - `effect`: whether the write takes effect at Tagor.
    - `copies`: how many times more the provider delivers the confirming webhook, `delay` seconds later.
    - `delay`: also the seconds after which a webhook whose connection broke comes again.
    - `workers`: how many worker processes the line has.
    """

    boundary: str
    effect: Literal["done", "none"]
    copies: int
    delay: int
    workers: int

    def __str__(self) -> str:
        step = self.boundary.replace(": ", "-").replace(" ", "-")
        return f"{step}.{self.effect}.{self.copies}.{self.delay}.{self.workers}"

    @classmethod
    def named(cls, name: str) -> "PlanCell":
        """Return the cell with this name; raises ValueError when there is none."""
        for cell in ALL:
            if str(cell) == name:
                return cell
        raise ValueError(f"{name} is no cell: they look like {ALL[0]}")

    @property
    def kind(self) -> Literal["plan", "approval"]:
        """Return the confirmation this cell is about; the boundaries of a turn are about the plan."""
        return "approval" if self.boundary.startswith("approval") else "plan"

    @property
    def in_flight(self) -> bool:
        """Tell whether the process dies while Tagor has done the write and still owes the reply."""
        return self.boundary.endswith("marked as sent") and self.effect == "done"

    def tagor_fault(self, seed: int) -> TagorFault:
        """Return the fault to plant on the write; the kinds take turns over the cells of a boundary."""
        if self.in_flight:
            return HELD_REPLY | {"effect": self.effect}
        kinds = TAGOR_FAULTS[self.effect]
        turn = self.copies + 3 * (0, 5, 16).index(self.delay) + 9 * (self.workers - 1)
        chosen = kinds[(turn + seed) % len(kinds)]
        return chosen and chosen | {"effect": self.effect}

    def by_amount(self, seed: int) -> bool:
        """Tell whether the caller names an amount of their own."""
        return Random(f"{seed} {self}").random() < HALF


ALL = tuple(
    PlanCell(boundary, effect, copies, delay, workers)  # type: ignore[arg-type]  # the two of them
    for boundary, effect, copies, delay, workers in product(
        BOUNDARIES, ("done", "none"), (0, 1, 2), (0, 5, 16), (1, 2)
    )
)


def sample(seed: int) -> list[PlanCell]:
    """Return fourteen cells that the seed chooses: every boundary once, and not the longest delay."""
    random = Random(seed)
    return [
        PlanCell(boundary, effect, *rest)  # type: ignore[arg-type]  # as above
        for boundary, effect, rest in zip(
            BOUNDARIES,
            random.sample(("done", "none") * 7, 14),
            random.sample((*product((0, 1, 2), (0, 5), (1, 2)), (1, 5, 1), (2, 5, 2)), 14),
            strict=True,
        )
    ]
