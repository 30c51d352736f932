"""Names what can be wrong with a flow, and what can go wrong while a call is led through it.

FlowError               a table, its words or its proof is wrong: the program must not start
LostPlace               a running call stands where no step is (after a deployment): a person takes over
EndlessTurn             one turn passed 50 steps without asking the caller anything
"""

from collections.abc import Sequence

from bridge.problem import Problem


class FlowError(Exception):
    """The flows are wrong; `problems` holds every mistake found, each with its file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class LostPlace(Exception):
    """The call's position names a flow or step that does not exist (any more)."""


class EndlessTurn(Exception):
    """One turn took more steps than the engine allows without asking the caller anything."""
