"""Finds out whether signed parameters were cut at other places than where the provider cut them.

The provider sorts its parameters by name and signs names and values joined without separators. So one
signature covers every way of cutting that text: `Digits=1234` can be posted again as `Digit=s1234`. The guard
reads the signed text as the provider may have written it: known names in their sorted order, each followed by
a value of its shape, and unknown parameters only where their names fit into the order. Of all such readings
the one with the most known parameters counts as the provider's. Whoever posted less has hidden something.

What a third party wrote (a caller's name, a SIP header, an add-on's JSON) may hold any words: a name in it
counts only where it stands between the right neighbours and is followed by a value of its shape.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from bridge.telephony.parameters import ACTED_ON, FREE_TEXT, Shapes
from bridge.telephony.signature import Pairs

MAX_NAMES = 400
"""How many known names with a value the guard weighs in one text; an honest text holds about thirty."""

_NEEDED, _FULL, _EMPTY = 100_000, 100, 1
_MAX_VALUE = 48
"""How long a value may be before unknown parameters that follow it; only addresses are longer."""

_ROUTES = re.compile(
    r"/voice(?:/(?:fallback|status|recording|turn/[1-9][0-9]{0,3}(?:/on)?|whisper/(?:accept|[a-z0-9_/-]+)))?"
)
_IDS = ("AccountSid", "CallSid")


@dataclass(frozen=True, slots=True)
class _Name:
    """A known name in the signed text, at `start`; its value begins at `end`.

    `full` and `empty` are what a value of its shape weighs. `unknowns` maps each position where such a value
    may end, before other parameters, to the first name that these must at least begin with.
    """

    name: str
    start: int
    end: int
    full: int
    empty: int
    unknowns: Mapping[int, str]


class ResplitGuard:
    """Guards the parameters of one account, whose known names have these shapes."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        names = sorted(shapes, key=len, reverse=True)
        self._names = re.compile("|".join(names))
        self._names_anywhere = re.compile(f"(?=({self._names.pattern}))")
        self._begin = {name: [one for one in names if name.startswith(one)] for name in names}
        self._ids = {name: re.compile(f"{name}(?:{shapes[name].pattern})") for name in _IDS}

    def is_resplit(self, path: str, pairs: Pairs) -> bool:
        """Tell whether the provider must have cut the parameters of this request otherwise.

        `path` is the path of the request as it was signed; `pairs` are all parameters, in any order.
        """
        ordered = sorted(set(pairs))
        text = "".join(name + value for name, value in ordered)
        starts = [0, *accumulate(len(name) + len(value) for name, value in ordered)]
        before = next((at for at, (name, _) in zip(starts, ordered, strict=False) if name == "AccountSid"), 0)
        if _lengthens_path(path, text[:before]):
            return True
        known = {at: name for at, (name, _) in zip(starts, ordered, strict=False) if name in self._shapes}
        if {match.start(): match[0] for match in self._names.finditer(text)} == known and all(
            self._has_shape(name, value) for name, value in ordered
        ):
            return False  # known names stand only where they were posted, and every value has its shape
        quiet = [
            (at + len(name), at + len(name) + len(value))
            for at, (name, value) in zip(starts, ordered, strict=False)
            if name not in ACTED_ON
        ]
        found = list(self._names_in(text, quiet))
        return len(found) > MAX_NAMES or self._best(text, found, starts) > self._posted(ordered)

    def _has_shape(self, name: str, value: str) -> bool:
        return name not in self._shapes or self._shapes[name].fullmatch(value) is not None

    def _posted(self, ordered: Pairs) -> int:
        """Weigh the reading that was posted: every known name whose value has its shape."""
        weights: dict[str, int] = {}
        for name, value in ordered:
            if name in self._shapes and self._has_shape(name, value):
                full = _NEEDED if name in _IDS else _FULL
                weights[name] = max(weights.get(name, 0), full if value else _EMPTY)
            elif name in self._shapes:
                weights.setdefault(name, _EMPTY)
        return sum(weights.values())

    def _names_in(self, text: str, quiet: Sequence[tuple[int, int]]) -> Iterator[_Name]:
        """Find every known name that a value of its shape may follow.

        An id that stands in the text only once is in its place: names that sort before it do not follow it.
        An empty value counts for nothing within a value that nobody acts on: it would not change anything.
        """
        places = {name: [match.start() for match in ids.finditer(text)] for name, ids in self._ids.items()}
        ids = [(starts[0], name) for name, starts in places.items() if len(starts) == 1]
        for match in self._names_anywhere.finditer(text):
            start = match.start()
            for name in self._begin[match[1]]:
                end = start + len(name)
                if any((start < at) != (name < other) for at, other in ids):
                    continue
                unknowns = dict(self._unknowns(name, text, end))
                if unknowns or self._shapes[name].match(text, end):
                    is_quiet = any(low <= start and end <= high for low, high in quiet)
                    full = _NEEDED if name in _IDS else _FULL
                    yield _Name(name, start, end, full, 0 if is_quiet else _EMPTY, unknowns)

    def _unknowns(self, name: str, text: str, start: int) -> Iterator[tuple[int, str]]:
        """List where a value may end, with the shortest name behind it that sorts behind the known one."""
        if name in FREE_TEXT:
            return
        for end in range(start, min(start + _MAX_VALUE, len(text)) + 1):
            if self._shapes[name].fullmatch(text, start, end):
                behind = (text[end : end + 1 + length] for length in range(len(name) + 1))
                known = self._names.match(text, end)  # then that name ends the value, and nothing unknown
                yield end, "" if known else next((first for first in behind if first > name), "")

    def _best(self, text: str, names: Sequence[_Name], cuts: Sequence[int]) -> int:
        """Weigh the reading of the text that has the most of these names, each with a value of its shape.

        Behind the last name unknown parameters count only from one of the posted `cuts` on: a last value with
        an odd end is odd, and no forgery.
        """
        weights: list[int] = []
        for at, name in enumerate(names):
            earlier = (
                weights[before] + self._weight(text, one, name.start, name.name)
                for before, one in enumerate(names[:at])
                if one.name < name.name and one.end <= name.start
            )
            weights.append(max(earlier, default=0))
        ends = (
            weight + self._weight(text, replace(one, unknowns=_only(one.unknowns, cuts)), len(text), None)
            for weight, one in zip(weights, names, strict=True)
        )
        return max(ends, default=0)

    def _weight(self, text: str, one: _Name, stop: int, following: str | None) -> int:
        """Weigh a name whose value, and unknown parameters after it, reach up to `stop`."""
        if one.name in FREE_TEXT or stop > one.end + _MAX_VALUE:
            reaches = self._shapes[one.name].fullmatch(text, one.end, stop) is not None
        else:
            reaches = stop in one.unknowns
        if reaches:
            return one.full if stop > one.end else one.empty
        weight = 0
        for end, first in one.unknowns.items():
            if first and end + len(first) <= stop and (following is None or first < following):
                weight = max(weight, one.full if end > one.end else one.empty)
        return weight


def _only(unknowns: Mapping[int, str], ends: Sequence[int]) -> Mapping[int, str]:
    return {end: first for end, first in unknowns.items() if end in ends}


def _lengthens_path(path: str, text: str) -> bool:
    """Tell whether what sorts before the account may end another address, as turn 31 is turn 3 and a 1."""
    return any(
        _ROUTES.fullmatch(path + text[:at]) and (at == len(text) or text[at:] < "AccountSid")
        for at in range(1, len(text) + 1)
    )
