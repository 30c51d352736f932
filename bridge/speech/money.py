"""Writes amounts as a voice should read them: without symbol, comma or thousands separator."""

import re
from decimal import Decimal

from bridge.speech.counts import Forms, say_counted

MAX_AMOUNT = Decimal(10_000_000)
"""The largest amount in euro that is spoken; a larger one is a mistake."""

_CENT_DECIMALS = 2
_FIGURES = re.compile(r"-?[0-9]+(\.[0-9]+)?(E[+-][0-9]{1,3})?")

# Words for the units, because each voice reads a symbol, a comma or a thousands separator in its own way.
_EURO: Forms = {
    "nl": {"one": "euro", "other": "euro"},
    # `many` is what French has from a million on: "un million d'euros".
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
    """Read an amount in the form of `str(Decimal)`; raises ValueError for a comma, a blank or NaN."""
    if not _FIGURES.fullmatch(text):
        raise ValueError("an amount is written with figures and a point")
    return Decimal(text)


def say_amount(amount: Decimal, language: str) -> str:
    """Return an amount in euro, as in `1234 euro en 56 cent`; parts that are zero are left out.

    Raises:
        ValueError: it is negative (the flow says in whose favour it is), above `MAX_AMOUNT`, finer than a
            cent, or no number. Zero is an amount, and so is `-0`.
    """
    exponent = amount.as_tuple().exponent
    # More than two decimals are refused even when they are zeros: 1.000 may have been written for a thousand.
    is_too_fine = isinstance(exponent, int) and exponent < -_CENT_DECIMALS
    if not amount.is_finite() or not 0 <= amount <= MAX_AMOUNT or is_too_fine:
        raise ValueError(f"an amount is 0 to {MAX_AMOUNT} euro, with at most two decimals")
    euros, cents = divmod(int(amount.scaleb(2)), 100)
    if not cents:
        return say_counted(euros, _EURO, language)
    if not euros:
        return say_counted(cents, _CENTS, language)
    return f"{say_counted(euros, _EURO, language)} {_AND[language]} {say_counted(cents, _CENTS, language)}"
