"""Gives an action what it needs of the call, and collects what the action finds out.

An action works on its own copy of the call's notes. So it can run on another thread, be abandoned, or have
its outcome stored for another worker; only its `Outcome` changes the call.

The proof of who is calling is made here as well. Whatever discloses anything about a file takes an
`IdentifiedFile`, and only `ActionContext.identify` makes one.
"""

import json
from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, time
from typing import Any, Literal, TypeVar

from bridge.flow.facts import Fact, Note, Value

N = TypeVar("N", bound=Note)

Proof = Literal["pin", "reference_pin", "house_number", "caller_number"]
# Neighbours know a house number, and any number can be shown as the caller's: those two prove little.
STRONG: frozenset[Proof] = frozenset({"pin", "reference_pin"})

ABOUT = "about"
"""The note that says what a flow was run about."""


@dataclass(frozen=True, slots=True)
class IdentifiedFile:
    """A file whose defendant proved who they are in this call; only `ActionContext.identify` makes it.

    Attributes:
        id: Tagor's id of the file.
        number: the file number as printed on letters.
        party: the defendant's id; None where the office's way of identifying does not tell it.
        proof: how the caller proved it.
        credential: the caller's own `file:pin`, kept only where the office lets Tagor guard access itself.
    """

    id: str
    number: str
    party: str | None
    proof: Proof
    credential: str | None = field(default=None, repr=False)

    @property
    def strong(self) -> bool:
        """Whether the proof is good enough for decisions, and not only for hearing a balance."""
        return self.proof in STRONG

    @property
    def names_party(self) -> bool:
        """Whether the proof is that good and tells which of the defendants is calling."""
        return self.strong and self.party is not None


@dataclass(frozen=True, slots=True, repr=False)
class Task:
    """Something to do once the turn is saved: its kind, and what it needs as plain text."""

    kind: str
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an action: the exit it chose, what it found out, and what it leaves to be done."""

    exit: str
    told: Mapping[str, Fact] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    file: IdentifiedFile | None = None
    language: str | None = None
    tasks: tuple[Task, ...] = ()

    def to_json(self) -> bytes:
        """Write the outcome for whichever worker gets the next turn of the call."""
        return json.dumps(asdict(self), separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, stored: bytes) -> "Outcome":
        """Read the outcome that `to_json` wrote, in this version or, for a roll-back, in a later one.

        Raises:
            ValueError, TypeError, KeyError: the bytes are no such outcome.
        """
        told: dict[str, Any] = json.loads(stored)
        return cls(
            **{name: told[name] for name in told.keys() & {field.name for field in fields(cls)}}
            | {
                "told": {name: Fact(**fact) for name, fact in told["told"].items()},
                "file": IdentifiedFile(**told["file"]) if told["file"] else None,
                "tasks": tuple(Task(**task) for task in told["tasks"]),
            }
        )


@dataclass(kw_only=True, repr=False, eq=False)
class ActionContext:
    """One run of one action; a subclass adds the services that its actions may ask.

    Args:
        caller: the caller's number, a hint and never a proof; empty when withheld.
        notes: what actions of the call noted, for later ones; never spoken. Its first map is what is new.
        kinds: the kind of each fact that the action may tell.
        language: what the call is spoken in.
    """

    caller: str
    notes: ChainMap[str, Note]
    kinds: Mapping[str, str]
    language: str = ""
    _told: dict[str, Value] = field(default_factory=dict, init=False)
    _file: IdentifiedFile | None = field(default=None, init=False)
    _language: str | None = field(default=None, init=False)
    _tasks: list[Task] = field(default_factory=list, init=False)

    def tell(self, **values: Value) -> None:
        """Give facts to the words that follow; each must be declared with `@tells`.

        Raises:
            KeyError: a fact that the action does not declare.
        """
        for name in values:
            self.kinds[name]  # a fact without a kind has no way to be spoken
        self._told.update(values)

    def once(self, name: str, ask: Callable[[], N]) -> N:
        """Ask something once per call and remember the answer, however often the action runs."""
        if name not in self.notes:
            self.notes[name] = ask()
        return self.notes[name]  # type: ignore[return-value]  # what `ask` gave is what comes back

    @property
    def about(self) -> str:
        """What the flow of this action was run about, "" where no flow was."""
        return str(self.notes.get(ABOUT) or "")

    def count(self, name: str) -> int:
        """Count how often the call has come here; gives 1 the first time."""
        times = self.notes.get(name)
        self.notes[name] = times = (times if isinstance(times, int) else 0) + 1
        return times

    def identify(
        self,
        *,
        file: str,
        number: str,
        party: str | None,
        proof: Proof,
        credential: str | None = None,
    ) -> None:
        """Record that the caller proved to be this file's defendant: the only maker of `IdentifiedFile`."""
        self._file = IdentifiedFile(file, number, party, proof, credential)

    def leave(self, kind: str, **details: Value) -> None:
        """Leave something to do once this turn is saved: the outbox does it, or an employee is told."""
        self._tasks.append(Task(kind, {name: plain(value) for name, value in details.items()}))

    def speak(self, language: str) -> None:
        """Go on in this language (`nl`, `fr`, `de`, `en`)."""
        self._language = language

    def outcome(self, exit: str, *, private: bool) -> Outcome:  # noqa: A002 - an exit is what it is
        """Give the outcome of the action; its facts are private when it was handed a file."""
        told = {name: Fact(self.kinds[name], plain(value), private) for name, value in self._told.items()}
        # Only what is new: an outcome may come late, and must not put back what others changed meanwhile.
        noted = dict(self.notes.maps[0])
        return Outcome(exit, told, noted, self._file, self._language, tuple(self._tasks))


def plain(value: Value) -> str:
    """Write a value as the state of a call keeps it: ISO dates and times, exact decimals, digits."""
    # A datetime is a date, too, so it must be refused before it is taken for one.
    if isinstance(value, datetime):
        raise TypeError("tell a date or a time of day, not both at once")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)
