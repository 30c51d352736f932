"""A prompt: everything the caller may hear at one step of a flow, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.speech.kinds import how_many
from bridge.speech.languages import plural_category
from bridge.speech.wording import Sentence, Values

KEYS = frozenset("0123456789*#")
"""The keys of a telephone; each may have a sentence of its own."""


@dataclass(frozen=True)
class Prompt:
    """One table of a prompt file, checked.

    `key` is `Flow.step`. `parts` holds the sentences under `text`, `silent`, `wrong` and each menu key.
    `plurals` holds the text per plural form, when the number in the placeholder `count` decides it.
    `words` are what the caller may say instead of a menu key. `private`: the wording alone tells something
    about a file. `audio` names a recording, "" when there is none. `file` and `line` say where it stands.
    """

    key: str
    parts: Mapping[str, Sentence]
    plurals: Mapping[str, Sentence]
    count: str
    words: Mapping[str, tuple[str, ...]]
    private: bool
    audio: str
    file: str
    line: int

    @property
    def text(self) -> str:
        """The words before any key, "" when there are none; of plural forms, the one called `other`."""
        return self._part("text")

    @property
    def silent(self) -> str:
        """What is said to silence, "" when the office left it to the flow."""
        return self._part("silent")

    @property
    def wrong(self) -> str:
        """What is said to a wrong key, "" when the office left it to the flow."""
        return self._part("wrong")

    @property
    def keys(self) -> Mapping[str, Sentence]:
        """The sentence of each menu key, in the order of the file."""
        return {part: sentence for part, sentence in self.parts.items() if part in KEYS}

    @property
    def placeholders(self) -> frozenset[str]:
        """Every value some sentence of this prompt needs, the counting one included."""
        return frozenset().union(*(self.needs(part) or () for part in self.parts))

    def needs(self, part: str) -> frozenset[str] | None:
        """List the values a part needs, in any of its plural forms; None when the prompt has no such part."""
        if part not in self.parts:
            return None
        needed = self.parts[part].placeholders
        if part == "text" and self.plurals:
            return needed.union({self.count}, *(form.placeholders for form in self.plurals.values()))
        return needed

    def is_empty(self, part: str) -> bool:
        """Tell whether a part is there but says nothing, as only a prompt with mistakes has it."""
        return part in self.parts and not self.parts[part].text.strip()

    def sentence(self, part: str, values: Values) -> Sentence:
        """Pick the sentence of a part, in the plural form the values ask for; KeyError if there is none."""
        if part != "text" or not self.plurals:
            return self.parts[part]
        number = how_many(*values[self.count])
        return self.plurals[plural_category(number, self.parts["text"].language)]

    def _part(self, part: str) -> str:
        return self.parts[part].text if part in self.parts else ""
