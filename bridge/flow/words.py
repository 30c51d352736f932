"""Checks that every spoken step has its words, in every language and short enough to follow."""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Protocol

from bridge.flow.graph import SECRET, FlowGraph, Place
from bridge.flow.steps import Ask, Decide, Do, End, Menu, Play, Run, Step
from bridge.problem import Problem

LONGEST_PROMPT, LONGEST_STEP = 12, 20
"""How many seconds one sentence may take, and a whole step with the sentences of all its keys."""
ANYTIME = (
    "silent",
    "wrong",
    "trouble",
    "wrong_number",
    "nobody",
    "slower",
    "moment",
    "longer",
    "key_slower",
    "key_person",
)
ANYTIME_PROMPTS = tuple(f"Anytime.{name}" for name in ANYTIME)
"""Words of no step: nothing heard, not understood, something broke, a number of no office, slower, waits, and
the keys that are told at a first mistake."""

WHISPERS = ("nl", "fr", "de", "en", "known", "unknown", "accept")
WHISPER_PROMPTS = tuple(f"Whisper.{name}" for name in WHISPERS)
"""Words for the employee who is rung: the caller's language, whether they proved who they are, key 1."""


class PromptWords(Protocol):
    """What the checks need to know of a prompt; `bridge.speech.Prompt` is one."""

    @property
    def placeholders(self) -> frozenset[str]:
        """The facts that its words mention."""

    @property
    def private(self) -> bool:
        """Whether its wording alone tells something about a file."""

    @property
    def public_because(self) -> str:
        """Why everybody may hear it although an outcome about a file leads to it; "" when nobody may."""

    @property
    def parts(self) -> Collection[str]:
        """The parts it has words for: `text`, `silent`, `wrong`, and menu keys."""

    @property
    def file(self) -> str:
        """The file in which it is written."""

    @property
    def line(self) -> int:
        """The line on which it is written."""


Seconds = Callable[[str, str, str, Mapping[str, str]], float]
"""(language, prompt key, part, kind of each placeholder) -> how long its longest words take to speak."""


def speaks(step: Step) -> bool:
    """Tell whether a step must have words of its own."""
    return may_speak(step) and not isinstance(step, Do | Decide)


def may_speak(step: Step) -> bool:
    """Tell whether a step may have words of its own; those of an action are for a caller who must wait."""
    if isinstance(step, Do):
        return not step.local and step.timeout is None
    return not isinstance(step, Play | Run | End)


def parts_of(step: Step | None) -> frozenset[str]:
    """Give the parts of a prompt that a step may speak; a prompt without a step is its `text` only."""
    retries = {"silent", "wrong"} if isinstance(step, Ask | Menu) else set[str]()
    return frozenset({"text", *retries, *_keys_of(step)})


def _keys_of(step: Step | None) -> tuple[str, ...]:
    return (*step.keys, *step.reminds) if isinstance(step, Menu) else ()


def check_words(
    joined: FlowGraph, language: str, prompts: Mapping[str, PromptWords], seconds: Seconds
) -> list[Problem]:
    """Find every mistake between the tables and the words of one language."""
    steps = {
        f"{flow.name}.{name}": step for flow in joined.flows.values() for name, step in flow.steps.items()
    }
    others = prompts_without_step(joined)
    return [
        *_missing({key: step for key, step in steps.items() if speaks(step)}, others, language, prompts),
        *_orphans({key: step for key, step in steps.items() if may_speak(step)}, others, prompts),
        *_unknown_facts(joined, prompts),
        *_unspoken_terms(joined, prompts),
        *_too_long(joined, language, prompts, seconds),
    ]


def topics(joined: FlowGraph) -> tuple[str, ...]:
    """Give the prompts that tell an employee what a caller is about."""
    return tuple(f"{flow.name}.topic" for flow in joined.flows.values() if flow.topic)


def prompts_without_step(joined: FlowGraph) -> tuple[str, ...]:
    """Give all prompts that belong to no step: said anywhere, whispered, or naming a topic."""
    return (*ANYTIME_PROMPTS, *WHISPER_PROMPTS, *topics(joined))


def _missing(
    spoken: Mapping[str, Step], others: Collection[str], language: str, prompts: Mapping[str, PromptWords]
) -> Iterator[Problem]:
    for key, step in spoken.items():
        # A menu may go without a text of its own: the sentences of its keys say everything.
        wanted = frozenset(_keys_of(step) or ("text",))
        for part in sorted(wanted - frozenset(prompts[key].parts if key in prompts else ())):
            sentence = f"{key}: has no words for '{part}': write them in prompts/{language}.toml"
            yield Problem(step.where.file, step.where.line, sentence)
    for key in sorted(others):
        if key not in prompts:
            yield Problem(f"prompts/{language}.toml", 1, f"{key}: has no words in '{language}'")


def _orphans(
    spoken: Mapping[str, Step], others: Collection[str], prompts: Mapping[str, PromptWords]
) -> Iterator[Problem]:
    for key, prompt in prompts.items():
        step = spoken.get(key)
        if step is None and key not in others:
            yield Problem(prompt.file, prompt.line, f"{key}: no step ever speaks these words")
        else:
            for part in sorted(set(prompt.parts) - parts_of(step)):
                sentence = f"{key}: has words for '{part}', which are never spoken"
                yield Problem(prompt.file, prompt.line, sentence)


def _unknown_facts(joined: FlowGraph, prompts: Mapping[str, PromptWords]) -> Iterator[Problem]:
    seen = set[tuple[str, str]]()
    for key, known in _known(joined):
        for name in sorted(prompts[key].placeholders - known if key in prompts else ()):
            if (key, name) not in seen:
                seen.add((key, name))
                sentence = f"{key}: mentions {{{name}}}, which is not known on every way to this step"
                yield Problem(prompts[key].file, prompts[key].line, sentence)


def _known(joined: FlowGraph) -> Iterator[tuple[str, set[str]]]:
    """Give what each prompt may mention; a prompt of no step or of an action only what the office gives."""
    # The words of an action are spoken while it still runs, before it has told anything.
    given = set(joined.root.given)
    yield from ((key, given) for key in prompts_without_step(joined))
    for place, known in joined.known.items():
        told = {name for name, kind in known.items() if not kind.startswith(SECRET)}
        yield ".".join(place[-1]), told if joined.action(place) is None else given


def _unspoken_terms(joined: FlowGraph, prompts: Mapping[str, PromptWords]) -> Iterator[Problem]:
    """Yield the confirmed terms of decisions that a caller may not have heard before key 1."""
    spoken = _spoken(joined, prompts)
    for place in joined.edges:
        action = joined.action(place)
        for term in sorted(set(action.echoed.values()) - spoken[place]) if action else ():
            yield joined.problem(place, f"its term {{{term}}} is not spoken on every way to its confirmation")


def _spoken(joined: FlowGraph, prompts: Mapping[str, PromptWords]) -> dict[Place, frozenset[str]]:
    """Give for every place the facts that were spoken on every way to it since they were last told."""
    spoken = dict.fromkeys((joined.start, joined.error_start), frozenset[str]())
    todo = deque(spoken)
    while todo:
        place = todo.popleft()
        key, said = ".".join(place[-1]), spoken[place]
        if speaks(joined.step(place)) and key in prompts:
            said |= prompts[key].placeholders
        for edge in joined.edges[place]:
            after = said - joined.learned(edge).keys()
            both = after & spoken.get(edge.end, after)
            if both != spoken.get(edge.end):
                spoken[edge.end] = both
                todo.append(edge.end)
    return spoken


def _too_long(
    joined: FlowGraph, language: str, prompts: Mapping[str, PromptWords], seconds: Seconds
) -> Iterator[Problem]:
    kinds = joined.kinds()
    for key, prompt in prompts.items():
        took = {part: seconds(language, key, part, kinds) for part in sorted(prompt.parts)}
        for part, long in took.items():
            if long > LONGEST_PROMPT:
                sentence = f"{key}: '{part}' takes about {long:.0f} seconds to say, {LONGEST_PROMPT} at most"
                yield Problem(prompt.file, prompt.line, sentence)
        # What is said after a silence or a wrong key comes before all of this, and is short.
        whole = sum(long for part, long in took.items() if part not in ("silent", "wrong"))
        if whole > LONGEST_STEP:
            sentence = f"{key}: takes about {whole:.0f} seconds with all its keys, {LONGEST_STEP} at most"
            yield Problem(prompt.file, prompt.line, sentence)
