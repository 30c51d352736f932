"""Proves tables and words together before the first call: nothing unsaid, too long or leaked."""

import re
from collections import defaultdict
from collections.abc import Mapping

from bridge.flow.errors import FlowError
from bridge.flow.graph import FlowGraph
from bridge.flow.leaks import leaks
from bridge.flow.words import check_words
from bridge.problem import Problem
from bridge.speech import LANGUAGES, LONGEST, Catalogue, NoteBook, speaking_seconds

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def problems(flows: FlowGraph, catalogue: Catalogue) -> list[Problem]:
    """Find every mistake between the flows and the words of all languages, and every leak."""

    def longest(language: str, key: str, part: str, kinds: Mapping[str, str]) -> float:
        text = catalogue.prompts(language)[key].parts[part].text
        return speaking_seconds(
            _PLACEHOLDER.sub(lambda name: "word " * LONGEST[kinds.get(name[1], "text")], text)
        )

    found = [
        problem
        for language in LANGUAGES
        for problem in [
            *check_words(flows, language, catalogue.prompts(language), longest),
            *leaks(flows, catalogue.prompts(language)),
        ]
    ]
    return list(dict.fromkeys(found))


def note_problems(flows: FlowGraph, book: NoteBook) -> list[Problem]:
    """Find every mistake between the flows and the notes: an unknown exit, an unknown fact."""
    ways = defaultdict[str, list[set[str]]](list)
    known = flows.known
    for place, edges in flows.edges.items():
        for edge in edges:
            ways[f"{'.'.join(place[-1])}.{edge.exit}"].append({*known[place], *flows.learned(edge)})
    return [
        Problem(*book.place(mark), f"{mark}: {why}")
        for mark, needed in book.marks.items()
        for why in _unnotable(ways.get(mark), needed)
    ]


def _unnotable(known: list[set[str]] | None, needed: frozenset[str]) -> list[str]:
    if known is None:
        return ["no step of a flow has this exit"]
    missing = sorted(needed - set[str].intersection(*known))
    return [f"mentions {{{name}}}, which is not known there" for name in missing]


def prove(flows: FlowGraph, catalogue: Catalogue, book: NoteBook) -> None:
    """Refuse to start with flows or words that are wrong.

    Raises:
        FlowError: with every mistake.
    """
    if found := [*problems(flows, catalogue), *note_problems(flows, book)]:
        raise FlowError(found)
