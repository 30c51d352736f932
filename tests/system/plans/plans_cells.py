"""The cells of the rehearsal: where the process dies, what Tagor did, and how the provider comes again."""

from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any, Literal, Self

STEPS = ("confirmed", "written", "to be marked", "marked as sent", "answered", "settled")
BOUNDARIES = (
    *(f"plan: {step}" for step in STEPS),
    *(f"approval: {step}" for step in STEPS),
    "turn: led",
    "turn: saved",
)
OPERATIONS = {"plan": "TagorService/SavePaymentPlan", "approval": "TagorService/ApprovePaymentPlan"}

Trouble = dict[str, Any]

_SPOILED: tuple[Trouble, ...] = (
    {"fault": "reset_after"},
    {"fault": "status", "status": 502, "body": "html"},
    {"fault": "truncated"},
    {"fault": "no_reply", "seconds": 7.0},
    {"fault": "empty"},
    {"fault": "status", "status": 401},
    {"fault": "null_fields"},
)
TROUBLES: dict[str, tuple[Trouble, ...]] = {
    "done": ({}, *_SPOILED, {"fault": "success_absent"}),
    "none": (*_SPOILED, {"fault": "success_false"}, {"fault": "refuse"}),
}
"""What becomes of Tagor's reply, by whether the effect happened; nothing at all is a good reply."""

HELD: Trouble = {"fault": "no_reply", "seconds": 12.0}
"""A reply that is still awaited when the process dies."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One way for everything to go wrong.

    The process that passes `boundary` dies. The effect of the write that is sent then, before or after it,
    happened at Tagor or not. The provider delivers the confirming webhook `copies` times more, `delay`
    seconds later, and that long after a broken connection it comes again. The line has so many `workers`.
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
    def named(cls, name: str) -> Self:
        """The cell that is called so; raises ValueError for a name that none has."""
        for cell in ALL:
            if str(cell) == name:
                return cell
        raise ValueError(f"{name} is no cell: they look like {ALL[0]}")

    @property
    def kind(self) -> Literal["plan", "approval"]:
        """Which of the two confirmations this is about; a turn's boundaries are about the first."""
        return "approval" if self.boundary.startswith("approval") else "plan"

    @property
    def in_flight(self) -> bool:
        """Whether the process dies while Tagor, having done it, still owes the reply."""
        return self.boundary.endswith("marked as sent") and self.effect == "done"

    def trouble(self, seed: int) -> Trouble:
        """The fault to plant on the write; all kinds take turns over the cells of a boundary."""
        if self.in_flight:
            return HELD | {"effect": self.effect}
        kinds = TROUBLES[self.effect]
        turn = self.copies + 3 * (0, 5, 16).index(self.delay) + 9 * (self.workers - 1)
        chosen = kinds[(turn + seed) % len(kinds)]
        return chosen and chosen | {"effect": self.effect}

    def by_amount(self, seed: int) -> bool:
        """Whether the caller names an amount of their own instead of taking what the office offers."""
        return Random(f"{seed} {self}").random() < 0.5


ALL = tuple(
    Cell(boundary, effect, copies, delay, workers)  # type: ignore[arg-type]  # the two of them
    for boundary, effect, copies, delay, workers in product(
        BOUNDARIES, ("done", "none"), (0, 1, 2), (0, 5, 16), (1, 2)
    )
)


def some(seed: int) -> list[Cell]:
    """A part of them that the seed chooses, with everything but the longest delay."""
    random = Random(seed)
    return [
        Cell(boundary, effect, *rest)  # type: ignore[arg-type]  # as above
        for boundary, effect, rest in zip(
            BOUNDARIES,
            random.sample(("done", "none") * 7, 14),
            random.sample((*product((0, 1, 2), (0, 5), (1, 2)), (1, 5, 1), (2, 5, 2)), 14),
            strict=True,
        )
    ]
