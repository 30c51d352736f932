"""Defines a flow: an ordered table of steps, checked when its class is made."""

import inspect
from collections.abc import Mapping
from typing import ClassVar

from bridge.flow.checks import check_table
from bridge.flow.errors import FlowError
from bridge.flow.steps import AGAIN, SLOWER, End, Step, Where
from bridge.problem import Problem


class Flow:
    """The base class of every flow: its class attributes are the steps, from top to bottom the happy path.

    Args:
        anytime: keys that mean the same at every question, with the step they lead to, `AGAIN` or `SLOWER`. A
            sub-flow inherits the keys of the flow that runs it, unless it gives its own.
        given: facts of the office that every prompt may mention (name -> kind); the first flow gives them.
        topic: whether the prompt `<Flow>.topic` tells an employee what a caller who was in it is about.

    Raises:
        FlowError: when the class is made, with every mistake in the table as a sentence.
    """

    name: ClassVar[str]
    steps: ClassVar[Mapping[str, Step]]
    first: ClassVar[str]
    anytime: ClassVar[Mapping[str, str]]
    given: ClassVar[Mapping[str, str]]
    topic: ClassVar[bool]
    where: ClassVar[Where]

    def __init_subclass__(
        cls,
        *,
        anytime: Mapping[str, str] | None = None,
        given: Mapping[str, str] | None = None,
        topic: bool = False,
    ) -> None:
        # `vars` keeps the order in which the table is written, and leaves out what a base class has.
        steps = {name: step for name, step in vars(cls).items() if isinstance(step, Step)}
        if problems := _words_of_the_language(cls.__name__, steps):
            raise FlowError(problems)
        cls.name = cls.__name__
        cls.given = dict(given or {})
        cls.topic = topic
        cls.steps = steps
        cls.first = next(iter(steps), "")
        cls.anytime = dict(anytime or {})
        cls.where = _class_line(cls)
        if problems := check_table(cls):
            raise FlowError(problems)

    @classmethod
    def ends(cls) -> tuple[str, ...]:
        """Give the names of the steps at which the flow may end: the exits of a step that runs it."""
        return tuple(name for name, step in cls.steps.items() if isinstance(step, End))


def _words_of_the_language(flow: str, steps: Mapping[str, Step]) -> list[Problem]:
    """Find steps whose names would hide an attribute of the class."""
    taken = {AGAIN, SLOWER, *vars(Flow), *Flow.__annotations__}
    sentence = "is a word of the flow language: give this step another name"
    return [
        Problem(step.where.file, step.where.line, f"{flow}.{name}: {sentence}")
        for name, step in steps.items()
        if name in taken
    ]


def _class_line(cls: type) -> Where:
    # A class does not know its own line, but a frame of its module is running while the class is made.
    frame = inspect.currentframe()
    while frame is not None and frame.f_globals.get("__name__") != cls.__module__:
        frame = frame.f_back
    return Where(frame.f_code.co_filename, frame.f_lineno) if frame else Where(cls.__module__, 0)
