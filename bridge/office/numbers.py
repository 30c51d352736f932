"""Which numbers an office is reached at, and which it may dial: ordinary Belgian lines, nothing dear."""

import re

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_possible_number,
    number_type,
    parse,
    region_code_for_number,
)

_BELGIUM = 32
_NOWHERE = "001"  # satellites and other networks without a country
_DEAR = re.compile(r"\+32(70|90)")
_ORDINARY = {PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def e164(text: str) -> str:
    """A number written with its country, as +32...

    Raises:
        ValueError: for anything else.
    """
    return format_number(_parsed(text), PhoneNumberFormat.E164)


def dialable(text: str, *, abroad: bool, fictitious: bool) -> str:
    """A number the bridge may dial, as +32...: fixed or mobile, Belgian unless `abroad`.

    `fictitious` lets pass what nobody's number looks like, for the demo.

    Raises:
        ValueError: saying why it must not be dialled.
    """
    number, plain = _parsed(text), e164(text)
    if _DEAR.match(plain):
        raise ValueError("is a 070 or 090x number, and those the bridge never dials")
    if number.country_code != _BELGIUM and not abroad:
        raise ValueError("is not Belgian: write abroad = true to let the bridge dial other countries")
    if region_code_for_number(number) == _NOWHERE or (
        not fictitious and number_type(number) not in _ORDINARY
    ):
        raise ValueError("is no ordinary fixed or mobile number")
    return plain


def _parsed(text: str) -> PhoneNumber:
    """Only with its country: the same digits then mean the same line everywhere."""
    try:
        number = parse(text if re.fullmatch(r"\+[0-9 ./()-]{1,30}", text) else "")
    except NumberParseException:
        number = None
    if number is None or not is_possible_number(number):
        raise ValueError("must be a telephone number with its country, like +32 2 555 00 01")
    return number
