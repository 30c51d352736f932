"""An engineer who searches for a trade word finds the file that does it, by its name or its first line."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOES = {
    "rate limit": "bridge/conversation/rate_limit.py",
    "circuit breaker": "bridge/tagor/http/circuit_breaker.py",
    "bulkhead": "bridge/conversation/bulkhead.py",
    "dead letter": "bridge/store/outbox.py",
    "reconcil": "bridge/conversation/at_most_once/reconciler.py",
    "constant time": "bridge/conversation/constant_time.py",
    "idempoten": "bridge/conversation/at_most_once/sender.py",
    "claim": "bridge/store/claim.py",
    "unit of work": "bridge/store/database.py",
}
MAX_FILES = 6
"""So few files may be found for a word that a reader looks at each of them."""


def found_by(word: str) -> set[str]:
    """The files of the bridge with this word in their name or in their first line."""
    pattern = re.compile(word.replace(" ", "[ _-]"), re.IGNORECASE)
    return {
        str(file.relative_to(ROOT))
        for file in (ROOT / "bridge").rglob("*.py")
        if pattern.search(file.stem) or pattern.search(file.read_text("utf-8").split("\n", 1)[0])
    }


@pytest.mark.parametrize("word", DOES)
def test_a_trade_word_finds_the_file_that_does_it(word: str):
    """The file is among the few that a search for the word shows."""
    found = found_by(word)
    assert DOES[word] in found
    assert len(found) <= MAX_FILES, sorted(found)
