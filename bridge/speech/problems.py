"""Collects the mistakes of prompt files, and helps to tell them in sentences."""

from collections.abc import Iterable
from difflib import get_close_matches

from bridge.problem import Problem


class CatalogueError(Exception):
    """The prompt files cannot be used; `problems` holds all mistakes in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that was probably meant; "" when none is near."""
    return next(iter(get_close_matches(word, sorted(known), n=1)), "")


def listed(words: Iterable[str]) -> str:
    """Return words in alphabetical order with commas between them; "nothing" when there are none."""
    return ", ".join(sorted(words)) or "nothing"
