"""Telephone numbers as a file holds them, made into what can be called or written to."""

import phonenumbers


def belgian_mobile(shown: str) -> str:
    """A number on file as E.164 when it is a Belgian mobile, which alone gets a text message; else "" ."""
    try:
        number = phonenumbers.parse(shown, "BE")
    except phonenumbers.NumberParseException:
        return ""
    mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    ours = number.country_code == phonenumbers.country_code_for_region("BE")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if mobile and ours else ""
