"""Tables and words proved together before the first call: nothing unsaid, too long or leaked."""

import re
from collections.abc import Mapping

from bridge.flow.errors import FlowError, Problem
from bridge.flow.graph import Joined
from bridge.flow.leaks import leaks
from bridge.flow.words import check_words
from bridge.speech import LANGUAGES, LONGEST, Catalogue, seconds

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def problems(flows: Joined, catalogue: Catalogue) -> list[Problem]:
    """Every mistake between the flows and the words of all languages, and every leak, as sentences."""

    def longest(language: str, key: str, part: str, kinds: Mapping[str, str]) -> float:
        text = catalogue.prompts(language)[key].parts[part].text
        return seconds(_PLACEHOLDER.sub(lambda name: "x" * LONGEST[kinds.get(name[1], "text")], text))

    found = [
        problem
        for language in LANGUAGES
        for problem in [
            *check_words(flows, language, catalogue.prompts(language), longest),
            *leaks(flows, catalogue.prompts(language)),
        ]
    ]
    return list(dict.fromkeys(found))


def prove(flows: Joined, catalogue: Catalogue) -> None:
    """Refuse to start with flows or words that are wrong.

    Raises:
        FlowError: with every mistake.
    """
    if found := problems(flows, catalogue):
        raise FlowError(found)
