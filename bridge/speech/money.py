"""Amounts as a voice must say them: no symbol, no comma, nothing between the thousands."""

import re
from decimal import Decimal

from bridge.speech.counts import Forms, say_counted

MOST = Decimal(10_000_000)
"""The largest amount that is spoken, in euro; anything above it is taken for a mistake."""

_CENT_DECIMALS = 2
_FIGURES = re.compile(r"-?[0-9]+(\.[0-9]+)?(E[+-][0-9]{1,3})?")

_EURO: Forms = {
    "nl": {"one": "euro", "other": "euro"},
    "fr": {"one": "euro", "many": "d'euros", "other": "euros"},
    "de": {"one": "Euro", "other": "Euro"},
    "en": {"one": "euro", "other": "euros"},
}
_CENTS: Forms = {
    "nl": {"one": "cent", "other": "cent"},
    "fr": {"one": "centime", "other": "centimes"},
    "de": {"one": "Cent", "other": "Cent"},
    "en": {"one": "cent", "other": "cents"},
}
_AND = {"nl": "en", "fr": "et", "de": "und", "en": "and"}


def parse_amount(text: str) -> Decimal:
    """Read an amount as `str(Decimal)` writes it; ValueError for a comma, spaces, NaN and the like."""
    if not _FIGURES.fullmatch(text):
        raise ValueError("an amount is written with figures and a point")
    return Decimal(text)


def say_amount(amount: Decimal, language: str) -> str:
    """Say an amount in euro, as in `1234 euro en 56 cent`; no cents when there are none, no euro below one.

    ValueError when negative (the flow says whose favour it is and passes the rest), above `MOST`,
    written with parts of a cent, or not a number. An amount may be zero, `-0` included.
    """
    # An exponent below -2 is refused even when only zeros follow: 1.000 may once have meant a thousand.
    if not amount.is_finite() or not 0 <= amount <= MOST or _decimals(amount) > _CENT_DECIMALS:
        raise ValueError(f"an amount is 0 to {MOST} euro, with at most two decimals")
    euros, cents = divmod(int(amount.scaleb(2)), 100)
    if not cents:
        return say_counted(euros, _EURO, language)
    if not euros:
        return say_counted(cents, _CENTS, language)
    return f"{say_counted(euros, _EURO, language)} {_AND[language]} {say_counted(cents, _CENTS, language)}"


def _decimals(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
