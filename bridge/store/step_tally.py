"""Counts what the calls of a span did, in one pass over the journal of steps."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bridge.store.tables import EPOCH

Mark = tuple[str, str]
"""One way out of one step: (`Flow.step`, exit)."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What the calls of one office did in a span of time.

    Attributes:
        began: the moment of the first step of every call that began in the span.
        exits: how often each exit was taken.
        endings: the last exit of each call.
        languages: the calls by the language that they ended in.
        calls_that: how many calls took one of some exits, by what those exits mean.
        waits: milliseconds for which each turn was waited for, shortest first.
    """

    began: Sequence[datetime]
    exits: Counter[Mark]
    endings: Counter[Mark]
    languages: Counter[str]
    calls_that: Mapping[str, int]
    waits: Sequence[int]

    def wait(self, share: float) -> int:
        """Give the milliseconds within which this share of all turns was answered (0 without any turn)."""
        return self.waits[min(int(len(self.waits) * share), len(self.waits) - 1)] if self.waits else 0


def tally(rows: Iterable[Sequence[Any]], since: int, meanings: Mapping[str, Collection[Mark]]) -> Tally:
    """Count rows of (call, step, exit, language, microseconds since 1970, milliseconds), oldest first.

    Rows before `since` (in microseconds) tell only which calls had begun by then. `meanings` names the exits
    that `calls_that` is about.
    """
    named = defaultdict[Mark, list[str]](list)
    for what, marks in meanings.items():
        for mark in marks:
            named[mark].append(what)
    earlier, first = set[str](), dict[str, int]()
    last, exits, waits = dict[str, tuple[Mark, str]](), dict[Mark, int](), list[int]()
    did: dict[str, set[str]] = {what: set() for what in meanings}
    for call, step, way, language, at, waited in rows:
        if at < since:
            earlier.add(call)
            continue
        mark = step, way
        # Plain dictionaries: in this loop Counter and setdefault take twice as long.
        exits[mark] = exits.get(mark, 0) + 1
        if call not in first:
            first[call] = at
        last[call] = mark, language
        if waited is not None:
            waits.append(waited)
        if mark in named:
            for what in named[mark]:
                did[what].add(call)
    return Tally(
        began=[EPOCH + timedelta(microseconds=at) for call, at in first.items() if call not in earlier],
        exits=Counter(exits),
        endings=Counter(mark for mark, _ in last.values()),
        languages=Counter(language for _, language in last.values()),
        calls_that={what: len(calls) for what, calls in did.items()},
        waits=sorted(waits),
    )
