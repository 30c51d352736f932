"""Writes account numbers (IBAN) and structured communications (OGM) as a voice should read them.

Both carry check digits modulo 97 (ISO 7064; Febelfin for the Belgian message), so a wrong digit is never read
out.
"""

import re

from bridge.speech.digits import group_signs, spell

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
