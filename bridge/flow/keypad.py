"""Reads pressed keys as digits, an amount in euro or a day of the month."""

from collections.abc import Mapping
from decimal import Decimal

from bridge.flow.steps import Ask, Digits

KINDS = {"digits": "digits", "amount": "money", "day": "count"}
"""How each kind of answer is spoken when it is read back."""
# Not `str.isdigit`, which also takes the digits of other scripts and raised ones, as in "٣" and "²".
DIGITS = frozenset("0123456789")


def length(digits: Digits, lengths: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """Give how many keys a question takes: (fewest, most).

    Raises:
        KeyError: a named length that the office does not set.
    """
    if isinstance(digits, str):
        return lengths[digits]
    return (digits, digits) if isinstance(digits, int) else digits


def read(ask: Ask, keys: str, lengths: Mapping[str, tuple[int, int]]) -> str | None:
    """Give the fact that the keys become, or None when they do not answer this question.

    Digits stay as they were keyed (leading zeros too); an amount is whole euro, or euro `*` cents; a day of
    the month is 1 to 31.
    """
    fewest, most = length(ask.digits, lengths)
    if not fewest <= len(keys) <= most:
        return None
    if ask.wants == "amount":
        return _amount(keys)
    if not DIGITS.issuperset(keys):
        return None
    return keys if ask.wants == "digits" or 1 <= int(keys) <= 31 else None  # noqa: PLR2004 - days of a month


def _amount(keys: str) -> str | None:
    # A keypad has no comma: the star stands for it.
    euro, star, cents = keys.partition("*")
    if not euro or not DIGITS.issuperset(euro + cents) or (star and len(cents) != 2):  # noqa: PLR2004 - cents
        return None
    return str(Decimal(f"{euro}.{cents or '00'}"))
