"""What may be sent to Tagor: the shape of every value a caller's keys or an earlier answer can bring in."""

import re
from decimal import Decimal

MAX_MONTHS = 999
"""Months that a plan can be asked for; what the office allows is far below."""

MAX_MONTHLY = Decimal(10_000_000)
"""Euro a month that a plan can be asked for."""

_CENT = Decimal("0.01")

LOGIN = r"[0-9A-Za-z](?:[0-9A-Za-z._@-]{0,62}[0-9A-Za-z])?"
"""The login of a Tagor user."""

_SHAPES = {
    "the file id": r"[0-9]{1,20}",
    "the party id": r"[0-9]{1,20}",
    # Neither `:` nor `|`: Tagor reads meaning into both (`file:pin`, `reference|index`).
    "the file name": r"[0-9A-Za-z][0-9A-Za-z ./_-]{0,39}",
    "the reference": r"[0-9A-Za-z][0-9A-Za-z ./_-]{0,39}",
    "the PIN": r"[0-9]{3,12}",
    "the house number": r"[0-9]{1,5}[0-9A-Za-z /-]{0,5}",
    "the phone number": r"\+[1-9][0-9]{6,14}",
    "the self-service configuration": r"[0-9A-Za-z][0-9A-Za-z ._/-]{0,99}",
    "the code id": r"[0-9]{0,20}",  # none where the office has not set one
    # A lone surrogate, as a broken emoji leaves it, cannot be written as UTF-8.
    "the text": r"(?=.*\S)[^\x00-\x1f\x7f\ud800-\udfff]{1,1000}",
    "the user id": r"[0-9]{1,20}",
    "the login": LOGIN,
    "the kind of file": r"[0-9]{1,20}",
    "the template code": r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}",
    # As Tagor has it, with or without the punctuation of a written number.
    "the mobile number": r"\+?\(?[0-9](?:[ ./()-]{0,2}[0-9]){7,14}",
    # One plain address. Offices also keep `an@b.be;jan@b.be` or `Jan <jan@b.be>`: those are not offered.
    "the mail address": (
        r"(?=.{3,254}\Z)[0-9A-Za-z!#$%&'*+/=?^_`{|}~.-]+@[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?"
    ),
    "the receiver": r"(?=.*\S)[^\x00-\x1f\x7f\ud800-\udfff]{1,100}",
    "the subject": r"(?=.*\S)[^\x00-\x1f\x7f\ud800-\udfff]{1,200}",
    "the attachment's name": r"[0-9A-Za-z][0-9A-Za-z._-]{0,99}",
    "the attachment's kind": r"[0-9a-z]{1,8}",
    "the comment": r"[^\x00-\x1f\x7f\ud800-\udfff]{0,200}",
    "the attachment's comment": r"[^\x00-\x1f\x7f\ud800-\udfff]{0,200}",
    "the line id": r"[0-9]{1,20}",
    "the message id": r"[0-9]{1,20}",
    "the document kind": r"[0-9]{1,20}",
    "the questionnaire id": r"[0-9]{1,20}",
    "the question id": r"[0-9]{1,20}",
    "the answer": r"(?=.*\S)[^\x00-\x1f\x7f\ud800-\udfff]{1,200}",
    "the code table": r"[A-Z][A-Z_]{1,39}",
    "the code": r"[0-9A-Za-z][0-9A-Za-z._ -]{0,39}",
    "the payment reference": r"[0-9A-Za-z]{1,35}",
    "the return address": r"https://[0-9A-Za-z.-]{1,200}(?::[0-9]{1,5})?(?:/[0-9A-Za-z._~/?=&%-]{0,500})?",
    "the barcode": r"[0-9]{4,40}",
    "the VAT number": r"[0-9A-Za-z](?:[0-9A-Za-z. -]{0,18}[0-9A-Za-z])?",
    "the link": r"[0-9A-Za-z_-]{8,200}",
    "the API key": r"[\x21-\x7e]{1,4096}",
    "the client id": r".{1,200}",
    "the client secret": r".{1,4096}",
}
_PATTERNS = {what: re.compile(shape) for what, shape in _SHAPES.items()}


class NotSendable(ValueError):
    """A value cannot be sent to Tagor, so nothing was sent; the text names it and holds nothing of it."""


def is_sendable(what: str, value: str | None) -> bool:
    """Tell whether `value` has the shape of `what`, so that Tagor can be asked with it."""
    return isinstance(value, str) and _PATTERNS[what].fullmatch(value) is not None


def checked(what: str, value: str) -> str:
    """Return `value` if it has the shape of `what`.

    Raises:
        NotSendable: it has not; the text names `what` and holds nothing of `value`.
    """
    if is_sendable(what, value):
        return value
    raise NotSendable(
        f"{what[0].upper()}{what[1:]} cannot be sent to Tagor: check its length and its characters."
    )


def checked_if_given(what: str, value: str | None) -> str | None:
    """Return None for None, else `value` if it has the shape of `what` (see `checked`)."""
    return None if value is None else checked(what, value)


def checked_months(months: int) -> int:
    """Return `months` if a plan can be asked for them; raises `NotSendable`, without the number."""
    if 1 <= months <= MAX_MONTHS:
        return months
    raise NotSendable(f"The months cannot be sent to Tagor: a plan has 1 to {MAX_MONTHS} of them.")


def checked_amount(amount: Decimal, what: str = "The monthly amount") -> Decimal:
    """Return `amount` in euro if it can be asked for; raises `NotSendable`, without the amount."""
    if amount.is_finite() and _CENT <= amount <= MAX_MONTHLY and amount == amount.quantize(_CENT):
        return amount
    raise NotSendable(f"{what} cannot be sent to Tagor: it is above zero, in whole cents.")
