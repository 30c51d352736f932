"""A rejected webhook and its reason: a fixed word, so that it may be counted and logged."""

from typing import Literal

Reason = Literal[
    "size",
    "address",
    "type",
    "body",
    "names",
    "signature",
    "missing",
    "field",
    "account",
    "resplit",
    "unexpected",
]


class WebhookRejected(Exception):
    """The request is answered with `status` and an empty body.

    `reason` is a fixed word and `parameter` one of the names we know, or "": neither holds anything that the
    request brought.
    """

    def __init__(self, reason: Reason, status: int = 403, *, parameter: str = "") -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.status = status
        self.parameter = parameter
