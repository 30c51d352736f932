"""Writes numbers as a voice should read them: counts, amounts, and what is read sign by sign.

Every voice reads whole numbers right by itself. A symbol, a comma or a thousands separator each reads in its
own way, so amounts are written with words. Telephone numbers, file numbers and accounts are cut into groups
that an ear can hold; a check digit that does not fit (ISO 7064; Febelfin for the Belgian message) is never
read out.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from bridge.speech.languages import PLURAL_CATEGORY

Forms = Mapping[str, Mapping[str, str]]
"""By language: the word for each plural form, as in `{"en": {"one": "euro", "other": "euros"}}`."""

_COUNT = re.compile(r"[0-9]{1,4}")

_MONTHS: Forms = {
    "nl": {"one": "maand", "other": "maanden"},
    "fr": {"one": "mois", "other": "mois"},
    "de": {"one": "Monat", "other": "Monate"},
    "en": {"one": "month", "other": "months"},
}


def parse_count(text: str) -> int:
    """Read a number from 0 to 9999 written in digits; raises ValueError for anything else."""
    if not _COUNT.fullmatch(text):
        raise ValueError("a count is 0 to 9999, in figures")
    return int(text)


def say_counted(number: int, forms: Forms, language: str) -> str:
    """Return a number with its word, as in `3 maanden`; every voice reads whole numbers right by itself."""
    return f"{number} {forms[language][PLURAL_CATEGORY[language](number)]}"


def say_months(number: int, language: str) -> str:
    """Return a number of months; in German it must not follow `in` or `mit`, which would need `Monaten`."""
    return say_counted(number, _MONTHS, language)


MAX_AMOUNT = Decimal(10_000_000)
"""The largest amount in euro that is spoken; a larger one is a mistake."""

_CENT_DECIMALS = 2
_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?(E[+-][0-9]{1,3})?")

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
    if not _AMOUNT.fullmatch(text):
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


_WRITTEN = re.compile(r"\+?[0-9A-Za-z][0-9A-Za-z ./()_-]{0,39}")
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


_IBAN = re.compile(r"BE[0-9]{14}|(?!BE)[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
_OGM = re.compile(r"(\+{3}|\*{3}|)([0-9]{3})/?([0-9]{4})/?([0-9]{5})\1")
_MODULUS = 97
_MIN_CHECK_DIGITS, _MAX_CHECK_DIGITS = 2, 98


def say_iban(text: str) -> str:
    """Return an account number in groups of four, `B E 6 8, 5 3 9 0, ...`.

    Raises:
        ValueError: the form or the check digits are wrong.
    """
    bare, fits = text.replace(" ", "").upper() if text.isascii() else "", False
    if _IBAN.fullmatch(bare):
        # ISO 13616 computes check digits as 98 minus a remainder: 00, 01 and 99 never occur.
        in_range = _MIN_CHECK_DIGITS <= int(bare[2:4]) <= _MAX_CHECK_DIGITS
        divides = int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % _MODULUS == 1
        # Belgian banks add check digits of their own: BE41 5390 0754 7035 fits as an IBAN and is no account.
        fits = in_range and divides and (not bare.startswith("BE") or _fits_modulo(bare[4:]))
    if not fits:
        raise ValueError("this is no account number (IBAN): its form or its check digits are wrong")
    return spell(group_signs(bare, 4))


def say_ogm(text: str) -> str:
    """Return a structured communication in groups of 3, 4 and 5, `0 9 0, 9 3 3 7, 5 5 4 9 3`.

    `text` is written `+++090/9337/55493+++`, with stars in place of the plus signs, or as twelve digits.

    Raises:
        ValueError: the form or the check digits are wrong.
    """
    found = _OGM.fullmatch(text.replace(" ", ""))
    if not found or not _fits_modulo("".join(found.group(2, 3, 4))):
        raise ValueError("this is no structured communication: its form or its check digits are wrong")
    return spell(found.group(2, 3, 4))


def _fits_modulo(figures: str) -> bool:
    """Tell whether the last two of twelve digits check the ten before them, as Belgian banks do."""
    # They write a remainder of 0 as 97.
    return (int(figures[:10]) % _MODULUS or _MODULUS) == int(figures[10:])
