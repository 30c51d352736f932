"""What may be sent to Tagor: the shape of every value a caller's keys or an earlier answer can bring in."""

import re

_SHAPES = {
    "the file id": r"[0-9]{1,20}",
    "the party id": r"[0-9]{1,20}",
    # Neither `:` nor `|`: Tagor reads meaning into both (`file:pin`, `reference|index`).
    "the file name": r"[0-9A-Za-z][0-9A-Za-z ./_-]{0,39}",
    "the reference": r"[0-9A-Za-z][0-9A-Za-z ./_-]{0,39}",
    "the PIN": r"[0-9]{3,12}",
    "the house number": r"[0-9]{1,5}[0-9A-Za-z /-]{0,5}",
    "the phone number": r"\+[1-9][0-9]{6,14}",
    "the API key": r"[\x21-\x7e]{1,4096}",
    "the client id": r".{1,200}",
    "the client secret": r".{1,4096}",
}
_PATTERNS = {what: re.compile(shape) for what, shape in _SHAPES.items()}


def checked(what: str, value: str) -> str:
    """Return `value` if it has the shape of `what`.

    Raises:
        ValueError: it has not; the text names `what` and holds nothing of `value`.
    """
    if isinstance(value, str) and _PATTERNS[what].fullmatch(value):
        return value
    raise ValueError(
        f"{what[0].upper()}{what[1:]} cannot be sent to Tagor: check its length and its characters."
    )
