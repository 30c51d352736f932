"""Decides which telephone numbers an office may be reached at and which it may dial."""

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
_NO_COUNTRY = "001"  # satellites and other networks without a country
# Whoever owns such a number earns by every call to it, which is how a line is made to pay (toll fraud).
_EXPENSIVE = re.compile(r"\+32(70|90)")
_ORDINARY = {PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def e164(text: str) -> str:
    """Return a telephone number in the form +32...; `text` holds it with its country.

    Raises:
        ValueError: it is no such number; the text is the second half of a sentence.
    """
    return format_number(_parsed(text), PhoneNumberFormat.E164)


def typed(text: str) -> str:
    """Return a number as people in Belgium type it, with its country or without, in the form +32...

    Raises:
        ValueError: it is no such number; the text is the second half of a sentence.
    """
    number = text.strip()
    if number.startswith("00"):
        return e164(f"+{number[2:]}")
    return e164(f"+32{number[1:]}" if number.startswith("0") else number)


def dialled(text: str) -> str:
    """Return how the line knows what callers dial: a number as +32..., or a user of SIP as `sip:line@host`.

    A number with its country may lack the plus. A SIP user may stand without a host, for any host; one that
    is a whole telephone number counts as that number, because providers write it either way.

    Raises:
        ValueError: it is neither; the text is the second half of a sentence.
    """
    address = re.fullmatch(r"sips?:([A-Za-z0-9._+-]{1,64})(@[A-Za-z0-9.-]{1,190})?", text.strip())
    if address and not re.fullmatch(r"\+?[0-9]{6,}", address[1]):
        return f"sip:{address[1]}{address[2] or ''}".lower()
    number = address[1] if address else text.strip()
    if re.fullmatch(r"(00)?[1-9][0-9 ./()-]{6,30}", number):
        number = f"+{number.removeprefix('00')}"
    try:
        return e164(number)
    except ValueError:
        raise ValueError(
            "must be a telephone number with its country, like +32 2 555 00 01, or a SIP user, like "
            "sip:line@pbx.example.be"
        ) from None


def dialable(text: str, *, abroad: bool, fictitious: bool) -> str:
    """Return a number that the bridge may dial, in the form +32...: fixed or mobile, Belgian unless `abroad`.

    `fictitious` also accepts numbers that cannot belong to anybody; only the demo dials them.

    Raises:
        ValueError: it must not be dialled; the text is the second half of a sentence and says why.
    """
    number, plain = _parsed(text), e164(text)
    if _EXPENSIVE.match(plain):
        raise ValueError("is a 070 or 090x number, and those the bridge never dials: write another")
    if number.country_code != _BELGIUM and not abroad:
        raise ValueError("is not Belgian: write abroad = true to let the bridge dial other countries")
    if region_code_for_number(number) == _NO_COUNTRY or (
        not fictitious and number_type(number) not in _ORDINARY
    ):
        raise ValueError("is no ordinary fixed or mobile number")
    return plain


def _parsed(text: str) -> PhoneNumber:
    # Without a country the same digits would mean different lines in different countries. And `parse` alone
    # takes letters for the keys that they stand on.
    try:
        number = parse(text if re.fullmatch(r"\+[0-9 ./()-]{1,30}", text) else "")
    except NumberParseException:
        number = None
    if number is None or not is_possible_number(number):
        raise ValueError("must be a telephone number with its country, like +32 2 555 00 01")
    return number
