"""Holds a prompt: everything that a caller may hear at one step of a flow, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.speech.wording import Sentence

KEYS = frozenset("0123456789*#")
"""The keys of a telephone; each may have a sentence of its own."""


@dataclass(frozen=True)
class Prompt:
    """One table of a prompt file, checked."""

    key: str
    """Its name, `Flow.step`."""
    parts: Mapping[str, Sentence]
    """The sentences by `text`, `silent`, `wrong` and each menu key."""
    plurals: Mapping[str, Sentence]
    """The `text` by plural form, where the number in the placeholder `count` decides it."""
    count: str
    words: Mapping[str, tuple[str, ...]]
    """By menu key: what the caller may say instead of pressing it."""
    private: bool
    """Whether the wording alone tells something about a file."""
    public_because: str
    """Why strangers may hear it, with `private = false`; else ""."""
    file: str
    line: int

    @property
    def text(self) -> str:
        """The words before any key; "" when there are none. Of plural forms it is the one called `other`."""
        return self._part("text")

    @property
    def silent(self) -> str:
        """What is said to silence; "" where the words that hold for every flow are used."""
        return self._part("silent")

    @property
    def wrong(self) -> str:
        """What is said to a wrong key; "" where the words that hold for every flow are used."""
        return self._part("wrong")

    @property
    def keys(self) -> Mapping[str, Sentence]:
        """The sentence of each menu key, in the order of the file."""
        return {part: sentence for part, sentence in self.parts.items() if part in KEYS}

    @property
    def placeholders(self) -> frozenset[str]:
        """The placeholders of all sentences of this prompt, and the one that counts."""
        return frozenset().union(*(self.needs(part) or () for part in self.parts))

    def needs(self, part: str) -> frozenset[str] | None:
        """Return the values that a part needs in any plural form; None when the prompt has no such part."""
        if part not in self.parts:
            return None
        needed = self.parts[part].placeholders
        if part == "text" and self.plurals:
            return needed.union({self.count}, *(form.placeholders for form in self.plurals.values()))
        return needed

    def is_empty(self, part: str) -> bool:
        """Tell whether a part is there but says nothing; only a prompt with mistakes has such a part."""
        return part in self.parts and not self.parts[part].text.strip()

    def _part(self, part: str) -> str:
        return self.parts[part].text if part in self.parts else ""
