"""Writes telephone numbers, file numbers and references sign by sign, in groups that an ear can hold."""

import re
from collections.abc import Iterable

_WRITTEN = re.compile(r"\+?[0-9A-Za-z][0-9A-Za-z ./()-]{0,39}")
_SIGNS = re.compile(r"[0-9A-Z]+")
_MOBILE = re.compile(r"04[0-9]{8}")
_MOBILE_GROUPS = ((0, 4), (4, 6), (6, 8), (8, 10))
# Letterheads print the 0 that is not dialled after +32, as in +32 (0)2 555 00 01.
_BELGIUM = re.compile(r"\+32 ?(\(0\))?")


def spell(groups: Iterable[str]) -> str:
    """Return every sign by itself, with a comma between groups, where a voice rests: `1 2 3, 4 5 6`."""
    # Voices read `12345` as one number, and `1 2 3 4 5` digit by digit (twilio.com/docs/voice/twiml/say).
    return ", ".join(" ".join(group) for group in groups)


def group_signs(signs: str, size: int) -> list[str]:
    """Cut signs into groups of `size`; a single last sign joins the group before it."""
    groups = [signs[start : start + size] for start in range(0, len(signs), size)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = ["".join(groups[-2:])]
    return groups


def say_digits(text: str) -> str:
    """Return a number sign by sign, in the groups it is printed in; longer groups are cut into threes.

    A Belgian mobile is cut as Belgians say it, `0 4 7 0, 0 0, 0 0, 0 1`. Letters become capitals. `+32`
    becomes the `0` that Belgians dial; any other `+` becomes `plus`, which is the same word in all four
    languages.

    Raises:
        ValueError: it has more than 40 signs, or other signs than letters A-Z, digits and ` . / ( ) -`.
    """
    if not _WRITTEN.fullmatch(text):
        raise ValueError("a number is written with figures, letters A to Z and separators, at most 40 signs")
    national = _BELGIUM.sub("0", text, count=1)
    bare = "".join(_SIGNS.findall(national))
    if _MOBILE.fullmatch(bare) and not national.startswith("+"):
        return spell(bare[start:end] for start, end in _MOBILE_GROUPS)
    groups = [part for group in _SIGNS.findall(national.upper()) for part in group_signs(group, 3)]
    return f"plus {spell(groups)}" if national.startswith("+") else spell(groups)
