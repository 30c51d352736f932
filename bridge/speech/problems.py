"""Mistakes in the prompt files, told to office people: which file, which line, what to do."""

from collections.abc import Iterable
from difflib import get_close_matches

from bridge.problem import Problem


class CatalogueError(Exception):
    """The prompt files cannot be used; `problems` holds all mistakes at once, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def nearest(word: str, known: Iterable[str]) -> str:
    """Guess which known word was meant, "" when none comes near."""
    return next(iter(get_close_matches(word, sorted(known), n=1)), "")


def listed(words: Iterable[str]) -> str:
    """Write words in a row, in alphabetical order, "nothing" when there are none."""
    return ", ".join(sorted(words)) or "nothing"
