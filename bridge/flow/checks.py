"""Checks the table of one flow; each rule is one function that yields its mistakes as sentences."""

import difflib
from collections.abc import Callable, Iterator, Mapping

from bridge.flow.actions import AS_CONFIRMED
from bridge.flow.steps import (
    AGAIN,
    SLOWER,
    Ask,
    Decide,
    Do,
    End,
    FlowTable,
    HangupStep,
    Menu,
    Play,
    RecordStep,
    Run,
    Say,
    Step,
    Transfer,
)
from bridge.problem import Problem

# Up to here a drawing in the order of the table can be read as it comes.
MAX_STEPS = 15
# Four choices are what ISO/IEC 13714 and the Irish universal-design toolkit for public services allow.
MAX_OPTIONS = 4
MENU_KEYS = "1234567"
# ISO/IEC 13714 gives 0 to a person, * to "again" and 9 to the end of the call; 8 is this line's own.
ANYTIME_KEYS = "0*89"
DECIDE_EXITS = ("done", "refused", "unclear", "down")

Rule = Callable[[FlowTable], Iterator[tuple[str | None, str]]]


def check_table(flow: FlowTable) -> list[Problem]:
    """Find every mistake in one table, as sentences that name table and step and say what to do."""
    problems = [
        Problem(place.file, place.line, f"{flow.name}{f'.{name}' if name else ''}: {sentence}")
        for rule in RULES
        for name, sentence in rule(flow)
        for place in [flow.steps[name].where if name else flow.where]
    ]
    return sorted(set(problems), key=lambda problem: (problem.file, problem.line, problem.sentence))


def did_you_mean(name: str, known: "Mapping[str, object] | tuple[str, ...]") -> str:
    """Give a hint at the nearest known name, or nothing."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean '{near[0]}'?" if near else ""


def wanted_exits(step: Step) -> tuple[str, ...]:  # noqa: PLR0911 - one answer per kind of step
    """Give the exits that a step of this kind must have, in order."""
    match step:
        case Say() | Play():
            return ("then",)
        case Ask():
            return ("heard", "silent", "wrong")
        case Menu():
            return (*step.keys, "silent", "wrong")
        case Do():
            return (*step.action.outcomes, "down")
        case Decide():
            extra = (AS_CONFIRMED,) if AS_CONFIRMED in step.action.outcomes else ()
            return (*DECIDE_EXITS, *extra)
        case Run():
            return step.flow.ends()
        case RecordStep():
            return ("left", "nothing")
        case Transfer():
            return ("answered", "unanswered")
        case _:
            return ()


def _known_targets(flow: FlowTable) -> Iterator[tuple[str | None, str]]:
    for name, step in flow.steps.items():
        for way, target in step.exits.items():
            if target not in flow.steps:
                hint = did_you_mean(target, flow.steps)
                yield name, f"exit '{way}' leads to '{target}', which is no step of this table{hint}"
    for key, target in flow.anytime.items():
        if target not in flow.steps and target not in (AGAIN, SLOWER):
            hint = did_you_mean(target, flow.steps)
            yield None, f"anytime key {key} leads to '{target}', which is no step of this table{hint}"


def _all_exits(flow: FlowTable) -> Iterator[tuple[str | None, str]]:
    for name, step in flow.steps.items():
        wanted = wanted_exits(step)
        # `#` alone means something at some questions only; everywhere else it counts as silence.
        allowed = (*wanted, "empty") if isinstance(step, Ask) else wanted
        for way in wanted:
            if way not in step.exits:
                yield name, f"has no exit '{way}': name the step that follows"
        for way in step.exits:
            if way not in allowed:
                yield name, f"exit '{way}' can never be taken: remove it{did_you_mean(way, wanted)}"


def _all_reached(flow: FlowTable) -> Iterator[tuple[str | None, str]]:
    if not flow.steps:
        yield None, "has no steps"
        return
    reached, todo = set[str](), [flow.first, *flow.anytime.values()]
    while todo:
        name = todo.pop()
        if name in flow.steps and name not in reached:
            reached.add(name)
            todo += flow.steps[name].exits.values()
    for name in flow.steps:
        if name not in reached:
            yield name, "is never reached: lead an exit to it or remove it"


def _silent_loops(flow: FlowTable) -> Iterator[tuple[str | None, str]]:
    for name, step in flow.steps.items():
        if not step.waits and name in _reached_silently(flow, name):
            yield name, "can come back to itself without ever asking the caller anything: an endless loop"


def _reached_silently(flow: FlowTable, start: str) -> set[str]:
    reached, todo = set[str](), list(flow.steps[start].exits.values())
    while todo:
        name = todo.pop()
        if name not in reached and name in flow.steps:
            reached.add(name)
            # A sub-flow may ask the caller; the joined graph looks into it.
            if not flow.steps[name].waits and not isinstance(flow.steps[name], Run):
                todo += flow.steps[name].exits.values()
    return reached if not isinstance(flow.steps[start], Run) else set()


def _has_an_end(flow: FlowTable) -> Iterator[tuple[str | None, str]]:
    ends = {name for name, step in flow.steps.items() if isinstance(step, End | HangupStep)}
    # From the ends backwards: whatever leads to a step that comes to an end comes to an end too.
    while more := {
        name for name, step in flow.steps.items() if name not in ends and ends & set(step.exits.values())
    }:
        ends |= more
    for name in flow.steps:
        if name not in ends:
            yield name, "never comes to an end: no way leads from here to an end() or a hangup()"


def _sizes(flow: FlowTable) -> Iterator[tuple[str | None, str]]:
    if len(flow.steps) > MAX_STEPS:
        yield None, f"has {len(flow.steps)} steps, {MAX_STEPS} at most: split it into two flows"
    for name, step in flow.steps.items():
        options = len(step.keys) - len(step.languages) if isinstance(step, Menu) else 0
        if options > MAX_OPTIONS:
            yield name, f"offers {options} choices, {MAX_OPTIONS} at most: nobody remembers more"


def _keys(flow: FlowTable) -> Iterator[tuple[str | None, str]]:
    for key in flow.anytime:
        if key not in ANYTIME_KEYS or len(key) != 1:
            yield None, f"anytime key '{key}' is none of 0, *, 8 and 9"
    for name, step in flow.steps.items():
        keys = step.keys if isinstance(step, Menu) else ()
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield name, f"uses key '{key}' for a language and for a choice: give one of them another key"
        if isinstance(step, Menu):
            yield from ((name, sentence) for sentence in _sometimes(step))
        for key in keys:
            if key not in MENU_KEYS or len(key) != 1:
                yield (
                    name,
                    f"uses key '{key}' for a choice: use 1 to 7 (0, *, 8 and 9 mean the same everywhere)",
                )


def _sometimes(step: Menu) -> Iterator[str]:
    for key in sorted(step.unless.keys() - set(step.keys)):
        yield f"takes key '{key}' away, which it does not have"
    if step.unless and step.unless.keys() >= set(step.keys):
        yield "may lose all of its keys: keep one that always applies"
    for key in step.reminds:
        if key not in ANYTIME_KEYS:
            yield f"reminds of key '{key}', which is none of 0, *, 8 and 9"


def _confirmed(flow: FlowTable) -> Iterator[tuple[str | None, str]]:
    for name, step in flow.steps.items():
        if not isinstance(step, Decide):
            continue
        if not step.action.private:
            yield name, f"action {step.action.name} decides about a file, so it must take an IdentifiedFile"
        if set(step.action.outcomes) - {AS_CONFIRMED} != set(DECIDE_EXITS[:3]):
            yield name, f"action {step.action.name} must end in 'done', 'refused' or 'unclear'"
        # Both lead here past every menu of this table, so no key 1 stands before them.
        if name == flow.first or name in flow.anytime.values():
            yield name, "decides without a confirmation: lead to it from a confirm() only"
        for other, before in flow.steps.items():
            for way, target in before.exits.items():
                if target == name and not may_lead_to_decision(before, way, step):
                    yield name, f"is reached from {other} by '{way}': only key 1 of a confirm() may decide"


def may_lead_to_decision(before: Step, way: str, decision: Decide) -> bool:
    """Tell whether an exit of the step before may lead to a decision.

    That is key 1 of a confirmation. It is also the exit of another decision whose terms came back exactly as
    they were confirmed; but one yes carries only one further decision, so that one has no such exit itself.
    """
    if isinstance(before, Decide):
        return way == AS_CONFIRMED and AS_CONFIRMED not in decision.action.outcomes
    return isinstance(before, Menu) and before.confirms and way == "1"


RULES: tuple[Rule, ...] = (
    _known_targets,
    _all_exits,
    _all_reached,
    _silent_loops,
    _has_an_end,
    _sizes,
    _keys,
    _confirmed,
)
