"""Makes text from Tagor fit to be spoken: cleaned once, here at the edge, and trusted everywhere else."""

import re
import unicodedata

LONGEST = 200
"""Characters a spoken text may have."""

_UNSPEAKABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = re.compile(r"\s+")


def clean_text(text: str, longest: int = LONGEST) -> str:
    """Return `text` in NFC, without controls (bidi, XML-illegal, lone surrogates), at most `longest` long.

    Runs of white space become one space; cleaning a cleaned text changes nothing.
    """
    # White space first: line breaks and tabs are controls too, but they part words.
    spaced = _SPACES.sub(" ", text)
    kept = "".join(sign for sign in spaced if unicodedata.category(sign) not in _UNSPEAKABLE)
    # Dropping a control can bring two spaces together, and NFC can make a sign of two.
    return _SPACES.sub(" ", unicodedata.normalize("NFC", kept)).strip()[:longest].rstrip()
