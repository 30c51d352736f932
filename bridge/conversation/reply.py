"""What goes back to the caller in one turn: words, and what to listen for; no provider's names yet.

`bridge/telephony` renders an `Answer` as TwiML; nothing here knows about XML or URLs.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Said:
    """One stretch of speech in one language (`nl`, `fr`, `de`, `en`), plain text, at most 3000 characters."""

    text: str
    language: str
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Gather:
    """Listen for keys: `digits` is (fewest, most), `#` ends the input, `timeout` in seconds of silence.

    `hints` are words the caller may say instead, in `language`; empty means keypad only.
    """

    digits: tuple[int, int]
    timeout: int
    language: str
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Whisper:
    """What an employee hears before the caller is put through, and nothing about any file.

    The office's key, the caller's language (`nl`, `fr`, `de`, `en`), whether the caller proved to be known,
    and what was wished for: the lower-case name of a flow (`payment_plan`), or "".
    """

    office: str
    language: str
    known: bool
    wish: str = ""


@dataclass(frozen=True, slots=True)
class Dial:
    """Connect to a person: E.164 numbers from the office file only; `timeout` in seconds.

    With a `whisper` only who accepts with key 1 is connected, so that a mailbox takes no caller. `sip` is the
    office's own exchange, dialled instead of the number, with the id of the `file` in a header.
    """

    number: str
    caller_id: str
    timeout: int = 25
    whisper: Whisper | None = None
    sip: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Take a voicemail of at most `longest` seconds; any key or 5 seconds of silence ends it.

    Nothing said is no recording: the next turn then hears silence.
    """

    longest: int


@dataclass(frozen=True, slots=True)
class GoOn:
    """Speak, then ask for the next turn at once."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """Speak, then end the call."""


Then = Gather | Dial | Record | GoOn | HangUp


@dataclass(frozen=True, slots=True)
class Answer:
    """Words in order, then one thing to do; `turn` is the number the caller's next webhook will carry."""

    said: tuple[Said, ...]
    then: Then
    turn: int


class Renderer(Protocol):
    """Writes an answer as the provider's document; the provider's side has the implementation."""

    def render(self, answer: Answer) -> bytes:
        """Write the document, checked."""
        ...
