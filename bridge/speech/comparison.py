"""Compares the prompts of all languages: each must have the same prompts, keys and placeholders.

What most languages have counts as right, so that a mistake in one file is told once, for that file.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from bridge.problem import Problem
from bridge.speech.problems import listed, nearest
from bridge.speech.prompts import Prompt

Prompts = Mapping[str, Prompt]
"""The prompts of one language by their key (`Flow.step`)."""

Trait = TypeVar("Trait", bool, frozenset[str] | None)


def differences(files: Mapping[str, Prompts]) -> Iterator[Problem]:
    """Yield what one file has and another lacks; `files` holds the prompts by the name of their file."""
    found: dict[str, list[Prompt]] = {}
    for prompts in files.values():
        for key, prompt in prompts.items():
            found.setdefault(key, []).append(prompt)
    expected = {key: same for key, same in found.items() if len(same) * 2 >= len(files)}
    for name, prompts in files.items():
        yield from _extra_or_missing(name, prompts, expected)
    for same in expected.values():
        yield from _different_parts(same)
        for prompt, mine, usual in _outliers([(prompt, prompt.private) for prompt in same]):
            sentence = f"is {str(mine).lower()}: in the other languages it is {str(usual).lower()}"
            yield Problem(prompt.file, prompt.line, f"[{prompt.key}] private {sentence}")


def _extra_or_missing(
    name: str, prompts: Prompts, expected: Mapping[str, Sequence[Prompt]]
) -> Iterator[Problem]:
    missing = expected.keys() - prompts.keys()
    for key in sorted(prompts.keys() - expected.keys()):
        guess = nearest(key, missing)
        missing.discard(guess)
        hint = f"; did you mean [{guess}]?" if guess else ""
        yield Problem(name, prompts[key].line, f"[{key}] is in no other language{hint}")
    for key in missing:
        other = expected[key][0]
        yield Problem(name, 1, f"[{key}] is missing: it is in {other.file}, line {other.line}")


def _different_parts(same: Sequence[Prompt]) -> Iterator[Problem]:
    for part in sorted({part for prompt in same for part in prompt.parts}):
        # An empty sentence is a mistake that the reader has noted already.
        needs = [(prompt, prompt.needs(part)) for prompt in same if not prompt.is_empty(part)]
        for prompt, mine, usual in _outliers(needs):
            if mine is None:
                sentence = "is missing: the other languages have it"
            elif usual is None:
                sentence = "is missing in the other languages"
            else:
                sentence = f"has the placeholders {listed(mine)}: the other languages have {listed(usual)}"
            yield Problem(prompt.file, prompt.line, f"[{prompt.key}] {part} {sentence}")


def _outliers(traits: Sequence[tuple[Prompt, Trait]]) -> Iterator[tuple[Prompt, Trait, Trait]]:
    for usual, _ in Counter(trait for _, trait in traits).most_common(1):
        yield from ((prompt, mine, usual) for prompt, mine in traits if mine != usual)
