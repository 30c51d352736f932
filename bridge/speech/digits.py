"""Phone numbers, file numbers and references, sign by sign, in groups an ear can hold."""

import re
from collections.abc import Iterable

_WRITTEN = re.compile(r"\+?[0-9A-Za-z][0-9A-Za-z ./()-]{0,39}")
_SIGNS = re.compile(r"[0-9A-Z]+")
_BELGIUM = re.compile(r"\+32 ?(\(0\))?")


def spell(groups: Iterable[str]) -> str:
    """Say every sign by itself, with a short rest between groups: `1 2 3, 4 5 6`."""
    return ", ".join(" ".join(group) for group in groups)


def cut(signs: str, size: int) -> list[str]:
    """Cut into groups of `size`; a last sign is never left alone, it joins the group before it."""
    groups = [signs[start : start + size] for start in range(0, len(signs), size)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = ["".join(groups[-2:])]
    return groups


def say_digits(text: str) -> str:
    """Say a number as it is printed: its own groups, long ones in threes, letters as capitals.

    `+32` is said as the `0` Belgians dial, any other `+` as `plus`, the same word in all four languages.
    ValueError for more than 40 signs or for anything but letters A-Z, figures and ` . / ( ) -`.
    """
    if not _WRITTEN.fullmatch(text):
        raise ValueError("a number is written with figures, letters A to Z and separators, at most 40 signs")
    national = _BELGIUM.sub("0", text, count=1)
    groups = [part for group in _SIGNS.findall(national.upper()) for part in cut(group, 3)]
    return f"plus {spell(groups)}" if national.startswith("+") else spell(groups)
