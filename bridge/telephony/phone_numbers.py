"""Reads the numbers of a call: the caller's, which is a hint at most, and the dialled one."""

import re
from collections.abc import Iterable

import phonenumbers

# Keypad spellings of ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE and PRIVATE: they parse as numbers.
_WITHHELD = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253", "7748283"})
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_BELGIAN = re.compile(r"\+32[1-9][0-9]{7,8}")
_SCHEME = re.compile(r"(?:sips?|client|whatsapp|tel):")
# Telnyx writes the users of its SIP hosts without a scheme.
_SIP = re.compile(r"(?:sips?:)?([A-Za-z0-9._+-]{1,64})@([A-Za-z0-9.-]{1,190})(?=[:;?]|$)")
_NUMBER_AS_USER = re.compile(r"\+?[0-9]{6,}")
_SEPARATORS = re.compile(r"[ ().-]")
_DIGITS = re.compile(r"\+?[0-9]{3,15}")
_ENOUGH_DIGITS = 6
"""So many last digits name an office's number without its country."""


def caller_number(shown: str) -> str:
    """Turn what the provider shows into E.164, or into "" when it is withheld, malformed or cannot phone.

    Words such as `anonymous`, `client:` and `sip:` callers and numbers of no numbering plan all give "". So
    do premium numbers: nobody phones from one, and calling one back costs money. A caller over WhatsApp has
    the number that `whatsapp:` stands before.
    """
    shown = shown.removeprefix("whatsapp:")
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


def dialled_number(shown: str) -> str:
    """Read the dialled number out of a number or an address such as `sip:`; "" if there is none.

    The number is E.164 where the country can be told from the rest: `3220000001` and `0032 2 000 00 01` give
    `+3220000001`, but `020000001` stays as it is. A SIP user that is no such number, a name or an extension,
    gives its address without port and parameters, in small letters: `sip:line@pbx.example.be`.
    """
    address = _SIP.match(shown)
    if address and not _NUMBER_AS_USER.fullmatch(address[1]):
        return f"sip:{address[1]}@{address[2]}".lower()
    user = re.split("[@;?]", _SCHEME.sub("", shown, count=1), maxsplit=1)[0]
    digits = _SEPARATORS.sub("", user)
    if _DIGITS.fullmatch(digits) is None:
        return ""
    digits = digits.removeprefix("+").removeprefix("00")
    return digits if digits.startswith("0") else f"+{digits}"


def match_number(dialled: str, numbers: Iterable[str]) -> str | None:
    """Find the one of our own `numbers` that was dialled; None when none of them, or several, fit.

    They are E.164, or SIP users: `sip:line@pbx.example.be`, or `sip:line` at any host. `dialled` comes from
    `dialled_number`; a number without its country fits by its last digits.
    """
    known = set(numbers)
    for spelling in (dialled, dialled.partition("@")[0]):
        if spelling in known:
            return spelling
    national = dialled.lstrip("+0")
    if len(national) < _ENOUGH_DIGITS or not national.isdigit() or dialled.startswith("+"):
        return None
    fitting = [number for number in known if number.endswith(national)]
    return fitting[0] if len(fitting) == 1 else None
