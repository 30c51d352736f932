"""Cleans text from Tagor once, here at the edge, so that everywhere else may speak it as it is."""

import re
import unicodedata

MAX_SPOKEN = 200
"""Characters a spoken text may have."""

_UNSPEAKABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = re.compile(r"\s+")


def clean_text(text: str, longest: int = MAX_SPOKEN) -> str:
    """Return `text` in NFC, without controls (bidi, XML-illegal, lone surrogates), at most `longest` long.

    Runs of white space become one space; cleaning a cleaned text changes nothing.
    """
    # White space first: line breaks and tabs are controls too, but they separate words.
    spaced = _SPACES.sub(" ", text)
    kept = "".join(sign for sign in spaced if unicodedata.category(sign) not in _UNSPEAKABLE)
    # Without its controls a text may have two spaces in a row, and NFC can make one sign of two.
    return _SPACES.sub(" ", unicodedata.normalize("NFC", kept)).strip()[:longest].rstrip()
