"""Describes the reply to one turn in sentences of the caller's language; no provider's names yet.

`bridge/telephony` renders an `Answer` as TwiML; nothing here knows about XML or URLs. How a turn ends is in
the flow's own words (`bridge.flow.turn_output`), with what the conversation adds composed around them.
"""

from dataclasses import dataclass
from typing import Protocol

from bridge.flow.turn_output import Gather, HangUp, Record, Redirect
from bridge.speech import RecordedWords


@dataclass(frozen=True, slots=True)
class Said:
    """One stretch of speech in one language (`nl`, `fr`, `de`, `en`), plain text, at most 3000 characters.

    `pieces` is the same with recordings in place of words, where there are any.
    """

    text: str
    language: str
    slow: bool = False
    pieces: tuple[str | RecordedWords, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalizedGather:
    """What to listen for, and the language in which the caller may answer.

    `hints` are words the caller may say instead of keys; an empty tuple means keypad only.
    """

    gather: Gather
    language: str
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Whisper:
    """What an employee hears before the caller is put through, and nothing about any file.

    The office's key, the caller's language (`nl`, `fr`, `de`, `en`), whether the caller proved to be known,
    and what the caller wants: the lower-case name of a flow (`payment_plan`), or "".
    """

    office: str
    language: str
    known: bool
    wish: str = ""


@dataclass(frozen=True, slots=True)
class DialTarget:
    """The person to connect to: E.164 numbers from the office file only; `timeout` in seconds.

    With a `whisper` only who accepts with key 1 is connected, so that a mailbox takes no caller. `sip` is the
    office's own exchange, dialled instead of the number, with the id of the `file` in a header.
    """

    number: str
    caller_id: str
    timeout: int = 25
    whisper: Whisper | None = None
    sip: str = ""
    file: str = ""


ReplyEnd = LocalizedGather | DialTarget | Record | Redirect | HangUp


@dataclass(frozen=True, slots=True)
class Answer:
    """Words in order, then one thing to do; `turn` is the number that the caller's next webhook carries."""

    said: tuple[Said, ...]
    then: ReplyEnd
    turn: int


class AnswerRenderer(Protocol):
    """Writes answers as the provider's documents; telephony's renderer is one."""

    def render(self, answer: Answer) -> bytes:
        """Write one answer as a document that the provider can run."""
        ...
