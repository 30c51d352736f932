"""Finds out whether signed parameters were cut at other places than where the provider cut them.

The provider sorts its parameters by name and signs names and values joined without separators. So one
signature covers every way of cutting that text: `Digits=1234` can be posted again as `Digit=s1234`. The guard
looks for a known name that the signed text holds and the request does not show, at a place where the provider
may have written it: behind a value that may end there, in the order of names, before a value of its shape. If
it changes what we act on, the request may be a forgery.

What a third party wrote (a caller's name, a SIP header, an add-on's JSON) may hold any words, and a value may
be odd. Neither is a forgery: most names that stand somewhere in a text cannot stand there in this order.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from bridge.telephony.parameters import ACTED_ON, Shapes
from bridge.telephony.signature import Pairs

MAX_NAMES = 400
"""How many further names the guard weighs in one text; an honest text holds a handful."""

_ROUTES = re.compile(
    r"/voice(?:/(?:fallback|status|recording|turn/[1-9][0-9]{0,3}(?:/on)?|whisper/(?:accept|[a-z0-9_/-]+)))?"
)


class _Name(NamedTuple):
    """A name in the signed text, from `start`; its value begins at `end`.

    `posted_end` is where the value ends that was posted with it, -1 for a name that was not posted. A posted
    name is `trusted` when it is known and its value has its shape: then the provider wrote it.
    """

    name: str
    start: int
    end: int
    posted_end: int = -1
    trusted: bool = False


class ResplitGuard:
    """Guards the parameters of one account, whose known names have these shapes."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        names = tuple(sorted(shapes, key=len, reverse=True))
        self._any_name, self._beginnings = re.compile("|".join(names)), _beginnings(names)

    def is_resplit(self, path: str, pairs: Pairs) -> bool:
        """Tell whether the provider may have cut the parameters of this request so that we act otherwise.

        `path` is the path of the request as it was signed; `pairs` are all parameters, in any order.
        """
        ordered = sorted(set(pairs))
        if ordered[0][0] < "AccountSid" and _lengthens_path(path, ordered):
            return True
        # Where a name could hide: in a value, and in a name that we do not know with what stands before it.
        elsewhere = [f"\n{value}" if name in self._shapes else f"{name}{value}" for name, value in ordered]
        if self._any_name.search("".join(elsewhere)) is None:
            return False
        text = "".join([name + value for name, value in ordered])
        posted = list(self._posted(ordered))
        hidden = list(self._hidden(text, posted))
        return len(hidden) > MAX_NAMES or self._hides(text, posted, hidden)

    def _posted(self, ordered: Pairs) -> Iterator[_Name]:
        start = 0
        for name, value in ordered:
            end = start + len(name)
            trusted = name in self._shapes and self._shapes[name].fullmatch(value) is not None
            yield _Name(name, start, end, end + len(value), trusted)
            start = end + len(value)

    def _hidden(self, text: str, posted: Sequence[_Name]) -> Iterator[_Name]:
        """Find the known names that stand where they were not posted, before a value of their shape."""
        known = {one.start: one.name for one in posted}
        start = -1
        while match := self._any_name.search(text, start + 1):  # a name may also begin within another one
            start = match.start()
            for name in self._beginnings[match[0]]:
                end = start + len(name)
                if known.get(start) != name and self._shapes[name].match(text, end):
                    yield _Name(name, start, end)

    def _hides(self, text: str, posted: Sequence[_Name], hidden: Sequence[_Name]) -> bool:
        """Tell whether the provider may have written a hidden name that changes what we act on."""
        if not hidden:
            return False
        names = sorted([*posted, *hidden], key=lambda one: (one.start, one.posted_end >= 0))
        written: list[_Name] = []  # what the provider may have written since the last trusted name
        for at, one in enumerate(names):
            if one.posted_end >= 0:
                written = [one] if one.trusted else [*written, one]
            elif leading := [before for before in written if self._leads(text, before, one)]:
                written.append(one)
                ends = any(self._is_ended(before, one) for before in leading)
                matters = ends or one.name in ACTED_ON
                if matters and self._stands(text, one, names[at + 1 :], least=0 if ends else 1):
                    return True
        return False

    def _leads(self, text: str, before: _Name, one: _Name) -> bool:
        """Tell whether the value of `before` may end where `one` starts."""
        if before.name >= one.name or before.end > one.start:
            return False
        return one.start == before.posted_end or self._fits(text, before, one.start)

    def _is_ended(self, before: _Name, one: _Name) -> bool:
        """Tell whether `one` cuts a posted value short that is odd as it is, or a caller's words."""
        if before.posted_end in {-1, one.start} or before.name not in self._shapes:
            return False
        return not before.trusted or before.name == "SpeechResult"

    def _stands(self, text: str, one: _Name, following: Sequence[_Name], *, least: int) -> bool:
        """Tell whether a value of `least` characters or more leads from `one` to the next name or the end."""
        for behind in following:
            follows = behind.name > one.name and behind.start >= one.end + least
            if follows and self._fits(text, one, behind.start):
                return True
            if behind.trusted:
                return False
        return len(text) >= one.end + least and self._fits(text, one, len(text))

    def _fits(self, text: str, one: _Name, end: int) -> bool:
        """Tell whether the text up to `end` may be the value of a name; words and unknown names have any."""
        shape = self._shapes.get(one.name)
        return shape is None or shape.fullmatch(text, one.end, end) is not None


@lru_cache(maxsize=8)
def _beginnings(names: Sequence[str]) -> dict[str, list[str]]:
    """Give to each name the names that it begins with, itself among them."""
    return {name: [one for one in names if name.startswith(one)] for name in names}


def _lengthens_path(path: str, ordered: Pairs) -> bool:
    """Tell whether what sorts before the account may end another address, as turn 31 is turn 3 and a 1."""
    text = "".join([name + value for name, value in ordered if name < "AccountSid"])
    return any(
        _ROUTES.fullmatch(path + text[:at]) and (at == len(text) or text[at:] < "AccountSid")
        for at in range(1, len(text) + 1)
    )
