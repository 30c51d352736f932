"""Reads the caller's number: a hint for the office, or nothing at all."""

import re

import phonenumbers

# Keypad spellings of ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE and PRIVATE: they parse as numbers.
_WITHHELD = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253", "7748283"})
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_BELGIAN = re.compile(r"\+32[1-9][0-9]{7,8}")


def caller_number(shown: str) -> str:
    """Turn what the provider shows into E.164, or into "" when it is withheld, malformed or cannot phone.

    Words such as `anonymous`, `client:` and `sip:` callers and numbers of no numbering plan all give "". So
    do premium numbers: nobody phones from one, and calling one back costs money.
    """
    if _E164.fullmatch(shown) is None or shown[1:] in _WITHHELD:
        return ""
    if shown.startswith("+32") and _BELGIAN.fullmatch(shown) is None:
        return ""
    try:
        number = phonenumbers.parse(shown)
    except phonenumbers.NumberParseException:  # no country has this code
        return ""
    premium = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.PREMIUM_RATE
    return shown if phonenumbers.is_valid_number(number) and not premium else ""
