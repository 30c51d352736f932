"""The errors of a question to Tagor: one class for each thing that a call does next.

    TagorError
    ├── TagorUnreachable        no usable answer in time: a read may be asked again later
    │   └── TagorCircuitOpen    not asked at all: Tagor failed again and again, and is left alone for a while
    ├── TagorRefused            Tagor said no, or does not accept our credential: asking again is useless
    └── TagorInvalidResponse    Tagor answered, but not what its contract says: a person takes over

Each error says by `sent` whether any of the request may have left the bridge. So a write certainly had no
effect if `sent` is False, most likely had none after `TagorRefused`, and may have had one after any other.

The texts name the operation and say what to do. They never hold a value from Tagor, a caller's digits
or a foreign exception, so they may be logged.
"""


class TagorError(Exception):
    """Tagor gave no usable answer.

    `operation` is the endpoint that failed, as in `TagorService/GetSaldo`. `sent` is False only when the
    request certainly never left the bridge, also because the login before it failed. `answered` is True when
    the error is Tagor's answer to this question, and so no sign that Tagor itself is sick. `status` is the
    HTTP status that made the answer unusable, None where something else did.
    """

    def __init__(
        self,
        operation: str,
        advice: str,
        *,
        sent: bool = True,
        answered: bool = False,
        status: int | None = None,
    ) -> None:
        super().__init__(operation, advice)
        self.operation = operation
        self.advice = advice
        self.sent = sent
        self.answered = answered
        self.status = status

    def __str__(self) -> str:
        return f"{self.operation}: {self.advice}"


class TagorUnreachable(TagorError):
    """Tagor gave no usable answer in time."""


class TagorCircuitOpen(TagorUnreachable):
    """Nothing was sent, not even a login: a circuit breaker is open (see `http.circuit_breaker`)."""

    def __init__(self, operation: str, advice: str) -> None:
        super().__init__(operation, advice, sent=False)


class TagorRefused(TagorError):
    """Tagor said no: `Success: false`, or to a read also 401 or 403.

    After a write these two statuses may come after its effect: then they are `TagorInvalidResponse`.
    """


class TagorInvalidResponse(TagorError):
    """Tagor's answer differs from its contract where that matters, so nothing in the answer is used."""
