"""Makes telephone numbers as a file holds them into numbers that can be called or written to."""

import phonenumbers


def in_full(shown: str) -> str:
    """Write a number, as Belgians write it or with its country, as E.164; "" when it is no number."""
    try:
        return phonenumbers.format_number(
            phonenumbers.parse(shown, "BE"), phonenumbers.PhoneNumberFormat.E164
        )
    except phonenumbers.NumberParseException:
        return ""


def belgian_mobile(shown: str) -> str:
    """Write a Belgian mobile on file as E.164; "" for any other number: only a mobile gets a text message."""
    number = in_full(shown)
    if not number.startswith("+32"):
        return ""
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return number if kind == phonenumbers.PhoneNumberType.MOBILE else ""
