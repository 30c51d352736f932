"""What can go wrong between the bridge and Tagor: one class for each thing a call does next.

    TagorError
    ├── TagorUnreachable   no usable answer in time: a read may be asked again later
    │   └── TagorSpared    not asked at all: Tagor has failed again and again, and is left alone for a while
    ├── TagorRefused       Tagor said no, or does not accept our credential: asking again is useless
    └── TagorBroken        Tagor answered, but not what its contract says: a person takes over

Each of them says by `sent` whether any of the request may have left the bridge. So a write had no effect
after `not error.sent`, most likely none after `TagorRefused`, and may have had one after anything else.

The texts name the operation and say what to do. They never hold a value from Tagor, a caller's digits
or a foreign exception, so they may be logged.
"""


class TagorError(Exception):
    """Tagor gave nothing to go on.

    `operation` is the endpoint that failed, as in `TagorService/GetSaldo`. `sent` is False only when the
    request asked for certainly never left the bridge, also because the login before it failed. `answered` is
    True when this is Tagor's answer to the question, and so no sign that Tagor itself is sick.
    """

    def __init__(self, operation: str, advice: str, *, sent: bool = True, answered: bool = False) -> None:
        super().__init__(operation, advice)
        self.operation = operation
        self.advice = advice
        self.sent = sent
        self.answered = answered

    def __str__(self) -> str:
        return f"{self.operation}: {self.advice}"


class TagorUnreachable(TagorError):
    """No usable answer in time."""


class TagorCircuitOpen(TagorUnreachable):
    """Nothing was sent, not even a login: a breaker is open (see `breaker`)."""

    def __init__(self, operation: str, advice: str) -> None:
        super().__init__(operation, advice, sent=False)


class TagorRefused(TagorError):
    """Tagor said no: `Success: false`, or to a read also 401 or 403.

    To a write those two are no clear no, for they may come after its effect: they are `TagorInvalidResponse`.
    """


class TagorInvalidResponse(TagorError):
    """Tagor answered something else than its contract says, so nothing in the answer is believed."""
