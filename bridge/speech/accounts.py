"""Where to pay and with which message: account numbers (IBAN) and structured communications (OGM).

Both carry a check figure modulo 97 (ISO 7064; Febelfin for the Belgian message), so a slip is never read out.
"""

import re

from bridge.speech.digits import cut, spell

_IBAN = re.compile(r"BE[0-9]{14}|(?!BE)[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
_OGM = re.compile(r"(\+{3}|\*{3}|)([0-9]{3})/?([0-9]{4})/?([0-9]{5})\1")
_PRIME = 97


def say_iban(text: str) -> str:
    """Say an account number in fours, `B E 6 8, 5 3 9 0, ...`; ValueError when its check figures fail."""
    bare = text.replace(" ", "").upper() if text.isascii() else ""
    if not _IBAN.fullmatch(bare) or not _iban_holds(bare):
        raise ValueError("this is no account number (IBAN): its form or its check figures are wrong")
    return spell(cut(bare, 4))


def say_ogm(text: str) -> str:
    """Say a structured communication in 3, 4 and 5, `0 9 0, 9 3 3 7, 5 5 4 9 3`.

    Takes `+++090/9337/55493+++`, the same with stars, or the twelve figures; ValueError for any other form
    or wrong check figures.
    """
    found = _OGM.fullmatch(text.replace(" ", ""))
    if not found or not _ogm_holds("".join(found.group(2, 3, 4))):
        raise ValueError("this is no structured communication: its form or its check figures are wrong")
    return spell(found.group(2, 3, 4))


def _iban_holds(bare: str) -> bool:
    figures = "".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])
    return int(figures) % _PRIME == 1


def _ogm_holds(figures: str) -> bool:
    # A remainder of 0 is written 97.
    return (int(figures[:10]) % _PRIME or _PRIME) == int(figures[10:])
