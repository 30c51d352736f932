"""Checks that every spoken step has its words, in every language and short enough to follow."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Protocol

from bridge.flow.graph import SECRET, FlowGraph
from bridge.flow.steps import Ask, Decide, Do, End, Menu, Run, Step
from bridge.problem import Problem

LONGEST_SECONDS = 20
ANYTIME = ("silent", "wrong", "trouble", "wrong_number", "slower", "moment", "longer")
ANYTIME_PROMPTS = tuple(f"Anytime.{name}" for name in ANYTIME)
"""Words of no step: nothing heard, not understood, something broke, a number of no office, slower, waits."""

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
    return not isinstance(step, Run | End)


def parts_of(step: Step | None) -> frozenset[str]:
    """Give the parts of a prompt that a step may speak; a prompt without a step is its `text` only."""
    retries = {"silent", "wrong"} if isinstance(step, Ask | Menu) else set[str]()
    return frozenset({"text", *retries, *(step.keys if isinstance(step, Menu) else ())})


def check_words(
    joined: FlowGraph, language: str, prompts: Mapping[str, PromptWords], seconds: Seconds
) -> list[Problem]:
    """Find every mistake between the tables and the words of one language."""
    steps = {
        f"{flow.name}.{name}": step for flow in joined.flows.values() for name, step in flow.steps.items()
    }
    others = aside(joined)
    return [
        *_missing({key: step for key, step in steps.items() if speaks(step)}, others, language, prompts),
        *_orphans({key: step for key, step in steps.items() if may_speak(step)}, others, prompts),
        *_unknown_facts(joined, prompts),
        *_too_long(joined, language, prompts, seconds),
    ]


def topics(joined: FlowGraph) -> tuple[str, ...]:
    """Give the prompts that tell an employee what a caller is about."""
    return tuple(f"{flow.name}.topic" for flow in joined.flows.values() if flow.topic)


def aside(joined: FlowGraph) -> tuple[str, ...]:
    """Give all prompts that belong to no step: said anywhere, whispered, or naming a topic."""
    return (*ANYTIME_PROMPTS, *WHISPER_PROMPTS, *topics(joined))


def _missing(
    spoken: Mapping[str, Step], others: Collection[str], language: str, prompts: Mapping[str, PromptWords]
) -> Iterator[Problem]:
    for key, step in spoken.items():
        wanted = frozenset(step.keys) if isinstance(step, Menu) else frozenset({"text"})
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
    """Give what each prompt may mention; one of no step, or of an action, only what the office gives."""
    given = set(joined.root.given)
    yield from ((key, given) for key in aside(joined))
    for place, known in joined.known().items():
        told = {name for name, kind in known.items() if not kind.startswith(SECRET)}
        yield ".".join(place[-1]), told if joined.action(place) is None else given


def _too_long(
    joined: FlowGraph, language: str, prompts: Mapping[str, PromptWords], seconds: Seconds
) -> Iterator[Problem]:
    kinds = joined.kinds()
    for key, prompt in prompts.items():
        for part in sorted(prompt.parts):
            if (long := seconds(language, key, part, kinds)) > LONGEST_SECONDS:
                sentence = f"{key}: '{part}' takes about {long:.0f} seconds to say, {LONGEST_SECONDS} at most"
                yield Problem(prompt.file, prompt.line, sentence)
