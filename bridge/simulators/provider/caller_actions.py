"""Names what a call can wait for, and what the caller or the colleague who is rung can do then."""

from dataclasses import dataclass, field

from bridge.simulators.provider.markup import Verb


@dataclass(frozen=True, slots=True)
class KeyPresses:
    """The caller presses keys one after the other: `0-9`, `*`, `#`, `A-D`."""

    keys: str


@dataclass(frozen=True, slots=True)
class SpokenWords:
    """The caller says something; the recogniser reports `confidence` from 0 to 1.

    `lasting` are its seconds; 0 leaves them to the length of the text.
    """

    text: str
    confidence: float
    lasting: float = 0.0


@dataclass(frozen=True, slots=True)
class NoInput:
    """The caller stays silent until the call stops waiting."""


HANG_UP = "hang-up"
"""What a colleague may press instead of a key."""


@dataclass(frozen=True, slots=True)
class DialOutcome:
    """How ringing a colleague ended: `completed`, `busy`, `no-answer`, `failed`, `canceled`, `rejected`.

    Whoever picked up stays for `seconds`, and `presses` a key when asked to accept the call: none, as a
    mailbox does, when it is empty.
    """

    status: str
    seconds: int = 0
    presses: str = "1"


PostedParameters = tuple[tuple[str, str], ...]
"""What a verb that waited posts to its action."""

CallerInput = KeyPresses | SpokenWords | NoInput | DialOutcome


@dataclass(frozen=True, slots=True)
class GatherWait:
    """The call waits in a Gather; `typed` are the keys so far, `speaking` the seconds its words take."""

    verb: Verb
    typed: str = field(default="", repr=False)
    speaking: float = 0.0

    @property
    def timeout(self) -> int:
        """Seconds of silence after the words or the last key."""
        return int(self.verb.get("timeout", "5"))


@dataclass(frozen=True, slots=True)
class DialWait:
    """The call rings somebody: E.164 numbers and sip: addresses."""

    verb: Verb
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordWait:
    """The call takes a message."""

    verb: Verb


CallWait = GatherWait | DialWait | RecordWait


class CallOver(Exception):
    """The call has ended; `by` says how. Thrown into a waiting call, it means that the caller hangs up."""

    def __init__(self, by: str) -> None:
        """Remember how the call ended."""
        super().__init__(by)
        self.by = by
