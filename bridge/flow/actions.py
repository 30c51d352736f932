"""Reads the types of plain functions, which say what an action needs and how it may end.

The first parameter of an action is its context. A parameter of type `IdentifiedFile` is handed the proven
file, or the action never runs. Every other parameter names a fact that the caller keyed in or an action told.
"""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from textwrap import dedent
from typing import Literal, TypeVar, get_args, get_origin, get_type_hints

from bridge.flow.action_context import ActionContext, IdentifiedFile, Outcome
from bridge.flow.facts import SAMPLES, Fact

Function = Callable[..., str]
F = TypeVar("F", bound=Function)

_TELLS = "__flow_tells__"
_PROVES = "__flow_proves__"
_ECHOES = "__flow_echoes__"

AS_CONFIRMED = "as_confirmed"
"""The outcome of a decision whose terms came back exactly as the caller confirmed them."""


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


def echoes(**terms: str) -> Callable[[F], F]:
    """Declare what `as_confirmed` means: which fact that it tells equals which fact that the caller heard.

    With `@echoes(agreed_monthly="monthly")` the action may end so only if it tells that very `monthly`.
    """

    def declare(function: F) -> F:
        setattr(function, _ECHOES, dict(terms))
        return function

    return declare


@dataclass(frozen=True, slots=True)
class Action:
    """What is known of an action: its name, what it needs, tells, proves and echoes, and how it may end."""

    name: str
    function: Function
    outcomes: tuple[str, ...]
    needs: tuple[str, ...]
    file: str | None
    proof: frozenset[str]
    told: Mapping[str, Mapping[str, str]]
    echoed: Mapping[str, str] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        """Whether the action is handed a proven file, so that what it tells is about that file."""
        return self.file is not None

    def perform(
        self, context: ActionContext, file: IdentifiedFile | None, facts: Mapping[str, str]
    ) -> Outcome:
        """Run the action to one outcome.

        Raises:
            PermissionError: it needs a proven file and there is none, it claims a proof it may not give, or
                it calls terms confirmed that are not those which the caller heard.
            KeyError: a fact it needs was never heard.
        """
        if self.file is not None and file is None:
            raise PermissionError(f"{self.name} needs an identified file and the caller is a stranger")
        handed = {name: facts[name] for name in self.needs} | ({self.file: file} if self.file else {})
        outcome = context.outcome(self.function(context, **handed), private=self.file is not None)
        # The leak proof cuts the declared outcomes: a proof by another one would go around it.
        if (outcome.file is not None) != (outcome.exit in self.proof):
            raise PermissionError(f"{self.name} ended with '{outcome.exit}' and its proof does not fit that")
        # The next decision follows without another yes, so nothing but the very terms may lead to it.
        if outcome.exit == AS_CONFIRMED and not all(
            _is_same(outcome.told[told], facts[heard]) for told, heard in self.echoed.items()
        ):
            raise PermissionError(f"{self.name} ended with '{AS_CONFIRMED}' and other terms")
        return outcome


# Cached, because the table of every flow that uses an action asks for it, and its source is parsed here.
@cache
def action_of(function: Function) -> Action:
    """Read an action's signature.

    Raises:
        TypeError: it does not return a `Literal` of its outcomes, declares outcomes it does not have, tells a
            fact that it does not declare, or echoes terms that it neither tells nor needs.
    """
    hints = get_type_hints(function)
    outcomes = get_args(hints.get("return")) if get_origin(hints.get("return")) is Literal else ()
    # `down` means that there was no outcome: whoever runs the action says that, not the action itself.
    if not outcomes or "down" in outcomes:
        raise TypeError(f"action {function.__name__} must return a Literal of its outcomes, without 'down'")
    _, *others = inspect.signature(function).parameters
    files = [name for name in others if hints.get(name) is IdentifiedFile]
    proof: frozenset[str] = getattr(function, _PROVES, frozenset())
    told = _told(function, outcomes)
    # Without this look into the source, a missing kind would be found by the first caller who needs it.
    declared = {name for kinds in told.values() for name in kinds}
    if undeclared := sorted(set(_facts_told(function)) - declared):
        raise TypeError(f"action {function.__name__} tells '{undeclared[0]}': declare its kind in @tells")
    needs = tuple(name for name in others if name not in files)
    return Action(
        name=function.__name__,
        function=function,
        outcomes=outcomes,
        needs=needs,
        file=files[0] if files else None,
        proof=_known(function, proof, outcomes),
        told=told,
        echoed=_echoed(function, told.get(AS_CONFIRMED), needs),
    )


def _is_same(told: Fact, heard: str) -> bool:
    """Tell whether two facts are equal; an amount may be written with or without its cents."""
    return Decimal(told.value) == Decimal(heard) if told.kind == "money" else told.value == heard


def _echoed(function: Function, told: Mapping[str, str] | None, needs: tuple[str, ...]) -> Mapping[str, str]:
    echoed: dict[str, str] = getattr(function, _ECHOES, {})
    if (told is None) == bool(echoed):
        raise TypeError(f"action {function.__name__} needs both @echoes and '{AS_CONFIRMED}', or neither")
    if strange := sorted({*echoed} - {*(told or ())} | {*echoed.values()} - {*needs}):
        raise TypeError(f"action {function.__name__} echoes '{strange[0]}', which it neither tells nor needs")
    return echoed


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
