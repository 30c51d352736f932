"""Reads the types of plain functions, which say what an action needs and how it may end.

The first parameter of an action is its context. A parameter of type `IdentifiedFile` is handed the proven
file, or the action never runs. Every other parameter names a fact that the caller keyed in or an action told.
"""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from textwrap import dedent
from typing import Literal, TypeVar, get_args, get_origin, get_type_hints

from bridge.flow.action_context import ActionContext, Outcome
from bridge.flow.facts import SAMPLES
from bridge.flow.identity import IdentifiedFile

Function = Callable[..., str]
F = TypeVar("F", bound=Function)

_TELLS = "__flow_tells__"
_PROVES = "__flow_proves__"


def tells(*outcomes: str, **kinds: str) -> Callable[[F], F]:
    """Declare which facts an action tells, and how each is spoken (`owed="money"`).

    With outcomes named, only those tell them; without, every outcome does (never `down`).

    Raises:
        TypeError: a kind that no voice knows.
    """
    for name, kind in kinds.items():
        if kind not in SAMPLES:
            raise TypeError(f"fact '{name}' has the unknown kind '{kind}': use one of {', '.join(SAMPLES)}")

    def declare(function: F) -> F:
        setattr(function, _TELLS, [*getattr(function, _TELLS, []), (outcomes, kinds)])
        return function

    return declare


def proves(*outcomes: str) -> Callable[[F], F]:
    """Declare the outcomes that prove who is calling: only they may carry an `IdentifiedFile`."""

    def declare(function: F) -> F:
        setattr(function, _PROVES, frozenset(outcomes))
        return function

    return declare


@dataclass(frozen=True, slots=True)
class Action:
    """What is known of an action: its name, what it needs, tells and proves, and how it may end."""

    name: str
    function: Function
    outcomes: tuple[str, ...]
    needs: tuple[str, ...]
    file: str | None
    proof: frozenset[str]
    told: Mapping[str, Mapping[str, str]]

    @property
    def private(self) -> bool:
        """Whether the action is handed a proven file, so that what it tells is about that file."""
        return self.file is not None

    def perform(
        self, context: ActionContext, file: IdentifiedFile | None, facts: Mapping[str, str]
    ) -> Outcome:
        """Run the action to one outcome.

        Raises:
            PermissionError: it needs a proven file and there is none, or it claims a proof it may not give.
            KeyError: a fact it needs was never heard.
        """
        if self.file is not None and file is None:
            raise PermissionError(f"{self.name} needs an identified file and the caller is a stranger")
        handed = {name: facts[name] for name in self.needs} | ({self.file: file} if self.file else {})
        outcome = context.outcome(self.function(context, **handed), private=self.private)
        # The leak proof cuts the declared outcomes: a proof by another one would go around it.
        if (outcome.file is not None) != (outcome.exit in self.proof):
            raise PermissionError(f"{self.name} ended with '{outcome.exit}' and its proof does not fit that")
        return outcome


@cache
def action_of(function: Function) -> Action:
    """Read an action's signature.

    Raises:
        TypeError: it does not return a `Literal` of its outcomes, declares outcomes it does not have, or
            tells a fact that it does not declare.
    """
    hints = get_type_hints(function)
    outcomes = get_args(hints.get("return")) if get_origin(hints.get("return")) is Literal else ()
    if not outcomes or "down" in outcomes:
        raise TypeError(f"action {function.__name__} must return a Literal of its outcomes, without 'down'")
    _, *others = inspect.signature(function).parameters
    files = [name for name in others if hints.get(name) is IdentifiedFile]
    proof: frozenset[str] = getattr(function, _PROVES, frozenset())
    told = _told(function, outcomes)
    declared = {name for kinds in told.values() for name in kinds}
    if undeclared := sorted(set(_facts_told(function)) - declared):
        raise TypeError(f"action {function.__name__} tells '{undeclared[0]}': declare its kind in @tells")
    return Action(
        name=function.__name__,
        function=function,
        outcomes=outcomes,
        needs=tuple(name for name in others if name not in files),
        file=files[0] if files else None,
        proof=_known(function, proof, outcomes),
        told=told,
    )


def _told(function: Function, outcomes: tuple[str, ...]) -> dict[str, dict[str, str]]:
    told: dict[str, dict[str, str]] = {outcome: {} for outcome in outcomes}
    for named, kinds in getattr(function, _TELLS, []):
        for outcome in _known(function, frozenset(named), outcomes) or outcomes:
            told[outcome] |= kinds
    return told


def _facts_told(function: Function) -> Iterator[str]:
    """Yield the names of the facts that the function's own text gives to `tell` of its context."""
    parameters = inspect.signature(function).parameters
    context = next(iter(parameters), "")
    for node in ast.walk(ast.parse(dedent(inspect.getsource(function)))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="tell"), keywords=facts):
                yield from (fact.arg for fact in facts if name == context and fact.arg is not None)


def _known(function: Function, named: frozenset[str], outcomes: tuple[str, ...]) -> frozenset[str]:
    if strange := sorted(named - set(outcomes)):
        raise TypeError(f"action {function.__name__} declares '{strange[0]}', which is none of its outcomes")
    return named
