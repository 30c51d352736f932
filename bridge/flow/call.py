"""Keeps a call between two webhooks: where it is, what it knows, and whom it is about."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from bridge.flow.action_context import IdentifiedFile
from bridge.flow.facts import Fact, Note
from bridge.flow.turn_output import PromptRef

SECRET_LIFE = timedelta(minutes=2)
"""How long a secret is kept after the last key."""

_PROMPTS = ("lines", "spoken_in_wait", "said")
"""The fields that hold prompts."""

_FORMER_NAMES = {"diary": "case_notes", "ahead": "prefetching", "rescues": "error_transfers"}
"""What stored calls of earlier versions call some fields: a deployment ends no call that is under way."""


@dataclass(slots=True)
class Frame:
    """One running flow, and the step it is at."""

    flow: str
    step: str


@dataclass(frozen=True, slots=True)
class Secret:
    """Keys that nobody may see.

    `at` is when the caller last pressed a key, `flow` the flow that asked: its end is the secret's end.
    """

    value: str = field(repr=False)
    at: str
    flow: str

    def fresh(self, now: datetime) -> bool:
        """Tell whether the caller has pressed a key within the last two minutes."""
        return now - datetime.fromisoformat(self.at) <= SECRET_LIFE


@dataclass(frozen=True, slots=True)
class CaseNote:
    """One sentence for the file: `mark` (`Flow.step.exit`) says which, `facts` are those that it mentions."""

    mark: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class UnspokenNote:
    """A note that is true only once the prompt `told_by` (`Flow.step`) was spoken to the file's defendant."""

    file: str
    note: CaseNote
    told_by: str


@dataclass(frozen=True, slots=True)
class OfficeRules:
    """What the office decided: what is switched off, and named input lengths.

    `off` holds keys (`Flow.step.key`) that are not offered, and sentences and parts (`Flow.step`) that
    are left out.
    """

    off: frozenset[str] = frozenset()
    lengths: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """The whole state of a call; `to_json` and `from_json` carry it between workers.

    Attributes:
        caller: the caller's number, a hint and never a proof; empty when withheld.
        dialled: the office's number that was called.
        language: what the call is spoken in (`nl`, `fr`, `de`, `en`).
        language_known: whether the caller chose it, or the caller's number told it.
        stack: the chain of running flows, innermost last.
        facts: values that prompts and actions may use, by name.
        secrets: keys that only actions may read.
        notes: what actions remember for later actions; never spoken.
        tries: counts silences, noises, wrong keys and moments at the current step.
        lines: prompts that wait for an action to end before they are spoken.
        spoken_in_wait: prompts of `lines` that were spoken while the action still went on.
        said: what was spoken when the current question was asked first, for `AGAIN`.
        file: the file whose defendant has proved who they are.
        slow: whether everything is spoken more slowly.
        error_transfers: how often a failure has led the caller to a person.
        announced: the mark of the office's announcement that the call has said last.
        topic: the flow that tells what the caller is about.
        moves: how often the call went on to another step.
        holds: how many turns of the call only filled a wait.
        case_notes: what is noted on files, by file id.
        unspoken_notes: notes that wait until their sentence was spoken.
        taken: the exits that the call has taken since it was read, as (`Flow.step`, exit); not stored.
        notes_changed: whether anything was noted since the call was read; it is not stored.
        prefetching: steps, by their count of moves, that the call left before their action ended.
        rules: the office's rules; they are not stored with the call.
    """

    caller: str
    dialled: str
    language: str
    language_known: bool = False
    stack: list[Frame] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    secrets: dict[str, Secret] = field(default_factory=dict, repr=False)
    notes: dict[str, Note] = field(default_factory=dict, repr=False)
    tries: dict[str, int] = field(default_factory=dict)
    lines: list[PromptRef] = field(default_factory=list)
    spoken_in_wait: list[PromptRef] = field(default_factory=list)
    said: list[PromptRef] = field(default_factory=list)
    file: IdentifiedFile | None = None
    slow: bool = False
    error_transfers: int = 0
    announced: str = ""
    topic: str = ""
    moves: int = 0
    holds: int = 0
    case_notes: dict[str, list[CaseNote]] = field(default_factory=dict)
    unspoken_notes: list[UnspokenNote] = field(default_factory=list)
    prefetching: list[int] = field(default_factory=list)
    rules: OfficeRules = field(default_factory=OfficeRules)
    taken: list[tuple[str, str]] = field(default_factory=list, compare=False)
    notes_changed: bool = field(default=False, compare=False)

    @property
    def place(self) -> str:
        """The current step as `Flow.step`."""
        return f"{self.stack[-1].flow}.{self.stack[-1].step}"

    @property
    def proven(self) -> IdentifiedFile | None:
        """The file whose defendant has proved who they are, well enough for decisions and notes."""
        return self.file if self.file is not None and self.file.strong else None

    def known(self, now: datetime) -> dict[str, str]:
        """Give the plain values that an action may read: facts, and secrets that are not too old."""
        fresh = {name: secret.value for name, secret in self.secrets.items() if secret.fresh(now)}
        return {name: fact.value for name, fact in self.facts.items()} | fresh

    def refresh_secrets(self, now: datetime) -> None:
        """Give every secret two more minutes, because a key was pressed; drop those that are too old."""
        self.secrets = {
            name: replace(secret, at=now.isoformat())
            for name, secret in self.secrets.items()
            if secret.fresh(now)
        }

    def leave_flows(self, depth: int) -> None:
        """End the innermost flows until `depth` are left, and drop the secrets that they asked for."""
        ended = {frame.flow for frame in self.stack[depth:]}
        del self.stack[depth:]
        self.secrets = {name: secret for name, secret in self.secrets.items() if secret.flow not in ended}

    def prove(self, file: IdentifiedFile) -> None:
        """Go on as this file's defendant, and forget what was told of another file."""
        # Nobody may hear a value of one file while they are asked about another.
        if self.file is None or self.file.id != file.id:
            self.facts = {name: fact for name, fact in self.facts.items() if not fact.private}
        self.file = file
        if file.strong and file.id not in self.case_notes:
            self.case_notes[file.id], self.notes_changed = [], True

    def record_note(self, mark: str, names: Collection[str], *, told_by: str = "") -> None:
        """Note once, on the file whose defendant has well proved who they are, that this happened.

        `names` are the facts that the note mentions. A note that is `told_by` a prompt waits until
        `record_spoken` is told of that prompt. Without a good proof nothing is noted.
        """
        if self.proven is None:
            return
        note = CaseNote(mark, {name: self.facts[name] for name in names if name in self.facts})
        if told_by:
            self.unspoken_notes.append(UnspokenNote(self.proven.id, note, told_by))
        else:
            self._write(self.proven.id, note)

    def record_spoken(self, prompts: Collection[str]) -> None:
        """Write the notes whose prompts are in the reply; drop those whose prompts will never be spoken."""
        waiting = {line.prompt for line in self.lines}
        for unspoken in self.unspoken_notes:
            if unspoken.told_by in prompts:
                self._write(unspoken.file, unspoken.note)
        self.unspoken_notes = [each for each in self.unspoken_notes if each.told_by in waiting]

    def _write(self, file: str, note: CaseNote) -> None:
        page = self.case_notes.setdefault(file, [])
        if note not in page:
            page.append(note)
            self.notes_changed = True

    def to_json(self) -> bytes:
        """Write everything but the office's rules; what is as in a new call is left out.

        Prompts mostly mention the facts that the call knows now, so those are written once.
        """
        state: dict[str, Any] = {"form": _FORM, "caller": self.caller, "dialled": self.dialled}
        state |= {"language": self.language, "stack": [(frame.flow, frame.step) for frame in self.stack]}
        state |= {name: value for name in _PLAIN if (value := getattr(self, name))}
        if self.facts:
            state["facts"] = _pack(self.facts)
        if self.secrets:
            state["secrets"] = {name: (one.value, one.at, one.flow) for name, one in self.secrets.items()}
        for name in _PROMPTS:
            if prompts := getattr(self, name):
                state[name] = [
                    (
                        one.prompt,
                        one.part,
                        one.optional,
                        *(() if one.facts == self.facts else (_pack(one.facts),)),
                    )
                    for one in prompts
                ]
        if self.file:
            state["file"] = tuple(getattr(self.file, each.name) for each in fields(self.file))
        if self.case_notes:
            state["case_notes"] = {
                file: [(note.mark, _pack(note.facts)) for note in page]
                for file, page in self.case_notes.items()
            }
        if self.unspoken_notes:
            state["unspoken_notes"] = [
                (each.file, each.note.mark, _pack(each.note.facts), each.told_by)
                for each in self.unspoken_notes
            ]
        return _ENCODER.encode(state).encode()

    @classmethod
    def from_json(cls, state: bytes) -> "Call":
        """Read the call that `to_json` wrote, in this version or the one before.

        What a later version keeps beside it is left out: after a roll-back the calls under way go on.

        Raises:
            ValueError, TypeError, KeyError: the bytes are no such call.
        """
        stored = json.loads(state)
        if not isinstance(stored, dict):
            raise TypeError("the bytes are no call")
        form = stored.pop("form", None)
        if form is None:
            return _former_call(stored)
        if form != _FORM:
            raise ValueError("a later version wrote this call, and none before it may go on with it")
        facts = {name: Fact(*fact) for name, fact in stored.get("facts", {}).items()}
        values: dict[str, Any] = {"stack": [Frame(*frame) for frame in stored["stack"]], "facts": facts}
        if "secrets" in stored:
            values["secrets"] = {name: Secret(*one) for name, one in stored["secrets"].items()}
        for name in _PROMPTS:
            values[name] = [
                # Each prompt keeps its own facts, for those of the call change.
                PromptRef(prompt, part, _unpack(own[0]) if own else dict(facts), optional)
                for prompt, part, optional, *own in stored.get(name, ())
            ]
        if "file" in stored:
            values["file"] = IdentifiedFile(*stored["file"])
        if "case_notes" in stored:
            values["case_notes"] = {
                file: [CaseNote(mark, _unpack(own)) for mark, own in page]
                for file, page in stored["case_notes"].items()
            }
        if "unspoken_notes" in stored:
            values["unspoken_notes"] = [
                UnspokenNote(file, CaseNote(mark, _unpack(own)), told_by)
                for file, mark, own, told_by in stored["unspoken_notes"]
            ]
        return cls(**{name: stored[name] for name in stored.keys() & _FIELDS} | values)


_FIELDS = frozenset(field.name for field in fields(Call))
_FORM = 2
"""The form in which `to_json` writes; calls without it were written by version 0.1.

Raise it with a field without which an older bridge would not be safe: it then refuses such calls.
"""

_PLAIN = (
    "language_known",
    "notes",
    "tries",
    "slow",
    "error_transfers",
    "announced",
    "topic",
    "moves",
    "holds",
    "prefetching",
)
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False)


def _pack(facts: Mapping[str, Fact]) -> dict[str, tuple[str, str, bool]]:
    return {name: (fact.kind, fact.value, fact.private) for name, fact in facts.items()}


def _unpack(stored: Mapping[str, Any]) -> dict[str, Fact]:
    return {name: Fact(*fact) for name, fact in stored.items()}


def _former_call(stored: dict[str, Any]) -> Call:
    """Read a call as version 0.1 wrote it, with the name of every field."""

    def facts(former: Mapping[str, Any]) -> dict[str, Fact]:
        return {name: Fact(**fact) for name, fact in former.items()}

    def note(former: Mapping[str, Any]) -> CaseNote:
        return CaseNote(former["mark"], facts(former["facts"]))

    def prompts(former: list[dict[str, Any]]) -> list[PromptRef]:
        return [PromptRef(**line | {"facts": facts(line["facts"])}) for line in former]

    values = {_FORMER_NAMES.get(name, name): value for name, value in stored.items()}
    pages, unspoken = values.get("case_notes", {}), values.get("unspoken_notes", [])
    return Call(
        **values
        | {
            "stack": [Frame(**frame) for frame in values["stack"]],
            "facts": facts(values["facts"]),
            "secrets": {name: Secret(**secret) for name, secret in values["secrets"].items()},
            "lines": prompts(values["lines"]),
            "said": prompts(values["said"]),
            "file": IdentifiedFile(**values["file"]) if values["file"] else None,
            "case_notes": {file: [note(one) for one in page] for file, page in pages.items()},
            "unspoken_notes": [
                UnspokenNote(each["file"], note(each["note"]), each["told_by"]) for each in unspoken
            ],
        }
    )
