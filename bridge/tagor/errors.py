"""What can go wrong between the bridge and Tagor: one class for each thing a call does next.

    TagorError
    ├── TagorUnreachable   no usable answer in time: a read may be asked again later
    ├── TagorRefused       Tagor said no, or does not accept our credential: asking again is useless
    └── TagorBroken        Tagor answered, but not what its contract says: a person takes over

The texts name the operation and say what to do. They never hold a value from Tagor, a caller's digits
or a foreign exception, so they may be logged.
"""


class TagorError(Exception):
    """Tagor gave nothing to go on; `operation` is the endpoint asked, as in `TagorService/GetSaldo`."""

    def __init__(self, operation: str, advice: str) -> None:
        super().__init__(operation, advice)
        self.operation = operation
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.operation}: {self.advice}"


class TagorUnreachable(TagorError):
    """No usable answer in time; `sent` is False only when the request certainly never left the bridge."""

    def __init__(self, operation: str, advice: str, *, sent: bool = True) -> None:
        super().__init__(operation, advice)
        self.sent = sent


class TagorRefused(TagorError):
    """Tagor said no: it answered `Success: false`, or 401 or 403 to the credential."""


class TagorBroken(TagorError):
    """Tagor answered something else than its contract says, so nothing in the answer is believed."""
