"""Who asks Tagor: the office with its key or its login, or a defendant with file and PIN."""

from base64 import b64encode
from dataclasses import dataclass, field

from bridge.tagor.schema.operation import checked


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key the office made in Tagor for the bridge; raises `ValueError` if it cannot stand in a header."""

    key: str = field(repr=False)

    def __post_init__(self) -> None:
        checked("the API key", self.key)

    @property
    def authorization(self) -> str:
        """The value of the Authorization header."""
        return f"Tgr {self.key}"


@dataclass(frozen=True, slots=True)
class FilePin:
    """A defendant's own proof: Tagor confines whoever shows it to that one file.

    `file` is the file's name as on the letter; raises `ValueError` for a shape Tagor would read otherwise.
    """

    file: str = field(repr=False)
    pin: str = field(repr=False)

    def __post_init__(self) -> None:
        checked("the file name", self.file)
        checked("the PIN", self.pin)

    @property
    def authorization(self) -> str:
        """The value of the Authorization header."""
        return "Pin " + b64encode(f"{self.file}:{self.pin}".encode()).decode()


@dataclass(frozen=True, slots=True)
class ClientLogin:
    """A Tagor user's id and secret, exchanged for tokens that run out (see `login`)."""

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)

    def __post_init__(self) -> None:
        checked("the client id", self.client_id)
        checked("the client secret", self.client_secret)


Credential = ApiKey | FilePin | ClientLogin
